"""The generated conversations: the same for a seed, split without overlap, and true."""

import random
import re

import pytest

from millrace.recipes.train_lm.conversations import Maker
from millrace.recipes.train_lm.conversations.dialogue import held_out, noisy
from millrace.recipes.train_lm.conversations.forms import blocks, relations, talks
from millrace.recipes.train_lm.conversations.poems import HAIKU

NAMES = ["Anna", "Ben", "Clara", "David", "Emil", "Zoe"]


@pytest.fixture(scope="module")
def train() -> Maker:
    return Maker("3", NAMES)


@pytest.fixture(scope="module")
def validation() -> Maker:
    return Maker("3", NAMES, validation=True)


def made(maker: Maker, count: int, seed: int = 7) -> list:
    rng = random.Random(seed)
    return [maker.make(rng) for _ in range(count)]


def test_the_same_seed_gives_the_same_conversations(train: Maker) -> None:
    assert made(train, 200) == made(Maker("3", NAMES), 200)
    assert made(train, 50, seed=8) != made(train, 50)


def test_no_held_out_answer_is_trained_on(train: Maker, validation: Maker) -> None:
    rng = random.Random(1)
    kept = {train.turn(rng) for _ in range(4000)}
    held = {validation.turn(rng) for _ in range(60)}
    assert not kept & held
    assert all(held_out(turn) for turn in held)


def test_dialogues_keep_held_out_turns_out(train: Maker, validation: Maker) -> None:
    rng = random.Random(11)
    held = {(t.user, t.assistant) for t in (validation.turn(rng) for _ in range(80))}
    for item in made(train, 3000):
        said = [content for role, content in item.messages if role != "system"]
        assert not held & set(zip(said[::2], said[1::2], strict=True))


def test_roles_alternate_and_nothing_is_empty(train: Maker) -> None:
    for item in made(train, 1000):
        assert bool(item.messages) != bool(item.text)
        roles = [role for role, _ in item.messages]
        if roles[:1] == ["system"]:
            roles = roles[1:]
        assert roles == ["user", "assistant"] * (len(roles) // 2)
        assert all(content.strip() for _, content in item.messages)


def test_no_slot_stays_unfilled_and_no_mark_is_forged(train: Maker) -> None:
    for item in made(train, 3000):
        for text in [item.text, *(content for _, content in item.messages)]:
            assert not re.search(r"\{[a-zA-Z]+2?\}", text), text
            assert "<|" not in text


def test_sums_are_right(train: Maker) -> None:
    rng = random.Random(3)
    signs = {"+": int.__add__, "-": int.__sub__, "x": int.__mul__}
    seen = 0
    for _ in range(2000):
        answer = train.turn(rng, "numbers").assistant
        for a, sign, b, c in re.findall(r"(\d+) ([+x-]) (\d+) = (\d+)", answer):
            assert signs[sign](int(a), int(b)) == int(c), answer
            seen += 1
    assert seen > 300


def test_fact_tables_have_two_sides_and_no_doubles() -> None:
    for relation in relations():
        assert all(len(fact) == 2 and all(fact) for fact in relation.facts), relation.name
        keys = [a for a, _ in relation.facts]
        assert len(keys) == len(set(keys)), relation.name


def test_talk_groups_have_questions_and_answers() -> None:
    groups = talks("3", NAMES)
    assert len(groups) > 80
    assert all(group.asks and group.answers for group in groups)


def test_haiku_have_three_lines() -> None:
    assert len(HAIKU) >= 8
    assert all(len(lines) == 3 for lines in HAIKU.values())
    assert blocks("plots.txt")


def test_noise_keeps_names_and_numbers() -> None:
    rng = random.Random(5)
    for _ in range(500):
        assert "17" in noisy(rng, "What is 17 + 4, Barbara?")
