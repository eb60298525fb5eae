"""Bad agents, and some that only look bad: the reference solution's own calls, altered."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sandlot_trainer.audit.calls import Leaf, RecordedCall
from sandlot_trainer.audit.world import World, alternatives
from sandlot_trainer.canonical import scalar
from sandlot_trainer.tools import Tool

Calls = tuple[RecordedCall, ...]

_VARIANTS = 3
"""How many altered forms of a write are made beside the right one."""


@dataclass(frozen=True)
class Agent:
    """Calls to be made one after another. `kind` is the agent's row in the report, `name` its own within a task.

    `below`: the names of agents that did the same and something more right: none may score lower than this one.
    """

    kind: str
    name: str
    calls: Calls
    below: tuple[str, ...] = ()


ORACLE = "oracle"


def derived_agents(
    calls: Sequence[RecordedCall],
    writes: Sequence[int],
    tools: Mapping[str, Tool],
    world: World,
    spam: Sequence[RecordedCall],
    deletion: RecordedCall | None,
) -> list[Agent]:
    """All agents of one task. `writes`: the positions of the calls that changed something; `spam`: reads that ask for
    everything; `deletion`: one of something that the task is not about."""
    whole = tuple(calls)
    agents = [Agent(ORACLE, ORACLE, whole), Agent("noop", "noop", ())]
    agents += _stopping_early(whole, writes)
    agents += _dropping(whole, writes)
    for at in writes:
        agents += _altering(whole, at, tools.get(whole[at].operation), world)
        agents.append(Agent("duplicate write", f"duplicate of call {at + 1}", (*whole, whole[at]), (ORACLE,)))
    agents += _reordering(whole, writes)
    agents += _reading(whole, writes, tuple(spam))
    if deletion is not None:
        agents.append(Agent("deletion", f"{deletion} at the end", (*whole, deletion), (ORACLE,)))
        agents.append(Agent("deletion", f"{deletion} alone", (deletion,), ("noop",)))
    return agents


def _stopping_early(whole: Calls, writes: Sequence[int]) -> Iterator[Agent]:
    for count in range(1, len(whole)):
        better = f"first {count + 1} calls" if count + 1 < len(whole) else ORACLE
        yield Agent("early stop", f"first {count} calls", whole[:count], (better,))
    yield Agent("reads only", "reads only", _kept(whole, set(range(len(whole))) - set(writes)), (ORACLE,))


def _dropping(whole: Calls, writes: Sequence[int]) -> Iterator[Agent]:
    """Each write left out; then the first, the first two and so on."""
    if len(writes) == 1:
        return  # that is to read only
    for at in writes:
        yield Agent("write dropped", f"without call {at + 1}", _kept(whole, _all_but(whole, {at})), (ORACLE,))
    for count in range(2, len(writes)):
        gone = set(writes[:count])
        better = f"without calls {_numbers(writes[: count - 1])}" if count > 2 else f"without call {writes[0] + 1}"
        name = f"without calls {_numbers(sorted(gone))}"
        yield Agent("write dropped", name, _kept(whole, _all_but(whole, gone)), (better,))


def _altering(whole: Calls, at: int, tool: Tool | None, world: World) -> Iterator[Agent]:
    call = whole[at]
    wrong = [(leaf, alternatives(leaf, tool, world)) for leaf in call.leaves()]
    for leaf, values in wrong:
        for value in values:
            altered = _replaced(whole, at, call.with_value(leaf.steps, value))
            yield Agent(_kind(leaf), f"call {at + 1} {leaf.name}={value!r}", altered, (ORACLE,))
        for name in world.other_names(leaf.value)[:1]:
            altered = _replaced(whole, at, call.with_value(leaf.steps, name))
            yield Agent("other name", f"call {at + 1} {leaf.name}={name!r}, for {leaf.value!r}", altered, (ORACLE,))
        if (shorter := call.without(leaf.steps)) is not None:
            altered = _replaced(whole, at, shorter)
            yield Agent("argument dropped", f"call {at + 1} without {leaf.name}", altered, (ORACLE,))
    first = [(leaf, values[0]) for leaf, values in wrong if values]
    # what is right in another place of the call, as the other one of two sprints that change places, is not all wrong
    right = {scalar(leaf.value) for leaf, _ in wrong}
    strange = [(leaf, [value for value in values if scalar(value) not in right]) for leaf, values in wrong]
    yield from _more_and_more_wrong(whole, at, [(leaf, values[0]) for leaf, values in strange if values])
    for leaf, value in first[-_VARIANTS:]:
        variant = call.with_value(leaf.steps, value)
        name = f"call {at + 1} with {leaf.name}={value!r}"
        yield Agent("extra write", f"{name} at the end", (*whole, variant), (ORACLE,))
        yield Agent("wrong write first", f"{name} before it", (*whole[:at], variant, *whole[at:]), (ORACLE,))


def _more_and_more_wrong(whole: Calls, at: int, wrong: list[tuple[Leaf, object]]) -> Iterator[Agent]:
    """One wrong argument, two, three: each below the one before, from either end of the list."""
    for order, word in ((wrong, "first"), (wrong[::-1], "last")):
        better: str | None = None
        call = whole[at]
        for count, (leaf, value) in enumerate(order, 1):
            call = call.with_value(leaf.steps, value)
            name = f"call {at + 1} {leaf.name}={value!r}"
            if count > 1:
                assert better is not None
                name = f"call {at + 1} with its {word} {count} values wrong"
                yield Agent("several wrong", name, _replaced(whole, at, call), (better,))
            better = name


def _reordering(whole: Calls, writes: Sequence[int]) -> Iterator[Agent]:
    for one, other in itertools.pairwise(writes):
        swapped = list(whole)
        swapped[one], swapped[other] = swapped[other], swapped[one]
        yield Agent("reordered writes", f"calls {one + 1} and {other + 1} swapped", tuple(swapped), (ORACLE,))


def _reading(whole: Calls, writes: Sequence[int], spam: Calls) -> Iterator[Agent]:
    reads = [index for index in range(len(whole)) if index not in set(writes)]
    yield Agent("read spam", "everything read first", (*spam, *whole), ())
    yield Agent("read spam", "everything read last", (*whole, *spam), ())
    yield Agent("read spam", "everything read, nothing done", spam, ("noop",))
    if not reads:
        return
    only_writes = _kept(whole, set(writes))
    yield Agent("no reads", "writes only", only_writes, (ORACLE,))
    yield Agent("reads too late", "writes, then reads", (*only_writes, *_kept(whole, set(reads))), (ORACLE,))
    for at in reads if len(reads) > 1 else ():
        yield Agent("read dropped", f"without read {at + 1}", _kept(whole, _all_but(whole, {at})), (ORACLE,))


def _kind(leaf: Leaf) -> str:
    return "wrong entity" if leaf.steps[0] == "path" else "wrong argument"


def _kept(whole: Calls, positions: set[int]) -> Calls:
    return tuple(call for index, call in enumerate(whole) if index in positions)


def _all_but(whole: Calls, gone: set[int]) -> set[int]:
    return set(range(len(whole))) - gone


def _replaced(whole: Calls, at: int, call: RecordedCall) -> Calls:
    return (*whole[:at], call, *whole[at + 1 :])


def _numbers(positions: Sequence[int]) -> str:
    return ", ".join(str(position + 1) for position in positions)
