"""Training rows: documents packed from their beginning, with a weight for each token."""

from __future__ import annotations

import random

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor

from .conversations import Conversation, Maker
from .corpus import Source
from .tokenizer import BOS, END, SPECIAL

# A question only has to be understood, so its words count little.
QUESTION_WEIGHT = 0.15
COPY_SHARE = 0.03
Encoded = tuple[list[int], list[float]]


class Encoder:
    """Turns conversations and texts into token ids with weights."""

    def __init__(self, bpe: Tokenizer) -> None:
        self.bpe = bpe
        self.bos = bpe.token_to_id(BOS)
        self.end = bpe.token_to_id(END)
        self.roles = {r: bpe.token_to_id(f"<|{r}|>") for r in ("system", "user", "assistant")}

    def words(self, text: str) -> list[int]:
        """Token ids of a text without special tokens around it."""
        return self.bpe.encode(text, add_special_tokens=False).ids

    def conversation(self, item: Conversation) -> Encoded:
        """Ids and weights of a conversation, or of a plain text with its end."""
        if not item.messages:
            ids = [self.bos, *self.words(item.text), self.end]
            return ids, [QUESTION_WEIGHT, *[1.0] * (len(ids) - 1)]
        ids, weights = [self.bos], [QUESTION_WEIGHT]
        for role, content in item.messages:
            inner = [*self.words(content), self.end]
            weight = 1.0 if role == "assistant" else QUESTION_WEIGHT
            ids += [self.roles[role], *inner]
            weights += [QUESTION_WEIGHT, *[weight] * len(inner)]
        return ids, weights

    def pair(self, question: str, answer: str) -> Encoded:
        """Ids and weights of a question with its answer from a corpus."""
        item = Conversation((("user", question), ("assistant", answer)))
        ids, weights = self.conversation(item)
        return ids, [1.0 if w < 1 else w for w in weights]  # the questions are good prose as well


class TextRows:
    """Rows from a text source: a random paragraph and those that follow it."""

    def __init__(self, encoder: Encoder, source: Source) -> None:
        self.pairs = isinstance(source.train[0], tuple)
        if self.pairs:
            self.documents = [encoder.pair(q, a)[0] for q, a in source.train]
        else:
            self.documents = [encoder.words(text + source.separator) for text in source.train]
        self.bos = encoder.bos

    def row(self, rng: random.Random, length: int) -> Encoded:
        """Return `length` ids that begin with the beginning mark."""
        ids = [] if self.pairs else [self.bos]
        i = rng.randrange(len(self.documents))
        while len(ids) < length:
            ids += self.documents[i]
            i = rng.randrange(len(self.documents)) if self.pairs else (i + 1) % len(self.documents)
        return ids[:length], [1.0] * length


class ConversationRows:
    """Rows of generated conversations; one that does not fit begins the next row."""

    def __init__(self, encoder: Encoder, maker: Maker) -> None:
        self.encoder, self.maker = encoder, maker
        self.waiting: Encoded | None = None

    def row(self, rng: random.Random, length: int) -> Encoded:
        """Return `length` ids that begin with the beginning mark."""
        ids: list[int] = []
        weights: list[float] = []
        while len(ids) < length:
            item = self.waiting or self.encoder.conversation(self.maker.make(rng))
            self.waiting = item if ids and len(ids) + len(item[0]) > length else None
            ids += item[0]
            weights += item[1]
        return ids[:length], weights[:length]


class CopyRows:
    """Rows of random tokens that repeat: nothing to know, only to look back and copy.

    A few of them early teach attention to look up what stood in the question (names, numbers),
    which plain text teaches a small model much later.
    """

    def __init__(self, encoder: Encoder) -> None:
        self.bos, self.first = encoder.bos, len(SPECIAL)
        self.vocab = encoder.bpe.get_vocab_size()
        self.digits = [encoder.bpe.token_to_id(d) for d in "0123456789"]

    def row(self, rng: random.Random, length: int) -> Encoded:
        """Return `length` ids; what repeats counts, what is new does not."""
        ids, weights = [self.bos], [0.0]
        while len(ids) < length:
            count = rng.randint(3, 40)
            if rng.random() < 0.25:
                piece = rng.choices(self.digits, k=count)
            else:
                piece = [rng.randrange(self.first, self.vocab) for _ in range(count)]
            times = rng.randint(1, 3)
            ids += piece * (1 + times)
            weights += [0.0] * (count + 1) + [1.0] * (count * times - 1)
        return ids[:length], weights[:length]


class Batches:
    """Draws batches of mixed rows; the state is one random generator."""

    def __init__(self, encoder: Encoder, sources: list[Source], maker: Maker, seed: int) -> None:
        self.rng = random.Random(seed)
        self.rows = [TextRows(encoder, source) for source in sources]
        self.rows.append(ConversationRows(encoder, maker))
        self.rows.append(CopyRows(encoder))
        shares = [source.weight for source in sources]
        self.shares = [*shares, 1.0 - sum(shares) - COPY_SHARE, COPY_SHARE]

    def draw(self, rows: int, length: int) -> tuple[Tensor, Tensor, Tensor]:
        """Return inputs, targets and weights, each of shape (rows, length)."""
        picked = [self.rng.choices(self.rows, self.shares)[0].row(self.rng, length + 1) for _ in range(rows)]
        ids = torch.from_numpy(np.array([p[0] for p in picked], dtype=np.int64))
        weights = torch.from_numpy(np.array([p[1] for p in picked], dtype=np.float32))
        return ids[:, :-1], ids[:, 1:], weights[:, 1:]
