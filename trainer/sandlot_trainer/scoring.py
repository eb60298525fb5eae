"""Scoring a trace against a rubric, from the recorded exchanges alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from math import prod
from typing import Any, Literal

from sandlot_trainer.canonical import Json, Row, changed_leaves, net_changes, scalar
from sandlot_trainer.goals import Goal, Rubric
from sandlot_trainer.judging import Attempt, Judge, Line, Made, Refused, comparable, hits_target
from sandlot_trainer.matching import best_pairs
from sandlot_trainer.provenance import arguments, is_write, rejected

Mode = Literal["shaped", "binary"]
Stages = Sequence[Sequence[Attempt]]

CAP = 0.9
"""The most that anything short of success scores."""
COLLATERAL_COST, LEAST_FACTOR = 0.1, 0.5
"""Each change that nobody asked for takes a tenth, all of them together a half at most. A further new row beside the
one that serves a goal best takes no more than it would have lost in its place, so that doing it right as well never
scores lower, and no less than half of that, so that making a page under each of two possible parents never beats
choosing one."""
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
            mark = "right" if line.earned else ("unread" if line.right else "wrong")
            worth = f"{line.credit:.2f}/{line.weight:.2f}"
            call = f" at call {line.exchange}" if line.exchange else ""
            origin = f"; known from {line.known_from}" if line.known_from else ""
            text.append(
                f"  {mark:6} {worth} {place} ({line.kind}): wanted {_short(line.wanted)},"
                f" found {_short(line.found)}{call}{origin}"
            )
        text += [f"  not asked for: {entry}" for entry in self.collateral]
        return "\n".join([*text, f"  order: {', '.join(self._order()) or 'no goal was reached'}"])

    def reached(self) -> dict[str, int | None]:
        """The goals that were reached in full, each with the call that completed it, in that order; None where the
        score was stored without it."""
        of_goal: dict[str, list[Line]] = {}
        for line in self.lines:
            of_goal.setdefault(line.goal, []).append(line)
        calls = {
            goal: None if any(line.exchange is None for line in lines) else max(line.exchange or 0 for line in lines)
            for goal, lines in of_goal.items()
            if all(line.earned for line in lines)
        }
        return dict(sorted(calls.items(), key=lambda reached: reached[1] or 0))

    def _order(self) -> Iterator[str]:
        reached = self.reached()
        for goal, call in reached.items():
            yield f"{goal} reached at call {call}" if call else f"{goal} reached"
        for goal in dict.fromkeys(line.goal for line in self.lines):
            if goal not in reached:
                yield f"{goal} not reached"


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

    def score(self, mode: Mode) -> Score:
        """The better of two readings: refused attempts on a par with those that took effect, or behind them. A refused
        one may say more of its goal and yet leave goals that hang on the new row with nothing."""
        self.judge.bound = self._in_order_of_creation()
        refused = self._last_refused()
        readings: list[Stages] = [([*self.made, *refused],)]
        if refused and self.made:
            readings.append((self.made, refused))
        return max((self._read(stages, mode) for stages in readings), key=lambda read: (read.reward, read.fraction))

    def _read(self, stages: Stages, mode: Mode) -> Score:
        self.judge.bound = self._in_order_of_creation()
        paired = self._pair(stages)
        for _ in range(_ROUNDS):  # goals that refer to new rows are judged by the pairing found so far
            bound = {
                goal.name: attempt.change.after or {}
                for goal, attempt in paired
                if isinstance(attempt, Made) and goal.action == "create"
            }
            if bound == self.judge.bound:
                break
            self.judge.bound = bound
            paired = self._pair(stages)
        lines = [line for goal, attempt in self._shown(paired) for line in self.judge.lines(goal, attempt)]
        collateral = tuple(self._collateral(paired))
        fraction = sum(line.credit for line in lines) / sum(line.weight for line in lines)
        success = all(line.earned for line in lines) and not collateral
        factor = max(LEAST_FACTOR, prod(1 - cost for _, cost in collateral))
        shaped = 1.0 if success else CAP * fraction * factor
        reward = shaped if mode == "shaped" else float(success)
        return Score(reward, success, fraction, tuple(lines), tuple(entry for entry, _ in collateral), mode)

    def _in_order_of_creation(self) -> dict[str, Row]:
        bound: dict[str, Row] = {}
        for goal in self.rubric.goals:
            taken = {row["id"] for row in bound.values()}
            candidates = (attempt for attempt in self.made if comparable(goal, attempt))
            rows = (attempt.change.after for attempt in candidates if goal.action == "create")
            if row := next((row for row in rows if row and row["id"] not in taken), None):
                bound[goal.name] = row
        return bound

    def _pair(self, stages: Stages) -> list[tuple[Goal, Attempt | None]]:
        """Each goal with the attempt at it that earns the most, if any earns something; the attempts of a later stage
        for goals that are open still."""
        goals = self.rubric.goals
        served: dict[int, Attempt] = {}
        for attempts in stages:
            still = [index for index in range(len(goals)) if index not in served]
            gain = [[self.judge.worth(goals[index], attempt) for attempt in attempts] for index in still]
            served |= {still[row]: attempts[column] for row, column in best_pairs(gain).items()}
        return [(goal, served.get(index)) for index, goal in enumerate(goals)]

    def _shown(self, paired: list[tuple[Goal, Attempt | None]]) -> Iterator[tuple[Goal, Attempt | None]]:
        """`paired`, with the last attempt that earned nothing in the place of none: a reader sees what was wrong."""
        used = {id(attempt) for _, attempt in paired}
        for goal, attempt in paired:
            attempts: tuple[Attempt, ...] = (*self.refused, *self.made)
            vain = [one for one in attempts if id(one) not in used and comparable(goal, one)]
            attempt = attempt or max(vain, key=_step, default=None)
            used.add(id(attempt))
            yield goal, attempt

    def _last_refused(self) -> list[Refused]:
        """For each goal the last refused attempt at it; an attempt is one at the goal that it serves best."""
        last: dict[str, Refused] = {}
        for attempt in self.refused:
            fitting = [goal for goal in self.rubric.goals if comparable(goal, attempt)]
            if fitting:
                last[max(fitting, key=lambda goal: self.judge.worth(goal, attempt)).name] = attempt
        return list(last.values())

    def _collateral(self, paired: list[tuple[Goal, Attempt | None]]) -> Iterator[tuple[str, float]]:
        """What changed without being asked for, in words, and the share that it costs."""
        goal_of = {id(attempt): goal for goal, attempt in paired if attempt} | self._outdone(paired)
        for attempt in self.made:
            change, goal = attempt.change, goal_of.get(id(attempt))
            if goal is None or not hits_target(goal, attempt):
                cost = self._cost_beside(attempt, paired) if goal is None else COLLATERAL_COST
                yield f"{change.action} {change.table}:{change.id}", cost
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
                    yield (
                        f"{change.action} {change.table}:{change.id} {leaf.path} {_short(leaf.value)}",
                        COLLATERAL_COST,
                    )

    def _outdone(self, paired: list[tuple[Goal, Attempt | None]]) -> dict[int, Goal]:
        """The changes that would serve a goal, but for a refused attempt at it that earned more: they were asked for,
        if not like that."""
        used = {id(attempt) for _, attempt in paired}
        goals = [goal for goal, attempt in paired if isinstance(attempt, Refused)]
        spare = [attempt for attempt in self.made if id(attempt) not in used]
        pairs = best_pairs([[self.judge.worth(goal, attempt) for attempt in spare] for goal in goals])
        return {id(spare[column]): goals[row] for row, column in pairs.items()}

    def _cost_beside(self, attempt: Made, paired: list[tuple[Goal, Attempt | None]]) -> float:
        """The share that a further new row costs, by how much less it would have earned than the row that serves a
        goal in its place."""
        earned = [(goal, sum(line.credit for line in self.judge.lines(goal, one))) for goal, one in paired]
        rivals = [(goal, credit) for goal, credit in earned if goal.action == "create" and comparable(goal, attempt)]
        here = [(credit, sum(line.credit for line in self.judge.lines(goal, attempt))) for goal, credit in rivals]
        losses = [credit - own for credit, own in here if credit > own > 0]
        if not losses:
            return COLLATERAL_COST
        loss = min(losses) / sum(credit for _, credit in earned)
        return min(max(COLLATERAL_COST, loss / 2), loss)


def _step(attempt: Attempt) -> int:
    return attempt.change.steps[-1] if isinstance(attempt, Made) else attempt.step


def _short(value: Json) -> str:
    text = repr(value) if isinstance(value, str) else scalar(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
