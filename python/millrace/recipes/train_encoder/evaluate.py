"""How well vectors find the text that belongs to another, beside counting words and an untrained network."""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass

import numpy as np

from .pairs import Family
from .tokenizer import words_of

Embed = Callable[[list[str]], np.ndarray]  # texts to vectors of length 1, (texts, size)


@dataclass(frozen=True)
class Score:
    """Of one family: how often the partner is found first, by the mean rank, and among how many."""

    family: str
    texts: int
    encoder: float
    untrained: float
    words: float

    def as_dict(self) -> dict:
        """Return the scores by name."""
        return asdict(self)


def found_first(queries: np.ndarray, documents: np.ndarray) -> float:
    """Share of queries whose own document is the nearest."""
    scores = queries @ documents.T
    return float((scores.argmax(1) == np.arange(len(queries))).mean())


class WordCounts:
    """The baseline: words weighted by how rare they are in the training texts (TF-IDF)."""

    def __init__(self, texts: list[str]) -> None:
        seen = Counter(word for text in texts for word in set(words_of(text)))
        self.size = 1 << 15
        self.rare = {word: math.log((1 + len(texts)) / (1 + count)) for word, count in seen.items()}
        self.unseen = math.log(1 + len(texts))

    def __call__(self, texts: list[str]) -> np.ndarray:
        """Map texts to vectors; every word has a place of its own."""
        places: dict[str, int] = {}
        rows = []
        for text in texts:
            counts = Counter(words_of(text))
            row = np.zeros(self.size, dtype=np.float32)
            for word, count in counts.items():
                place = places.setdefault(word, len(places)) % self.size
                row[place] += (1 + math.log(count)) * self.rare.get(word, self.unseen)
            rows.append(row / max(float(np.linalg.norm(row)), 1e-9))
        return np.stack(rows)


def score(family: Family, embeds: dict[str, Embed], seed: int = 0) -> Score:
    """Judge one family on its held-out pairs: one pair of each group."""
    rng = random.Random(seed)
    pairs = [rng.sample(group, 2) for group in family.held_out]
    queries, documents = ([pair[side] for pair in pairs] for side in (0, 1))
    results = {}
    for name, embed in embeds.items():
        vectors = embed([*queries, *documents])
        results[name] = round(found_first(vectors[: len(pairs)], vectors[len(pairs) :]), 4)
    return Score(family.name, len(pairs), **results)
