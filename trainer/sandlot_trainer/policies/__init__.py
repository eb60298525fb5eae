"""Policies: whatever acts in an episode.

Most take turns: a `Policy` gives each episode an actor of its own, which is shown the answers and names the next
calls. An `OutsidePolicy` is given a site and calls its API by itself.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

if TYPE_CHECKING:
    from sandlot_trainer.client import SiteAccess
    from sandlot_trainer.episode import Protocol as EpisodeProtocol
    from sandlot_trainer.scenarios.base import Task
    from sandlot_trainer.tools import ToolBox


@dataclass(frozen=True)
class ToolCall:
    """A call of a tool by its name, arguments as one flat object."""

    name: str
    arguments: dict[str, Any]
    id: str = ""
    """The policy's own name of the call, given back with the answer."""


@dataclass(frozen=True)
class Malformed:
    """What was meant to be a call and cannot be read: its raw text, and a sentence on what to write
    instead."""

    raw: str
    reason: str


@dataclass(frozen=True)
class Observation:
    """What the agent is shown of one call: a compacted answer, or why there is none. Observations come in the
    order of the calls, those on malformed calls after them.

    `status` is the HTTP status, None where no request was made.
    """

    call_id: str
    name: str
    text: str
    status: int | None = None


@dataclass(frozen=True)
class Action:
    """One turn of an agent: what it said (calls included), its calls in order, and what was meant to be one.

    A turn without calls ends the episode; so does a turn with `stop`, which says why, before its calls are
    made: the agent has no room left to see the answers.
    """

    text: str
    calls: tuple[ToolCall, ...] = ()
    malformed: tuple[Malformed, ...] = ()
    stop: str | None = None


@dataclass(frozen=True)
class TokenRecord:
    """The episode as a model saw and wrote it: `completion_ids` runs over all turns, answers in between
    included; `mask` is 1 where the model sampled, and `logprobs` is 0.0 where it did not."""

    prompt_ids: list[int] = field(default_factory=list)
    completion_ids: list[int] = field(default_factory=list)
    logprobs: list[float] = field(default_factory=list)
    mask: list[int] = field(default_factory=list)

    @property
    def given(self) -> int:
        """How many tokens the model was given, each counted once."""
        return len(self.prompt_ids) + len(self.mask) - self.sampled

    @property
    def sampled(self) -> int:
        """How many tokens the model wrote."""
        return sum(self.mask)


@dataclass(frozen=True)
class TokenCount:
    """Tokens as an endpoint counts them: `given` has the whole conversation again for each of its turns."""

    given: int
    sampled: int


class Actor(Protocol):
    """One episode's agent."""

    @property
    def tokens(self) -> TokenRecord | TokenCount | None:
        """What a model saw and wrote so far; None for policies without tokens."""
        ...

    async def act(self, observations: list[Observation]) -> Action:
        """The next turn, given the answers to the calls of the one before (none at first)."""
        ...

    async def close(self) -> None:
        """Give back what the actor holds; called once, however the episode ends."""
        ...


class Policy(Protocol):
    """Whatever acts turn by turn."""

    name: str

    def actor(self, task: Task, toolbox: ToolBox, protocol: EpisodeProtocol, seed: int) -> Actor:
        """An actor for one episode; `seed` fixes its random draws."""
        ...


@dataclass(frozen=True)
class Work:
    """What an outside agent's attempt came to: why it ended, and the ends of what it printed. `exit_status` is None
    where it was stopped."""

    stop: str
    exit_status: int | None = None
    stdout: str = ""
    stderr: str = ""


@runtime_checkable
class OutsidePolicy(Protocol):
    """Whatever works on a site by itself, over HTTP: it is judged by the trace alone."""

    name: str

    async def work(self, task: Task, access: SiteAccess, protocol: EpisodeProtocol, seed: int) -> Work:
        """Do the task, within the protocol's time. Raises EnvironmentFailure where it could not be tried."""
        ...


AnyPolicy = Policy | OutsidePolicy
