"""The words that worlds and instructions are made of, each belonging to one split by its hash.

They are short English words, most of them a single token for common tokenizers, so that a small model's
context goes into the task and not into spelling. What has no list here comes from Faker, kept to one split alike.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from sandlot_trainer.scenarios.base import SPLITS, Split

if TYPE_CHECKING:
    from faker import Faker

_SHARES: dict[Split, int] = {"train": 3, "validation": 1, "test": 1}
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@lru_cache(maxsize=1 << 16)
def split_of(word: str) -> Split:
    """The split that a word, a name, a key or a phrasing of the open vocabulary belongs to: three fifths are
    train."""
    place = hashlib.sha256(f"split/{word.casefold()}".encode()).digest()[0] % sum(_SHARES.values())
    for split in SPLITS:
        place -= _SHARES[split]
        if place < 0:
            return split
    raise AssertionError("the shares cover every place")


def belonging(words: Sequence[str], split: Split) -> list[str]:
    """Those of `words` that belong to the split, in their order."""
    return [word for word in words if split_of(word) == split]


class Vocabulary:
    """Draws words of one split for one world. Nothing that is to tell entities apart is drawn twice."""

    def __init__(self, rng: random.Random, split: Split) -> None:
        self._rng = rng
        self._split = split
        self._words = {name: belonging(words, split) for name, words in _LISTS.items()}
        self._drawn: set[str] = set()

    def title(self) -> str:
        """A page title of two or three words: "Golden Harbor", "Weekly Budget Review"."""
        return self._new(lambda: self._phrase(self._rng.choice((2, 2, 3))).title())

    def project_name(self) -> str:
        return self._new(lambda: self._phrase(2).title())

    def summary(self) -> str:
        """An issue's summary of four to six words: "Red cable fails during export"."""
        return self._new(self._clause).capitalize()

    def sentence(self) -> str:
        """A short sentence, as an issue's description holds it."""
        return self._new(lambda: f"the {self._clause()}").capitalize()

    def person(self) -> str:
        """First and last name, both new to the world."""
        return f"{self._new(lambda: self._one('first'))} {self._new(lambda: self._one('last'))}"

    def space_name(self) -> str:
        return self._new(lambda: self._one("space"))

    def key(self) -> str:
        """A key of three capitals, for a project or a space."""
        while True:
            key = "".join(self._rng.choices(_LETTERS, k=3))
            if split_of(key) == self._split and key not in self._drawn:
                self._drawn.add(key)
                return key

    def label(self) -> str:
        return self._new(lambda: self._one("noun"))

    def tag(self) -> str:
        """A label of two words: "harbor-crate"."""
        return self._new(lambda: f"{self._one('noun')}-{self._one('noun')}")

    def alike(self, name: str) -> str:
        """Another name that shares all but the last word: "Golden Harbor" gives "Golden Market"."""
        start = name.rpartition(" ")[0]
        return self._new(lambda: f"{start} {self._one('noun')}".strip().title())

    def company_name(self) -> str:
        """A customer or a supplier: "Miller, Brennan and Berry"."""
        return self._faked("company")

    def city(self) -> str:
        return self._faked("city")

    def order_number(self) -> str:
        """Two capitals and five digits: "KA-01290"."""
        return self._own(lambda: f"{''.join(self._rng.choices(_LETTERS, k=2))}-{self._rng.randrange(10**5):05}")

    def prose(self) -> str:
        """A sentence that says nothing in particular, for texts that only have to be read past."""
        return self._faked("sentence")

    def paragraph(self, sentences: int = 3) -> str:
        return " ".join(self.prose() for _ in range(sentences))

    def day(self, year: int) -> str:
        """A day of that year: "2026-05-04"."""
        return self._own(lambda: (date(year, 1, 1) + timedelta(days=self._rng.randrange(365))).isoformat())

    def _clause(self) -> str:
        subject, article = self._phrase(self._rng.choice((1, 2, 2))), self._rng.choice(("", "the "))
        return f"{subject} {self._one('verb')} {self._rng.choice(_PREPOSITIONS)} {article}{self._one('noun')}"

    def _phrase(self, length: int) -> str:
        """A noun, a noun with a word before it, or an adjective and two nouns; no word twice."""
        modifier = self._rng.choice(("adjective", "noun"))
        kinds = {1: ("noun",), 2: (modifier, "noun"), 3: ("adjective", "noun", "noun")}[length]
        while True:
            words = [self._one(kind) for kind in kinds]
            if len(set(words)) == length:
                return " ".join(words)

    def _one(self, kind: str) -> str:
        return self._rng.choice(self._words[kind])

    def _new(self, draw: Callable[[], str]) -> str:
        while True:
            drawn = draw()
            if drawn.casefold() not in self._drawn:
                self._drawn.add(drawn.casefold())
                return drawn

    def _own(self, draw: Callable[[], str]) -> str:
        """A draw that is new and of this split, where few of all that there could be are."""

        def of_split() -> str:
            while split_of(drawn := draw()) != self._split:
                pass
            return drawn

        return self._new(of_split)

    def _faked(self, kind: str) -> str:
        return self._new(lambda: self._rng.choice(_fakes(kind, self._split)))


