"""The audit for a reader: a row for each kind of agent, and whatever must not be."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from statistics import fmean

from sandlot_trainer.audit.audit import CHEAT_CEILING, LevelAudit

COLUMNS = ("scenario", "level", "agent", "n", "highest", "verdict")
NUMBERS = frozenset({"level", "n", "highest"})


def audit_table(audits: Sequence[LevelAudit]) -> str:
    """One row for each scenario, level and kind of agent: how many there were, the highest score, the verdicts. As
    text, whose rows are as long as they must be."""
    rows = [COLUMNS, *(row for audit in audits for row in _rows(audit))]
    widths = [max(len(row[column]) for row in rows) for column in range(len(COLUMNS))]
    padded = (
        "  ".join(cell.rjust(width) if name in NUMBERS else cell.ljust(width) for name, cell, width in line)
        for line in (zip(COLUMNS, row, widths, strict=True) for row in rows)
    )
    return "\n".join(line.rstrip() for line in padded)


def _rows(audit: LevelAudit) -> Iterator[tuple[str, ...]]:
    place = (audit.scenario, str(audit.level))
    for kind in dict.fromkeys(judged.agent.kind for judged in audit.judged):
        of_kind = [judged for judged in audit.judged if judged.agent.kind == kind]
        verdicts = Counter(judged.verdict for judged in of_kind)
        highest = max(judged.reward for judged in of_kind)
        said = ", ".join(f"{count} {verdict}" for verdict, count in sorted(verdicts.items()))
        yield (*place, kind, str(len(of_kind)), f"{highest:.3f}", said)
    solved = "none written" if audit.second is None else f"{audit.second} of {audit.tasks} solved"
    yield (*place, "second solution", str(audit.tasks), "", solved)
    for name, rewards in audit.cheats.items():
        mean = fmean(rewards)
        verdict = "held down" if mean <= CHEAT_CEILING else "PAID"
        yield (*place, f"cheat: {name}", str(len(rewards)), f"{max(rewards):.3f}", f"{verdict}, {mean:.3f} on average")


def kill_rate(audits: Sequence[LevelAudit]) -> float:
    """The share of the agents that should score under 1.0 and do."""
    verdicts = Counter(judged.verdict for audit in audits for judged in audit.judged)
    bad = verdicts["killed"] + verdicts["SURVIVED"]
    return verdicts["killed"] / bad if bad else 1.0


def summary_lines(audits: Sequence[LevelAudit]) -> list[str]:
    verdicts = Counter(judged.verdict for audit in audits for judged in audit.judged)
    bad, good = verdicts["killed"] + verdicts["SURVIVED"], verdicts["equivalent"] + verdicts["REJECTED"]
    return [
        f"{sum(verdicts.values())} agents at {sum(audit.tasks for audit in audits)} tasks",
        f"kill rate {kill_rate(audits):.2%} ({verdicts['killed']} of {bad} that should score under 1.0)",
        f"{verdicts['equivalent']} of {good} that come to the same as the oracle score 1.0",
        f"{sum(len(audit.faults) for audit in audits)} faults",
    ]
