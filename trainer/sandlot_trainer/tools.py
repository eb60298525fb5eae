"""Tools for agents, derived from the served contract: an operation becomes a tool, a call of it one HTTP
request."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Self
from urllib.parse import quote, urlencode

from sandlot_trainer.compaction import compact

Schema = Mapping[str, Any]

ENUM_SHOWN = 3
"""How many values of an enumeration a signature names."""


class ToolError(ValueError):
    """A call that cannot be made into a request; the message is for the model."""


@dataclass(frozen=True)
class HttpRequest:
    """`path` is percent-encoded and goes after the site's base URL; `query` is encoded; `body` is None or
    JSON-able."""

    method: str
    path: str
    query: str
    body: Any


@dataclass(frozen=True)
class Parameter:
    """One argument of a tool. `places`: where its value goes, out of "path", "query" and "body"."""

    name: str
    places: tuple[str, ...]
    schema: Schema
    required: bool
    rare: bool
    description: str
    exploded: bool = True


@dataclass(frozen=True)
class Tool:
    """An operation as a tool. `operation` is its key in traces, "jira/getIssue"; `path` the template of the
    contract.

    `takes_body`: "object" where its members are arguments of their own, "whole" where the body is one
    argument named `body`, None without one.
    """

    name: str
    operation: str
    method: str
    path: str
    description: str
    parameters: tuple[Parameter, ...]
    takes_body: str | None

    @property
    def schema(self) -> dict[str, Any]:
        """The JSON schema of the arguments."""
        described = {}
        for parameter in self.parameters:
            beside = {"description": parameter.description} if parameter.description else {}
            described[parameter.name] = {**_published(parameter.schema), **beside}
        required = [parameter.name for parameter in self.parameters if parameter.required]
        return {"type": "object", "properties": described, "required": required}

    def request(self, arguments: Mapping[str, Any]) -> HttpRequest:
        """The one request that a call makes. Whatever can be sent is sent as given, for the server to judge:
        names that the tool does not have go into the query, or into the body where there is one."""
        path, query, body = self.path, [], {}
        known = {parameter.name: parameter for parameter in self.parameters}
        for parameter in self.parameters:
            if "path" in parameter.places:
                value = arguments.get(parameter.name)
                if value is None or value == "" or isinstance(value, (dict, list)):
                    raise ToolError(f"{self.name} needs {parameter.name}, one value.")
                path = path.replace(f"{{{parameter.name}}}", quote(_text(value), safe=""))
        for name, value in arguments.items():
            argument = known.get(name) or Parameter(name, (self._other_place(),), {}, False, False, "")
            if "query" in argument.places:
                query += _query_pairs(argument, value)
            if "body" in argument.places:
                body[name] = value
        content: Any = body if self.takes_body == "object" else None
        if self.takes_body == "whole":
            content = body.get("body")
        return HttpRequest(self.method, path, urlencode(query, quote_via=quote), content)

    def signature(self) -> str:
        """One line for a small model: `getPages(title?, space-id?: integer[]) List pages`. A parameter
        without a type is a string."""
        shown = (parameter for parameter in self.parameters if not parameter.rare)
        inside = ", ".join(_member_text(part.name, part.required, part.schema) for part in shown)
        return f"{self.name}({inside}) {self.description}".rstrip()

    def _other_place(self) -> str:
        return "body" if self.takes_body == "object" else "query"


@dataclass(frozen=True)
class ToolBox:
    """The tools that a task offers, by name. A name is the operation's id; where one before has it, of another
    document, the document stands before it: "confluence-v1_getSpaces". Further tools never rename those there are."""

    tools: tuple[Tool, ...]

    @classmethod
    def from_contract(cls, documents: Mapping[str, Schema], operations: Sequence[str]) -> Self:
        """`documents`: served OpenAPI documents by name; `operations`: keys such as "jira/getIssue", in the
        order in which the tools are to be shown. Raises ValueError on one that the contract does not have."""
        found = {
            f"{name}/{operation['operationId']}": (document, method, path, item, operation)
            for name, document in documents.items()
            for method, path, item, operation in operations_of(document)
        }
        tools = []
        for key in operations:
            if key not in found:
                raise ValueError(f"The contract has no operation {key!r}.")
            tools.append(_tool(key, *found[key]))
        named: dict[str, Tool] = {}
        for tool in tools:
            name = tool.operation.replace("/", "_") if tool.name in named else tool.name
            named[name] = replace(tool, name=name)
        return cls(tuple(named.values()))

    def __contains__(self, name: object) -> bool:
        return any(tool.name == name for tool in self.tools)

    def __getitem__(self, name: str) -> Tool:
        for tool in self.tools:
            if tool.name == name:
                return tool
        raise KeyError(name)

    def request(self, name: str, arguments: Mapping[str, Any]) -> HttpRequest:
        """Raises ToolError, worded for the model, on an unknown tool or a missing path parameter."""
        if name not in self:
            raise ToolError(f"There is no tool {name}. The tools are {', '.join(tool.name for tool in self.tools)}.")
        return self[name].request(arguments)

    def compact(self, name: str, status: int, body: Any) -> str:
        """What the model is shown of an answer: compact JSON."""
        return compact(self[name].operation, status, body)

    def constants(self) -> frozenset[str]:
        """The words that the contract offers for arguments: every enumeration's strings."""
        return frozenset(word for tool in self.tools for word in _enumerated(tool.schema))

    def signatures(self) -> str:
        """The tools for a small model, one line each. Rarely used parameters are left out, though
        accepted."""
        return "\n".join(tool.signature() for tool in self.tools)

    def functions(self) -> list[dict[str, Any]]:
        """The tools as OpenAI-style function definitions, with everything that the contract says."""
        return [
            {
                "type": "function",
                "function": {"name": tool.name, "description": tool.description, "parameters": tool.schema},
            }
            for tool in self.tools
        ]


