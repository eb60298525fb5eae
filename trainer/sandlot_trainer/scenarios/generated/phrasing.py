"""How the instruction of a generated task says what is to be done."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence

from sandlot_trainer.scenarios.base import Split
from sandlot_trainer.scenarios.vocabulary import belonging

PHRASINGS = (
    "{summary}: {places}.",
    "{summary}, please. {places}.",
    "Please do this: {summary}. {places}.",
    "Could you see to it? {summary}: {places}.",
    "Here is what I need. {summary}: {places}.",
    "To do now: {summary}. The details: {places}.",
    "{summary} with these details: {places}.",
    "One thing for you. {summary}: {places}.",
    "Your task: {summary}. {places}.",
    "I would like this done. {summary}: {places}.",
    "Request: {summary}. {places}.",
    "For today: {summary}. {places}.",
    "Next on the list: {summary}. {places}.",
    "We want the following. {summary}: {places}.",
    "Take care of this: {summary}. Given are {places}.",
    "Somebody asked for this: {summary}. {places}.",
    "{summary}. Use {places}.",
    "Do the following and nothing else. {summary}: {places}.",
    "Help me out: {summary}. {places}.",
    "{summary}; the values are {places}.",
    "It is time for this: {summary}. {places}.",
    "Make it so: {summary}. {places}.",
    "A small job. {summary}: {places}.",
    "Kindly handle this. {summary}: {places}.",
    "The ticket says: {summary}. {places}.",
    "Would you handle this? {summary}: {places}.",
    "Let us do this: {summary}. {places}.",
    "Do it like this: {summary} with {places}.",
    "From the meeting: {summary}. {places}.",
    "What we need: {summary}. {places}.",
    "{summary} as follows: {places}.",
    "The team needs this. {summary}: {places}.",
    "Nothing big. {summary}: {places}.",
    "Quickly, please: {summary}. {places}.",
    "Your turn: {summary}. {places}.",
    "Wanted: {summary}. {places}.",
    "Left to do: {summary}. {places}.",
    "{summary} using {places}.",
    "The next step: {summary}. {places}.",
)

_HOLDERS = ("fields", "update", "add", "value", "storage", "plain", "key", "name", "accountId", "body", "id", "number")
"""Steps of a path that say nothing to a reader where something else does."""


def instruction(rng: random.Random, split: Split, summary: str, said: Sequence[tuple[str, str]]) -> str:
    """`said`: the places with what they are to hold, each in words."""
    places = "; ".join(_place(place_words(name), text) for name, text in said)
    ask = summary.partition(";")[0].rstrip(".")
    return rng.choice(belonging(PHRASINGS, split)).format(summary=ask, places=places)


def _place(role: str, text: str) -> str:
    """ "summary "Door jams"", but "the issue "Door jams"", which says itself what it is."""
    return text if role in text.split()[:2] else f"{role} {text}"


def place_words(name: str) -> str:
    """A place's path in words: "fields.issuetype.name" is "issue type", "parentId" is "parent"."""
    steps = name.split(".")
    telling = [step for step in steps if step not in _HOLDERS] or steps[-1:]
    words = re.sub(r"(?<=[a-z])(?=[A-Z])|[-_]", " ", " ".join(telling)).lower()
    words = re.sub(r"(?: id or key| id or name| id| key)$", "", words)
    return _SPELT.get(words, words)


_SPELT = {
    "issuetype": "issue type",
    "duedate": "due date",
    "body": "text",
    "ancestors": "parent",
    "id": "for",
    "account": "user",
    "transition": "status",
    "value": "text",
}
