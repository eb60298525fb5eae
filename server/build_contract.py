"""Build hook: a wheel of the server carries the contract, which lies beside the package in the repository."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class ContractHook(BuildHookInterface):  # type: ignore[type-arg]
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable":
            return
        contract = Path(self.root).parent / "openapi"
        if not contract.is_dir():
            raise FileNotFoundError(f"{contract}: build the wheel from a checkout of the whole repository")
        build_data["force_include"][str(contract)] = "sandlot_server/openapi"
