"""Training rows: lengths, beginnings and weights; and the schedule of the learning rate."""

import random

import pytest
import torch

from millrace.recipes.train_lm.batches import Batches, ConversationRows, CopyRows, Encoder
from millrace.recipes.train_lm.conversations import Maker
from millrace.recipes.train_lm.corpus import Source, split
from millrace.recipes.train_lm.optimiser import orthogonalise, rate
from millrace.recipes.train_lm.tokenizer import train_tokenizer

NAMES = ["Anna", "Ben", "Clara"]
TEXTS = ["It was 7 o'clock and nobody came to the door of the old house."] * 4


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return Encoder(train_tokenizer(TEXTS, 290))


def test_batches_have_their_shape_and_are_repeatable(encoder: Encoder) -> None:
    source = Source("prose", "public domain", "here", 0.3, TEXTS, TEXTS)
    drawn = [Batches(encoder, [source], Maker("3", NAMES), seed=4).draw(6, 48) for _ in range(2)]
    for first, second in zip(*drawn, strict=True):
        assert first.shape == (6, 48)
        assert torch.equal(first, second)
    ids, targets, _ = drawn[0]
    assert torch.equal(ids[:, 1:], targets[:, :-1])
    assert (ids[:, 0] == encoder.bos).all()


def test_a_conversation_that_does_not_fit_begins_the_next_row(encoder: Encoder) -> None:
    rows, rng = ConversationRows(encoder, Maker("3", NAMES)), random.Random(2)
    for _ in range(20):
        ids, weights = rows.row(rng, 200)
        assert len(ids) == len(weights) == 200
        assert ids[0] == encoder.bos


def test_copied_tokens_count_and_new_ones_do_not(encoder: Encoder) -> None:
    ids, weights = CopyRows(encoder).row(random.Random(3), 300)
    assert len(ids) == len(weights) == 300
    for i, weight in enumerate(weights):
        if weight:
            assert ids[i] in ids[:i]


def test_split_keeps_the_end_for_validation() -> None:
    train, validation = split(list(range(200)))
    assert validation == [196, 197, 198, 199]
    assert train[-1] == 195


def test_rate_rises_stays_and_falls_to_zero() -> None:
    assert rate(0.0) == pytest.approx(0.1)
    assert rate(0.2) == 1.0
    assert rate(0.7) == pytest.approx(0.5)
    assert rate(1.0) == 0.0


def test_orthogonal_steps_have_singular_values_near_one() -> None:
    torch.manual_seed(0)
    values = torch.linalg.svdvals(orthogonalise(torch.randn(2, 48, 32)))
    assert values.min() > 0.5 and values.max() < 1.3
