"""Muon for the matrices inside the layers, AdamW for embeddings and norms.

Muon (K. Jordan, 2024) replaces the momentum of a matrix by the nearest orthogonal one, found by
a few Newton-Schulz steps. Small models learn about a third more from the same tokens with it.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn


def orthogonalise(g: Tensor, steps: int = 5) -> Tensor:
    """Return nearly orthogonal matrices for a stack g of shape (n, rows, columns)."""
    a, b, c = 3.4445, -4.7750, 2.0315
    tall = g.shape[-2] > g.shape[-1]
    x = g.mT if tall else g
    x = x / (x.norm(dim=(-2, -1), keepdim=True) + 1e-7)
    for _ in range(steps):
        s = x @ x.mT
        x = a * x + (b * s + c * s @ s) @ x
    return x.mT if tall else x


class Muon(torch.optim.Optimizer):
    """Momentum with orthogonal steps; matrices of the same shape are handled together."""

    def __init__(self, params: list[nn.Parameter], lr: float, decay: float = 0.05) -> None:
        super().__init__(params, {"lr": lr, "momentum": 0.95, "decay": decay})

    @torch.no_grad()
    def step(self, closure=None) -> None:
        """Apply one step to every matrix that has a gradient."""
        for group in self.param_groups:
            shapes: dict[torch.Size, list[nn.Parameter]] = {}
            for p in group["params"]:
                if p.grad is not None:
                    shapes.setdefault(p.shape, []).append(p)
            for shape, params in shapes.items():
                self._step_shape(group, shape, params)

    def _step_shape(self, group: dict, shape: torch.Size, params: list[nn.Parameter]) -> None:
        moved = []
        for p in params:
            state = self.state[p]
            buffer = state.setdefault("momentum", torch.zeros_like(p))
            buffer.lerp_(p.grad, 1 - group["momentum"])
            moved.append(p.grad.lerp(buffer, group["momentum"]))
        scale = max(1.0, shape[0] / shape[1]) ** 0.5
        for p, update in zip(params, orthogonalise(torch.stack(moved)), strict=True):
            p.mul_(1 - group["lr"] * group["decay"])
            p.add_(update, alpha=-group["lr"] * scale)


def make_optimisers(model: nn.Module, lr: float, matrix_lr: float) -> list[torch.optim.Optimizer]:
    """Return the two optimisers; each group remembers its peak rate as "peak"."""
    matrices = [p for n, p in model.named_parameters() if p.ndim == 2 and "embed" not in n]
    others = [p for n, p in model.named_parameters() if p.ndim < 2 or "embed" in n]
    adam = torch.optim.AdamW(others, lr=lr, betas=(0.9, 0.95), weight_decay=0.0, fused=True)
    optimisers: list[torch.optim.Optimizer] = [Muon(matrices, matrix_lr), adam]
    for optimiser in optimisers:
        for group in optimiser.param_groups:
            group["peak"] = group["lr"]
    return optimisers


def rate(progress: float, warm_up: float = 0.01, decay: float = 0.6) -> float:
    """Share of the peak rate at `progress` (0 to 1 of the budget): rise, stay, fall to zero."""
    if progress < warm_up:
        return 0.1 + 0.9 * progress / warm_up
    return max(0.0, min(1.0, (1 - progress) / decay))
