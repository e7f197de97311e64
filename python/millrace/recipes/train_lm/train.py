"""Training within a time budget, with checkpoints to go on from."""

from __future__ import annotations

import json
import os
import random
import signal
import time
from dataclasses import asdict

import torch
from tokenizers import Tokenizer
from torch import Tensor
from torch.nn import functional as F

from .batches import Batches, Encoder
from .conversations import Maker
from .corpus import Source, common_names, read_sources
from .model import LanguageModel, Shape
from .optimiser import make_optimisers, rate
from .settings import Progress, Settings
from .tokenizer import train_tokenizer

TOKENIZER_CONVERSATIONS = 12000


def millions(shape: Shape) -> str:
    """Size of the network as the model itself tells it, a whole number of millions."""
    with torch.device("meta"):
        return str(round(LanguageModel(shape).parameter_count() / 1e6))


def tokenizer_texts(sources: list[Source], maker: Maker) -> list[str]:
    """Texts the tokenizer learns from: every source once, and generated conversations."""
    rng = random.Random(0)
    texts: list[str] = []
    for source in sources:
        documents = source.train[:2000] if source.name == "names" else source.train
        texts += [d if isinstance(d, str) else "\n".join(d) for d in documents]
    for _ in range(TOKENIZER_CONVERSATIONS):
        item = maker.make(rng)
        texts += [content for _, content in item.messages] or [item.text]
    return texts


def weighted_loss(model: LanguageModel, ids: Tensor, targets: Tensor, weights: Tensor) -> Tensor:
    """Sum of weighted losses; ids, targets and weights have the shape (rows, length)."""
    logits = model(ids).flatten(0, 1)
    losses = F.cross_entropy(logits, targets.reshape(-1), reduction="none")
    return losses @ weights.reshape(-1)


class Trainer:
    """A run: data, network, optimisers and how far they are."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        torch.set_num_threads(settings.threads)
        torch.manual_seed(settings.seed)
        settings.out.mkdir(parents=True, exist_ok=True)
        sources = read_sources(settings.text)
        maker = Maker(millions(settings.shape), common_names(sources))
        self.bpe = self._tokenizer(sources, maker)
        self.batches = Batches(Encoder(self.bpe), sources, maker, settings.seed)
        self.model = LanguageModel(settings.shape)
        self.optimisers = make_optimisers(self.model, settings.lr, settings.matrix_lr)
        # Compiling takes a minute and makes a step a fifth faster; the rare long rows do without.
        self.fast_loss = torch.compile(weighted_loss) if settings.compile else weighted_loss
        self.progress = Progress()
        self.stopped = False
        self._resume()

    def _tokenizer(self, sources: list[Source], maker: Maker) -> Tokenizer:
        path = self.settings.out / "tokenizer.json"
        if path.exists():
            return Tokenizer.from_file(str(path))
        bpe = train_tokenizer(tokenizer_texts(sources, maker), self.settings.shape.vocab)
        bpe.save(str(path))
        return bpe

    def run(self) -> Progress:
        """Train until the budget is used up and return how far it came."""
        budget = self.settings.minutes * 60
        started, saved = time.monotonic(), time.monotonic()
        before = self.progress.seconds
        signal.signal(signal.SIGTERM, self._stop)
        while self.progress.seconds < budget and not self.stopped:
            loss = self._step(rate(self.progress.seconds / budget))
            now = time.monotonic()
            self.progress.seconds = before + now - started
            first = self.progress.step == 1
            self.progress.loss = loss if first else 0.98 * self.progress.loss + 0.02 * loss
            if self.progress.step % 20 == 0:
                self._report(now - started)
            if now - saved > self.settings.save_every:
                self.save()
                saved = now
        self.save()
        return self.progress

    def _stop(self, *_: object) -> None:
        """Let the running step end; the checkpoint is written after it."""
        self.stopped = True

    def _step(self, share: float) -> float:
        """Run one optimiser step at a share of the peak rate; return the weighted loss."""
        s = self.settings
        is_long = self.progress.step % s.long_every == s.long_every - 1
        length = s.shape.context if is_long else s.length
        rows = max(1, s.rows * s.length // length)
        piece = max(1, s.piece * s.length // length)
        ids, targets, weights = self.batches.draw(rows, length)
        total = weights.sum()
        loss = sum(
            self._backward(ids[i : i + piece], targets[i : i + piece], weights[i : i + piece] / total)
            for i in range(0, rows, piece)
        )
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        for optimiser in self.optimisers:
            for group in optimiser.param_groups:
                group["lr"] = group["peak"] * share
            optimiser.step()
            optimiser.zero_grad(set_to_none=True)
        self.progress.step += 1
        self.progress.tokens += rows * length
        return loss

    def _backward(self, ids: Tensor, targets: Tensor, weights: Tensor) -> float:
        """Add the gradients of one piece, all tensors of shape (rows, length)."""
        loss_of = self.fast_loss if ids.shape[1] == self.settings.length else weighted_loss
        loss = loss_of(self.model, ids, targets, weights)
        loss.backward()
        return loss.item()

    def _report(self, seconds: float) -> None:
        p = self.progress
        left = self.settings.minutes - p.seconds / 60
        pace = (p.tokens - self.tokens_before) / max(seconds, 1e-9)
        print(
            f"step {p.step} loss {p.loss:.4f} tokens {p.tokens / 1e6:.2f}M "
            f"{pace:.0f} tok/s {left:.1f} min left",
            flush=True,
        )

    def save(self) -> None:
        """Write the checkpoint; the old one stays until the new one is complete."""
        path = self.settings.out / "checkpoint.pt"
        state = {
            "model": self.model.state_dict(),
            "optimisers": [o.state_dict() for o in self.optimisers],
            "progress": asdict(self.progress),
            "shape": self.settings.shape.as_dict(),
            "rng": self.batches.rng.getstate(),
        }
        torch.save(state, path.with_suffix(".tmp"))
        os.replace(path.with_suffix(".tmp"), path)
        (self.settings.out / "progress.json").write_text(json.dumps(asdict(self.progress)))

    def _resume(self) -> None:
        path = self.settings.out / "checkpoint.pt"
        self.tokens_before = 0
        if not path.exists():
            return
        state = torch.load(path, weights_only=True)
        self.model.load_state_dict(state["model"])
        for optimiser, saved in zip(self.optimisers, state["optimisers"], strict=True):
            optimiser.load_state_dict(saved)
        self.progress = Progress(**state["progress"])
        self.progress.resumed += 1
        self.tokens_before = self.progress.tokens
        self.batches.rng.setstate(state["rng"])
