from __future__ import annotations

from typing import Any

import pytest

from sandlot_trainer.scenarios.generated.slots import Slot, filled, slots_of

DOCUMENT: dict[str, Any] = {
    "components": {"schemas": {"Rich": {"type": "object", "x-sample": "adf", "properties": {"type": {}}}}}
}


def operation(body: dict[str, Any], **others: Any) -> dict[str, Any]:
    content = {"application/json": {"schema": {"type": "object", **body}}}
    return {"operationId": "writeThing", "requestBody": {"content": content}, **others}


def parameter(name: str, place: str = "path", **others: Any) -> dict[str, Any]:
    return {"name": name, "in": place, "required": place == "path", "schema": {"type": "string"}, **others}


def named(slots: tuple[Slot, ...]) -> dict[str, Slot]:
    return {slot.name: slot for slot in slots}


def test_annotations_make_places_and_nothing_else_does() -> None:
    members = {
        "project": {"type": "object", "properties": {"key": {"type": "string", "x-entity": "project"}, "id": {}}},
        "summary": {"type": "string", "x-sample": "summary"},
        "note": {"type": "string"},
        "colour": {"type": "string", "x-sample": "label", "x-rare": True},
        "made": {"type": "string", "x-sample": "date", "readOnly": True},
        "labels": {"type": "array", "items": {"type": "string", "x-sample": "label"}},
        "body": {"$ref": "#/components/schemas/Rich"},
        "form": {"type": "string", "x-sample": {"value": "storage"}},
    }
    slots = named(slots_of(DOCUMENT, {}, operation({"properties": members, "required": ["summary"]})))
    assert list(slots) == ["project.key", "summary", "labels", "body", "form"]
    assert [name for name, slot in slots.items() if slot.always] == ["summary"]
    assert (slots["form"].source, slots["form"].kind) == ("fixed", "storage")
    assert slots["labels"].path == ("labels", "[]")
    assert slots["body"].kind == "adf"


def test_the_operation_says_what_it_needs_and_what_its_tasks_leave_alone() -> None:
    members = {"a": {"x-sample": "title"}, "b": {"properties": {"c": {"x-sample": "label"}}}}
    task = {"needs": ["a"], "skips": ["b"]}
    (slot,) = slots_of(DOCUMENT, {}, operation({"properties": members}, **{"x-task": task}))
    assert (slot.name, slot.always) == ("a", True)


def test_a_place_takes_one_of_a_few_or_the_number_of_a_next_version() -> None:
    members = {
        "state": {"type": "string", "x-sample": {"of": ["on", "off"]}},
        "number": {"type": "integer", "x-sample": {"next": "page"}},
    }
    slots = named(slots_of(DOCUMENT, {}, operation({"properties": members})))
    assert (slots["state"].source, slots["state"].kind) == ("choice", ("on", "off"))
    assert (slots["number"].source, slots["number"].kind, slots["number"].integer) == ("entity", "next page", True)


def test_an_operation_may_take_a_narrower_kind_of_thing() -> None:
    item = {"parameters": [parameter("id", **{"x-entity": "page"})]}
    (slot,) = slots_of(DOCUMENT, item, {"operationId": "open", "x-task": {"kinds": {"id": "openPage"}}})
    assert slot.kind == "openPage"


def test_what_stands_in_the_path_says_which_thing_is_meant() -> None:
    item = {"parameters": [parameter("id", **{"x-entity": "page"})]}
    slots = named(slots_of(DOCUMENT, item, operation({"properties": {"title": {"x-sample": "title"}}})))
    assert {name: slot.naming for name, slot in slots.items()} == {"id": True, "title": False}


def test_a_name_in_url_and_body_is_one_place_of_the_bodys_type() -> None:
    item = {"parameters": [parameter("id", schema={"type": "integer"}, **{"x-entity": "page"})]}
    members = {"id": {"type": "string", "x-entity": "page"}}
    (slot,) = slots_of(DOCUMENT, item, operation({"properties": members}))
    assert (slot.path, slot.integer, slot.always) == (("id",), False, True)


def test_a_body_that_is_a_list_is_an_argument_of_its_own() -> None:
    items = {"type": "object", "required": ["name"], "properties": {"name": {"x-sample": "label"}}}
    content = {"application/json": {"schema": {"oneOf": [{"type": "array", "items": items}, items]}}}
    (slot,) = slots_of(DOCUMENT, {}, {"operationId": "add", "requestBody": {"content": content}})
    arguments: dict[str, Any] = {}
    filled(arguments, slot, "red")
    assert arguments == {"body": [{"name": "red"}]}


def test_a_needed_place_that_says_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match=r"writeThing: the contract does not say what id takes"):
        slots_of(DOCUMENT, {"parameters": [parameter("id")]}, operation({"properties": {"note": {}}}))
    with pytest.raises(ValueError, match="what title takes"):
        slots_of(DOCUMENT, {}, operation({"properties": {"note": {}}}, **{"x-task": {"needs": ["title"]}}))


def test_values_are_put_where_their_paths_lead() -> None:
    arguments: dict[str, Any] = {}
    for path, value in (
        (("fields", "project", "key"), "WEB"),
        (("fields", "labels", "[]"), "red"),
        (("ancestors", "[]", "id"), "7"),
        (("update", "comment", "[]", "add", "body"), "x"),
        (("title",), "T"),
    ):
        filled(arguments, Slot(path, "sample", "title", False, True), value)
    assert arguments == {
        "fields": {"project": {"key": "WEB"}, "labels": ["red"]},
        "ancestors": [{"id": "7"}],
        "update": {"comment": [{"add": {"body": "x"}}]},
        "title": "T",
    }
