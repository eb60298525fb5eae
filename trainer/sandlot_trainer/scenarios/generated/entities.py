"""The things that arguments refer to: how a task chooses one of its world, names it, and how a solution finds it.

Level 1 names a thing by what the API takes wherever people do so (an issue's key); level 2 by what it is called, so
that it has to be looked up.
"""

from __future__ import annotations

import random
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import Any, ClassVar

from sandlot_trainer.scenarios.base import Call
from sandlot_trainer.scenarios.company import Company, all_pages
from sandlot_trainer.scenarios.generated.furnishing import STATUSES
from sandlot_trainer.scenarios.vocabulary import Vocabulary

Facts = dict[str, Any]


@dataclass
class Choosing:
    """What a task has chosen so far, by kind and in order: the comment belongs to the issue chosen before it."""

    rng: random.Random
    words: Vocabulary
    company: Company
    level: int
    chosen: dict[str, list[Facts]] = field(default_factory=dict)

    def last(self, kind: str) -> Facts | None:
        found = self.chosen.get(kind)
        return found[-1] if found else None

    def issue(self) -> Facts:
        """The issue chosen last, as the world has it; empty where none was."""
        chosen = self.last("issue")
        return next((issue for issue in self.company.issues if chosen and issue["key"] == chosen["key"]), {})

    def keep(self, kind: str, facts: Facts) -> Facts:
        self.chosen.setdefault(kind, []).append(facts)
        return facts


class Entity(ABC):
    """One kind of thing. `operations`: what finding one calls; `others`: what finding it by another road calls."""

    kind: ClassVar[str]
    operations: ClassVar[tuple[str, ...]] = ()
    others: ClassVar[tuple[str, ...]] = ()

    @abstractmethod
    def choose(self, choosing: Choosing) -> tuple[str, Facts]:
        """One of the world's, in the words of the instruction and as facts."""

    @abstractmethod
    async def find(self, facts: Facts, call: Call, found: Facts) -> Any:
        """What the API takes for it. `found`: what was found for the kinds before it."""

    async def find_otherwise(self, facts: Facts, call: Call, found: Facts) -> Any:
        return await self.find(facts, call, found)


class Issue(Entity):
    kind = "issue"
    operations = ("jira/searchAndReconsileIssuesUsingJql",)
    others = ("jira/getIssue", "jira/searchAndReconsileIssuesUsingJqlPost")

    def choose(self, choosing: Choosing) -> tuple[str, Facts]:
        chosen = {facts["key"] for facts in choosing.chosen.get("issue", ())}
        # Two issues of one task may have to be linked: not those that are.
        free = [one for one in choosing.company.issues if not chosen & {one["key"], *_neighbours(choosing, one)}]
        issue = choosing.rng.choice(free)
        direct = choosing.level == 1
        facts = choosing.keep("issue", {"key": issue["key"], "summary": issue["summary"], "direct": direct})
        return (issue["key"] if direct else f'the issue "{issue["summary"]}"'), facts

    async def find(self, facts: Facts, call: Call, found: Facts) -> Any:
        if facts["direct"]:
            return facts["key"]
        return await self._search("searchAndReconsileIssuesUsingJql", facts, call)

    async def find_otherwise(self, facts: Facts, call: Call, found: Facts) -> Any:
        if facts["direct"]:
            return (await call("getIssue", issueIdOrKey=facts["key"])).body["key"]
        return await self._search("searchAndReconsileIssuesUsingJqlPost", facts, call)

    async def _search(self, operation: str, facts: Facts, call: Call) -> str:
        results = await call(operation, jql=f'summary ~ "{facts["summary"]}"', fields=["summary"])
        key: str = next(one["key"] for one in results.body["results"] if one["summary"] == facts["summary"])
        return key


def _neighbours(choosing: Choosing, issue: Facts) -> set[str]:
    """The keys of the issues that are linked with this one, either way."""
    onward = {link["outwardIssue"] for link in issue.get("links", ())}
    return onward | {
        other["key"]
        for other in choosing.company.issues
        for link in other.get("links", ())
        if link["outwardIssue"] == issue["key"]
    }


class Project(Entity):
    kind = "project"
    operations = ("jira/searchProjects",)
    others = ("jira/getAllProjects",)

    def choose(self, choosing: Choosing) -> tuple[str, Facts]:
        project = choosing.rng.choice(choosing.company.projects)
        direct = choosing.level == 1
        facts = choosing.keep("project", {"key": project["key"], "name": project["name"], "direct": direct})
        return (project["key"] if direct else f'the project "{project["name"]}"'), facts

    async def find(self, facts: Facts, call: Call, found: Facts) -> Any:
        if facts["direct"]:
            return facts["key"]
        results = (await call("searchProjects", query=facts["name"])).body["results"]
        return next(one["key"] for one in results if one["name"] == facts["name"])

    async def find_otherwise(self, facts: Facts, call: Call, found: Facts) -> Any:
        results = (await call("getAllProjects")).body["results"]
        return next(one["key"] for one in results if one["name"] == facts["name"])


