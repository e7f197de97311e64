"""Haiku with the right syllables, and rhymes of four lines."""

from __future__ import annotations

import random

from .turn import Turn

# (five syllables), (seven syllables), (five syllables); each theme keeps to itself.
HAIKU = {
    "spring": (
        "Soft rain on new leaves|The cherry tree blooms|A warm wind returns",
        "a small bird sings in the tree|the garden wakes from its sleep|children run over the grass",
        "winter is over|the whole world is green|the sun stays longer",
    ),
    "summer": (
        "Hot sand by the sea|The long day is bright|Bees hum in the field",
        "we walk slowly in the shade|a boat sails into the sun|the children swim in the lake",
        "time stands still at noon|the evening is warm|stars come out at last",
    ),
    "autumn": (
        "Red leaves on the ground|The wind shakes the trees|Fog over the hill",
        "the swallows fly far away|an old man sweeps the garden|apples are sweet in the grass",
        "the days grow shorter|soon it will be cold|summer says goodbye",
    ),
    "winter": (
        "Snow falls on the roof|White fields and black trees|Ice covers the pond",
        "the fire burns warm in the house|a fox leaves tracks in the snow|smoke rises from the chimney",
        "the world is quiet|we wait for the spring|the night is so long",
    ),
    "the sea": (
        "Waves roll to the shore|The grey sea is wide|Salt wind in my hair",
        "a white bird cries in the sky|the old boat sleeps in the sand|the moon walks over the deep",
        "the tide comes and goes|I listen and dream|far away, a light",
    ),
    "the moon": (
        "The moon on the lake|A round silver coin|Moonlight on the road",
        "shines through the window at night|looks down on the sleeping town|a cat walks over the wall",
        "nobody is there|the world holds its breath|all the dogs are still",
    ),
    "a cat": (
        "A cat on the wall|Soft feet on the stairs|Two green eyes at night",
        "watches the birds in the tree|sleeps on the warm window sill|waits for a mouse in the grass",
        "and dreams of the sun|then turns and is gone|not a sound is heard",
    ),
    "rain": (
        "Rain on the window|The grey clouds hang low|Drops fall from the leaves",
        "a thousand drums on the roof|the street is a small river|umbrellas bloom in the street",
        "the garden is glad|I stay in my bed|then the sun comes out",
    ),
}
RHYMES = (
    (
        "the stars",
        "The stars are bright, the night is long,|the river sings a quiet song.|The moon looks down on hill and tree|and throws its silver on the sea.",
    ),
    (
        "a friend",
        "A friend is near when skies are grey,|and laughs with you on every day.|So take my hand and come along,|together we are glad and strong.",
    ),
    (
        "the sun",
        "The morning sun is warm and bright,|it fills the garden with its light.|The birds wake up, the flowers too,|and all the world is fresh and new.",
    ),
    (
        "a cat",
        "My little cat is soft and grey,|she sleeps on cushions all the day.|But when the moon is in the sky,|she looks at all the birds that fly.",
    ),
    (
        "the rain",
        "The rain is falling on the town,|on roofs and trees it patters down.|I sit inside and read my book|and drink my tea and sometimes look.",
    ),
    (
        "winter",
        "The snow lies white on field and hill,|the wind is cold, the birds are still.|But in the house the fire is red,|and soon the children go to bed.",
    ),
    (
        "home",
        "A little house, a garden green,|the nicest home I've ever seen.|A table set with bread and tea,|and room for you and room for me.",
    ),
    (
        "the sea",
        "The sea is wide, the sea is deep,|the little boats lie down to sleep.|The waves come in, the waves go out,|and far away the sailors shout.",
    ),
)
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
    text = "\n".join(rng.choice(part.split("|")) for part in HAIKU[theme])
    if rng.random() < 0.5:
        return Turn(rng.choice(ASKS_HAIKU), text)
    ask = rng.choice(("Write a haiku about {}.", "Can you write a haiku about {}?", "A haiku about {}."))
    return Turn(ask.format(theme), text)


def rhyme(rng: random.Random) -> Turn:
    """A poem of four lines."""
    theme, lines = rng.choice(RHYMES)
    text = lines.replace("|", "\n")
    if rng.random() < 0.5:
        return Turn(rng.choice(ASKS_POEM), text)
    ask = rng.choice(("Write a poem about {}.", "Write a short poem about {}.", "A poem about {}, please."))
    return Turn(ask.format(theme), text)


GENERATORS = ((4, haiku), (3, rhyme))
