"""Plots for the story grammar: steps in order, each step with several wordings."""

from __future__ import annotations

from dataclasses import dataclass, field

from .forms import blocks


@dataclass(frozen=True)
class Plot:
    """Steps of a story; `choices` are words drawn once, `ending` comes beside the common endings."""

    steps: tuple[tuple[str, ...], ...]
    choices: dict[str, tuple[str, ...]] = field(default_factory=dict)
    ending: tuple[str, ...] = ()


def wordings(line: str) -> tuple[str, ...]:
    """Split a line at its bars."""
    return tuple(part.strip() for part in line.split("|"))


def load() -> tuple[Plot, ...]:
    """Read all plots."""
    plots = []
    for _, lines in blocks("plots.txt"):
        slots = (line.split(":", 1) for line in lines.get("=", []))
        choices = {key.strip(): wordings(values) for key, values in slots}
        endings = wordings(lines["e"][0]) if "e" in lines else ()
        plots.append(Plot(tuple(wordings(s) for s in lines["s"]), choices, endings))
    return tuple(plots)


PLOTS = load()
