"""The scenarios, by name."""

from __future__ import annotations

from sandlot_trainer.scenarios.base import Scenario
from sandlot_trainer.scenarios.page_create import PageCreate
from sandlot_trainer.scenarios.primer import Primer

SCENARIOS: dict[str, Scenario] = {scenario.name: scenario for scenario in (PageCreate(), Primer())}


def find_scenario(name: str) -> Scenario:
    """Raises ValueError, naming those there are, on a name that is none of them."""
    if name not in SCENARIOS:
        raise ValueError(f"There is no scenario {name!r}; there are {', '.join(SCENARIOS)}.")
    return SCENARIOS[name]
