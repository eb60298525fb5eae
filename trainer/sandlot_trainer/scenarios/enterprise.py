"""The world of the harder tasks: a company of a size in which guessing fails, full of things that look alike."""

from __future__ import annotations

import random
from typing import Any

from sandlot_trainer.scenarios.company import Company
from sandlot_trainer.scenarios.vocabulary import Vocabulary


class Enterprise(Company):
    """A company in which people share first or last names, projects come in pairs of similar names, issues carry
    labels, and spaces are full of prose. `fields` and `workflows` are for a scenario to fill."""

    def __init__(self, rng: random.Random, vocabulary: Vocabulary) -> None:
        super().__init__(rng, vocabulary)
        self.fields: list[dict[str, Any]] = []
        self.workflows: list[dict[str, Any]] = []
        self.users += self._namesakes(6)
        siblings = [self._sibling(project) for project in self.projects]
        self.issues += [issue for project in siblings for issue in self._issues(project["key"])]
        self.projects: list[dict[str, Any]] = [*self.projects, *siblings]
        self.labels = [vocabulary.tag() for _ in range(6)]
        for issue in self.issues:
            issue["labels"] = rng.sample(self.labels, rng.randint(1, 2))
        self.spaces += [self._space() for _ in range(2)]
        for space in self.spaces:
            space["pages"] += [self._notes() for _ in range(2)]

    def seed(self) -> dict[str, Any]:
        return {**super().seed(), "fields": self.fields, "workflows": self.workflows}

    def issues_of(self, project: dict[str, Any]) -> list[dict[str, Any]]:
        return [issue for issue in self.issues if issue["key"].rpartition("-")[0] == project["key"]]

    def new_issue(self, project: dict[str, Any], **columns: Any) -> dict[str, Any]:
        """Another issue of the project, with the next number."""
        taken = [int(issue["key"].rpartition("-")[2]) for issue in self.issues_of(project)]
        issue = {
            "key": f"{project['key']}-{max(taken, default=0) + 1}",
            "type": "Task",
            "summary": self.vocabulary.summary(),
            "description": self.vocabulary.sentence(),
            "status": "To Do",
            "priority": "Medium",
            "assignee": self._email(),
            "reporter": self._email(),
            "labels": [],
            **columns,
        }
        self.issues.append(issue)
        return issue

    def user(self, email: str) -> dict[str, str]:
        return next(user for user in self.users if user["emailAddress"] == email)

    def other_user(self, *known: str) -> dict[str, str]:
        """Somebody else than those with the e-mail addresses `known`."""
        return self.rng.choice([user for user in self.users if user["emailAddress"] not in known])

    def _namesakes(self, number: int) -> list[dict[str, str]]:
        """People with the first name of one and the last name of another of those there are."""
        names = [user["displayName"].split() for user in self.users]
        pairs = [(one[0], other[1]) for one in names for other in names if one is not other]
        return [
            {"displayName": f"{first} {last}", "emailAddress": f"{first}.{last}@example.com".lower()}
            for first, last in self.rng.sample(pairs, number)
        ]

    def _sibling(self, project: dict[str, str]) -> dict[str, str]:
        return {
            "key": self.vocabulary.key(),
            "name": self.vocabulary.alike(project["name"]),
            "lead": self._email(),
        }

    def _notes(self) -> dict[str, Any]:
        """A page to be read past."""
        words = self.vocabulary
        title, client, city = words.title(), words.company_name(), words.city()
        return {"title": title, "body": f"<p>{client}, {city}. {words.paragraph(2)}</p>"}
