"""An operation of the API: one method and path, with everything about it compiled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import jsonschema_rs

from sandlot_server.contract.parameters import Parameter, parameter
from sandlot_server.contract.schemas import Compiler

METHODS = ("get", "put", "post", "delete", "patch")
JSON = "application/json"


@dataclass(frozen=True)
class Operation:
    """Known by document and operationId: `key` is "jira/getIssue".

    `served` is False for what Atlassian has and this server answers with 501. `responses` maps a status to
    the validator of its JSON body, None where the contract declares no body. `media_always`: the type of the
    body is looked at even where none is sent. Live sites do so for most writes with a body and for a few without
    (`x-media` in the contract), and not for some (`x-media-if-body`).
    """

    document: str
    id: str
    method: str
    path: str
    version: int = 0
    served: bool = True
    anonymous: bool = False
    parameters: tuple[Parameter, ...] = ()
    integer_path: frozenset[str] = frozenset()
    media_types: tuple[str, ...] = ()
    body_required: bool = False
    media_always: bool = False
    body: jsonschema_rs.Draft202012Validator | None = None
    responses: Mapping[int, jsonschema_rs.Draft202012Validator | None] = field(default_factory=dict)
    key: str = ""


def operations_of(name: str, document: dict[str, Any], version: int) -> list[Operation]:
    """Every operation of a document, in the order of the document."""
    requests, responses = Compiler(document, "request"), Compiler(document, "response")
    components = document.get("components", {})
    found = []
    for path, item in document["paths"].items():
        common = item.get("parameters", [])
        for method in METHODS:
            if (spec := item.get(method)) is None:
                continue
            declared = [_resolved(one, components) for one in (*common, *spec.get("parameters", []))]
            body = spec.get("requestBody", {})
            content = body.get("content", {})
            schema = content.get(JSON, {}).get("schema")
            found.append(
                Operation(
                    document=name,
                    id=spec["operationId"],
                    key=f"{name}/{spec['operationId']}",
                    method=method.upper(),
                    path=path,
                    version=version,
                    anonymous={} in spec.get("security", []),
                    parameters=tuple(parameter(one, requests.compile) for one in declared if one["in"] == "query"),
                    integer_path=frozenset(
                        one["name"]
                        for one in declared
                        if one["in"] == "path" and one.get("schema", {}).get("type") == "integer"
                    ),
                    media_types=tuple(content) or ((spec["x-media"],) if "x-media" in spec else ()),
                    body_required=body.get("required", False),
                    media_always="x-media" in spec or (body.get("required", False) and "x-media-if-body" not in body),
                    body=requests.compile(schema) if schema is not None else None,
                    responses={
                        int(status): _body_validator(_resolved(answer, components), responses)
                        for status, answer in spec.get("responses", {}).items()
                        if str(status).isdecimal()
                    },
                )
            )
    return found


def _body_validator(answer: dict[str, Any], compiler: Compiler) -> jsonschema_rs.Draft202012Validator | None:
    schema = answer.get("content", {}).get(JSON, {}).get("schema")
    return compiler.compile(schema) if schema is not None else None


def _resolved(declared: dict[str, Any], components: dict[str, Any]) -> dict[str, Any]:
    """A parameter or a response, followed to where `#/components/<kind>/<name>` says it stands."""
    if "$ref" not in declared:
        return declared
    kind, name = declared["$ref"].removeprefix("#/components/").split("/")
    resolved: dict[str, Any] = components[kind][name]
    return resolved
