"""An operation of the API: one method and path, with everything about it compiled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import jsonschema_rs

from sandlot_server.contract.parameters import Dialect, Parameter, parameter
from sandlot_server.contract.schemas import Compiler

METHODS = ("get", "put", "post", "delete", "patch")
JSON = "application/json"
FORM = "multipart/form-data"


@dataclass(frozen=True)
class Operation:
    """Known by document and operationId: `key` is "jira/getIssue".

    `served` is False for what Atlassian has and this server answers with 501. `responses` maps a status to
    the validator of its JSON body, None where the contract declares no body. `media_always`: the type of the
    body is looked at even where none is sent. Live sites do so for most writes with a body and for a few without
    (`x-media` in the contract), and not for some (`x-media-if-body`). `x-empty` marks a body that live sites do
    without, though the document requires one.

    `integer_path` names the parameters that must be integers, but for those that have a pattern of their own.
    `form`: the body is a form with files. `guarded` (`x-xsrf`): the caller must say that no browser was tricked
    into the call. `answers_json` is False (`x-answer: file`) for what comes whatever the caller accepts. `public`
    (`x-public`): the answer is the same on every site, so that none need be named. `older` (`x-older-service`): read by
    an older framework of Confluence, which looks at the type of every body that is sent. `caller_first`
    (`x-caller-first`): the caller is looked at before the type of the body. `trailing_ignored` (`x-trailing`): what
    follows the JSON of the body counts for nothing. `deprecated`: answers say so.
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
    form: bool = False
    guarded: bool = False
    answers_json: bool = True
    public: bool = False
    older: bool = False
    caller_first: bool = False
    trailing_ignored: bool = False
    deprecated: bool = False
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
            body = _resolved(spec.get("requestBody", {}), components)
            body_required = body.get("required", False) and "x-empty" not in body
            content = body.get("content", {})
            schema = content.get(JSON, {}).get("schema")
            older: bool = spec.get("x-older-service", False)
            found.append(
                Operation(
                    document=name,
                    id=spec["operationId"],
                    key=f"{name}/{spec['operationId']}",
                    method=method.upper(),
                    path=path,
                    version=version,
                    anonymous={} in spec.get("security", []),
                    parameters=tuple(
                        parameter(one, requests.compile, _dialect(name, older))
                        for one in declared
                        if one["in"] == "query"
                    ),
                    integer_path=frozenset(
                        one["name"]
                        for one in declared
                        if one["in"] == "path"
                        and one.get("schema", {}).get("type") == "integer"
                        and "pattern" not in one["schema"]
                    ),
                    media_types=tuple(content) or ((spec["x-media"],) if "x-media" in spec else (JSON,) * older),
                    body_required=body_required,
                    media_always="x-media" in spec or (body_required and "x-media-if-body" not in body),
                    body=requests.compile(schema) if schema is not None else None,
                    form=FORM in content,
                    guarded=spec.get("x-xsrf", False),
                    answers_json=spec.get("x-answer") != "file",
                    public=spec.get("x-public", False),
                    older=older,
                    caller_first=spec.get("x-caller-first", False),
                    trailing_ignored="x-trailing" in body,
                    deprecated=spec.get("deprecated", False),
                    responses={
                        int(status): _body_validator(_resolved(answer, components), responses)
                        for status, answer in spec.get("responses", {}).items()
                        if str(status).isdecimal()
                    },
                )
            )
    return found


def _dialect(document: str, older: bool) -> Dialect:
    if older:
        return "older"
    return "controller" if document == "confluence-v1" else "jira"


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
