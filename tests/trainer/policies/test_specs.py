from __future__ import annotations

import subprocess
import sys

import pytest

from sandlot_trainer.episode import Protocol
from sandlot_trainer.policies.noop import NoopPolicy
from sandlot_trainer.policies.openai import OpenAIPolicy
from sandlot_trainer.policies.program import ProgramPolicy
from sandlot_trainer.policies.specs import PolicySpec


@pytest.mark.parametrize(
    "text",
    [
        "oracle",
        "noop",
        "random",
        "hf:",
        "hf:runs/x/checkpoint",
        "hf:org/model:rev",
        "openai:http://h:1/v1#org/model",
        "exec:python agent.py --fast",
    ],
)
def test_a_spec_is_read_and_written(text: str) -> None:
    assert str(PolicySpec.read(text)) == text


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("orcale", "there is no policy 'orcale'; there are oracle, noop"),
        ("model", "there is no policy 'model'"),
        ("oracle:x", "there is no policy"),
        ("openai:http://h/v1", "write openai:<base url>#<model>"),
        ("openai:h/v1#m", "write openai:<base url>#<model>"),
        ("exec:  ", "write exec:<command>"),
    ],
)
def test_what_is_no_spec_is_refused_with_the_form(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        PolicySpec.read(text)


async def test_policies_are_made_from_their_specs() -> None:
    async with PolicySpec.read("noop").opened(0.0) as policy:
        assert isinstance(policy, NoopPolicy)
    async with PolicySpec.read("exec:true").opened(0.0) as policy:
        assert isinstance(policy, ProgramPolicy)
        assert policy.command == "true"
    async with PolicySpec.read("openai:http://h/v1/#m").opened(0.0) as policy:
        assert isinstance(policy, OpenAIPolicy)
        assert (policy.url, policy.model) == ("http://h/v1/chat/completions", "m")


def test_an_endpoint_has_its_own_form_of_calls() -> None:
    base = Protocol(max_context_tokens=704)
    assert PolicySpec.read("hf:").protocol(base) == base
    protocol = PolicySpec.read("openai:http://h/v1#m").protocol(base)
    assert protocol.rendering == "functions"
    assert protocol.max_context_tokens > 10_000


def test_the_command_needs_no_torch() -> None:
    code = "import sys, sandlot_trainer.cli; print(sorted({'torch', 'transformers', 'matplotlib'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
