"""Second turns that only make sense after the first one."""

from __future__ import annotations

import random
from collections.abc import Callable

from .forms import Relation
from .turn import Turn, capital, joined
from .words import LISTS

FOLLOWED = ("capital", "opposite", "colour", "sound", "plural", "translate", "kind", "rhyme", "baby", "past")
AGAIN = ("Repeat that, please.", "Can you say that again?", "Say that again.", "What did you say?", "Pardon?")
LOUDER = ("Now in capital letters, please.", "Say that in capital letters.", "Write that in upper case.")
ASKED = ("What did I ask?", "What was my question?", "What did I just say?")


def another(relations: list[Relation], rng: random.Random) -> list[Turn]:
    """ "And of Germany?" after a question about France."""
    relation = rng.choice([r for r in relations if r.name in FOLLOWED])
    return list(relation.pair(rng))


def changed(rng: random.Random, first: Turn) -> list[Turn]:
    """Ask for the last answer again, in capital letters, or for the question."""
    kind = rng.randrange(3)
    if kind == 0:
        return [first, Turn(rng.choice(AGAIN), first.assistant)]
    if kind == 1:
        return [first, Turn(rng.choice(LOUDER), first.assistant.upper())]
    return [first, Turn(rng.choice(ASKED), f'You said: "{first.user}"')]


def more_of_a_list(rng: random.Random) -> list[Turn]:
    """Three things of a kind, and then one or two more."""
    kind = rng.choice([k for k, v in LISTS.items() if len(v.split()) > 5])
    row = LISTS[kind].split()[:5]
    first = Turn(f"Name three {kind}.", capital(joined(row[:3])) + ".")
    if rng.random() < 0.5:
        return [
            first,
            Turn(rng.choice(("One more.", "Another one?", "One more, please.")), capital(row[3]) + "."),
        ]
    return [first, Turn(rng.choice(("Two more.", "Two more, please.")), capital(joined(row[3:])) + ".")]


def follow(rng: random.Random, relations: list[Relation], draw: Callable[[str], Turn]) -> list[Turn]:
    """Draw two turns that belong together; `draw` gives a turn of a family."""
    roll = rng.random()
    if roll < 0.5:
        return another(relations, rng)
    if roll < 0.8:
        return changed(rng, draw(rng.choice(("facts", "numbers", "talk"))))
    return more_of_a_list(rng)
