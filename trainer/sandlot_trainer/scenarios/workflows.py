"""Workflows for worlds: a way through statuses with turnings off it, and what its steps ask for."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

STARTS = ("Open", "New", "Backlog")
MIDDLES = ("Triage", "Analysis", "Design", "Build", "Review", "Testing", "Approval", "Rollout", "Staging")
ENDS = ("Released", "Closed", "Shipped")
ASIDES = ("Blocked", "Parked", "Waiting")
DROPPED = "Rejected"
NAMES = ("Go on", "Hand over", "Pass", "Push", "Move along", "Pick up", "Return", "Send back", "Hold", "Sign off")
"""Transitions: they do not say where they lead, and several of a workflow have the same name."""

RULES: Mapping[str, str] = {
    "assignee": "Only the assignee of an issue moves it from {before} to {after}.",
    "field-set": "An issue without a due date does not get from {before} to {after}.",
    "subtasks-done": "All sub-tasks have to be {end} before an issue gets from {before} to {after}.",
    "comment": 'On the step from {before} to {after} comment "{comment}"',
}
"""How a page words what a step asks for: a condition of the transition by its kind, or a comment on it."""


@dataclass(frozen=True)
class Way:
    """The statuses that a project's issues go through, first to last. `demands`: the number of the step that asks for
    something, by its name in RULES. `comment`: what a comment has to say."""

    project: str
    path: tuple[str, ...]
    demands: Mapping[str, int]
    comment: str

    @classmethod
    def drawn(cls, rng: random.Random, project: str, demands: Mapping[str, int], comment: str) -> Way:
        path = (rng.choice(STARTS), *rng.sample(MIDDLES, 4), rng.choice(ENDS))
        return cls(project, path, demands, comment)

    @property
    def name(self) -> str:
        return f"{self.project} Workflow"

    def text(self) -> str:
        """The way and its rules as a paragraph of a page."""
        steps = list(pairwise(self.path))
        words = {"end": self.path[-1], "comment": self.comment}
        rules = [
            RULES[kind].format(before=steps[step][0], after=steps[step][1], **words)
            for kind, step in self.demands.items()
        ]
        path = ", ".join(self.path)
        return f"<p>{' '.join([f'{self.project}: {path}.', *rules])}</p>"

    def seed(self, rng: random.Random) -> dict[str, Any]:
        """The workflow: the way, and ways back, aside and out of it. The order of its transitions says nothing."""
        asides = rng.sample(ASIDES, 2)
        turnings = [(after, before) for before, after in pairwise(self.path[1:-1])]
        turnings += [(status, rng.choice(asides)) for status in self.path[:-1]]
        turnings += [(status, self.path[1]) for status in asides]
        turnings += [(status, DROPPED) for status in self.path[:-1]]
        turnings += [(DROPPED, self.path[0]), (self.path[-1], self.path[1])]
        transitions = [self._transition(rng, *turning) for turning in turnings]
        transitions += [self._transition(rng, *step, number) for number, step in enumerate(pairwise(self.path))]
        rng.shuffle(transitions)
        categories = {self.path[0]: "new", self.path[-1]: "done", DROPPED: "done"}
        return {
            "name": self.name,
            "statuses": [
                {"name": name, "category": categories.get(name, "indeterminate")}
                for name in (*self.path, *asides, DROPPED)
            ],
            "transitions": transitions,
        }

    def _transition(self, rng: random.Random, before: str, after: str, step: int | None = None) -> dict[str, Any]:
        demands = [kind for kind, number in self.demands.items() if number == step]
        fields = ["resolution"] if after == self.path[-1] else []
        fields += ["comment"] if "comment" in demands else []
        conditions = [
            {"kind": kind, **({"field": "duedate"} if kind == "field-set" else {})}
            for kind in demands
            if kind != "comment"
        ]
        return {
            "name": rng.choice(NAMES),
            "from": [before],
            "to": after,
            "fields": {name: {"required": True} for name in fields},
            "conditions": conditions,
        }
