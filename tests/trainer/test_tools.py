"""Tools out of a contract: arguments into one request, and signatures that a small model can read."""

from __future__ import annotations

from typing import Any

import pytest

from sandlot_trainer.tools import HttpRequest, ToolBox, ToolError

CONTRACT: dict[str, Any] = {
    "paths": {
        "/wiki/api/v2/pages": {
            "get": {
                "operationId": "getPages",
                "summary": "List pages",
                "parameters": [
                    {
                        "name": "space-id",
                        "in": "query",
                        "schema": {"type": "array", "items": {"type": "integer"}},
                    },
                    {"$ref": "#/components/parameters/Title"},
                    {"name": "cursor", "in": "query", "x-rare": True, "schema": {"type": "string"}},
                    {"name": "X-Trace", "in": "header", "schema": {"type": "string"}},
                ],
            },
            "post": {
                "operationId": "createPage",
                "summary": "Create a page",
                "parameters": [{"name": "private", "in": "query", "x-rare": True, "schema": {"type": "boolean"}}],
                "requestBody": {
                    "required": True,
                    "content": {
                        "application/json": {
                            "schema": {
                                "type": "object",
                                "required": ["spaceId"],
                                "properties": {
                                    "title": {"type": "string", "description": "Its title"},
                                    "spaceId": {"type": "string", "x-entity": "space"},
                                    "id": {"type": "string", "readOnly": True},
                                    "body": {"oneOf": [{"$ref": "#/components/schemas/Body"}, {"type": "object"}]},
                                },
                            }
                        }
                    },
                },
            },
        },
        "/wiki/api/v2/pages/{id}": {
            "parameters": [{"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}],
            "put": {
                "operationId": "updatePage",
                "requestBody": {
                    "content": {
                        "application/json": {
                            "schema": {
                                "type": "object",
                                "required": ["id"],
                                "properties": {
                                    "id": {"type": "string"},
                                    "version": {"$ref": "#/components/schemas/Version"},
                                },
                            }
                        }
                    }
                },
            },
        },
        "/wiki/rest/api/content/{id}/label": {
            "post": {
                "operationId": "addLabels",
                "parameters": [{"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}],
                "requestBody": {
                    "required": True,
                    "content": {
                        "application/json": {
                            "schema": {
                                "type": "array",
                                "items": {"type": "object", "properties": {"name": {"type": "string"}}},
                            }
                        }
                    },
                },
            },
        },
    },
    "components": {
        "parameters": {
            "Title": {
                "name": "title",
                "in": "query",
                "schema": {"type": "string"},
                "description": "Whole title",
            }
        },
        "schemas": {
            "Body": {
                "type": "object",
                "required": ["representation", "value"],
                "properties": {
                    "representation": {
                        "type": "string",
                        "enum": ["storage", "atlas_doc_format", "wiki", "view"],
                    },
                    "value": {"type": "string"},
                },
            },
            "Version": {
                "type": "object",
                "properties": {
                    "number": {"type": "integer"},
                    "message": {"type": "string", "x-rare": True},
                    "by": {"type": "string", "readOnly": True},
                    "parent": {"$ref": "#/components/schemas/Version"},
                },
            },
        },
    },
}
OPERATIONS = ["c/getPages", "c/createPage", "c/updatePage", "c/addLabels"]
BOX = ToolBox.from_contract({"c": CONTRACT}, OPERATIONS)


def test_signatures_are_one_line_a_tool_without_rare_and_read_only_parts() -> None:
    assert BOX.signatures().splitlines() == [
        "getPages(space-id?: integer[], title?) List pages",
        "createPage(spaceId, title?, body?: {representation: storage|atlas_doc_format|wiki|..., value}) Create a page",
        "updatePage(id: integer, version?: {number?: integer, parent?: object})",
        "addLabels(id, body: {name?}[])",
    ]


def test_functions_hold_the_whole_schema_and_no_annotations() -> None:
    functions = {entry["function"]["name"]: entry["function"] for entry in BOX.functions()}
    pages = functions["getPages"]["parameters"]["properties"]
    assert set(pages) == {"space-id", "title", "cursor"}
    assert pages["title"] == {"type": "string", "description": "Whole title"}
    create = functions["createPage"]["parameters"]
    assert create["required"] == ["spaceId"]
    assert "id" not in create["properties"]
    assert "x-" not in repr(functions)


@pytest.mark.parametrize(
    ("name", "arguments", "request_"),
    [
        ("getPages", {"title": "A & b", "space-id": [1, "2"], "cursor": "c"},
         HttpRequest("GET", "/wiki/api/v2/pages", "title=A%20%26%20b&space-id=1&space-id=2&cursor=c", None)),
        ("getPages", {"space-id": 7, "spaceKey": "ENG", "title": None},
         HttpRequest("GET", "/wiki/api/v2/pages", "space-id=7&spaceKey=ENG", None)),
        ("createPage", {"spaceId": 7, "private": True, "parent": "9"},
         HttpRequest("POST", "/wiki/api/v2/pages", "private=true", {"spaceId": 7, "parent": "9"})),
        ("updatePage", {"id": "1/2", "version": {"number": 2}},
         HttpRequest("PUT", "/wiki/api/v2/pages/1%2F2", "", {"id": "1/2", "version": {"number": 2}})),
        ("addLabels", {"id": 5, "body": [{"name": "x"}]},
         HttpRequest("POST", "/wiki/rest/api/content/5/label", "", [{"name": "x"}])),
    ],
)  # fmt: skip
def test_arguments_go_where_the_contract_has_them(name: str, arguments: Any, request_: HttpRequest) -> None:
    assert BOX.request(name, arguments) == request_


def test_calls_that_make_no_request_are_explained() -> None:
    with pytest.raises(ToolError, match=r"There is no tool getIssue\. The tools are getPages, "):
        BOX.request("getIssue", {})
    for value in (None, "", [], {}):
        with pytest.raises(ToolError, match="updatePage needs id"):
            BOX.request("updatePage", {"id": value})


def test_ids_that_two_documents_share_carry_their_document() -> None:
    box = ToolBox.from_contract({"a": CONTRACT, "b": CONTRACT}, ["a/getPages", "b/getPages", "a/createPage"])
    assert [tool.name for tool in box.tools] == ["getPages", "b_getPages", "createPage"]
    with pytest.raises(ValueError, match="no operation 'a/nope'"):
        ToolBox.from_contract({"a": CONTRACT}, ["a/nope"])


def test_constants_are_the_words_of_all_enumerations() -> None:
    assert BOX.constants() == {"storage", "atlas_doc_format", "wiki", "view"}


def test_a_member_may_be_called_as_a_keyword_is() -> None:
    comment = {"type": "object", "properties": {"properties": {"type": "array", "items": {}}, "body": {}}}
    body = {"content": {"application/json": {"schema": {"type": "object", "properties": {"comment": comment}}}}}
    contract = {"paths": {"/rest/api/3/issueLink": {"post": {"operationId": "linkIssues", "requestBody": body}}}}
    (tool,) = ToolBox.from_contract({"jira": contract}, ["jira/linkIssues"]).tools
    assert tool.schema["properties"]["comment"] == comment
