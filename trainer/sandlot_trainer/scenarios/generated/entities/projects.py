"""Projects with their components and versions, people, issue types and priorities."""

from __future__ import annotations

from typing import Any, ClassVar

from sandlot_trainer.scenarios.base import Call
from sandlot_trainer.scenarios.generated.entities.base import Choosing, Entity, Facts, Name, Operations, listed
from sandlot_trainer.scenarios.generated.furnishing import DEFAULT_PRIORITY, PRIORITIES


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
        return (await listed(call, "searchProjects", {"name": facts["name"]}, query=facts["name"]))["key"]

    async def find_otherwise(self, facts: Facts, call: Call, found: Facts) -> Any:
        return (await listed(call, "getAllProjects", {"name": facts["name"]}))["key"]


class ComponentId(Entity):
    """A component of one of the world's projects, named with it."""

    kind = "componentId"
    operations: ClassVar[Operations] = ("jira/getProjectComponents",)
    others = ("jira/getProject",)
    listing: ClassVar[str] = "getProjectComponents"
    member: ClassVar[str] = "components"
    word: ClassVar[str] = "component"

    def choose(self, choosing: Choosing) -> tuple[str, Facts]:
        project = choosing.rng.choice(choosing.company.planned)
        name = choosing.rng.choice(project[self.member])["name"]
        facts = choosing.keep(self.role, {"project": project["key"], "name": name})
        return f'the {self.word} "{name}" of {project["key"]}', facts

    async def find(self, facts: Facts, call: Call, found: Facts) -> Any:
        return (await listed(call, self.listing, {"name": facts["name"]}, projectIdOrKey=facts["project"]))["id"]

    async def find_otherwise(self, facts: Facts, call: Call, found: Facts) -> Any:
        project = (await call("getProject", projectIdOrKey=facts["project"])).body
        return next(one["id"] for one in project[self.member] if one["name"] == facts["name"])


class VersionId(ComponentId):
    kind = "versionId"
    operations = ("jira/getProjectVersions",)
    listing, member, word = "getProjectVersions", "versions", "version"


class User(Entity):
    """Somebody who has nothing to do with the chosen issue yet."""

    kind = "user"
    operations = ("jira/findUsers",)

    def choose(self, choosing: Choosing) -> tuple[str, Facts]:
        issue = choosing.issue()
        taken = (issue.get("assignee"), issue.get("reporter"), *issue.get("watchers", ()))
        user = choosing.rng.choice([one for one in self.people(choosing) if one["emailAddress"] not in taken])
        return user["displayName"], choosing.keep("user", {"name": user["displayName"]})

    def people(self, choosing: Choosing) -> list[dict[str, str]]:
        return choosing.company.users

    async def find(self, facts: Facts, call: Call, found: Facts) -> Any:
        return (await listed(call, "findUsers", {"displayName": facts["name"]}, query=facts["name"]))["accountId"]

    async def find_otherwise(self, facts: Facts, call: Call, found: Facts) -> Any:
        first_name = facts["name"].split()[0]
        return (await listed(call, "findUsers", {"displayName": facts["name"]}, query=first_name))["accountId"]


class OtherUser(User):
    """Somebody who is not the caller."""

    kind, narrows = "otherUser", "user"

    def people(self, choosing: Choosing) -> list[dict[str, str]]:
        return choosing.company.users[1:]


class IssueType(Name):
    kind, column = "issueType", "type"
    names = ("Bug", "Task", "Story")


class IssueTypeId(Name):
    """An issue type by its id."""

    kind = "issueTypeId"
    names = IssueType.names
    operations = ("jira/getIssueAllTypes",)

    async def find(self, facts: Facts, call: Call, found: Facts) -> Any:
        return (await listed(call, "getIssueAllTypes", {"name": facts["name"]}))["id"]


class Priority(Name):
    kind, column = "priority", "priority"
    names = tuple(name for name in PRIORITIES if name != DEFAULT_PRIORITY)


class PriorityId(Name):
    """A priority by its id."""

    kind = "priorityId"
    names = Priority.names
    operations = ("jira/getPriorities",)
    others = ("jira/searchPriorities",)

    async def find(self, facts: Facts, call: Call, found: Facts) -> Any:
        return (await listed(call, "getPriorities", {"name": facts["name"]}))["id"]

    async def find_otherwise(self, facts: Facts, call: Call, found: Facts) -> Any:
        return (await listed(call, "searchPriorities", {"name": facts["name"]}, priorityName=facts["name"]))["id"]
