"""Chat form: messages to token ids, tool answers appended without re-tokenizing, and tool calls parsed out of a turn.

A conversation is `prompt`, then for each turn the ids that the model sampled, then `after_turn`. The ids so gathered
are the ones trained on: sampled text is never tokenized again.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn, Protocol, cast

from transformers import PreTrainedTokenizerBase

from sandlot_trainer.errors import SandlotError
from sandlot_trainer.policies import Malformed, ToolCall

Message = Mapping[str, str]
"""`role` is system, user, assistant or tool; `content` is text. A tool message answers the assistant turn before it."""

_TAGS = ("tool_call", "tool_response", "tools", "think")
_MARK = "7f3c-assistant-turn-7f3c"
_MISSING = object()


class ChatError(SandlotError):
    """The tokenizer's chat template cannot carry a conversation with tools; the message says what it lacks."""


@dataclass(frozen=True)
class Turn:
    """What an assistant turn says: the text outside of calls, the calls in order, and what was meant to be one."""

    text: str
    calls: tuple[ToolCall, ...]
    malformed: tuple[Malformed, ...]


class Chat(Protocol):
    """A chat form over one tokenizer."""

    stop_ids: frozenset[int]

    def prompt(self, messages: Sequence[Message], tools: Sequence[Mapping[str, Any]] | None = None) -> list[int]:
        """Ids of system and user messages, up to and including the header of the assistant's first turn."""
        ...

    def after_turn(self, answers: Sequence[str], sampled: Sequence[int]) -> list[int]:
        """Ids to append to a turn that ended with `sampled`: its end where it was cut off, the tool answers in the
        order of the calls, and the header of the assistant's next turn."""
        ...

    def turn_ids(self, text: str) -> list[int]:
        """Ids of an assistant turn written by hand (for supervised examples), its end included."""
        ...

    def text(self, sampled: Sequence[int]) -> str:
        """The text of a sampled turn, without the tokens that end it."""
        ...


def chat_for(tokenizer: PreTrainedTokenizerBase, **template_options: Any) -> Chat:
    """The chat form that fits the tokenizer: its own template where that knows tools, else compact ChatML.

    `template_options` go to the template, such as `enable_thinking=False` for Qwen3.
    """
    template = tokenizer.chat_template
    if isinstance(template, str) and "tools" in template:
        return TemplateChat(tokenizer, **template_options)
    return ChatML(tokenizer)


def supervised(
    chat: Chat, messages: Sequence[Message], tools: Sequence[Mapping[str, Any]] | None = None
) -> tuple[list[int], list[int]]:
    """A whole conversation as (ids, mask), built as an episode builds it; the mask is 1 on assistant turns.

    `messages` opens with system and user messages; every following run of tool messages answers one assistant turn.
    """
    first = next((i for i, message in enumerate(messages) if message["role"] == "assistant"), len(messages))
    ids = chat.prompt(messages[:first], tools)
    mask = [0] * len(ids)
    position = first
    while position < len(messages):
        turn = chat.turn_ids(messages[position]["content"])
        ids += turn
        mask += [1] * len(turn)
        end = position + 1
        while end < len(messages) and messages[end]["role"] == "tool":
            end += 1
        if end < len(messages):
            answers = chat.after_turn([message["content"] for message in messages[position + 1 : end]], turn)
            ids += answers
            mask += [0] * len(answers)
        position = end
    return ids, mask


