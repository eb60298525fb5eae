"""The agents that are derived from a reference solution's calls."""

from __future__ import annotations

from sandlot_trainer.audit.calls import RecordedCall
from sandlot_trainer.audit.mutants import ORACLE, derived_agents
from sandlot_trainer.audit.world import World
from sandlot_trainer.tools import HttpRequest
from tests.trainer.issue_site import IssueSite
from tests.trainer.traces import Recorder


def _site() -> Recorder:
    site = IssueSite()
    site.read("OPS-2")
    site.edit("OPS-1", summary="Valve sticks")
    site.comment("OPS-1", "11", "Done")
    return site


def _agents() -> dict[str, tuple[str, list[str], tuple[str, ...]]]:
    exchanges = _site().exchanges
    calls = [RecordedCall.of(exchange, {}) for exchange in exchanges]
    spam, deletion = calls[:1], RecordedCall.of({**exchanges[0], "method": "DELETE"}, {})
    agents = derived_agents(calls, [1, 2], {}, World(exchanges), spam, deletion)
    assert len({agent.name for agent in agents}) == len(agents)
    return {agent.name: (agent.kind, [call.request.method for call in agent.calls], agent.below) for agent in agents}


def test_each_way_to_be_wrong_is_there() -> None:
    agents = _agents()
    assert agents[ORACLE] == (ORACLE, ["GET", "PUT", "POST"], ())
    assert agents["noop"][1] == []
    assert agents["without call 2"][:2] == ("write dropped", ["GET", "POST"])
    assert agents["first 1 calls"][2] == ("first 2 calls",)
    assert agents["duplicate of call 3"][1] == ["GET", "PUT", "POST", "POST"]
    assert agents["calls 2 and 3 swapped"][1] == ["GET", "POST", "PUT"]
    assert agents["writes only"][1] == ["PUT", "POST"]
    assert agents["writes, then reads"][1] == ["PUT", "POST", "GET"]
    assert agents["everything read first"][1] == ["GET", "GET", "PUT", "POST"]
    kinds = {kind for kind, _, _ in agents.values()}
    assert {"wrong argument", "argument dropped", "extra write", "wrong write first", "deletion", "reads only"} <= kinds


def test_more_wrong_stands_below_less_wrong() -> None:
    agents = _agents()
    for _, _, below in agents.values():
        assert all(name in agents for name in below)


def test_what_is_right_in_another_place_of_a_call_does_not_make_it_more_wrong() -> None:
    """Of two sprints that change places, each may stand where the other did: a call with one of them is half right."""
    site = Recorder()
    sprints = {"values": [{"id": "1"}, {"id": "2"}, {"id": "3"}, {"id": "4"}]}
    site.call("jira-software/getAllSprints", "GET", "/rest/agile/1.0/board/9/sprint", response=sprints)
    request = HttpRequest("POST", "/rest/agile/1.0/sprint/1/swap", "", {"sprintToSwapWith": 2})
    call = RecordedCall("jira-software/swapSprint", request, "/rest/agile/1.0/sprint/{sprintId}/swap")
    agents = derived_agents([call], [0], {}, World(site.exchanges), [], None)
    several = [agent.calls[0] for agent in agents if agent.kind == "several wrong"]
    assert several
    assert not any(leaf.value in ("1", 1, "2", 2) for call in several for leaf in call.leaves())
