"""What a training run is told, and what it remembers between interruptions."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from .model import Shape

DEMO_SHAPE = Shape(vocab=3072, hidden=192, layers=6, heads=3, kv_heads=1, ffn=512)


@dataclass(frozen=True)
class Settings:
    """Choices of a run; a batch is `rows` x `length` tokens, worked off in pieces."""

    text: Path
    out: Path
    minutes: float = 75.0
    shape: Shape = DEMO_SHAPE
    rows: int = 12
    length: int = 256
    piece: int = 4  # rows in one forward pass: more do not fit the cache and are slower
    long_every: int = 12  # every so many steps, rows of the whole context
    lr: float = 0.004  # embeddings and norms (AdamW)
    matrix_lr: float = 0.02  # all other matrices (Muon)
    seed: int = 1
    threads: int = 1
    compile: bool = False
    save_every: float = 120.0  # seconds


@dataclass
class Progress:
    """How far a run has come; seconds count training alone."""

    step: int = 0
    tokens: int = 0
    seconds: float = 0.0
    loss: float = 0.0  # running mean of the weighted loss, nats per token
    resumed: int = 0
