"""Pairs of texts that belong together, split into what trains and what judges."""

from __future__ import annotations

import hashlib
import random
import re
from dataclasses import dataclass
from pathlib import Path

from ..train_lm.conversations.forms import Relation, relations, talks
from ..train_lm.conversations.turn import capital
from ..train_lm.corpus import ORIGINS, read_sources

HELD_OUT_ONE_IN = 12  # of the facts and groups of questions; texts keep the split of their corpus
SPAN_WORDS = 24  # a text is cut into pieces of at most this many words
WEIGHTS = {
    "paraphrases": 0.4,
    "gsm8k": 0.15,
    "tinyshakespeare": 0.2,
    "pride-and-prejudice": 0.25,
}
GENERATED = ("Apache-2.0", "the fact and talk files of the recipe train-lm")
NAMES = ["Anna", "Tom", "Ben", "Clara"]


@dataclass(frozen=True)
class Family:
    """Pairs of one source. A group holds texts of one meaning: any two of a group are a pair."""

    name: str
    licence: str
    origin: str
    weight: float
    train: list[list[str]]
    held_out: list[list[str]]


def held_out(name: str) -> bool:
    """Say whether a fact or a group of questions judges instead of training; a hash decides."""
    digest = hashlib.sha256(f"millrace encoder|{name}".encode()).digest()
    return int.from_bytes(digest[:4], "big") % HELD_OUT_ONE_IN == 0


def spans(text: str) -> list[str]:
    """Cut a text into pieces of whole sentences, as long as they fit, else of words."""
    pieces: list[list[str]] = [[]]
    for sentence in re.split(r"(?<=[.!?;:])\s+", " ".join(text.split())):
        words = sentence.split()
        if pieces[-1] and len(pieces[-1]) + len(words) > SPAN_WORDS:
            pieces.append([])
        while len(words) > SPAN_WORDS:
            pieces[-1] += words[:SPAN_WORDS]
            words = words[SPAN_WORDS:]
            pieces.append([])
        pieces[-1] += words
    return [" ".join(words) for words in pieces if len(words) >= 4]


def neighbours(document: str | tuple[str, str]) -> list[list[str]]:
    """A question with its answer, or pieces of prose that follow each other."""
    if not isinstance(document, str):
        return [list(document)]
    pieces = spans(document)
    return [[first, second] for first, second in zip(pieces, pieces[1:], strict=False)]


def of_documents(documents: list) -> list[list[str]]:
    """Pairs of all documents of a split, in their order."""
    return [pair for document in documents for pair in neighbours(document)]


def of_relation(relation: Relation) -> list[tuple[str, list[str]]]:
    """For each fact its name, and all questions about it with the sentence that answers them."""
    groups = []
    for a, b in relation.facts:
        asks = [capital(ask.format(a=a, b=b)) for ask in relation.asks]
        groups.append((f"{relation.name}|{a}", [*asks, capital(relation.sentence.format(a=a, b=b))]))
    return groups


def paraphrases() -> tuple[list[list[str]], list[list[str]]]:
    """Groups of questions in other words, as (train, held out)."""
    named = [group for relation in relations() for group in of_relation(relation)]
    for talk in talks("3", NAMES):
        plain = [ask for ask in talk.asks if "{" not in ask]
        if len(plain) > 1:
            named.append((plain[0], [*plain, talk.answers[0].split("\n")[0]]))
    train = [group for name, group in named if not held_out(name)]
    return train, [group for name, group in named if held_out(name)]


def read_families(folder: Path) -> list[Family]:
    """Read every source below the text folder; names are no sentences and are left out."""
    train, judged = paraphrases()
    families = [Family("paraphrases", *GENERATED, WEIGHTS["paraphrases"], train, judged)]
    for source in read_sources(folder):
        if source.name not in WEIGHTS:
            continue
        licence, origin, _ = ORIGINS[source.name]
        split = of_documents(source.train), of_documents(source.validation)
        families.append(Family(source.name, licence, origin, WEIGHTS[source.name], *split))
    return families


class Pairs:
    """Draws batches of pairs, all of one family: neighbours in a batch are then hard to tell apart."""

    def __init__(self, families: list[Family], seed: int) -> None:
        self.rng = random.Random(seed)
        self.families = families

    def draw(self, count: int) -> list[tuple[str, str]]:
        """Draw pairs of different groups."""
        weights = [family.weight for family in self.families]
        (family,) = self.rng.choices(self.families, weights)
        groups = self.rng.sample(family.train, min(count, len(family.train)))
        return [tuple(self.rng.sample(group, 2)) for group in groups]  # type: ignore[misc]
