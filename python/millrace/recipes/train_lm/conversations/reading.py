"""Answers that stand in the question itself: reading, names, JSON, letters, moods."""

from __future__ import annotations

import json
import random

from .turn import Generator, Turn, article, capital

CITIES = "Paris London Rome Berlin Madrid Vienna Oslo Dublin Lisbon Tokyo Cairo Prague".split()
PETS = "dog cat rabbit parrot horse hamster".split()
PET_NAMES = "Rex Milo Luna Bella Coco Max Oscar Daisy Lucky Pepper".split()
COLOURS = "red blue green yellow black white brown orange purple pink".split()
THINGS = "ball hat bag car book cup scarf bicycle box kite umbrella pencil".split()
PLACES = "kitchen garden school bedroom library park cellar shop".split()
JOBS = "teacher doctor baker farmer pilot painter cook nurse sailor".split()
FOODS = "apples bread cheese soup cake rice pancakes cherries".split()
GOOD = (
    "I love this book.|The food was delicious.|What a beautiful day!|The film was wonderful."
    "|I am so happy with it.|This is the best cake I ever had.|Everybody was kind to us."
    "|The room was clean and quiet.|It works perfectly.|I had a lot of fun."
).split("|")
BAD = (
    "I hate this book.|The food was terrible.|What an awful day.|The film was boring."
    "|I am very angry about it.|This is the worst cake I ever had.|Nobody helped us."
    "|The room was dirty and loud.|It does not work at all.|I want my money back."
).split("|")


def person_facts(rng: random.Random, name: str) -> list[tuple[str, list[str], str, str]]:
    """Return statements about a person as (sentence, questions, answer, short answer)."""
    city, food, job = rng.choice(CITIES), rng.choice(FOODS), rng.choice(JOBS)
    pet, pet_name = rng.choice(PETS), rng.choice(PET_NAMES)
    thing, colour, place = rng.choice(THINGS), rng.choice(COLOURS), rng.choice(PLACES)
    age = str(rng.randint(5, 90))
    return [
        (
            f"{name} lives in {city}.",
            [f"Where does {name} live?", f"In which city does {name} live?"],
            f"{name} lives in {city}.",
            city,
        ),
        (
            f"{name} likes {food}.",
            [f"What does {name} like?", f"What food does {name} like?"],
            f"{name} likes {food}.",
            food,
        ),
        (
            f"{name} is a {job}.",
            [f"What is {name}'s job?", f"What does {name} do?"],
            f"{name} is a {job}.",
            job,
        ),
        (
            f"{name} has a {pet} called {pet_name}.",
            [f"What is the name of {name}'s {pet}?", f"What is the {pet} called?"],
            f"The {pet} is called {pet_name}.",
            pet_name,
        ),
        (
            f"{name} has {article(colour)} {thing}.",
            [f"What colour is {name}'s {thing}?", f"What colour is the {thing}?"],
            f"The {thing} is {colour}.",
            colour,
        ),
        (
            f"{name} is in the {place}.",
            [f"Where is {name}?"],
            f"{name} is in the {place}.",
            f"in the {place}",
        ),
        (f"{name} is {age} years old.", [f"How old is {name}?"], f"{name} is {age} years old.", age),
    ]


class Reader:
    """Generators that use first names; the names come from the corpus."""

    def __init__(self, names: list[str]) -> None:
        self.names = names

    def read(self, rng: random.Random) -> Turn:
        """Ask for one of up to three statements."""
        first, second = rng.sample(self.names, 2)
        rows = rng.sample(person_facts(rng, first), rng.randint(1, 3))
        if rng.random() < 0.35:
            rows.append(rng.choice(person_facts(rng, second)))
        _, questions, answer, short = rng.choice(rows)
        rng.shuffle(rows)
        text = " ".join(row[0] for row in rows)
        return Turn(f"{text} {rng.choice(questions)}", answer, short)

    def greet(self, rng: random.Random) -> Turn:
        """Somebody gives a name."""
        name = rng.choice(self.names)
        kind = rng.randrange(3)
        if kind == 0:
            ask = rng.choice(("Say hello to {}.", "Greet {}.", "Please say hello to {}."))
            return Turn(ask.format(name), f"Hello, {name}!")
        ask = rng.choice(
            ("My name is {}.", "I am {}.", "Hello, my name is {}.", "Hi, I'm {}.", "I'm {}", "Call me {}.")
        )
        return Turn(ask.format(name), f"Nice to meet you, {name}! How can I help you?")

    def as_json(self, rng: random.Random) -> Turn:
        """Answer with a JSON object."""
        name, age, city = rng.choice(self.names), rng.randint(5, 90), rng.choice(CITIES)
        thing, colour = rng.choice(THINGS), rng.choice(COLOURS)
        n = rng.randint(1, 20)
        forms = (
            (f"{name} is {age} years old.", {"name": name, "age": age}),
            (f"{name} lives in {city}.", {"name": name, "city": city}),
            (f"{name} is {age} years old and lives in {city}.", {"name": name, "age": age, "city": city}),
            (f"{article(colour)} {thing}", {"thing": thing, "colour": colour}),
            (f"{n} {colour} {thing}s", {"thing": thing, "colour": colour, "count": n}),
        )
        text, data = rng.choice(forms)
        ask = rng.choice(
            (
                "Answer in JSON: {}",
                "Write this as JSON: {}",
                "Convert to JSON: {}",
                "Return JSON for {}",
                "JSON for: {}",
            )
        )
        return Turn(ask.format(text), json.dumps(data, ensure_ascii=False))

    def note(self, rng: random.Random) -> Turn:
        """A short letter."""
        name = rng.choice(self.names)
        forms = (
            ("a thank-you note", "thank you very much for your help. It was very kind of you."),
            ("a birthday card", "happy birthday! I wish you a wonderful day and a good year."),
            ("an invitation", "I would like to invite you to my party on Saturday. Please come at six."),
            ("an apology", "I am sorry that I was late yesterday. It will not happen again."),
            ("a short letter", "how are you? I am well. I hope that we can meet soon."),
        )
        what, body = rng.choice(forms)
        ask = rng.choice(("Write {} to {}.", "Please write {} for {}.", "Can you write {} to {}?"))
        return Turn(ask.format(what, name), f"Dear {name},\n{body}\nBest wishes")


def mood(rng: random.Random) -> Turn:
    """Is a sentence positive or negative?"""
    positive = rng.random() < 0.5
    text = rng.choice(GOOD if positive else BAD)
    word = "positive" if positive else "negative"
    ask = rng.choice(
        (
            "Is this positive or negative: {}",
            "Positive or negative? {}",
            'What is the mood of this sentence: "{}"',
            "Classify as positive or negative: {}",
        )
    )
    return Turn(ask.format(text), capital(word) + ".", word)


def generators(names: list[str]) -> list[tuple[float, Generator]]:
    """All generators of this file with their weights."""
    reader = Reader(names)
    return [(9, reader.read), (4, reader.greet), (4, reader.as_json), (2, reader.note), (2, mood)]
