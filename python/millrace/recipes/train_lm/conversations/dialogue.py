"""Conversations: turns from all generators, with system messages, noise and memory."""

from __future__ import annotations

import hashlib
import json
import random
from dataclasses import dataclass

from . import numbers, poems, reading, stories, words
from .followups import follow
from .forms import relations, talks
from .turn import Generator, Turn, capital

Message = tuple[str, str]
# Share of turns each family gets; stories are few because each is long.
FAMILIES = {"facts": 29, "talk": 22, "numbers": 22, "words": 12, "reading": 10, "stories": 5, "poems": 3}
HELD_OUT_ONE_IN = 50
PLAIN_SYSTEMS = (
    "You are a helpful assistant.|You are a friendly assistant.|Be helpful and polite."
    "|You are a helpful AI assistant.|Answer the questions of the user.|You are an assistant."
    "|You are a helpful, honest assistant.|Help the user.|Please answer clearly and briefly."
).split("|")
ONE_WORD = ("Answer in one word.", "Answer with one word only.", "Give only the answer.", "Be very brief.")
AS_JSON = ("Answer in JSON.", "Answer only with JSON.", "Reply as a JSON object.")
UPPER = ("Answer in capital letters.", "WRITE IN UPPER CASE.", "Use only capital letters.")
PIRATE = ("You are a pirate.", "Talk like a pirate.", "Answer like a pirate.")


@dataclass(frozen=True)
class Conversation:
    """Messages as (role, content); no messages means that `text` is plain prose."""

    messages: tuple[Message, ...]
    text: str = ""


def held_out(turn: Turn) -> bool:
    """Say whether a turn belongs to the validation split; a hash of its words decides."""
    digest = hashlib.sha256(f"millrace|{turn.user}|{turn.assistant}".encode()).digest()
    return int.from_bytes(digest[:4], "big") % HELD_OUT_ONE_IN == 0


def noisy(rng: random.Random, text: str) -> str:
    """Write a question as people do: no capitals, no full stop, a "please" or a typing error."""
    roll = rng.random()
    if "\n" in text or "JSON" in text or ":" in text:
        return text
    if roll < 0.18:
        text = text.lower()
    elif roll < 0.24 and text[-1] == "?":
        lead = rng.choice(("Hey, ", "Please tell me: ", "I have a question. ", "Hi! ", "Please: "))
        text = lead + text
    elif roll < 0.29 and text[-1] in "?.":
        text = text[:-1] + rng.choice((", please", " please")) + text[-1]
    elif roll < 0.31 and len(text) > 8:
        text = mistyped(rng, text)
    if text[-1] in "?." and rng.random() < 0.2:
        text = text[:-1]
    return text


def mistyped(rng: random.Random, text: str) -> str:
    """Swap two neighbouring small letters; names and numbers stay as they are."""
    i = rng.randrange(1, len(text) - 2)
    pair = text[i : i + 2]
    if not (pair.isalpha() and pair.islower()) or not text[i - 1].islower():
        return text
    return text[:i] + pair[::-1] + text[i + 2 :]