@cache
def _fakes(kind: str, split: Split) -> tuple[str, ...]:
    """Faker's first of a kind that belong to the split. To ask it each time took most of a world's time."""
    fake, draw = _faker(), _FAKES[kind]
    fake.seed_instance(kind)
    found: dict[str, None] = {}
    while len(found) < _FAKES_OF_SPLIT:
        value = draw(fake)
        if split_of(value) == split:
            found[value] = None
    return tuple(found)


@cache
def _faker() -> Faker:
    """Built at its first use, once for each process: it takes a while."""
    from faker import Faker

    return Faker("en_US")


_FAKES: dict[str, Callable[[Faker], str]] = {
    "company": lambda fake: fake.company(),
    "city": lambda fake: fake.city(),
    "sentence": lambda fake: fake.sentence(8),
}
_FAKES_OF_SPLIT = 300

_PREPOSITIONS = (
    "after",
    "before",
    "during",
    "for",
    "in",
    "inside",
    "near",
    "on",
    "through",
    "under",
    "with",
    "without",
)


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


NOUNS = _words(
    """
    access account address agenda agent answer archive article asset balance barrier basket batch battery
    bench bill block board book border box branch bridge brief browser budget button cable cache calendar
    camera campaign card carrier cart case catalog center channel chapter chart chat checklist circle client
    clinic clock cloud code column comment contact container contract control corner course crane credit
    crew curve customer cycle data deal delivery device diary digest display dock domain door draft driver
    edge editor email engine entry error event exam exchange export factory field figure file filter finance
    flag fleet form forum frame garden gate gateway glossary graph grid group guard guide handbook harbor
    history hook hotel house image import index inspection intake inventory item journal kit label lamp
    layout leaf legend lesson letter library license link list log login magazine manual map market matrix
    meeting member menu message migration mirror mobile model module monitor motor museum network newsletter
    notice object offer office option order package page paint panel partner password patch path patient
    payment photo pipeline plant platform player policy pool portal printer privacy process product profile
    project prompt protocol query queue radar rail recipe recovery region register release repair report
    request reservation reserve result review rocket route safety sample satellite schedule school scope
    screen script season section sensor server session setting shift ship signal sketch source stage station
    stock storage store strategy stream studio summary supply survey switch symbol table tank target task
    team template terminal test theater theme timeline token tool topic tower track traffic training
    transfer travel trial tunnel tutorial update upload vehicle video visitor voice watch weather website
    wheel window winter worker workshop yard zone
    """
)
ADJECTIVES = _words(
    """
    active actual advanced annual automatic basic big blank blue bold brief bright broken bronze central
    clean clear closed cold common compact complete complex cool correct critical current custom daily dark
    deep dense digital direct double dry dual early eastern easy electric empty equal external extra fair
    familiar famous fast final fine firm flat foreign formal free fresh friendly frozen full general gentle
    giant global golden grand gray great green half happy hard heavy hidden high hollow human initial inner
    instant internal joint junior key large last late legal light linear little live local logical long loud
    low main major manual marine medical mild minor missing mobile modern monthly moral multiple narrow
    native new nice normal northern novel official old open optional orange outer partial past perfect
    personal plain polar popular portable primary prime private proper public pure purple quick quiet random
    rapid rare raw ready real recent red regional regular remote rich rough round royal rural sacred safe
    secret secure senior separate serious sharp short silent silver simple single slow small smart smooth
    social soft solar solid southern special standard static strong sudden super swift temporary thin tiny
    total toxic tropical unique universal upper urban useful verbal virtual visual vital warm weak weekly
    western white whole wide wild wise yellow young
    """
)
FIRST_NAMES = _words(
    """
    Adam Alan Alex Alice Amy Andrea Andrew Angela Anna Anthony Arthur Barbara Ben Bob Brian Bruce Carl Carol
    Caroline Catherine Charles Charlie Chris Christine Claire Clara Daniel David Dennis Diana Donald Dorothy
    Edward Elizabeth Ellen Emily Emma Eric Eva Frank Fred George Grace Graham Greg Harry Helen Henry Howard
    Hugh Ian Jack Jacob James Jane Janet Jason Jean Jennifer Jenny Jerry Jessica Jim Joan Joe John Jonathan
    Joseph Joshua Julia Julie Karen Kate Keith Kelly Kevin Laura Lee Leo Leonard Lewis Lily Linda Lisa Louis
    Louise Lucas Lucy Margaret Maria Mark Martha Martin Mary Matthew Max Melissa Michael Michelle Nancy Neil
    Nick Nicole Oliver Oscar Patricia Paul Peter Philip Rachel Ralph Ray Rebecca Richard Robert Robin Roger
    Rose Roy Ruth Ryan Sam Samuel Sandra Sara Sarah Scott Simon Sophie Stephen Steve Susan Ted Teresa Thomas
    Tim Tom Tony Victor Victoria Walter William
    """
)
LAST_NAMES = _words(
    """
    Adams Allen Anderson Baker Barnes Bell Bennett Black Brooks Brown Bryant Burns Butler Campbell Carter
    Chapman Clark Cole Coleman Collins Cook Cooper Cox Crawford Davis Dean Dixon Douglas Edwards Ellis Evans
    Fisher Fleming Ford Foster Fox Freeman Gibson Gordon Graham Grant Gray Green Griffin Hall Hamilton
    Hansen Harris Harrison Hart Hayes Henderson Hill Holmes Howard Hudson Hughes Hunt Hunter Jackson James
    Jenkins Johnson Jones Jordan Kelly Kennedy King Knight Lane Lawrence Lewis Long Marshall Martin Mason
    Miller Mills Mitchell Moore Morgan Morris Murphy Murray Myers Nelson Newman Palmer Parker Patterson
    Payne Perry Peters Phillips Pierce Porter Powell Price Reed Reynolds Richards Richardson Roberts
    Robertson Robinson Rogers Rose Ross Russell Ryan Sanders Scott Shaw Simpson Smith Spencer Stevens
    Stewart Stone Sullivan Taylor Thomas Thompson Tucker Turner Wagner Walker Wallace Ward Warren Washington
    Watson Webb Wells West Wheeler White Williams Wilson Wood Woods Wright Young
    """
)
SPACE_NAMES = _words(
    """
    Academy Accounting Advertising Analytics Aviation Banking Brand Care Chemistry Community Compliance
    Construction Consulting Content Culture Data Defense Delivery Design Development Distribution Education
    Electronics Energy Engineering Environment Events Export Facilities Farming Fashion Film Finance Fitness
    Fleet Food Forestry Growth Health Housing Import Innovation Insurance Investment Knowledge Laboratory
    Language Law Leadership Learning Legal Maintenance Manufacturing Market Marketing Media Medicine Mining
    Music News Nursing Nutrition Operations Partners People Performance Physics Planning Platform Policy
    Production Programming Publishing Quality Research Resources Retail Robotics Safety Sales Science
    Security Services Shipping Software Sports Strategy Success Support Survey Sustainability Technology
    Testing Theatre Tourism Trade Training Transport Travel Treasury University Welfare Wellness Wildlife
    """
)
VERBS = _words(
    """
    blocks bounces breaks cancels changes clears closes collapses copies counts covers crashes delays
    deletes disappears doubles drops duplicates empties ends expires fades fails flashes flickers floods
    forgets freezes hangs hides ignores jumps leaks limits locks logs loops loses misses moves needs opens
    overflows overlaps overwrites pauses prints rejects reloads repeats resets returns reverses rotates
    scrolls sends shakes shifts shows shrinks signs skips sleeps slows sorts spins splits stalls starts
    stays stops stretches switches times trims turns updates waits wakes warns wraps
    """
)

_LISTS = {
    "noun": NOUNS,
    "adjective": ADJECTIVES,
    "verb": VERBS,
    "first": FIRST_NAMES,
    "last": LAST_NAMES,
    "space": SPACE_NAMES,
}