class Space(Entity):
    kind = "space"
    operations = ("confluence/getSpaces",)
    others = ("confluence-v1/getSpaces",)
    member = "id"

    def choose(self, choosing: Choosing) -> tuple[str, Facts]:
        space = choosing.rng.choice(choosing.company.spaces)
        facts = choosing.keep("space", {"key": space["key"], "name": space["name"], "direct": choosing.level == 1})
        return (f"space {space['key']}" if facts["direct"] else f"the {space['name']} space"), facts

    async def find(self, facts: Facts, call: Call, found: Facts) -> Any:
        results = (await call("getSpaces", **({"keys": [facts["key"]]} if facts["direct"] else {}))).body["results"]
        return next(one[self.member] for one in results if one["name"] == facts["name"])

    async def find_otherwise(self, facts: Facts, call: Call, found: Facts) -> Any:
        results = (await call("confluence-v1_getSpaces")).body["results"]
        return next(one[self.member] for one in results if one["name"] == facts["name"])


class SpaceKey(Space):
    kind = "spaceKey"
    member = "key"

    async def find(self, facts: Facts, call: Call, found: Facts) -> Any:
        return facts["key"] if facts["direct"] else await super().find(facts, call, found)


class Page(Entity):
    kind = "page"
    operations = ("confluence/getSpaces", "confluence/getPages")
    others = ("confluence-v1/searchByCQL",)

    def choose(self, choosing: Choosing) -> tuple[str, Facts]:
        within = choosing.last("space") or choosing.last("page")
        spaces = choosing.company.spaces
        key = (within.get("space") or within["key"]) if within else choosing.rng.choice(spaces)["key"]
        space = next(one for one in spaces if one["key"] == key)
        taken = {title for facts in choosing.chosen.get("page", ()) for title in (facts["title"], *facts["below"])}
        page = choosing.rng.choice([one for one in all_pages(space) if one["title"] not in taken])
        below = [child["title"] for child in page.get("children", ())]
        labels = list(page.get("labels", ()))
        facts = {"title": page["title"], "space": key, "below": below, "labels": labels}
        return f'the page "{page["title"]}" in space {key}', choosing.keep("page", facts)

    async def find(self, facts: Facts, call: Call, found: Facts) -> Any:
        space = (await call("getSpaces", keys=[facts["space"]])).body["results"][0]["id"]
        pages = await call("getPages", title=facts["title"], **{"space-id": [int(space)]})
        return pages.body["results"][0]["id"]

    async def find_otherwise(self, facts: Facts, call: Call, found: Facts) -> Any:
        cql = f'type = page and space = "{facts["space"]}" and title = "{facts["title"]}"'
        return (await call("searchByCQL", cql=cql)).body["results"][0]["id"]


class NextVersion(Entity):
    """The number that a page's next version must have. The instruction does not say it."""

    kind = "nextVersion"
    operations = ("confluence/getPageById",)
    others = ("confluence-v1/getContentById",)

    def choose(self, choosing: Choosing) -> tuple[str, Facts]:
        return "", {}

    async def find(self, facts: Facts, call: Call, found: Facts) -> Any:
        return int((await call("getPageById", id=int(found["page"]))).body["version"]) + 1

    async def find_otherwise(self, facts: Facts, call: Call, found: Facts) -> Any:
        content = await call("getContentById", id=found["page"], expand=["version"])
        return int(content.body["version"]) + 1


class User(Entity):
    kind = "user"
    operations = ("jira/findUsers",)

    def choose(self, choosing: Choosing) -> tuple[str, Facts]:
        row = choosing.issue()
        taken = (row.get("assignee"), row.get("reporter"))
        user = choosing.rng.choice([one for one in choosing.company.users if one["emailAddress"] not in taken])
        return user["displayName"], choosing.keep("user", {"name": user["displayName"]})

    async def find(self, facts: Facts, call: Call, found: Facts) -> Any:
        results = (await call("findUsers", query=facts["name"])).body["results"]
        return next(one["accountId"] for one in results if one["displayName"] == facts["name"])

    async def find_otherwise(self, facts: Facts, call: Call, found: Facts) -> Any:
        results = (await call("findUsers", query=facts["name"].split()[0])).body["results"]
        return next(one["accountId"] for one in results if one["displayName"] == facts["name"])