def operations_of(document: Schema) -> Iterator[tuple[str, str, Schema, Schema]]:
    """Method, path, path item and operation, of every operation of a document."""
    for path, item in document["paths"].items():
        for method, operation in item.items():
            if method in ("get", "post", "put", "delete", "patch") and "operationId" in operation:
                yield method.upper(), path, item, operation


def _tool(key: str, document: Schema, method: str, path: str, item: Schema, operation: Schema) -> Tool:
    parameters: dict[str, Parameter] = {}
    for declared in [*item.get("parameters", ()), *operation.get("parameters", ())]:
        parameter = _parameter(resolved(document, declared))
        if parameter is not None:
            parameters[parameter.name] = parameter
    takes_body = None
    if "requestBody" in operation:
        required, schema = _body_schema(document, operation["requestBody"])
        members = schema.get("properties")
        takes_body = "object" if members else "whole"
        for name, member in (members or {"body": schema}).items():
            if member.get("readOnly"):
                continue
            here = parameters.get(name)
            parameters[name] = Parameter(
                name,
                (*(here.places if here else ()), "body"),
                here.schema if here else _writable(member),
                bool(here and here.required) or (name in schema.get("required", ()) if members else required),
                bool(member.get("x-rare")) and not (here and here.required),
                here.description if here else member.get("description", ""),
            )
    ordered = sorted(parameters.values(), key=lambda parameter: (not parameter.required, "body" in parameter.places))
    summary = operation.get("summary", "")
    return Tool(operation["operationId"], key, method, path, summary, tuple(ordered), takes_body)


def _parameter(declared: Schema) -> Parameter | None:
    if declared["in"] not in ("path", "query"):
        return None
    return Parameter(
        declared["name"],
        (declared["in"],),
        _writable({**declared.get("schema", {}), **_annotations(declared)}),
        bool(declared.get("required")),
        bool(declared.get("x-rare")),
        declared.get("description", ""),
        declared.get("explode", True),
    )


def _body_schema(document: Schema, request_body: Schema) -> tuple[bool, Schema]:
    declared = resolved(document, request_body)
    content = declared["content"]
    media = content.get("application/json") or next(iter(content.values()))
    return bool(declared.get("required")), media.get("schema", {})


