"""The encoder: a small transformer whose mean over the words of a text is its vector."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

BLOCKED = -10_000.0  # added to scores of padding: its share then rounds to zero


@dataclass(frozen=True)
class Shape:
    """Sizes of a network; `tokens_max` is the longest text it reads."""

    vocabulary: int = 6000
    hidden: int = 192
    layers: int = 3
    heads: int = 6
    ffn: int = 512
    tokens_max: int = 128

    def as_dict(self) -> dict[str, int]:
        """Return the sizes by name."""
        return asdict(self)


class Block(nn.Module):
    """Attention and a feed-forward part, each added to what came in (pre-norm)."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.heads = shape.heads
        self.attention_norm = nn.LayerNorm(shape.hidden)
        self.attention_in = nn.Linear(shape.hidden, 3 * shape.hidden)
        self.attention_out = nn.Linear(shape.hidden, shape.hidden)
        self.ffn_norm = nn.LayerNorm(shape.hidden)
        self.ffn_in = nn.Linear(shape.hidden, shape.ffn)
        self.ffn_out = nn.Linear(shape.ffn, shape.hidden)

    def forward(self, x: Tensor, bias: Tensor) -> Tensor:
        """Map (texts, tokens, hidden) to the same; `bias` (texts, 1, 1, tokens) blocks padding."""
        texts, tokens, hidden = x.shape
        wide = self.attention_in(self.attention_norm(x))
        wide = wide.reshape(texts, tokens, 3, self.heads, hidden // self.heads)
        query, key, value = wide.permute(2, 0, 3, 1, 4).unbind(0)
        scores = query @ key.transpose(-1, -2) * (hidden // self.heads) ** -0.5 + bias
        mixed = (scores.softmax(-1) @ value).transpose(1, 2).reshape(texts, tokens, hidden)
        x = x + self.attention_out(mixed)
        return x + self.ffn_out(F.gelu(self.ffn_in(self.ffn_norm(x))))


class Encoder(nn.Module):
    """Texts as ids to vectors of length 1."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        self.tokens = nn.Embedding(shape.vocabulary, shape.hidden)
        self.positions = nn.Embedding(shape.tokens_max, shape.hidden)
        self.blocks = nn.ModuleList(Block(shape) for _ in range(shape.layers))
        self.norm = nn.LayerNorm(shape.hidden)
        nn.init.normal_(self.tokens.weight, std=1.0)
        nn.init.normal_(self.positions.weight, std=0.02)
        for block in self.blocks:
            for out in (block.attention_out, block.ffn_out):
                nn.init.normal_(out.weight, std=0.02 / shape.layers**0.5)

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        """Map ids and mask, both (texts, tokens), to vectors (texts, hidden) of length 1."""
        mask = attention_mask.to(torch.float32)
        bias = ((1.0 - mask) * BLOCKED)[:, None, None, :]
        x = self.tokens(input_ids) + self.positions(torch.arange(input_ids.shape[1]))
        for block in self.blocks:
            x = block(x, bias)
        mask = mask[:, :, None]
        mean = (self.norm(x) * mask).sum(1) / mask.sum(1).clamp(min=1.0)
        return mean / mean.norm(dim=-1, keepdim=True).clamp(min=1e-6)

    def parameter_count(self) -> int:
        """Return the number of trained numbers."""
        return sum(parameter.numel() for parameter in self.parameters())