class ChatML:
    """ChatML for small models without a tool template: tool signatures stand in the caller's system prompt, answers
    come back as a user turn of `<tool_response>` lines."""

    def __init__(self, tokenizer: PreTrainedTokenizerBase) -> None:
        vocabulary = tokenizer.get_added_vocab()
        if "<|im_start|>" not in vocabulary or "<|im_end|>" not in vocabulary:
            raise ChatError("The tokenizer has neither a chat template that knows tools nor the ChatML tokens.")
        self._tokenizer = tokenizer
        self._start, self._end = vocabulary["<|im_start|>"], vocabulary["<|im_end|>"]
        self._newline = self._encode("\n")
        self.stop_ids = _stop_ids(tokenizer) | {self._end}
        self._clean = sanitizer(tokenizer)

    def prompt(self, messages: Sequence[Message], tools: Sequence[Mapping[str, Any]] | None = None) -> list[int]:
        ids: list[int] = []
        for message in messages:
            content = message["content"] if message["role"] == "system" else self._clean(message["content"])
            ids += self._closed(message["role"], content)
        return ids + self._header()

    def after_turn(self, answers: Sequence[str], sampled: Sequence[int]) -> list[int]:
        ended = bool(sampled) and sampled[-1] in self.stop_ids
        content = "\n".join(f"<tool_response>{self._clean(answer)}</tool_response>" for answer in answers)
        return [
            *([] if ended else [self._end]),
            *self._newline,
            *self._closed("user", content),
            *self._header(),
        ]

    def turn_ids(self, text: str) -> list[int]:
        return [*self._encode(text), self._end]

    def text(self, sampled: Sequence[int]) -> str:
        return _decode(self._tokenizer, sampled, self.stop_ids)

    def _closed(self, role: str, content: str) -> list[int]:
        return [self._start, *self._encode(f"{role}\n{content}"), self._end, *self._newline]

    def _header(self) -> list[int]:
        return [self._start, *self._encode("assistant\n")]

    def _encode(self, text: str) -> list[int]:
        return cast("list[int]", self._tokenizer(text, add_special_tokens=False)["input_ids"])


class TemplateChat:
    """The tokenizer's own template, for models trained on tools (Qwen3 and others that write `<tool_call>` JSON)."""

    def __init__(self, tokenizer: PreTrainedTokenizerBase, **options: Any) -> None:
        self._tokenizer = tokenizer
        self._options = options
        self.stop_ids = _stop_ids(tokenizer)
        self._clean = sanitizer(tokenizer)
        tail = self._tail(["probe-answer"])
        if "probe-answer" not in tail:
            raise ChatError("The chat template leaves out tool messages.")
        self._closing = self._encode(tail)[0]
        if self._closing not in self.stop_ids:
            raise ChatError("The chat template does not end an assistant turn with a stop token of the tokenizer.")

    def prompt(self, messages: Sequence[Message], tools: Sequence[Mapping[str, Any]] | None = None) -> list[int]:
        clean = [
            dict(message) if message["role"] == "system" else {**message, "content": self._clean(message["content"])}
            for message in messages
        ]
        return self._encode(self._render(clean, tools))

    def after_turn(self, answers: Sequence[str], sampled: Sequence[int]) -> list[int]:
        ids = self._encode(self._tail([self._clean(answer) for answer in answers]))
        ended = bool(sampled) and sampled[-1] in self.stop_ids
        return ids[1:] if ended else ids

    def turn_ids(self, text: str) -> list[int]:
        return [*self._encode(text), self._closing]

    def text(self, sampled: Sequence[int]) -> str:
        return _decode(self._tokenizer, sampled, self.stop_ids)

    def _tail(self, answers: Sequence[str]) -> str:
        """What the template writes after an assistant turn, from the turn's closing token on: taken from a made-up
        conversation, since rendering the sampled one would mean to tokenize it again."""
        messages: list[Message] = [{"role": "user", "content": "-"}, {"role": "assistant", "content": _MARK}]
        rendered = self._render([*messages, *({"role": "tool", "content": answer} for answer in answers)], None)
        _before, mark, tail = rendered.partition(_MARK)
        if not mark:
            raise ChatError("The chat template leaves out the assistant's text.")
        return tail

    def _render(self, messages: Sequence[Message], tools: Sequence[Mapping[str, Any]] | None) -> str:
        rendered = self._tokenizer.apply_chat_template(
            cast("Any", list(messages)),
            tools=cast("Any", list(tools) if tools else None),
            add_generation_prompt=True,
            tokenize=False,
            **self._options,
        )
        return cast("str", rendered)

    def _encode(self, text: str) -> list[int]:
        return cast("list[int]", self._tokenizer(text, add_special_tokens=False)["input_ids"])


