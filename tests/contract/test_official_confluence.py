"""The served contract of Confluence has the structure of Atlassian's own documents.

They are not part of this repository: SANDLOT_OFFICIAL_SPECS names a folder that holds confluence-v2.json and
confluence-v1.json, as Atlassian publishes them.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from sandlot_server.contract.documents import contract_folder, load_documents

OFFICIAL = {"confluence": ("confluence-v2.json", "/wiki/api/v2"), "confluence-v1": ("confluence-v1.json", "")}
METHODS = ("get", "put", "post", "delete")
# On live sites what is expanded begins with the operation that it is of; and one value of a depth stands for numbers.
OTHER_VALUES = {
    ("/wiki/rest/api/content/{id}/restriction/byOperation", "expand"),
    ("/wiki/rest/api/content/{id}/descendant/{type}", "depth"),
}
# Official defaults that are no values of their own enum: without a prefix, labels of every prefix are listed.
NO_DEFAULTS = {
    ("/wiki/api/v2/spaces/{id}/labels", "prefix"),
    ("/wiki/api/v2/spaces/{id}/content/labels", "prefix"),
}
# Live sites answer these to anybody.
OPEN_TO_ALL = "/wiki/rest/api/contentbody/convert/async/"

Operations = dict[tuple[str, str], dict[str, Any]]


@pytest.fixture(params=list(OFFICIAL))
def documents(request: pytest.FixtureRequest) -> tuple[str, Operations, Operations]:
    """A document's name, its operations as we serve them and as Atlassian documents them, by method and path."""
    folder = os.environ.get("SANDLOT_OFFICIAL_SPECS")
    if not folder:
        pytest.skip("SANDLOT_OFFICIAL_SPECS does not name the folder of Atlassian's OpenAPI documents")
    file, prefix = OFFICIAL[request.param]
    official = json.loads((Path(folder) / file).read_text(encoding="utf-8"))
    return request.param, served(request.param), operations(official, prefix)


def served(name: str) -> Operations:
    return operations(load_documents(contract_folder())[name], "")


def operations(document: dict[str, Any], prefix: str) -> Operations:
    """Operations by method and path, with their parameters and request body resolved."""
    found: Operations = {}
    for path, item in document["paths"].items():
        for method in METHODS:
            if method in item:
                operation = dict(item[method])
                declared = [*item.get("parameters", []), *operation.get("parameters", [])]
                operation["parameters"] = [resolved(one, document) for one in declared]
                if "requestBody" in operation:
                    operation["requestBody"] = resolved(operation["requestBody"], document)
                found[method, prefix + path] = operation
    return found


def resolved(node: Any, document: dict[str, Any]) -> Any:
    """The node with every reference on its way to a property replaced; cycles end at the reference."""

    def follow(node: Any, inside: tuple[str, ...]) -> Any:
        if isinstance(node, list):
            return [follow(member, inside) for member in node]
        if not isinstance(node, dict):
            return node
        if isinstance(node.get("$ref"), str):
            if node["$ref"] in inside:
                return {}
            target: Any = document
            for part in node["$ref"][2:].split("/"):
                target = target[part]
            return follow(target, (*inside, node["$ref"]))
        return {name: follow(member, inside) for name, member in node.items()}

    return follow(node, ())


def by_place(operation: dict[str, Any]) -> dict[tuple[str, str], dict[str, Any]]:
    return {(one["in"], one["name"]): one for one in operation["parameters"]}


def test_operations_have_their_official_ids(documents: tuple[str, Operations, Operations]) -> None:
    _, ours, official = documents
    assert {place: ours[place]["operationId"] for place in ours if place in official} == {
        place: official[place]["operationId"] for place in ours if place in official
    }


def test_only_the_older_content_api_is_not_official(documents: tuple[str, Operations, Operations]) -> None:
    name, ours, official = documents
    # Nor are the web's own addresses, of files and pictures: the document is about the API alone.
    extra = {
        (method, path): operation
        for (method, path), operation in ours.items()
        if (method, path) not in official
        and not path.startswith(("/wiki/download/", "/wiki/aa-avatar/", "/wiki/pages/"))
    }
    if name == "confluence":
        assert extra == {}
    assert all(operation.get("deprecated") for operation in extra.values())
    assert all(path.startswith(("/wiki/rest/api/content", "/wiki/rest/api/space")) for _, path in extra)


def test_parameters_are_the_official_ones(documents: tuple[str, Operations, Operations]) -> None:
    _, ours, official = documents
    for place, operation in ours.items():
        if place not in official:
            continue
        mine, theirs = by_place(operation), by_place(official[place])
        assert set(mine) == set(theirs), place
        for key, parameter in mine.items():
            assert parameter.get("required", False) == theirs[key].get("required", False), (place, key)
            assert type_of(parameter) == type_of(theirs[key]), (place, key)
            if (place[1], key[1]) in NO_DEFAULTS:
                assert default_of(theirs[key]) not in (enum_of(theirs[key]) or ()), (place, key)
                assert default_of(parameter) is None, (place, key)
            else:
                assert default_of(parameter) == default_of(theirs[key]), (place, key)
            wanted = None if (place[1], key[1]) in OTHER_VALUES else enum_of(theirs[key])
            assert wanted is None or enum_of(parameter) == wanted, (place, key)


def type_of(parameter: dict[str, Any]) -> tuple[str, str | None]:
    schema = parameter["schema"]
    # Some official parameters are texts with items, which say nothing.
    items = schema.get("items", {}).get("type") if schema["type"] == "array" else None
    return schema["type"], items


def default_of(parameter: dict[str, Any]) -> Any:
    return parameter["schema"].get("default")


def enum_of(parameter: dict[str, Any]) -> set[str] | None:
    schema = parameter["schema"]
    enum = schema.get("enum") or schema.get("items", {}).get("enum")
    return set(enum) if enum else None


def test_request_bodies_are_the_official_ones(documents: tuple[str, Operations, Operations]) -> None:
    _, ours, official = documents
    for place, operation in ours.items():
        if place not in official:
            continue
        mine, theirs = operation.get("requestBody"), official[place].get("requestBody")
        assert (mine is None) == (theirs is None), place
        if mine is None or theirs is None:
            continue
        assert mine.get("required", False) == theirs.get("required", False), place
        assert set(mine["content"]) == set(theirs["content"]), place
        media_type = next(iter(mine["content"]))
        schema, wanted = mine["content"][media_type]["schema"], theirs["content"][media_type]["schema"]
        assert members_of(schema) == members_of(wanted), place


def members_of(schema: dict[str, Any]) -> tuple[set[str], set[str]]:
    """The members of a body, and those that it must have. `_links` is what answers have besides."""
    parts = [schema, *schema.get("allOf", [])]
    members = {name for part in parts for name in part.get("properties", {})} - {"_links"}
    return members, {name for part in parts for name in part.get("required", [])}


def test_success_statuses_are_the_official_ones(documents: tuple[str, Operations, Operations]) -> None:
    _, ours, official = documents
    for place, operation in ours.items():
        if place in official:
            assert successes(operation) == successes(official[place]), place


def successes(operation: dict[str, Any]) -> set[str]:
    return {status for status in operation["responses"] if status.startswith("2")}


def test_security_is_the_official_one(documents: tuple[str, Operations, Operations]) -> None:
    _, ours, official = documents
    for place, operation in ours.items():
        if place in official:
            open_to_all = [{}] if place[1].startswith(OPEN_TO_ALL) else []
            assert operation["security"] == [*official[place]["security"], *open_to_all], place
