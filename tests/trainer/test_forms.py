"""The made-up conversations: endless, repeatable, well formed, and of no operation that is to be learned."""

from __future__ import annotations

import json
import re
from pathlib import Path

import yaml

from sandlot_trainer.scenarios.forms import Conversation, form_examples

CONTRACT = Path(__file__).parents[2] / "openapi"


def calls(conversation: Conversation) -> list[dict[str, object]]:
    found = []
    for message in conversation.messages:
        if message["role"] == "assistant" and message["content"] != "Done.":
            text = re.fullmatch(r"<tool_call>(.*)</tool_call>", message["content"])
            assert text is not None
            found.append(json.loads(text[1]))
    return found


def test_series_is_endless_and_repeats() -> None:
    assert form_examples(3, 5) == form_examples(3, 5)
    assert form_examples(3, 5)[2:] == form_examples(3, 3, first=2)
    assert form_examples(3, 5) != form_examples(4, 5)


def test_roles_alternate_and_calls_fit_their_signatures() -> None:
    for example in form_examples(0, 200):
        system, user, *rest = example.messages
        assert (system["role"], user["role"]) == ("system", "user")
        assert [message["role"] for message in rest] == ["assistant", "tool"] * (len(rest) // 2) + ["assistant"]
        tools = dict(re.findall(r"^([\w-]+)\((.*)\)", system["content"], re.M))
        for call in calls(example):
            assert all(f"{name}" in tools[str(call["name"])] for name in call["arguments"])  # type: ignore[attr-defined]


def test_written_values_stand_in_the_instruction_or_an_answer() -> None:
    for example in form_examples(1, 200):
        last = calls(example)[-1]
        known = "".join(message["content"] for message in example.messages[1:-3])
        for value in last["arguments"].values():  # type: ignore[attr-defined]
            if isinstance(value, str):
                assert value in known


def test_which_text_is_meant_only_its_name_says() -> None:
    """Were the text that is copied the only one of its kind, its look would do, and names would go unlearned."""
    copied = [
        example for example in form_examples(2, 200) if re.search(r"says the \w+ of", example.messages[1]["content"])
    ]
    for example in copied:
        wanted = re.search(r"says the (\w+) of", example.messages[1]["content"])
        read = next(
            json.loads(m["content"]) for m in example.messages if m["role"] == "tool" and "results" not in m["content"]
        )
        texts = [name for name, value in read.items() if isinstance(value, str) and len(value.split()) > 3]
        assert wanted is not None
        assert wanted[1] in texts
        assert len(texts) > 1
    assert len(copied) > 50


def test_no_operation_and_no_argument_of_the_products() -> None:
    operations: set[str] = set()
    names: set[str] = set()

    def gather(node: object) -> None:
        if isinstance(node, dict):
            operations.update([node["operationId"]] if isinstance(node.get("operationId"), str) else [])
            if node.get("in") in ("path", "query"):
                names.add(node["name"])
            if isinstance(node.get("properties"), dict):
                names.update(name for name in node["properties"] if re.search("[A-Z-]", name))
            for member in node.values():
                gather(member)
        elif isinstance(node, list):
            for member in node:
                gather(member)

    for file in CONTRACT.glob("*/*.yaml"):
        gather(yaml.safe_load(file.read_text()))
    assert {"getIssue", "createPage"} <= operations
    assert {"space-id", "spaceId", "issueIdOrKey"} <= names
    for example in form_examples(2, 300):
        tools = re.findall(r"^([\w-]+)\((.*)\)", example.messages[0]["content"], re.M)
        for name, inside in tools:
            assert name not in operations
            assert not set(re.findall(r"[\w-]+(?=[?:,}]|$)", inside)) & names