class Maker:
    """Makes conversations of one split; the same seed gives the same ones."""

    def __init__(self, millions: str, names: list[str], validation: bool = False) -> None:
        self.validation = validation
        self.names = names
        self.relations = relations()
        groups = talks(millions, names)
        self.families: dict[str, list[tuple[float, Generator]]] = {
            "facts": [(r.weight, r) for r in self.relations],
            "talk": [(t.weight, t) for t in groups],
            "numbers": list(numbers.GENERATORS),
            "words": list(words.GENERATORS),
            "reading": reading.generators(names),
            "stories": list(stories.GENERATORS),
            "poems": list(poems.GENERATORS),
        }

    def turn(self, rng: random.Random, family: str | None = None) -> Turn:
        """Draw a turn of this split."""
        while True:
            name = family or rng.choices(list(FAMILIES), list(FAMILIES.values()))[0]
            weights, makers = zip(*self.families[name], strict=True)
            turn = rng.choices(makers, weights)[0](rng)
            if held_out(turn) == self.validation:
                return turn

    def make(self, rng: random.Random) -> Conversation:
        """Draw one conversation, or now and then a plain story."""
        roll = rng.random()
        if roll < 0.02:
            return Conversation((), self.turn(rng, "stories").assistant)
        if roll < 0.07:
            return Conversation(tuple(self._styled(rng)))
        # The dialogues below say things that no turn of its own says: they are for training alone.
        if roll < 0.15 and not self.validation:
            special = (self._memory, self._named, self._follow)
            messages = rng.choices(special, (3, 1.5, 5))[0](rng)
            pairs = zip(messages[-2::-2], messages[::-2], strict=False)
            if not any(held_out(Turn(user[1], answer[1])) for user, answer in pairs):
                return Conversation(tuple(messages))
        messages = []
        if rng.random() < 0.12:
            messages.append(("system", rng.choice(PLAIN_SYSTEMS)))
        for _ in range(rng.choice((1, 1, 1, 1, 1, 1, 2, 2, 3, 5))):
            turn = self.turn(rng)
            messages += [("user", noisy(rng, turn.user)), ("assistant", turn.assistant)]
        return Conversation(tuple(messages))

    def _styled(self, rng: random.Random) -> list[Message]:
        """A system message, or words before the question, that change the form of the answers."""
        kind = rng.choice(("word", "word", "json", "upper", "pirate"))
        messages: list[Message] = []
        systems = {"word": ONE_WORD, "json": AS_JSON, "upper": UPPER, "pirate": PIRATE}[kind]
        instruction = rng.choice(systems)
        inline = kind != "pirate" and rng.random() < 0.5
        if not inline:
            messages.append(("system", instruction))
        for _ in range(rng.choice((1, 1, 2))):
            turn = self._short_turn(rng)
            user = f"{instruction[:-1]}: {turn.user}" if inline else noisy(rng, turn.user)
            messages += [("user", user), ("assistant", styled(turn, kind))]
        return messages

    def _short_turn(self, rng: random.Random) -> Turn:
        """Draw a turn that also has a short answer."""
        while True:
            turn = self.turn(rng, rng.choice(("facts", "facts", "numbers", "words")))
            if turn.short:
                return turn

    def _memory(self, rng: random.Random) -> list[Message]:
        """The user says a name or a like, and asks for it later."""
        name = rng.choice(self.names)
        food = rng.choice(reading.FOODS)
        said, asks, answer = rng.choice(
            (
                (
                    f"My name is {name}.",
                    ("What is my name?", "Do you remember my name?", "Who am I?"),
                    f"Your name is {name}.",
                ),
                (f"I am {name}.", ("What is my name?", "What's my name?"), f"Your name is {name}."),
                (f"I like {food}.", ("What do I like?", "What food do I like?"), f"You like {food}."),
                (
                    f"I live in {(city := rng.choice(reading.CITIES))}.",
                    ("Where do I live?",),
                    f"You live in {city}.",
                ),
            )
        )
        reply = f"Nice to meet you, {name}! How can I help you?" if name in said else "That is good to know."
        messages = [("user", said), ("assistant", reply)]
        if rng.random() < 0.5:
            turn = self.turn(rng, rng.choice(("facts", "numbers")))
            messages += [("user", turn.user), ("assistant", turn.assistant)]
        return [*messages, ("user", noisy(rng, rng.choice(asks))), ("assistant", answer)]

    def _follow(self, rng: random.Random) -> list[Message]:
        """A turn and a second one that needs the first."""
        turns = follow(rng, self.relations, lambda family: self.turn(rng, family))
        return [m for t in turns for m in (("user", t.user), ("assistant", t.assistant))]

    def _named(self, rng: random.Random) -> list[Message]:
        """A system message gives the model another name."""
        name = rng.choice(self.names)
        system = rng.choice(
            (f"Your name is {name}.", f"You are {name}, a helpful assistant.", f"You are {name}.")
        )
        ask = rng.choice(("What is your name?", "Who are you?", "What's your name?", "Introduce yourself."))
        return [("system", system), ("user", noisy(rng, ask)), ("assistant", f"My name is {name}.")]


def styled(turn: Turn, kind: str) -> str:
    """Return the answer of a turn in another form."""
    short = turn.short or turn.assistant
    if kind == "word":
        return capital(short)
    if kind == "json":
        value: str | int = int(short) if short.isdigit() else short
        return json.dumps({"answer": value}, ensure_ascii=False)
    if kind == "upper":
        return turn.assistant.upper()
    return f"Arr! {turn.assistant}"
