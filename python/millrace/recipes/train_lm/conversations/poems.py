"""Haiku with the right syllables, and rhymes of four lines."""

from __future__ import annotations

import random

from .forms import blocks
from .turn import Turn

THEMES = blocks("poems.txt")
HAIKU = {" ".join(theme): lines["h"] for theme, lines in THEMES if "h" in lines}
RHYMES = {" ".join(theme): lines["r"][0] for theme, lines in THEMES if "r" in lines}
ASKS_HAIKU = (
    "Write a haiku.",
    "Write a haiku",
    "Can you write a haiku?",
    "A haiku, please.",
    "Please write a haiku.",
)
ASKS_POEM = (
    "Write a poem.",
    "Write a short poem.",
    "Can you write a poem?",
    "Tell me a poem.",
    "A poem, please.",
)


def haiku(rng: random.Random) -> Turn:
    """Three lines of five, seven and five syllables."""
    theme = rng.choice(list(HAIKU))
    text = "\n".join(rng.choice(part.split("|")).strip() for part in HAIKU[theme])
    if rng.random() < 0.5:
        return Turn(rng.choice(ASKS_HAIKU), text)
    ask = rng.choice(("Write a haiku about {}.", "Can you write a haiku about {}?", "A haiku about {}."))
    return Turn(ask.format(theme), text)


def rhyme(rng: random.Random) -> Turn:
    """A poem of four lines."""
    theme = rng.choice(list(RHYMES))
    text = RHYMES[theme].replace(" / ", "\n")
    if rng.random() < 0.5:
        return Turn(rng.choice(ASKS_POEM), text)
    ask = rng.choice(("Write a poem about {}.", "Write a short poem about {}.", "A poem about {}, please."))
    return Turn(ask.format(theme), text)


GENERATORS = ((4, haiku), (3, rhyme))
