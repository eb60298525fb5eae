"""The loaded contract: documents, operations, and the routes to them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from sandlot_server.contract.documents import ContractError, contract_folder, jira_v2, load_documents
from sandlot_server.contract.official import official_operations
from sandlot_server.contract.operations import Operation, operations_of
from sandlot_server.contract.routes import Routes

__all__ = ["Contract", "ContractError", "load_contract"]

# The agile API shows issues as v2 of Jira's does.
_VERSIONS = {"jira": 3, "jira-software": 2}


@dataclass(frozen=True)
class Contract:
    documents: dict[str, dict[str, Any]]
    operations: tuple[Operation, ...]
    routes: Routes[Operation]

    def served(self) -> set[str]:
        """Keys of the operations that need a handler."""
        return {operation.key for operation in self.operations if operation.served}


@cache
def load_contract(folder: Path | None = None) -> Contract:
    """Read and compile `openapi/`, once in a process: nothing changes it. Raises ContractError naming the file."""
    documents = load_documents(folder or contract_folder())
    operations: list[Operation] = []
    routes: Routes[Operation] = Routes()
    for name, document in documents.items():
        served = operations_of(name, document, version=_VERSIONS.get(name, 0))
        operations += served
        _route(routes, ((operation.path, operation) for operation in served))
        _route(routes, ((_in_version(operation.path, "latest"), operation) for operation in served))
        if name == "jira":
            older = operations_of(name, jira_v2(document), version=2)
            _route(routes, ((operation.path, operation) for operation in older))
    for operation in official_operations(folder or contract_folder()):
        _route(routes, [(operation.path, operation)])
        _route(routes, [(_in_version(operation.path, number), operation) for number in ("2", "latest")])
    return Contract(documents, tuple(operations), routes)


def _route(routes: Routes[Operation], targets: Iterable[tuple[str, Operation]]) -> None:
    for path, operation in targets:
        routes.add(operation.method, path, operation)


def _in_version(path: str, version: str) -> str:
    """The path under another version; "latest" goes for the agile API too. Others have one and stay as they are."""
    if version == "latest":
        path = path.replace("/rest/agile/1.0/", "/rest/agile/latest/", 1)
    return path.replace("/rest/api/3/", f"/rest/api/{version}/", 1)
