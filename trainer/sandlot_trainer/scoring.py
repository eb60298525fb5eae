"""Scoring a trace against a rubric, from the recorded exchanges alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from sandlot_trainer.canonical import Json, Row, changed_leaves, net_changes, scalar
from sandlot_trainer.goals import Goal, Rubric
from sandlot_trainer.judging import Attempt, Judge, Line, Made, Refused, comparable
from sandlot_trainer.matching import best_pairs
from sandlot_trainer.provenance import arguments, is_write, rejected

Mode = Literal["shaped", "binary"]

CAP = 0.9
"""The most that anything short of success scores."""
COLLATERAL_COST, LEAST_FACTOR = 0.1, 0.5
"""Each change that nobody asked for takes a tenth, down to a half: without that, making a page under each of
two possible parents would on average beat choosing one."""
_ROUNDS = 5


@dataclass(frozen=True)
class Score:
    """`reward` in 0..1: exactly 1.0 for success, at most 0.9 otherwise. `fraction`: the credited share of the
    weights."""

    reward: float
    success: bool
    fraction: float
    lines: tuple[Line, ...]
    collateral: tuple[str, ...]
    mode: Mode = "shaped"

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Score:
        lines = tuple(Line(**line) for line in value["lines"])
        return cls(**{**value, "lines": lines, "collateral": tuple(value["collateral"])})

    def render(self) -> str:
        """The score for a reader: a line for each thing wanted, then what nobody asked for."""
        verdict = "success" if self.success else f"{self.fraction:.0%} of the goal"
        text = [f"reward {self.reward:.3f} ({verdict}, {self.mode})"]
        for line in self.lines:
            place = f"{line.goal} {line.path}".strip()
            mark = "right" if line.right and line.proven else ("unread" if line.right else "wrong")
            worth = f"{line.credit:.2f}/{line.weight:.2f}"
            origin = f"; known from {line.known_from}" if line.known_from else ""
            text.append(
                f"  {mark:6} {worth} {place} ({line.kind}): wanted {_short(line.wanted)},"
                f" found {_short(line.found)}{origin}"
            )
        return "\n".join([*text, *(f"  not asked for: {entry}" for entry in self.collateral)])


def score(rubric: Rubric, trace: Mapping[str, Any], mode: Mode = "shaped") -> Score:
    """Score a trace, as the control API gives it. The same trace always gets the same score."""
    return _Scorer(rubric, trace["exchanges"]).score(mode)


class _Scorer:
    def __init__(self, rubric: Rubric, exchanges: list[dict[str, Any]]) -> None:
        self.rubric = rubric
        self.judge = Judge(rubric, exchanges)
        self.made = [
            Made(change, *changed_leaves(change, rubric.tables)) for change in net_changes(exchanges, rubric.tables)
        ]
        self.refused = [
            Refused(step, exchange["operation"], arguments(exchange))
            for step, exchange in enumerate(exchanges)
            if is_write(exchange) and rejected(exchange) and exchange.get("operation")
        ]
        self.judge.bound = self._in_order_of_creation()

    def score(self, mode: Mode) -> Score:
        paired = self._pair()
        for _ in range(_ROUNDS):  # goals that refer to new rows are judged by the pairing found so far
            bound = {
                goal.name: attempt.change.after or {}
                for goal, attempt in paired
                if isinstance(attempt, Made) and goal.action == "create"
            }
            if bound == self.judge.bound:
                break
            self.judge.bound = bound
            paired = self._pair()
        lines = [line for goal, attempt in paired for line in self.judge.lines(goal, attempt)]
        collateral = tuple(self._collateral(paired))
        fraction = sum(line.credit for line in lines) / sum(line.weight for line in lines)
        success = all(line.right and line.proven for line in lines) and not collateral
        factor = max(LEAST_FACTOR, 1 - COLLATERAL_COST * len(collateral))
        shaped = 1.0 if success else CAP * fraction * factor
        reward = shaped if mode == "shaped" else float(success)
        return Score(reward, success, fraction, tuple(lines), collateral, mode)

    def _in_order_of_creation(self) -> dict[str, Row]:
        bound: dict[str, Row] = {}
        for goal in self.rubric.goals:
            taken = {row["id"] for row in bound.values()}
            candidates = (attempt for attempt in self.made if comparable(goal, attempt))
            rows = (attempt.change.after for attempt in candidates if goal.action == "create")
            if row := next((row for row in rows if row and row["id"] not in taken), None):
                bound[goal.name] = row
        return bound

    def _pair(self) -> list[tuple[Goal, Attempt | None]]:
        """Each goal with the attempt at it that earns the most, if any earns something."""
        goals = self.rubric.goals
        attempts: list[Attempt] = [*self.made, *self._last_refused()]
        gain = [[self.judge.worth(goal, attempt) for attempt in attempts] for goal in goals]
        pairs = best_pairs(gain)
        return [(goal, attempts[pairs[i]] if i in pairs else None) for i, goal in enumerate(goals)]

    def _last_refused(self) -> list[Refused]:
        """For each goal the last refused attempt at it; an attempt is one at the goal that it serves best."""
        last: dict[str, Refused] = {}
        for attempt in self.refused:
            fitting = [goal for goal in self.rubric.goals if comparable(goal, attempt)]
            if fitting:
                last[max(fitting, key=lambda goal: self.judge.worth(goal, attempt)).name] = attempt
        return list(last.values())

    def _collateral(self, paired: list[tuple[Goal, Attempt | None]]) -> Iterator[str]:
        """What changed without being asked for, in words."""
        goal_of = {id(attempt): goal for goal, attempt in paired if attempt}
        for attempt in self.made:
            change, goal = attempt.change, goal_of.get(id(attempt))
            on_target = goal and all(item.wanted == change.id for item in goal.items if item.kind == "target")
            if goal is None or not on_target:
                yield f"{change.action} {change.table}:{change.id}"
                continue
            if change.action == "delete":
                continue
            asked = {(item.path, item.kind == "removed") for item in goal.items}
            sets = [item for item in goal.items if item.kind in ("element", "removed")]
            elements = {(item.path, self.judge.resolve(item.wanted)) for item in sets}
            for leaf in [*attempt.gained, *attempt.lost]:
                removed = leaf.kind == "element" and leaf in attempt.lost
                known = (leaf.path, leaf.value) in elements if leaf.kind == "element" else True
                if (leaf.path, removed) not in asked or not known:
                    yield f"{change.action} {change.table}:{change.id} {leaf.path} {_short(leaf.value)}"


def _short(value: Json) -> str:
    text = repr(value) if isinstance(value, str) else scalar(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
