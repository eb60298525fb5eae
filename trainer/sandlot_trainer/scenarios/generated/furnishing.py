"""A company with what operations may be about, and with so much of it that guessing fails."""

from __future__ import annotations

import random
import re
from typing import Any

from sandlot_trainer.scenarios.company import Company, all_pages
from sandlot_trainer.scenarios.vocabulary import Vocabulary

LINK_TYPES = ("Blocks", "Cloners", "Duplicate", "Relates")
RINGS = 3
"""So many links begin at each issue, and so many end there."""
MANY = 13
"""So much is in a list where somebody might try one after another."""
DEFAULT_PRIORITY = "Medium"
PRIORITIES = (
    *("Highest", "High", DEFAULT_PRIORITY, "Low", "Lowest", "Blocker", "Critical", "Major", "Minor", "Trivial"),
    *("Urgent", "Someday", "Optional", "Immediate"),
)
FIRST_STATUS = "To Do"
STATUSES = {
    FIRST_STATUS: "new",
    "Waiting": "new",
    "In Progress": "indeterminate",
    "In Review": "indeterminate",
    "In Test": "indeterminate",
    "Blocked": "indeterminate",
    "Approved": "indeterminate",
    "Done": "done",
}
WORKFLOW = "Company Workflow"
ESTIMATE = {"name": "Story Points", "type": "number"}


