"""The places of an operation's arguments that a task may fill, read off the contract.

The contract says what a place takes: `x-entity` names the kind of thing that it refers to, `x-sample` the kind of
value that it holds, `x-sample: {of: [...]}` those of which it holds one, `x-sample: {next: ...}` that it holds the
number of the next version of such a thing, `x-sample: {value: ...}` the one value that it always has; of these two
the instruction need not speak. Places with neither are left alone, and so is what is marked
`x-rare`. `x-task` on an operation names the places that its tasks always fill (`needs`) or never do (`skips`), and
those that take a narrower kind of thing than anywhere else (`kinds`), or says why it has none (`exempt`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sandlot_trainer.tools import resolved

Schema = Mapping[str, Any]


@dataclass(frozen=True)
class Slot:
    """One place. `path` leads to it through the call's arguments, "[]" standing for a list of one; `kind` is what
    the annotation says; `always` places are in every task."""

    path: tuple[str, ...]
    source: str
    """"entity", "sample", "choice" or "fixed"."""
    kind: Any
    integer: bool
    always: bool
    naming: bool = False
    """It stands in the URL's path: it says which thing is meant, not what is to become of it."""

    @property
    def name(self) -> str:
        """The path with dots: "fields.project.key"."""
        return ".".join(step for step in self.path if step != "[]")


def slots_of(document: Schema, item: Schema, operation: Schema) -> tuple[Slot, ...]:
    """The operation's places, those of its URL first. Raises ValueError where a required one says nothing of what it
    takes."""
    task = operation.get("x-task", {})
    found: list[Slot] = []
    for parameter in (*item.get("parameters", ()), *operation.get("parameters", ())):
        declared = resolved(document, parameter)
        if declared["in"] in ("path", "query") and not (declared.get("x-rare") and not declared.get("required")):
            schema = {**declared.get("schema", {}), **{key: declared[key] for key in _MARKS if key in declared}}
            naming = declared["in"] == "path"
            walked = _walk(schema, (declared["name"],), bool(declared.get("required")))
            found += [replace(slot, naming=naming) for slot in walked]
    body = resolved(document, operation.get("requestBody", {})).get("content", {})
    if body:
        schema = next(iter(body.values())).get("schema", {})
        start = () if schema.get("properties") else ("body",)
        of_body = {slot.path: slot for slot in _walk(schema, start, True)}
        # What stands in both is one argument, of the body's type: a URL is text anyway.
        found = [replace(slot, integer=of_body.pop(slot.path, slot).integer) for slot in found]
        found += of_body.values()
    kept = [_settled(slot, task) for slot in found if not _within(slot, task.get("skips", ()))]
    unknown = [slot.name for slot in kept if slot.kind is None and slot.always]
    unknown += [need for need in task.get("needs", ()) if need not in {slot.name for slot in kept}]
    if unknown:
        raise ValueError(f"{operation['operationId']}: the contract does not say what {', '.join(unknown)} takes")
    return tuple(slot for slot in kept if slot.kind is not None)


_MARKS = ("x-entity", "x-sample")


def _walk(schema: Schema, path: tuple[str, ...], always: bool) -> Iterator[Slot]:
    if any(mark in schema for mark in _MARKS):
        yield _slot(schema, path, always)
        return
    for choice in ("oneOf", "anyOf", "allOf"):
        if schema.get(choice):
            yield from _walk(schema[choice][0], path, always)
            return
    if schema.get("type") == "array":
        yield from _walk(schema.get("items", {}), (*path, "[]"), always)
    elif schema.get("properties"):
        required = schema.get("required", ())
        for name, member in schema["properties"].items():
            if not member.get("x-rare") and not member.get("readOnly"):
                yield from _walk(member, (*path, name), always and name in required)
    elif path:
        yield Slot(path, "sample", None, False, always)


def _slot(schema: Schema, path: tuple[str, ...], always: bool) -> Slot:
    integer = schema.get("type") == "integer"
    sample = schema.get("x-sample")
    if isinstance(sample, Mapping) and "of" in sample:
        return Slot(path, "choice", tuple(sample["of"]), integer, always)
    if isinstance(sample, Mapping) and "next" in sample:
        return Slot(path, "entity", f"next {sample['next']}", integer, always)
    if isinstance(sample, Mapping):
        return Slot(path, "fixed", sample["value"], integer, always)
    if sample is not None:
        return Slot(path, "sample", sample, integer, always)
    if schema.get("type") == "array":
        return Slot((*path, "[]"), "entity", schema["x-entity"], schema["items"].get("type") == "integer", always)
    return Slot(path, "entity", schema["x-entity"], integer, always)


def _settled(slot: Slot, task: Schema) -> Slot:
    needed = slot.name in task.get("needs", ())
    kind = task.get("kinds", {}).get(slot.name, slot.kind)
    return replace(slot, always=slot.always or needed, kind=kind)


def _within(slot: Slot, names: tuple[str, ...]) -> bool:
    return any(slot.name == name or slot.name.startswith(f"{name}.") for name in names)


def filled(arguments: dict[str, Any], slot: Slot, value: Any) -> None:
    """Put a value into the place, making the objects and lists on the way."""
    here: Any = arguments
    *way, last = slot.path
    for step, following in zip(way, slot.path[1:], strict=True):
        if step == "[]":
            if not here:
                here.append({})
            here = here[0]
        else:
            here = here.setdefault(step, [] if following == "[]" else {})
    if last == "[]":
        here.append(value)
    else:
        here[last] = value
