"""Every operation that Atlassian documents, by method, path and id: what is not served is answered with 501.

The table `openapi/official.tsv` is generated from the official OpenAPI documents by

    python -m sandlot_server.contract.official FOLDER > openapi/official.tsv

where FOLDER holds jira-v3.json, jira-software.json, confluence-v2.json and confluence-v1.json.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

from sandlot_server.contract.documents import ContractError
from sandlot_server.contract.operations import METHODS, Operation

TABLE = "official.tsv"
_FILES = (
    ("jira", "jira-v3.json", ""),
    ("jira-software", "jira-software.json", ""),
    ("confluence", "confluence-v2.json", "/wiki/api/v2"),
    ("confluence-v1", "confluence-v1.json", ""),
)


def official_operations(folder: Path) -> Iterator[Operation]:
    for number, line in enumerate((folder / TABLE).read_text(encoding="utf-8").splitlines(), 1):
        try:
            document, method, path, operation_id = line.split("\t")
        except ValueError as error:
            raise ContractError(f"openapi/{TABLE}, line {number}: expected document, method, path, id") from error
        key = f"{document}/{operation_id}"
        yield Operation(document=document, id=operation_id, key=key, method=method, path=path, served=False)


def table(documents: Path) -> Iterator[str]:
    """The lines of the table, from the official documents in a folder."""
    for name, file, prefix in _FILES:
        paths = json.loads((documents / file).read_text(encoding="utf-8"))["paths"]
        for path, item in paths.items():
            for method in METHODS:
                if method in item:
                    yield f"{name}\t{method.upper()}\t{prefix}{path}\t{item[method]['operationId']}"


if __name__ == "__main__":
    sys.stdout.writelines(line + "\n" for line in table(Path(sys.argv[1])))
