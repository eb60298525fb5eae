"""How instructions are put together, and rich text for requests."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

from sandlot_trainer.scenarios.base import Split
from sandlot_trainer.scenarios.vocabulary import belonging


def phrased(rng: random.Random, split: Split, *parts: Sequence[str]) -> str:
    """A template out of each part, of those that belong to the split, one after the other."""
    return " ".join(rng.choice(belonging(part, split)) for part in parts)


def listed(words: Sequence[str]) -> str:
    """ "a", "a and b", "a, b and c"."""
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def adf(*paragraphs: str) -> dict[str, Any]:
    """A document of plain paragraphs in the Atlassian Document Format."""
    content = [{"type": "paragraph", "content": [{"type": "text", "text": text}]} for text in paragraphs]
    return {"type": "doc", "version": 1, "content": content}
