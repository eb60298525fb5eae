"""A run's folder, `runs/<name>/`: its configuration, its report, and everything that it leaves."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from sandlot_trainer.errors import SandlotError
from sandlot_trainer.outcomes import EpisodeFile

PACKAGES = ("sandlot", "torch", "transformers", "trl", "peft", "deepspeed")


class RunError(SandlotError):
    """The run's folder does not fit what was asked; the message names it and says what to do."""


class RunFolder:
    """Where a run keeps its files. JSON is written whole or not at all."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def begin(self, config: Mapping[str, Any], *, resume: bool) -> None:
        """Claim the folder for `config`. Raises RunError where it holds another run, or one not asked to go on."""
        known = self.read("config.json")
        wanted = json.loads(json.dumps({**config, "versions": versions()}))
        if known is None:
            if self.path.exists() and any(self.path.iterdir()):
                raise RunError(f"{self.path} is not empty and has no config.json: choose another --name")
            self.write("config.json", wanted)
        elif not resume:
            raise RunError(f"{self.path} has a run already: go on with it by --resume, or choose another --name")
        else:
            differing = sorted(key for key in wanted.keys() | known.keys() if wanted.get(key) != known.get(key))
            if differing:
                raise RunError(f"{self.path} was begun with another {', '.join(differing)}: choose another --name")

    def write(self, name: str, content: Any) -> Path:
        self.path.mkdir(parents=True, exist_ok=True)
        path = self.path / name
        partial = path.with_name(path.name + ".partial")
        partial.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        os.replace(partial, path)
        return path

    def read(self, name: str) -> Any:
        """The content of a JSON file; None where there is none."""
        path = self.path / name
        return json.loads(path.read_text(encoding="utf-8")) if path.exists() else None

    def episodes(self, phase: str) -> EpisodeFile:
        return EpisodeFile(self.path / "episodes" / f"{phase}.jsonl")


def versions() -> dict[str, str]:
    """The versions that figures depend on."""
    found = {"python": platform.python_version()}
    for package in PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found
