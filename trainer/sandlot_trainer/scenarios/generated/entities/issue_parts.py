"""What belongs to an issue: its comments, worklogs, watchers, properties, files, links, and the ways on from its
status."""

from __future__ import annotations

from typing import Any, ClassVar

from sandlot_trainer.scenarios.base import Call
from sandlot_trainer.scenarios.generated.entities.base import Choosing, Entity, Facts, Name, Named, listed
from sandlot_trainer.scenarios.generated.furnishing import LINK_TYPES, STATUSES


class Transition(Name):
    """A transition, named by the status that it leads to."""

    kind, column = "transition", "status"
    names = tuple(STATUSES)
    operations = ("jira/getTransitions",)

    async def find(self, facts: Facts, call: Call, found: Facts) -> Any:
        return (await listed(call, "getTransitions", {"to": facts["name"]}, issueIdOrKey=found["issue"]))["id"]


class Comment(Entity):
    kind = "comment"
    operations = ("jira/getComments",)

    def choose(self, choosing: Choosing) -> tuple[str, Facts]:
        comment = choosing.rng.choice(choosing.issue()["comments"])
        return f'the comment "{comment["body"]}"', choosing.keep("comment", {"text": comment["body"]})

    async def find(self, facts: Facts, call: Call, found: Facts) -> Any:
        return (await listed(call, "getComments", {"body": facts["text"]}, issueIdOrKey=found["issue"]))["id"]


class Worklog(Entity):
    """Some work on the chosen issue, named by what was said of it."""

    kind = "worklog"
    operations = ("jira/getIssueWorklog",)

    def choose(self, choosing: Choosing) -> tuple[str, Facts]:
        worklog = choosing.rng.choice(choosing.issue()["worklogs"])
        return f'the worklog "{worklog["comment"]}"', choosing.keep("worklog", {"text": worklog["comment"]})

    async def find(self, facts: Facts, call: Call, found: Facts) -> Any:
        return (await listed(call, "getIssueWorklog", {"comment": facts["text"]}, issueIdOrKey=found["issue"]))["id"]


class Watcher(Entity):
    """Somebody who watches the chosen issue."""

    kind = "watcher"
    operations = ("jira/getIssueWatchers",)
    others = ("jira/findUsers",)

    def choose(self, choosing: Choosing) -> tuple[str, Facts]:
        email = choosing.rng.choice(choosing.issue()["watchers"])
        name = next(user["displayName"] for user in choosing.company.users if user["emailAddress"] == email)
        return name, choosing.keep("watcher", {"displayName": name})

    async def find(self, facts: Facts, call: Call, found: Facts) -> Any:
        wanted = {"displayName": facts["displayName"]}
        return (await listed(call, "getIssueWatchers", wanted, issueIdOrKey=found["issue"]))["accountId"]

    async def find_otherwise(self, facts: Facts, call: Call, found: Facts) -> Any:
        wanted = {"displayName": facts["displayName"]}
        return (await listed(call, "findUsers", wanted, query=facts["displayName"]))["accountId"]


class IssueProperty(Named):
    """A property that the chosen issue has, named by its key."""

    kind = "issueProperty"

    def choose(self, choosing: Choosing) -> tuple[str, Facts]:
        key = choosing.rng.choice(list(choosing.issue()["properties"]))
        return f'"{key}"', choosing.keep("issueProperty", {"name": key})


class Attachment(Entity):
    """A file of one of the world's issues, named with it."""

    kind = "attachment"
    operations = ("jira/getIssue",)
    others = ("jira/searchAndReconsileIssuesUsingJql",)

    def choose(self, choosing: Choosing) -> tuple[str, Facts]:
        issue = choosing.rng.choice(choosing.company.issues)
        name = choosing.rng.choice(issue["attachments"])["filename"]
        facts = choosing.keep("attachment", {"issue": issue["key"], "name": name})
        return f'the attachment "{name}" of {issue["key"]}', facts

    async def find(self, facts: Facts, call: Call, found: Facts) -> Any:
        return self._of((await call("getIssue", issueIdOrKey=facts["issue"])).body, facts)

    async def find_otherwise(self, facts: Facts, call: Call, found: Facts) -> Any:
        asked = {"jql": f"key = {facts['issue']}", "fields": ["attachment"]}
        return self._of((await call("searchAndReconsileIssuesUsingJql", **asked)).body["results"][0], facts)

    def _of(self, issue: Facts, facts: Facts) -> Any:
        return next(one["id"] for one in issue["attachments"] if one["filename"] == facts["name"])


class IssueLinkType(Name):
    kind, names = "issueLinkType", LINK_TYPES


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
    member: ClassVar[str] = "id"

    def choose(self, choosing: Choosing) -> tuple[str, Facts]:
        link = choosing.rng.choice(choosing.issue()["remoteLinks"])
        return f'the link titled "{link["title"]}"', choosing.keep(self.role, {"title": link["title"]})

    async def find(self, facts: Facts, call: Call, found: Facts) -> Any:
        link = await listed(call, "getRemoteIssueLinks", {"title": facts["title"]}, issueIdOrKey=found["issue"])
        return link[self.member]


class RemoteLinkGlobalId(RemoteLink):
    kind = "remoteLinkGlobalId"
    member = "globalId"
