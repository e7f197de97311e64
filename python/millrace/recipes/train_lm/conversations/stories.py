"""Short stories from a small grammar: a hero, a place, one of several plots, an ending."""

from __future__ import annotations

import random
from dataclasses import dataclass

from .plots import PLOTS
from .turn import Turn, article, capital

GIRLS = "Anna Lucy Emma Mia Nora Clara Alice Rose Lily Sophie Ella Ida Jane Mary".split()
BOYS = "Tom Ben Max Sam Paul Leo Jack Henry Oscar Peter Felix Hugo John Will".split()
ANIMALS = (
    "fox rabbit bear mouse owl cat dog frog hedgehog squirrel duck wolf horse bird dragon robot lion "
    "elephant penguin tiger monkey fish snail bee pig cow sheep whale unicorn ghost giant snowman"
).split()
ROLES_GIRL = ("girl", "girl", "girl", "queen", "baker", "farmer", "teacher", "princess", "witch", "pirate")
ROLES_BOY = ("boy", "boy", "boy", "king", "baker", "farmer", "fisherman", "sailor", "knight", "wizard")
TRAITS = "little young brave kind clever shy curious happy poor lonely quiet old".split()
PLACES = (
    "in a small village near the sea|in a little house at the edge of a forest|on a farm among green hills"
    "|in a big old city|in a quiet valley|on a small island|near a wide river|in a tower on a hill"
    "|in a warm little house|at the foot of a high mountain|by a deep blue lake|in a town with red roofs"
).split("|")
OPENINGS = (
    "Once upon a time there was {a} named {name}. {Sub} lived {place}.",
    "Once upon a time, {a} named {name} lived {place}.",
    "There once was {a} called {name} who lived {place}.",
    "Long ago, {a} named {name} lived {place}.",
    "{name} was {a}. {Sub} lived {place}.",
)
ENDINGS = (
    "From that day on, they were the best of friends.",
    "And {name} was happy.",
    "{name} never forgot that day.",
    "And they all lived happily ever after.",
    "That night {name} slept very well.",
    "{name} went home with a smile.",
    "And if you listen well, you can still hear {obj} laugh.",
)
ASKS = (
    "Tell me a story.|Tell me a short story.|Can you tell me a story?|Write a short story.|Write a story."
    "|Tell me a little story.|I want to hear a story.|Please tell me a bedtime story.|Make up a story."
    "|Could you write a short story for me?|Tell me another story.|A story, please."
).split("|")
ASKS_ABOUT = (
    "Tell me a story about {a}.|Write a short story about {a}.|Can you tell me a story about {a}?"
    "|I want a story about {a}.|Make up a story about {a}.|Write a story about {a}."
).split("|")


@dataclass(frozen=True)
class Hero:
    """Somebody with a name and pronouns."""

    name: str
    noun: str
    trait: str
    sub: str
    obj: str
    pos: str

    def words(self) -> dict[str, str]:
        """Return the words that templates use, pronouns in both cases."""
        return {
            "name": self.name,
            "noun": self.noun,
            "a": article(f"{self.trait} {self.noun}"),
            "sub": self.sub,
            "Sub": capital(self.sub),
            "obj": self.obj,
            "pos": self.pos,
            "Pos": capital(self.pos),
        }


def hero(rng: random.Random) -> Hero:
    """Draw a girl, a boy or an animal."""
    trait = rng.choice(TRAITS)
    kind = rng.random()
    female = rng.random() < 0.5
    name = rng.choice(GIRLS if female else BOYS)
    noun = rng.choice(ANIMALS if kind < 0.45 else ROLES_GIRL if female else ROLES_BOY)
    pronouns = ("she", "her", "her") if female else ("he", "him", "his")
    return Hero(name, noun, trait, *pronouns)


def tell(rng: random.Random, who: Hero) -> str:
    """Write one story about the hero."""
    words = who.words()
    words["place"] = rng.choice(PLACES)
    plot = rng.choice(PLOTS)
    friend = rng.choice([n for n in GIRLS + BOYS if n != who.name])
    words["friend"] = friend
    words["pal"] = rng.choice([a for a in ANIMALS if a != who.noun])
    for key, values in plot.choices.items():
        words[key] = rng.choice(values).format(**words)
    lines = [rng.choice(OPENINGS)]
    for step in plot.steps:
        lines.append(rng.choice(step))
    lines.append(rng.choice(ENDINGS if not plot.ending else (*ENDINGS[1:3], *plot.ending)))
    text = [line.format(**words) for line in lines]
    return " ".join(text)


def story(rng: random.Random) -> Turn:
    """A request for a story, about somebody or about anything."""
    who = hero(rng)
    text = tell(rng, who)
    roll = rng.random()
    if roll < 0.45:
        return Turn(rng.choice(ASKS), text)
    about = article(who.noun)
    if roll < 0.65:
        about = f"{article(who.noun)} named {who.name}"
    elif roll < 0.75:
        about = who.name
    return Turn(rng.choice(ASKS_ABOUT).format(a=about), text)


def plain_story(rng: random.Random) -> str:
    """A story without a question, for completion of plain text."""
    return tell(rng, hero(rng))


GENERATORS = ((26, story),)