def resolved(document: Schema, node: Any, within: tuple[str, ...] = ()) -> Any:
    """`node` with every $ref replaced by what it points to; one that leads back into itself becomes a free
    object."""
    if isinstance(node, list):
        return [resolved(document, member, within) for member in node]
    if not isinstance(node, Mapping):
        return node
    reference = node.get("$ref")
    if not isinstance(reference, str):
        return {name: resolved(document, member, within) for name, member in node.items()}
    if reference in within:
        return {"type": "object"}
    target: Any = document
    for step in reference.removeprefix("#/").split("/"):
        target = target[step.replace("~1", "/").replace("~0", "~")]
    beside = {name: member for name, member in node.items() if name != "$ref"}
    return {**resolved(document, target, (*within, reference)), **beside}


def _writable(schema: Any) -> Any:
    """A resolved schema without its readOnly properties."""
    if isinstance(schema, list):
        return [_writable(member) for member in schema]
    if not isinstance(schema, Mapping):
        return schema
    members = schema.get("properties")
    # The members of `properties` are no keywords, though one may be called as a keyword is.
    kept = {name: part if name == "properties" else _writable(part) for name, part in schema.items()}
    if isinstance(members, Mapping):
        hidden = {name for name, member in members.items() if member.get("readOnly")}
        kept["properties"] = {name: _writable(member) for name, member in members.items() if name not in hidden}
        if "required" in kept:
            kept["required"] = [name for name in kept["required"] if name not in hidden]
    return kept


def _published(schema: Any) -> Any:
    """A schema without the annotations that concern this program alone."""
    if isinstance(schema, list):
        return [_published(member) for member in schema]
    if not isinstance(schema, Mapping):
        return schema
    return {name: _published(member) for name, member in schema.items() if not name.startswith("x-")}


def _annotations(declared: Schema) -> Schema:
    return {name: value for name, value in declared.items() if name.startswith("x-")}


def _enumerated(schema: Any) -> Iterator[str]:
    if isinstance(schema, list):
        for member in schema:
            yield from _enumerated(member)
    elif isinstance(schema, Mapping):
        if isinstance(schema.get("enum"), list):
            yield from (value for value in schema["enum"] if isinstance(value, str))
        for member in schema.values():
            yield from _enumerated(member)


def _member_text(name: str, required: bool, schema: Schema) -> str:
    kind = _type_text(schema)
    return f"{name}{'' if required else '?'}{'' if kind == 'string' else f': {kind}'}"


def _type_text(schema: Schema) -> str:
    """A schema in a few signs: string, integer[], current|draft, {id, name?}."""
    for choice in ("oneOf", "anyOf"):
        if schema.get(choice):
            return _type_text(schema[choice][0])
    if schema.get("allOf"):
        merged: dict[str, Any] = {}
        for part in schema["allOf"]:
            merged.update(part)
        return _type_text(merged)
    if schema.get("type") == "array":
        items = schema.get("items", {})
        return f"{items['type'] if 'enum' in items else _type_text(items)}[]"
    if "enum" in schema:
        values = [str(value) for value in schema["enum"] if value is not None]
        return "|".join([*values[:ENUM_SHOWN], *(["..."] if len(values) > ENUM_SHOWN else [])])
    if schema.get("properties"):
        required = schema.get("required", ())
        shown = ((name, part) for name, part in schema["properties"].items() if not part.get("x-rare"))
        return "{" + ", ".join(_member_text(name, name in required, part) for name, part in shown) + "}"
    return str(schema.get("type", "any"))


def _query_pairs(parameter: Parameter, value: Any) -> list[tuple[str, str]]:
    if isinstance(value, list) and parameter.exploded:
        return [(parameter.name, _text(member)) for member in value]
    if isinstance(value, list):
        return [(parameter.name, ",".join(map(_text, value)))]
    return [] if value is None else [(parameter.name, _text(value))]


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, separators=(",", ":"))
