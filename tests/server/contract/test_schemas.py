from __future__ import annotations

from sandlot_server.contract.schemas import Compiler, violations

DOCUMENT = {
    "components": {
        "schemas": {
            "Page": {
                "type": "object",
                "required": ["id", "title"],
                "properties": {
                    "id": {"type": "string", "readOnly": True},
                    "title": {"type": "string"},
                    "parent": {"type": "string", "nullable": True},
                },
                "additionalProperties": False,
            }
        }
    }
}
PAGE = {"$ref": "#/components/schemas/Page"}


def test_a_read_only_property_is_not_required_of_a_caller() -> None:
    assert Compiler(DOCUMENT, "request").compile(PAGE).is_valid({"title": "Home"})
    assert not Compiler(DOCUMENT, "response").compile(PAGE).is_valid({"title": "Home"})


def test_nullable_takes_null_and_others_do_not() -> None:
    validator = Compiler(DOCUMENT, "request").compile(PAGE)
    assert validator.is_valid({"title": "Home", "parent": None})
    assert not validator.is_valid({"title": None})


def test_a_violation_names_the_place_and_the_keyword() -> None:
    validator = Compiler(DOCUMENT, "request").compile(PAGE)
    found = list(violations(validator, {"title": 5}, "body"))
    assert [(one.where, one.pointer, one.keyword, one.value) for one in found] == [("body", "/title", "type", 5)]


def test_exclusive_bounds_of_openapi_3_0() -> None:
    validator = Compiler({}, "request").compile({"type": "integer", "minimum": 0, "exclusiveMinimum": True})
    assert validator.is_valid(1)
    assert not validator.is_valid(0)
