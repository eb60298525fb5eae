"""Prints docs/coverage.md: what of Atlassian's documented operations is served, by document and operation.

python -m sandlot_server.contract.coverage > docs/coverage.md
"""

from __future__ import annotations

import sys

from sandlot_server.contract.contract import Contract, load_contract
from sandlot_server.contract.documents import contract_folder
from sandlot_server.contract.official import official_operations

_TITLES = {
    "jira": "Jira platform v3 (each also as v2 and as latest)",
    "jira-software": "Jira Software (agile)",
    "confluence": "Confluence v2",
    "confluence-v1": "Confluence v1, legacy operations included",
}


def coverage(contract: Contract) -> str:
    official = list(official_operations(contract_folder()))
    known = {(operation.method, operation.path) for operation in official}
    lines = [
        "# Coverage",
        "",
        "Written by `make contract`. Everything else that Atlassian documents (`openapi/official.tsv`) answers 501, in",
        "the product's own error shape, and is recorded. Legacy: not in those documents, and called by clients.",
        "",
        "| document | documented | served | legacy served |",
        "| --- | --- | --- | --- |",
    ]
    for document, title in _TITLES.items():
        served = [operation for operation in contract.operations if operation.document == document]
        documented = sum((operation.method, operation.path) in known for operation in served)
        of_document = sum(operation.document == document for operation in official)
        lines.append(f"| {title} | {of_document} | {documented} | {len(served) - documented} |")
    for document, title in _TITLES.items():
        served = [operation for operation in contract.operations if operation.document == document]
        if served:
            lines += ["", f"## {title}", "", "| operation | |", "| --- | --- |"]
            lines += [
                f"| {operation.id} | `{operation.method} {operation.path}` |"
                for operation in sorted(served, key=lambda operation: (operation.path, operation.method))
            ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.stdout.write(coverage(load_contract()))
