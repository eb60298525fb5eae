"""The served contract of the agile API has the structure of Atlassian's own document.

The document is not part of this repository: SANDLOT_OFFICIAL_SPECS names a folder with `jira-software.json` in it.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from sandlot_server.contract.documents import contract_folder, load_documents
from tests.contract.test_official_confluence import Operations, by_place, operations, successes

FOLDER = os.environ.get("SANDLOT_OFFICIAL_SPECS")

pytestmark = pytest.mark.skipif(
    FOLDER is None, reason="set SANDLOT_OFFICIAL_SPECS to a folder with the official jira-software.json"
)

OLDER = ("put", "/rest/greenhopper/1.0/sprint/{sprintId}")
# Later than the document: the lists of issues in pages by token.
LATER = "/rest/software/1.0/"
# Lists of words that the document calls objects, and an order whose plus sign arrives as a blank.
OPEN_TYPES = {"type", "state", "orderBy"}


@pytest.fixture(scope="module")
def official() -> Operations:
    return operations(json.loads((Path(FOLDER or "") / "jira-software.json").read_text(encoding="utf-8")), "")


def ours() -> Operations:
    return operations(load_documents(contract_folder())["jira-software"], "")


OURS = ours()
OFFICIAL_ONES = [place for place in OURS if place != OLDER and not place[1].startswith(LATER)]


def test_what_is_not_official_is_marked(official: Operations) -> None:
    assert set(OURS) - set(official) == {OLDER} | {place for place in OURS if place[1].startswith(LATER)}
    assert OURS[OLDER]["deprecated"]


@pytest.mark.parametrize("place", OFFICIAL_ONES)
def test_an_operation_is_the_official_one(place: tuple[str, str], official: Operations) -> None:
    mine, theirs = OURS[place], official[place]
    assert mine["operationId"] == theirs["operationId"]
    assert mine["security"] == theirs["security"]
    assert successes(mine) == successes(theirs)
    assert set(theirs["responses"]) <= set(mine["responses"])
    parameters, wanted = by_place(mine), by_place(theirs)
    assert set(parameters) == set(wanted)
    for key, parameter in parameters.items():
        assert parameter.get("required", False) == wanted[key].get("required", False), key
        if key[1] not in OPEN_TYPES:
            shapes = [(one["schema"]["type"], one["schema"].get("format")) for one in (parameter, wanted[key])]
            assert shapes[0] == shapes[1], key
            assert parameter["schema"].get("default") == wanted[key]["schema"].get("default"), key


@pytest.mark.parametrize("place", OFFICIAL_ONES)
def test_a_body_has_the_official_members(place: tuple[str, str], official: Operations) -> None:
    mine, theirs = (_body(operation) for operation in (OURS[place], official[place]))
    assert (mine is None) == (theirs is None)
    if mine is not None and theirs is not None:
        assert set(mine["properties"]) == set(theirs["properties"])
        assert mine["additionalProperties"] is theirs["additionalProperties"] is False


def _body(operation: dict[str, Any]) -> dict[str, Any] | None:
    if "requestBody" not in operation:
        return None
    schema: dict[str, Any] = operation["requestBody"]["content"]["application/json"]["schema"]
    return schema
