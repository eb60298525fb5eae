"""The scenarios, by name: those of this package, those of a file that the user names, and the generated ones.

A module of this package that has a `SCENARIO` is a scenario; nothing else has to know of it.
"""

from __future__ import annotations

import importlib
import importlib.util
import pkgutil
from pathlib import Path
from types import ModuleType

from sandlot_trainer.scenarios.base import Scenario
from sandlot_trainer.scenarios.generated import PREFIX, Documents, generated_scenarios


def _written() -> dict[str, Scenario]:
    modules = (importlib.import_module(f"{__name__}.{found.name}") for found in pkgutil.iter_modules(__path__))
    scenarios = (module.SCENARIO for module in modules if hasattr(module, "SCENARIO"))
    return {scenario.name: scenario for scenario in scenarios}


SCENARIOS: dict[str, Scenario] = _written()


def find_scenario(name: str, documents: Documents | None = None) -> Scenario:
    """The scenario of this name, or of the file that `name` is the path of: "my_scenario.py". What begins with "api/"
    is generated from the served contract, `documents`.

    Raises ValueError, naming those there are, on a name that is none of them, and on a file without a `SCENARIO`.
    """
    if name.endswith(".py"):
        return _from_file(Path(name))
    if name.startswith(PREFIX) and documents is not None:
        generated = generated_scenarios(documents)
        if name not in generated:
            raise ValueError(f"There is no scenario {name!r}; there are {', '.join(generated)}.")
        return generated[name]
    if name not in SCENARIOS:
        raise ValueError(f"There is no scenario {name!r}; there are {', '.join(SCENARIOS)}.")
    return SCENARIOS[name]


def _from_file(path: Path) -> Scenario:
    if not path.exists():
        raise ValueError(f"There is no scenario file {path}.")
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module: ModuleType = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    scenario = getattr(module, "SCENARIO", None)
    if not isinstance(scenario, Scenario):
        raise ValueError(f"{path} has no SCENARIO, an instance of sandlot_trainer.scenarios.base.Scenario.")
    return scenario
