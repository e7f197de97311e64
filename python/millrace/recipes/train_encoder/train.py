"""Contrastive training (InfoNCE, in-batch negatives) within a budget of processor time."""

from __future__ import annotations

import math
import random
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from tokenizers import Tokenizer
from torch import Tensor
from torch.nn import functional as F

from .model import Encoder, Shape
from .pairs import Family, Pairs, read_families
from .tokenizer import shortened, train_tokenizer, without_words


@dataclass(frozen=True)
class Settings:
    """Choices of a run. Minutes are of the processor: what else the machine does changes nothing."""

    text: Path
    out: Path
    minutes: float = 10.0
    seed: int = 1
    threads: int = 1
    batch: int = 96
    train_tokens_max: int = 48
    dropped_words: float = 0.1
    lr: float = 1e-3
    temperature: float = 0.05


@dataclass
class Progress:
    """How far a run has come."""

    step: int = 0
    pairs: int = 0
    seconds: float = 0.0
    loss: float = 0.0  # running mean


def encode(tokenizer: Tokenizer, texts: list[str], tokens_max: int) -> tuple[Tensor, Tensor]:
    """Texts as ids and mask, both (texts, tokens of the longest)."""
    rows = [shortened(one, tokens_max) for one in tokenizer.encode_batch(texts)]
    width = max(len(row) for row in rows)
    ids = torch.zeros(len(rows), width, dtype=torch.long)
    mask = torch.zeros(len(rows), width, dtype=torch.long)
    for at, row in enumerate(rows):
        ids[at, : len(row)] = torch.tensor(row)
        mask[at, : len(row)] = 1
    return ids, mask


def contrast(first: Tensor, second: Tensor, temperature: float) -> Tensor:
    """Loss of telling each vector's partner from the partners of all others, both ways."""
    scores = first @ second.T / temperature
    wanted = torch.arange(len(first))
    return (F.cross_entropy(scores, wanted) + F.cross_entropy(scores.T, wanted)) / 2


def rate(settings: Settings, share: float) -> float:
    """Learning rate when this share of the budget is used: a short rise, then a cosine to zero."""
    warm = min(1.0, share / 0.03)
    return settings.lr * warm * (0.5 + 0.5 * math.cos(math.pi * min(1.0, share)))


class Trainer:
    """A run: data, network, optimiser and how far they are."""

    def __init__(self, settings: Settings, shape: Shape) -> None:
        self.settings = settings
        torch.set_num_threads(settings.threads)
        torch.manual_seed(settings.seed)
        self.families: list[Family] = read_families(settings.text)
        self.pairs = Pairs(self.families, settings.seed)
        self.rng = random.Random(settings.seed)
        texts = [text for family in self.families for group in family.train for text in group]
        self.tokenizer = train_tokenizer(texts, shape.vocabulary)
        self.model = Encoder(shape)
        decayed = [p for p in self.model.parameters() if p.ndim > 1]
        plain = [p for p in self.model.parameters() if p.ndim <= 1]
        self.optimiser = torch.optim.AdamW(
            [{"params": decayed, "weight_decay": 0.01}, {"params": plain, "weight_decay": 0.0}],
            lr=settings.lr,
            betas=(0.9, 0.98),
        )
        self.progress = Progress()

    def step(self) -> None:
        """Learn from one batch."""
        settings = self.settings
        drawn = self.pairs.draw(settings.batch)
        sides = []
        for side in zip(*drawn, strict=True):
            texts = [without_words(self.rng, text, settings.dropped_words) for text in side]
            sides.append(self.model(*encode(self.tokenizer, texts, settings.train_tokens_max)))
        loss = contrast(sides[0], sides[1], settings.temperature)
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        self.optimiser.step()
        progress = self.progress
        progress.step += 1
        progress.pairs += len(drawn)
        weight = max(0.02, 1 / progress.step)
        progress.loss += weight * (float(loss.detach()) - progress.loss)

    def run(self) -> None:
        """Train until the budget is used up, then save network and tokenizer."""
        budget = self.settings.minutes * 60
        begun = time.process_time()
        while self.progress.seconds < budget:
            for group in self.optimiser.param_groups:
                group["lr"] = rate(self.settings, self.progress.seconds / budget)
            self.step()
            self.progress.seconds = time.process_time() - begun
            if self.progress.step % 50 == 0:
                print(f"{self.progress.seconds:6.0f} s, step {self.progress.step}: {self.progress.loss:.3f}", flush=True)
        save(self)


def save(trainer: Trainer) -> None:
    """Write network, tokenizer and progress into the output folder."""
    out = trainer.settings.out
    out.mkdir(parents=True, exist_ok=True)
    trainer.tokenizer.save(str(out / "tokenizer.json"))
    saved = {
        "shape": trainer.model.shape.as_dict(),
        "progress": asdict(trainer.progress),
        "weights": trainer.model.state_dict(),
    }
    torch.save(saved, out / "encoder.pt")


def load(out: Path) -> tuple[Encoder, Tokenizer, Progress]:
    """Read what `save` wrote."""
    saved = torch.load(out / "encoder.pt", weights_only=True)
    model = Encoder(Shape(**saved["shape"]))
    model.load_state_dict(saved["weights"])
    tokenizer = Tokenizer.from_file(str(out / "tokenizer.json"))
    return model.eval(), tokenizer, Progress(**saved["progress"])
