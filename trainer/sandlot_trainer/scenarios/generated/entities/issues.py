"""Issues, each named by its key or its summary; which ones an operation can do something with differs."""

from __future__ import annotations

from sandlot_trainer.scenarios.base import Call
from sandlot_trainer.scenarios.generated.entities.base import Choosing, Entity, Facts, listed
from sandlot_trainer.scenarios.generated.furnishing import FIRST_STATUS, MANY


class Issue(Entity):
    kind = "issue"
    operations = ("jira/searchAndReconsileIssuesUsingJql",)
    others = ("jira/getIssue", "jira/searchAndReconsileIssuesUsingJqlPost")

    def choose(self, choosing: Choosing) -> tuple[str, Facts]:
        chosen = choosing.taken("issue", "key")
        # Two issues of one task may have to be linked: not those that are.
        free = [one for one in choosing.company.issues if not chosen & {one["key"], *_neighbours(choosing, one)}]
        return _chosen(choosing, "issue", [one for one in free if self.fits(choosing, one)])

    def fits(self, choosing: Choosing, issue: Facts) -> bool:
        """Whether there is something to be done with it: it is of the board chosen before, and not yet where it is to
        go."""
        board, sprint, epic = choosing.last("board"), choosing.last("sprint"), choosing.last("epic")
        return (
            (board is None or issue["key"].startswith(f"{board['project']}-"))
            and (sprint is None or issue.get("sprint") != sprint["name"])
            and (epic is None or issue.get("parent") != epic["key"])
        )

    async def find(self, facts: Facts, call: Call, found: Facts) -> str:
        if facts["direct"]:
            return str(facts["key"])
        return await _by_summary("searchAndReconsileIssuesUsingJql", facts, call)

    async def find_otherwise(self, facts: Facts, call: Call, found: Facts) -> str:
        if facts["direct"]:
            return str((await call("getIssue", issueIdOrKey=facts["key"])).body["key"])
        return await _by_summary("searchAndReconsileIssuesUsingJqlPost", facts, call)


def _chosen(choosing: Choosing, role: str, issues: list[Facts]) -> tuple[str, Facts]:
    """One of these issues, named by its key at level 1 and by its summary otherwise."""
    issue = choosing.rng.choice(issues)
    direct = choosing.level == 1
    facts = choosing.keep(role, {"key": issue["key"], "summary": issue["summary"], "direct": direct})
    return (issue["key"] if direct else f'the {role} "{issue["summary"]}"'), facts


async def _by_summary(operation: str, facts: Facts, call: Call) -> str:
    asked = {"jql": f'summary ~ "{facts["summary"]}"', "fields": ["summary"]}
    return str((await listed(call, operation, {"summary": facts["summary"]}, **asked))["key"])


def _neighbours(choosing: Choosing, issue: Facts) -> set[str]:
    """The keys of the issues that are linked with this one, either way."""
    onward = {link["outwardIssue"] for link in issue.get("links", ())}
    return onward | {
        other["key"]
        for other in choosing.company.issues
        for link in other.get("links", ())
        if link["outwardIssue"] == issue["key"]
    }


class VotedIssue(Issue):
    """One that the caller has voted for."""

    kind, narrows = "votedIssue", "issue"

    def fits(self, choosing: Choosing, issue: Facts) -> bool:
        return choosing.company.caller in issue["voters"]


class UnvotedIssue(Issue):
    kind, narrows = "unvotedIssue", "issue"

    def fits(self, choosing: Choosing, issue: Facts) -> bool:
        return choosing.company.caller not in issue["voters"]


class WatchedIssue(Issue):
    """One that many watch."""

    kind, narrows = "watchedIssue", "issue"

    def fits(self, choosing: Choosing, issue: Facts) -> bool:
        return len(issue["watchers"]) == MANY


class ReferringIssue(Issue):
    """One with many links to pages elsewhere."""

    kind, narrows = "referringIssue", "issue"

    def fits(self, choosing: Choosing, issue: Facts) -> bool:
        return len(issue["remoteLinks"]) == MANY


class SprintIssue(Issue):
    """One in a sprint, of the board chosen before."""

    kind, narrows = "sprintIssue", "issue"

    def fits(self, choosing: Choosing, issue: Facts) -> bool:
        return "sprint" in issue and super().fits(choosing, issue)


class EpicIssue(Issue):
    """One in an epic."""

    kind, narrows = "epicIssue", "issue"

    def fits(self, choosing: Choosing, issue: Facts) -> bool:
        return "parent" in issue


class WaitingIssue(Issue):
    """One in the backlog of the kanban board chosen before."""

    kind, narrows = "waitingIssue", "issue"

    def fits(self, choosing: Choosing, issue: Facts) -> bool:
        return bool(issue["status"] == FIRST_STATUS) and super().fits(choosing, issue)


class LaterIssue(Issue):
    """One that the issue chosen before does not stand right in front of, among all issues by rank."""

    kind, narrows = "laterIssue", "issue"

    def fits(self, choosing: Choosing, issue: Facts) -> bool:
        ranked = [one["key"] for one in choosing.company.ranked()]
        place = ranked.index(choosing.issue()["key"])
        return issue["key"] not in ranked[place : place + 2]


class Epic(Issue):
    kind = "epic"
    others = ("jira-software/getEpic", "jira/searchAndReconsileIssuesUsingJqlPost")

    def choose(self, choosing: Choosing) -> tuple[str, Facts]:
        taken = choosing.taken("epic", "key")
        return _chosen(choosing, "epic", [one for one in choosing.company.epics if one["key"] not in taken])

    async def find_otherwise(self, facts: Facts, call: Call, found: Facts) -> str:
        if facts["direct"]:
            return str((await call("getEpic", epicIdOrKey=facts["key"])).body["key"])
        return await super().find_otherwise(facts, call, found)
