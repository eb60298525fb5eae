"""Our Jira contract against the structure of Atlassian's own document.

The document is not part of this repository: SANDLOT_OFFICIAL_SPECS names a folder with `jira-v3.json` in it.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from sandlot_server.contract.documents import RICH_TEXT, contract_folder, load_documents
from sandlot_server.contract.operations import METHODS

Operation = tuple[str, str, dict[str, Any]]

FOLDER = os.environ.get("SANDLOT_OFFICIAL_SPECS")

pytestmark = pytest.mark.skipif(
    FOLDER is None, reason="set SANDLOT_OFFICIAL_SPECS to a folder with the official jira-v3.json"
)

# Live sites answer these, though the document does not say so.
UNDOCUMENTED_STATUSES = {"400", "401", "404"}
# Parameters that are checked less strictly than documented, because clients send more (see the contract).
OPEN_TYPES = {
    ("deleteIssue", "deleteSubtasks"),
    ("getComments", "orderBy"),
    ("searchProjects", "orderBy"),
    ("searchProjects", "maxResults"),
}
REMOVED = {"searchForIssuesUsingJql", "searchForIssuesUsingJqlPost"}


def operations(document: dict[str, Any]) -> dict[str, Operation]:
    """Path, method and specification of every operation, by its id; parameters resolved, those of the path included."""
    found = {}
    shared = document["components"].get("parameters", {})
    for path, item in document["paths"].items():
        for method in METHODS:
            if method in item:
                declared = [*item.get("parameters", []), *item[method].get("parameters", [])]
                resolved = [shared[one["$ref"].rsplit("/", 1)[1]] if "$ref" in one else one for one in declared]
                specification = {
                    **item[method],
                    "parameters": {(one["in"], one["name"]): one for one in resolved},
                }
                found[item[method]["operationId"]] = (path, method, specification)
    return found


@pytest.fixture(scope="module")
def official() -> dict[str, Operation]:
    return operations(json.loads((Path(FOLDER or "") / "jira-v3.json").read_text(encoding="utf-8")))


def ours() -> dict[str, Operation]:
    return operations(load_documents(contract_folder())["jira"])


OURS = ours()


@pytest.mark.parametrize("name", OURS)
def test_path_and_method(name: str, official: dict[str, Operation]) -> None:
    assert OURS[name][:2] == official[name][:2]


@pytest.mark.parametrize("name", OURS)
def test_security(name: str, official: dict[str, Operation]) -> None:
    assert OURS[name][2]["security"] == official[name][2]["security"]
    assert OURS[name][2].get("deprecated", False) == official[name][2].get("deprecated", False)


@pytest.mark.parametrize("name", OURS)
def test_parameters(name: str, official: dict[str, Operation]) -> None:
    mine, theirs = OURS[name][2]["parameters"], official[name][2]["parameters"]
    assert set(mine) == set(theirs)
    for key, parameter in mine.items():
        assert parameter.get("required", False) == theirs[key].get("required", False), key
        if name not in REMOVED and (name, key[1]) not in OPEN_TYPES:
            assert _shape(parameter["schema"]) == _shape(theirs[key]["schema"]), key


def _shape(schema: dict[str, Any]) -> dict[str, Any]:
    """What of a parameter's schema decides which values it takes. Items that are references are lists as text."""
    items = schema.get("items", {})
    return {
        "type": schema.get("type"),
        "format": schema.get("format"),
        "enum": schema.get("enum"),
        "maxLength": schema.get("maxLength"),
        "default": schema.get("default") or None,
        "items": (items.get("type", "string"), items.get("format"), items.get("enum")),
    }


@pytest.mark.parametrize("name", OURS)
def test_body(name: str, official: dict[str, Operation]) -> None:
    mine, theirs = OURS[name][2].get("requestBody"), official[name][2].get("requestBody")
    assert (mine is None) == (theirs is None)
    if mine is not None:
        assert mine.get("required", False) == theirs.get("required", False)
        assert set(mine["content"]) == set(theirs["content"])


@pytest.mark.parametrize("name", [name for name in OURS if name not in REMOVED])
def test_statuses(name: str, official: dict[str, Operation]) -> None:
    mine, theirs = set(OURS[name][2]["responses"]), set(official[name][2]["responses"])
    assert theirs <= mine
    assert mine - theirs <= UNDOCUMENTED_STATUSES


def _resolved(document: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in schema or "allOf" in schema:
        if "$ref" in schema:
            schema = document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
        else:
            schema = schema["allOf"][0]
    return schema


def test_shared_schemas_have_the_official_properties(official: dict[str, Operation]) -> None:
    """Every schema that has an official name: its properties are official ones, with the same type."""
    theirs = json.loads((Path(FOLDER or "") / "jira-v3.json").read_text(encoding="utf-8"))
    mine = load_documents(contract_folder())["jira"]
    unofficial: set[str] = set()
    different: set[str] = set()
    for name, schema in mine["components"]["schemas"].items():
        reference = theirs["components"]["schemas"].get(name)
        if reference is None or name == RICH_TEXT:  # a name of ours, which the document uses for something else
            continue
        assert schema.get("additionalProperties") == reference.get("additionalProperties"), name
        assert schema.get("required", []) == reference.get("required", []), name
        for key, value in schema.get("properties", {}).items():
            other = reference["properties"].get(key)
            if other is None:
                unofficial.add(f"{name}.{key}")
                continue
            kinds = _resolved(mine, value).get("type"), _resolved(theirs, other).get("type")
            if kinds[0] != kinds[1]:
                different.add(f"{name}.{key}")
    assert unofficial == {
        "ServerInformation.defaultLocale",
        "ServerInformation.displayUrlCSMHelpSeeker",
        "SearchAndReconcileRequestBean.failFast",
    }
    assert different == {
        "Comment.body",
        "Worklog.comment",
        "SearchAndReconcileRequestBean.fieldsByKeys",
        "SearchAndReconcileRequestBean.maxResults",
        "SearchAndReconcileRequestBean.nextPageToken",
    }
