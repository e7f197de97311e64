"""Turns from the fact and talk files under `data/` (their format is explained in each file)."""

from __future__ import annotations

import random
from importlib import resources

from .turn import Turn, capital

DATA = resources.files(__package__.rsplit(".", 1)[0]) / "data"
THINGS = (
    "telescope river engine garden castle kitchen village library machine mountain island museum "
    "bridge station factory harbour theatre bicycle windmill market tower school valley"
).split()


def blocks(name: str) -> list[tuple[list[str], dict[str, list[str]]]]:
    """Parse a data file into (words after "@", lines by their first letter)."""
    found: list[tuple[list[str], dict[str, list[str]]]] = []
    for line in (DATA / name).read_text(encoding="utf-8").splitlines():
        if line.startswith("@"):
            found.append((line[1:].split(), {}))
        elif line.strip() and not line.startswith("#"):
            found[-1][1].setdefault(line[0], []).append(line[1:].strip())
    return found


def invented(rng: random.Random) -> str:
    """Return a word that does not exist."""
    starts = "Zor Fla Qui Blu Vor Gla Nar Tris Hol Dra Plo Skra Wim Yor Bre Mog".split()
    ends = "land bix ment stan dor via rup mon zel tia quo gax fen lor ping tov".split()
    return rng.choice(starts) + rng.choice(ends)


class Relation:
    """A table of facts with templates that ask for either side of them."""

    def __init__(self, words: list[str], lines: dict[str, list[str]]) -> None:
        self.name, self.weight = words[0], float(words[1])
        self.asks = [q.strip() for q in lines["q"][0].split("|")]
        self.back = [q.strip() for q in lines.get("r", [""])[0].split("|") if q.strip()]
        self.sentence = lines["s"][0]
        self.back_sentence = lines.get("t", [""])[0]
        self.check = lines.get("y", [""])[0]
        rows = [f for line in lines["="] for f in line.split(";")]
        self.facts = [tuple(x.strip() for x in row.split(",", 1)) for row in rows]

    def __call__(self, rng: random.Random) -> Turn:
        """Ask about a fact: forwards, or backwards, or whether it is so."""
        a, b = rng.choice(self.facts)
        roll = rng.random()
        if self.check and roll < 0.12:
            return self._yes_or_no(rng, a, b)
        if self.back and roll < 0.24:
            question = rng.choice(self.back).format(a=a, b=b)
            return Turn(capital(question), capital(self.back_sentence.format(a=a, b=b)), capital(a))
        question = rng.choice(self.asks).format(a=a, b=b)
        short = None if self.sentence == "{b}" else b
        return Turn(capital(question), capital(self.sentence.format(a=a, b=b)), short)

    def pair(self, rng: random.Random) -> tuple[Turn, Turn]:
        """A question and the same question about something else, asked in a few words."""
        (a, b), (c, d) = rng.sample(self.facts, 2)
        question = rng.choice(self.asks).format(a=a, b=b)
        again = rng.choice(("And {c}?", "What about {c}?", "And of {c}?", "and {c}", "How about {c}?"))
        first = Turn(capital(question), capital(self.sentence.format(a=a, b=b)), b)
        return first, Turn(again.format(c=c), capital(self.sentence.format(a=c, b=d)), d)

    def _yes_or_no(self, rng: random.Random, a: str, b: str) -> Turn:
        truth = capital(self.sentence.format(a=a, b=b))
        if rng.random() < 0.5:
            return Turn(capital(self.check.format(a=a, b=b)), "Yes. " + truth, "yes")
        other = rng.choice([y for _, y in self.facts if y != b])
        return Turn(capital(self.check.format(a=a, b=other)), "No. " + truth, "no")


class Talk:
    """A group of questions in other words that share their answers."""

    def __init__(self, words: list[str], lines: dict[str, list[str]], millions: str) -> None:
        self.weight = float(words[0])
        self.asks = [q.strip() for line in lines["q"] for q in line.split(" | ")]
        self.answers = [a.replace("{millions}", millions).replace("\\n", "\n") for a in lines["a"]]
        self.names: list[str] = ["Anna"]

    def __call__(self, rng: random.Random) -> Turn:
        """Pick one wording and one answer."""
        question = rng.choice(self.asks)
        if "{" in question:
            words = {"thing": rng.choice(THINGS), "name": rng.choice(self.names), "odd": invented(rng)}
            while "{big}" in question:
                question = question.replace("{big}", str(rng.randint(100, 99999)), 1)
            question = question.format(**words)
        return Turn(question, rng.choice(self.answers))


def relations() -> list[Relation]:
    """All fact tables."""
    names = ("facts_world.txt", "facts_words.txt", "facts_nature.txt")
    return [Relation(*block) for name in names for block in blocks(name)]


def talks(millions: str, names: list[str]) -> list[Talk]:
    """All talk groups; `millions` is the model's size in words, `names` first names to ask about."""
    files = ("talk_self.txt", "talk_unknown.txt", "talk_why.txt")
    groups = [Talk(*block, millions) for name in files for block in blocks(name)]
    for group in groups:
        group.names = names
    return groups
