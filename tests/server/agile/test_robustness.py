"""No operation fails at what it is sent: whatever is wrong with a request, it is refused."""

from __future__ import annotations

import httpx
import pytest

from sandlot_server.contract.contract import load_contract
from sandlot_server.contract.operations import Operation
from tests.server.agile.expectations import board_id, sprint_id

OPERATIONS = [one for one in load_contract().operations if one.document == "jira-software" and one.served]
BODIES = [b"", b"null", b"[]", b"{}", b'"x"', b"{", b'{"name": "' + b"x" * 100_000 + b'"}', b'{"issues": ["\\u0000"]}']


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.id)
async def test_every_operation_answers_whatever_it_is_sent(agile: httpx.AsyncClient, operation: Operation) -> None:
    known = {
        "{boardId}": str(await board_id(agile, "WEB")),
        "{sprintId}": str(await sprint_id(agile, "WEB Sprint 3")),
        "{epicIdOrKey}": "WEB-1",
        "{issueIdOrKey}": "WEB-2",
    }
    for names in (known, dict.fromkeys(known, "9" * 40), dict.fromkeys(known, "%00")):
        path = operation.path.replace("{epicId}", "7").replace("{filterId}", "7")
        for name, value in names.items():
            path = path.replace(name, value)
        for body in BODIES if operation.body is not None else (b"",):
            headers = {"content-type": "application/json"}
            url = f"http://acme.test{path}"
            answer = await agile.request(operation.method, url, content=body, headers=headers)
            assert answer.status_code < 500, (path, body[:50], answer.text)
    answer = await agile.request(operation.method, f"http://acme.test{operation.path}", auth=("a", "b"))
    assert answer.status_code == 401
