"""Loss and perplexity on the validation split, source by source."""

from __future__ import annotations

import math
import random
from dataclasses import asdict, dataclass

import torch
from torch.nn import functional as F

from .batches import Encoded, Encoder
from .checkpoint import Trained
from .conversations import Maker
from .corpus import Source
from .model import LanguageModel

CONVERSATIONS = 300
MAX_TOKENS = 20_000  # of each source, which is enough for two digits


@dataclass(frozen=True)
class Score:
    """Mean loss in nats per token, its exponential, and how many tokens were judged."""

    source: str
    loss: float
    perplexity: float
    tokens: int

    def as_dict(self) -> dict:
        """Return plain data for the report."""
        return asdict(self)


def windows(encoder: Encoder, source: Source, length: int) -> list[Encoded]:
    """Cut a source's validation text into windows of at most `length` ids, all words counted."""
    if isinstance(source.validation[0], tuple):
        return [encoder.pair(q, a) for q, a in source.validation]
    ids = [i for text in source.validation for i in encoder.words(text + source.separator)]
    found = []
    for start in range(0, len(ids), length - 1):
        part = [encoder.bos, *ids[start : start + length - 1]]
        found.append((part, [1.0] * len(part)))
    return found


def conversation_windows(encoder: Encoder, maker: Maker) -> list[Encoded]:
    """Held-out conversations; only the words of the answers are judged."""
    rng = random.Random(2)
    encoded = [encoder.conversation(maker.make(rng)) for _ in range(CONVERSATIONS)]
    return [(ids, [1.0 if w == 1 else 0.0 for w in weights]) for ids, weights in encoded]


@torch.inference_mode()
def score(model: LanguageModel, name: str, items: list[Encoded]) -> Score:
    """Judge windows one by one: padding would change nothing but cost time."""
    total, tokens = 0.0, 0.0
    for ids, weights in items:
        row = torch.tensor([ids[: model.shape.context]])
        weight = torch.tensor(weights[: row.shape[1]])[1:]
        losses = F.cross_entropy(model(row[:, :-1])[0], row[0, 1:], reduction="none")
        total += float(losses @ weight)
        tokens += float(weight.sum())
        if tokens > MAX_TOKENS:
            break
    loss = total / tokens
    return Score(name, round(loss, 4), round(math.exp(loss), 3), int(tokens))


def evaluate(trained: Trained, sources: list[Source], maker: Maker) -> list[Score]:
    """Score all sources; `maker` makes held-out conversations."""
    encoder, model = Encoder(trained.bpe), trained.network()
    scores = [score(model, s.name, windows(encoder, s, 512)) for s in sources]
    return [score(model, "conversations", conversation_windows(encoder, maker)), *scores]
