"""Values that a task can ask to be written, by what the contract's `x-sample` says of a place."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from typing import Any

from sandlot_trainer.scenarios.vocabulary import Vocabulary

Made = tuple[str, Any]
"""How the instruction says a value, and the value itself."""


def _quoted(text: str) -> Made:
    return f'"{text}"', text


def _adf(text: str) -> Made:
    paragraph = {"type": "paragraph", "content": [{"type": "text", "text": text}]}
    return f'"{text}"', {"type": "doc", "version": 1, "content": [paragraph]}


def _storage(text: str) -> Made:
    return f'"{text}"', f"<p>{text}</p>"


def _date(rng: random.Random) -> str:
    return f"2027-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}"


def _moment(rng: random.Random) -> str:
    return f"{_date(rng)}T{rng.randint(7, 18):02}:{rng.randint(0, 59):02}:00.000+0000"


def _json(rng: random.Random, words: Vocabulary) -> Made:
    value = {"state": words.tag(), "count": rng.randint(2, 90)}
    return json.dumps(value), value


def _url(words: Vocabulary) -> str:
    return f"https://{words.label()}.example.com/{words.label()}"


_MAKERS: dict[str, Callable[[random.Random, Vocabulary], Made]] = {
    "title": lambda rng, words: _quoted(words.title()),
    "name": lambda rng, words: _quoted(words.title()),
    "summary": lambda rng, words: _quoted(words.summary()),
    "sentence": lambda rng, words: _quoted(words.sentence()),
    "label": lambda rng, words: _quoted(words.label()),
    "key": lambda rng, words: (key := words.key(), key),
    "url": lambda rng, words: (url := _url(words), url),
    "date": lambda rng, words: (date := _date(rng), date),
    "moment": lambda rng, words: (moment := _moment(rng), moment),
    "duration": lambda rng, words: (duration := f"{rng.randint(1, 7)}h {rng.randint(1, 59)}m", duration),
    "number": lambda rng, words: (str(number := rng.randint(2, 90)), number),
    "adf": lambda rng, words: _adf(words.sentence()),
    "email": lambda rng, words: (email := f"{words.tag()}@example.com", email),
    "propertyKey": lambda rng, words: _quoted(words.tag()),
    "json": _json,
    "storage": lambda rng, words: _storage(words.sentence()),
}


def make(kind: str, rng: random.Random, words: Vocabulary) -> Made:
    """Raises ValueError on a kind that there is none of."""
    if kind not in _MAKERS:
        raise ValueError(f"The contract asks for a sample {kind!r}; there are {', '.join(_MAKERS)}.")
    return _MAKERS[kind](rng, words)
