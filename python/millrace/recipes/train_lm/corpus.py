"""The public texts beside the generated conversations, and their split."""

from __future__ import annotations

import gzip
import json
import re
from dataclasses import dataclass
from pathlib import Path

HELD_OUT = 0.02  # the last two per cent of every source validate


@dataclass(frozen=True)
class Source:
    """A text source: documents are plain strings or (question, answer) pairs."""

    name: str
    licence: str
    origin: str
    weight: float
    train: list[str] | list[tuple[str, str]]
    validation: list[str] | list[tuple[str, str]]

    @property
    def separator(self) -> str:
        """What stands between two documents of a plain text."""
        return "\n" if self.name == "names" else "\n\n"


# Weight is the share of training rows; the rest are generated conversations.
ORIGINS = {
    "tinyshakespeare": ("public domain", "github.com/karpathy/char-rnn", 0.05),
    "pride-and-prejudice": (
        "public domain, Standard Ebooks' work CC0 1.0",
        "github.com/standardebooks/jane-austen_pride-and-prejudice",
        0.12,
    ),
    "gsm8k": ("MIT", "github.com/openai/grade-school-math", 0.01),
    "names": ("MIT", "github.com/karpathy/makemore", 0.005),
}


def paragraphs(text: str) -> list[str]:
    """Cut a text at empty lines; lines inside a paragraph stay."""
    return [p.strip() for p in re.split(r"\n\s*\n", text) if p.strip()]


def split(documents: list) -> tuple[list, list]:
    """Return the documents as (train, validation): the last ones validate."""
    cut = len(documents) - max(1, int(len(documents) * HELD_OUT))
    return documents[:cut], documents[cut:]


def read_names(folder: Path) -> list[str]:
    """First names in capitals, the most frequent first, as the file lists them."""
    lines = (folder / "names" / "train.txt").read_text(encoding="utf-8").split()
    return [line.capitalize() for line in lines]


def read_maths(folder: Path) -> list[tuple[str, str]]:
    """Questions with worked answers; the calculator marks <<...>> and "####" are taken out."""
    pairs = []
    with gzip.open(folder / "gsm8k" / "train.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            answer = re.sub(r"<<[^>]*>>", "", row["answer"]).replace("#### ", "The answer is ")
            pairs.append((row["question"], answer + "."))
    return pairs


def read_sources(folder: Path) -> list[Source]:
    """Read all sources below the text folder and split each of them."""
    documents: dict[str, list] = {
        "tinyshakespeare": paragraphs((folder / "tinyshakespeare" / "train.txt").read_text("utf-8")),
        "pride-and-prejudice": paragraphs(
            (folder / "standard-ebooks" / "pride-and-prejudice.txt").read_text("utf-8")
        ),
        "gsm8k": read_maths(folder),
        "names": read_names(folder),
    }
    return [Source(name, *ORIGINS[name], *split(docs)) for name, docs in documents.items()]


def common_names(sources: list[Source], count: int = 600) -> list[str]:
    """First names for the generated conversations, from the training split alone."""
    names = next(s for s in sources if s.name == "names")
    return [n for n in names.train[: count * 2] if isinstance(n, str) and 3 <= len(n) <= 8][:count]