class Workplace(Company):
    """A company whose issues, pages and projects have all that belongs to such, with scrum boards, one of which has
    sprints, a kanban board and two epics for each project that has issues."""

    def __init__(self, rng: random.Random, vocabulary: Vocabulary) -> None:
        super().__init__(rng, vocabulary)
        self.caller = self.users[0]["emailAddress"]
        self.users += [self._user() for _ in range(MANY)]
        self.property_keys = [vocabulary.tag() for _ in range(3)]
        self.epics: list[dict[str, Any]] = []
        self.boards: list[dict[str, Any]] = []
        self.planned = list(self.projects)
        """The projects with issues and all else, beside others that are new."""
        for project in self.planned:
            self._plan(project)
        self.projects += [
            {"key": vocabulary.key(), "name": vocabulary.project_name(), "lead": self._email()} for _ in range(MANY)
        ]
        for number, issue in enumerate(self.issues):
            self._furnish_issue(issue, number)
        self._link_issues()
        labels = [vocabulary.label() for _ in range(5)]
        files = [f"{vocabulary.tag()}.txt" for _ in range(4)]
        for space in self.spaces:
            space["properties"] = self._properties()
            for page in all_pages(space):
                self._furnish_page(page, labels, files)
            restricted = rng.choice(all_pages(space))
            restricted["restrictions"] = {"update": [self.caller, rng.choice(self.users[1:])["emailAddress"]]}

    def ranked(self) -> list[dict[str, Any]]:
        """All issues in their order: in each project the first epic with two issues, then the second one."""
        found = []
        for number, epic in enumerate(self.epics):
            found += [epic, *self.issues[number * 2 : number * 2 + 2]]
        return found

    def seed(self) -> dict[str, Any]:
        """Each status can be reached from every other one, in an order of the task's."""
        statuses = [{"name": name, "category": category} for name, category in STATUSES.items()]
        transitions = [
            {"name": name, "from": "*", "to": name} for name in self.rng.sample(list(STATUSES), len(STATUSES))
        ]
        workflow = {"name": WORKFLOW, "statuses": statuses, "transitions": transitions}
        priorities = [{"name": name} for name in self.rng.sample(PRIORITIES, len(PRIORITIES))]
        planned = {"boards": self.boards, "issues": self.ranked(), "fields": [ESTIMATE]}
        return {**super().seed(), "workflows": [workflow], "priorities": priorities, **planned}

    def _plan(self, project: dict[str, Any]) -> None:
        """A project's boards, sprints, epics, components and versions, and which of its issues are in them."""
        words, rng = self.vocabulary, self.rng
        project["workflow"] = WORKFLOW
        for part in ("components", "versions"):
            project[part] = [{"name": words.title()} for _ in range(MANY)]
        sprints = [{"name": words.tag().replace("-", " ").title(), "state": "future"} for _ in range(4)]
        place = {"project": project["key"]}
        self.boards.append({"name": words.title(), "type": "scrum", "sprints": sprints, **place})
        self.boards += [{"name": words.title(), "type": type, **place} for type in ("kanban", *["scrum"] * 4)]
        numbers = rng.sample(range(60, 99), 2)
        epics = [
            {"key": f"{project['key']}-{number}", "type": "Epic", "summary": words.summary()} for number in numbers
        ]
        self.epics += epics
        issues = [issue for issue in self.issues if issue["key"].startswith(f"{project['key']}-")]
        for issue, epic in zip(issues, (epics[0], epics[0], epics[1]), strict=False):
            issue["parent"] = epic["key"]
        for issue in rng.sample(issues, 2):
            issue["sprint"] = rng.choice(sprints)["name"]
        rng.choice(issues)["status"] = FIRST_STATUS

    def _furnish_issue(self, issue: dict[str, Any], number: int) -> None:
        """Every second one has the caller's vote; every third one many watchers, every third one many links to pages
        elsewhere."""
        words, rng = self.vocabulary, self.rng
        emails = [user["emailAddress"] for user in self.users]
        author = rng.choice(emails)
        strangers = [email for email in emails if email not in (issue["assignee"], issue["reporter"])]
        issue["comments"] = [{"author": author, "body": words.sentence()} for _ in range(3)]
        issue["labels"] = [words.label()]
        issue["remoteLinks"] = [_remote_link(words) for _ in range(MANY if number % 3 == 1 else 3)]
        issue["worklogs"] = [
            {"author": author, "timeSpent": f"{rng.randint(1, 7)}h", "comment": words.sentence()} for _ in range(3)
        ]
        issue["watchers"] = rng.sample(strangers, MANY if number % 3 == 0 else 2)
        issue["voters"] = [*rng.sample(emails[1:], 2), *([self.caller] if number % 2 == 0 else [])]
        issue["properties"] = self._properties()
        issue["attachments"] = [{"filename": f"{words.tag()}.txt", "text": words.sentence()} for _ in range(3)]

    def _link_issues(self) -> None:
        ring = self.rng.sample(self.issues, len(self.issues))
        for place, issue in enumerate(ring):
            others = [ring[(place + step) % len(ring)]["key"] for step in range(1, RINGS + 1)]
            issue["links"] = [{"type": self.rng.choice(LINK_TYPES), "outwardIssue": other} for other in others]

    def _furnish_page(self, page: dict[str, Any], labels: list[str], files: list[str]) -> None:
        words, rng = self.vocabulary, self.rng
        page["labels"] = rng.sample(labels, 3)
        page["attachments"] = [
            {"filename": name, "text": words.sentence(), "properties": self._properties()}
            for name in rng.sample(files, 3)
        ]
        page["properties"] = self._properties()
        text = text_of(page)
        selections = [word for word in text.split() if text.count(word) == 1][:2]
        page["comments"] = [
            {"author": rng.choice(self.users)["emailAddress"], "body": f"<p>{words.sentence()}</p>", **place}
            for place in ({}, {}, *({"on": selection} for selection in selections))
        ]

    def _properties(self) -> dict[str, Any]:
        return {key: self.vocabulary.sentence() for key in self.rng.sample(self.property_keys, 3)}


def text_of(page: dict[str, Any]) -> str:
    """What a page or a comment of the world says."""
    return re.sub("<[^>]*>", "", page["body"])


def _remote_link(words: Vocabulary) -> dict[str, str]:
    return {"url": f"https://{words.tag()}.example.com", "title": words.title(), "globalId": words.tag()}
