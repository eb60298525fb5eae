"""The world of a task: a small company with people, projects, issues, spaces and pages."""

from __future__ import annotations

import random
from typing import Any

from sandlot_trainer.scenarios.vocabulary import Vocabulary


class Company:
    """A small company: people, projects with issues, spaces with pages; nothing in it has a name that another
    has."""

    def __init__(self, rng: random.Random, vocabulary: Vocabulary) -> None:
        self.rng = rng
        self.vocabulary = vocabulary
        self.ids = rng.randint(10_000, 89_000)
        self.clock = f"2026-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}T{rng.randint(7, 17):02}:00:00Z"
        self.users = [self._user() for _ in range(5)]
        self.projects: list[dict[str, Any]] = [
            {"key": vocabulary.key(), "name": vocabulary.project_name(), "lead": self._email()} for _ in range(3)
        ]
        self.issues = [issue for project in self.projects for issue in self._issues(project["key"])]
        self.spaces: list[dict[str, Any]] = [self._space() for _ in range(4)]

    def seed(self) -> dict[str, Any]:
        return {
            "sandlot": 1,
            "name": "company",
            "clock": self.clock,
            "ids": self.ids,
            "caller": self.users[0]["emailAddress"],
            "users": self.users,
            "projects": self.projects,
            "issues": self.issues,
            "spaces": self.spaces,
        }

    def _user(self) -> dict[str, str]:
        name = self.vocabulary.person()
        return {"displayName": name, "emailAddress": f"{name.lower().replace(' ', '.')}@example.com"}

    def _email(self) -> str:
        return self.rng.choice(self.users)["emailAddress"]

    def _issues(self, project: str) -> list[dict[str, Any]]:
        return [
            {
                "key": f"{project}-{number}",
                "type": self.rng.choice(("Bug", "Task", "Story")),
                "summary": self.vocabulary.summary(),
                "description": self.vocabulary.sentence(),
                "status": self.rng.choice(("To Do", "In Progress")),
                "priority": self.rng.choice(("Highest", "High", "Medium", "Low", "Lowest")),
                "assignee": self._email(),
                "reporter": self._email(),
            }
            for number in sorted(self.rng.sample(range(1, 60), 4))
        ]

    def _space(self) -> dict[str, Any]:
        pages = [self._page() for _ in range(3)]
        if self.rng.random() < 0.5:
            pages[0]["children"] = [self._page()]
        return {"key": self.vocabulary.key(), "name": self.vocabulary.space_name(), "pages": pages}

    def _page(self) -> dict[str, Any]:
        return {"title": self.vocabulary.title(), "body": f"<p>{self.vocabulary.sentence()}</p>"}


def all_pages(space: dict[str, Any]) -> list[dict[str, Any]]:
    """Every page of a space of the world but its homepage."""
    return [page for top in space["pages"] for page in (top, *top.get("children", ()))]