class Name(Entity):
    """A thing of a closed list, which the API takes by its name: one that the chosen issue does not have yet."""

    names: ClassVar[tuple[str, ...]]
    column: ClassVar[str]

    def choose(self, choosing: Choosing) -> tuple[str, Facts]:
        row = choosing.issue()
        name = choosing.rng.choice([name for name in self.names if name != row.get(self.column)])
        return name, choosing.keep(self.kind, {"name": name})

    async def find(self, facts: Facts, call: Call, found: Facts) -> Any:
        return facts["name"]


class IssueType(Name):
    kind, column, names = "issueType", "type", ("Bug", "Task", "Story")


class Priority(Name):
    kind, column, names = "priority", "priority", ("Highest", "High", "Low", "Lowest")


class Transition(Name):
    """A transition, named by the status that it leads to."""

    kind, column, names = "transition", "status", tuple(STATUSES)
    operations = ("jira/getTransitions",)

    async def find(self, facts: Facts, call: Call, found: Facts) -> Any:
        offered = (await call("getTransitions", issueIdOrKey=found["issue"])).body["results"]
        return next(one["id"] for one in offered if one["to"] == facts["name"])


class Comment(Entity):
    kind = "comment"
    operations = ("jira/getComments",)

    def choose(self, choosing: Choosing) -> tuple[str, Facts]:
        row = choosing.issue()
        comment = choosing.rng.choice(row["comments"])
        return f'the comment "{comment["body"]}"', choosing.keep("comment", {"text": comment["body"]})

    async def find(self, facts: Facts, call: Call, found: Facts) -> Any:
        comments = (await call("getComments", issueIdOrKey=found["issue"])).body["results"]
        return next(one["id"] for one in comments if one["body"] == facts["text"])


class Label(Entity):
    """A label that the chosen page has."""

    kind = "label"

    def choose(self, choosing: Choosing) -> tuple[str, Facts]:
        page = choosing.last("page")
        assert page is not None
        name = choosing.rng.choice(page["labels"])
        return f'the label "{name}"', choosing.keep("label", {"name": name})

    async def find(self, facts: Facts, call: Call, found: Facts) -> Any:
        return facts["name"]


class IssueLinkType(Name):
    kind, column, names = "issueLinkType", "", ("Blocks", "Cloners", "Duplicate", "Relates")


class IssueLink(Entity):
    """A link between two issues of the world, named by both."""

    kind = "issueLink"
    operations = ("jira/getIssue",)

    def choose(self, choosing: Choosing) -> tuple[str, Facts]:
        linked = [(issue, link) for issue in choosing.company.issues for link in issue.get("links", ())]
        issue, link = choosing.rng.choice(linked)
        facts = choosing.keep("issueLink", {"issue": issue["key"], "other": link["outwardIssue"]})
        return f"the link from {issue['key']} to {link['outwardIssue']}", facts

    async def find(self, facts: Facts, call: Call, found: Facts) -> Any:
        return await self._end(facts["issue"], facts["other"], call)

    async def find_otherwise(self, facts: Facts, call: Call, found: Facts) -> Any:
        return await self._end(facts["other"], facts["issue"], call)

    async def _end(self, issue: str, other: str, call: Call) -> Any:
        links = (await call("getIssue", issueIdOrKey=issue)).body["links"]
        return next(one["id"] for one in links if other in (one.get("outward"), one.get("inward")))


class RemoteLink(Entity):
    """A link from the chosen issue to a page elsewhere, named by its title."""

    kind = "remoteLink"
    operations = ("jira/getRemoteIssueLinks",)
    member = "id"

    def choose(self, choosing: Choosing) -> tuple[str, Facts]:
        row = choosing.issue()
        link = choosing.rng.choice(row["remoteLinks"])
        return f'the link titled "{link["title"]}"', choosing.keep("remoteLink", {"title": link["title"]})

    async def find(self, facts: Facts, call: Call, found: Facts) -> Any:
        links = (await call("getRemoteIssueLinks", issueIdOrKey=found["issue"])).body["results"]
        return next(str(one[self.member]) for one in links if one["title"] == facts["title"])


class RemoteLinkGlobalId(RemoteLink):
    kind = "remoteLinkGlobalId"
    member = "globalId"


ENTITIES: dict[str, Entity] = {
    entity.kind: entity
    for entity in (
        Issue(), Project(), Space(), SpaceKey(), Page(), NextVersion(), User(), IssueType(), Priority(), Transition(),
        Comment(), Label(), IssueLinkType(), IssueLink(), RemoteLink(), RemoteLinkGlobalId(),
    )
}  # fmt: skip


def entity(kind: str) -> Entity:
    """Raises ValueError on a kind that there is none of."""
    if kind not in ENTITIES:
        raise ValueError(f"The contract names an entity {kind!r}; there are {', '.join(ENTITIES)}.")
    return ENTITIES[kind]