def sanitizer(tokenizer: PreTrainedTokenizerBase) -> Callable[[str], str]:
    """A function that breaks control tokens and call tags inside foreign text with a blank, so that neither an issue's
    text nor an instruction can forge a turn, a call or an answer."""
    tokens = [token for token in tokenizer.get_added_vocab() if token.strip() == token and len(token) > 2]
    tags = [f"<{slash}{tag}>" for tag in _TAGS for slash in ("", "/")]
    pattern = re.compile("|".join(re.escape(word) for word in sorted({*tokens, *tags}, key=len, reverse=True)))
    return lambda text: pattern.sub(lambda match: f"{match[0][0]} {match[0][1:]}", text)


def parse_turn(text: str) -> Turn:
    """Read the calls out of an assistant turn. Nothing is guessed: what is not exactly a call is malformed."""
    _thought, closed, answer = text.rpartition("</think>")
    parts = re.split(r"<tool_call>", answer if closed else text)
    said, calls, malformed = [parts[0]], [], []
    for part in parts[1:]:
        body, closing, rest = part.partition("</tool_call>")
        said.append(rest)
        try:
            if not closing:
                raise ValueError("The call is not closed: end it with </tool_call>.")
            calls.append(_parse_call(body))
        except ValueError as error:
            malformed.append(Malformed(body.strip(), str(error)))
    outside = "".join(said).strip()
    if not calls and not malformed and re.match(r"\{\s*\"name\"|</tool_call>", outside):
        malformed.append(Malformed(outside, "Write the call between <tool_call> and </tool_call>."))
    return Turn(outside, tuple(calls), tuple(malformed))


def _parse_call(body: str) -> ToolCall:
    try:
        value = json.loads(body, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        near = body[max(0, error.pos - 12) : error.pos + 12]
        raise ValueError(f"The call is not valid JSON: {error.msg} near {near!r}.") from error
    except RecursionError as error:
        raise ValueError("The call is nested too deeply.") from error
    if not isinstance(value, dict):
        raise ValueError('The call must be one JSON object: {"name": ..., "arguments": {...}}.')
    name, arguments = value.get("name"), value.get("arguments", _MISSING)
    if not isinstance(name, str) or not name:
        raise ValueError('The call has no "name": give the tool\'s name as a string.')
    if not isinstance(arguments, dict):
        lacks = 'has no "arguments"' if arguments is _MISSING else 'has "arguments" that are not an object'
        raise ValueError(f'The call {lacks}: write "arguments": {{...}}, which may be empty.')
    if extra := sorted(set(value) - {"name", "arguments"}):
        raise ValueError(f'The call has {extra[0]!r} beside "name" and "arguments": put it into "arguments".')
    return ToolCall(name, arguments)


def _no_constant(word: str) -> NoReturn:
    raise ValueError(f"The call is not valid JSON: {word} is no JSON number.")


def _stop_ids(tokenizer: PreTrainedTokenizerBase) -> frozenset[int]:
    """Tokens that end a turn: the end-of-sequence token and those that by their usual names end a turn or a text."""
    vocabulary = tokenizer.get_added_vocab()
    named = (vocabulary[token] for token in ("<|im_end|>", "<|endoftext|>", "<|eot_id|>") if token in vocabulary)
    return frozenset(named) | ({tokenizer.eos_token_id} if isinstance(tokenizer.eos_token_id, int) else set())


def _decode(tokenizer: PreTrainedTokenizerBase, sampled: Sequence[int], stop_ids: frozenset[int]) -> str:
    ids = list(sampled[:-1] if sampled and sampled[-1] in stop_ids else sampled)
    return cast("str", tokenizer.decode(ids, skip_special_tokens=False, clean_up_tokenization_spaces=False))
