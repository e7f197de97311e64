"""Train, export and judge a text encoder: `python -m millrace.recipes.train_encoder --text TEXTS --out OUT`."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer

from .card import write_card
from .evaluate import Score, WordCounts, score
from .export import BLOCK, add_notes, export_float, quantise, run, session
from .model import Encoder, Shape
from .pairs import Family, read_families
from .train import Settings, Trainer, encode, load

FILE = "encoder-int8.onnx"
TEXTS_AT_ONCE = 32
COMPARED = 40  # held-out texts on which files and network are compared
REFERENCE = (
    "What noise does a dog make?",
    "How does a dog sound?",
    "The capital of France is Paris.",
    "Café Zürich, 12.5% off: \u201cnaïve\u201d… ok?",
    "unforgettableness 你好 12345 don't",
)

RunIds = Callable[[torch.Tensor, torch.Tensor], np.ndarray]  # ids and mask to vectors


def parse() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="train_encoder", description=__doc__)
    parser.add_argument("--text", type=Path, required=True, help="folder with the text sources")
    parser.add_argument("--out", type=Path, required=True, help="folder for the network and the files")
    parser.add_argument("--minutes", type=float, default=12.0, help="processor time for training")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--export-only", action="store_true", help="use the network that is in OUT")
    parser.add_argument("--hardware", default="a CPU", help="for the model card")
    return parser.parse_args()


def embedder(tokenizer: Tokenizer, run_ids: RunIds, tokens_max: int) -> Callable[[list[str]], np.ndarray]:
    """Make a function from texts to vectors out of one from ids to vectors."""

    def embed(texts: list[str]) -> np.ndarray:
        parts = [texts[at : at + TEXTS_AT_ONCE] for at in range(0, len(texts), TEXTS_AT_ONCE)]
        return np.concatenate([run_ids(*encode(tokenizer, part, tokens_max)) for part in parts])

    return embed


def by_network(model: Encoder) -> RunIds:
    """Run the network in torch."""

    def run_ids(ids: torch.Tensor, mask: torch.Tensor) -> np.ndarray:
        with torch.inference_mode():
            return model(ids, mask).numpy()

    return run_ids


def by_file(path: Path) -> RunIds:
    """Run an exported file."""
    model = session(path)
    return lambda ids, mask: run(model, ids.numpy(), mask.numpy())


def compare(families: list[Family], ways: dict[str, Callable[[list[str]], np.ndarray]]) -> dict[str, float]:
    """How far the files are from the network, and a text alone from the same text among others."""
    held_out = [text for family in families for group in family.held_out for text in group[:2]]
    texts = held_out[:: max(1, len(held_out) // COMPARED)]
    network, plain, small = (ways[name](texts) for name in ("network", "float", "small"))
    alone = np.concatenate([ways["small"]([text]) for text in texts])
    return {
        "compared": len(texts),
        "difference": float(np.abs(plain - network).max()),
        "cosine": float((small * network).sum(1).min()),
        "alone": float(np.abs(alone - small).max()),
    }


def references(tokenizer: Tokenizer, embed: Callable[[list[str]], np.ndarray]) -> list[dict]:
    """What a server that holds the file must answer: ids and the first numbers of some vectors."""
    return [
        {
            "text": text,
            "ids": tokenizer.encode(text).ids,
            "vector": [round(float(number), 5) for number in embed([text])[0][:8]],
        }
        for text in REFERENCE
    ]


def judge(options: argparse.Namespace, families: list[Family]) -> tuple[dict, list[Score]]:
    """Export what was trained and measure it; returns the numbers for the card and the scores."""
    model, tokenizer, progress = load(options.out)
    tokens_max = model.shape.tokens_max
    plain, small = options.out / "encoder.onnx", options.out / FILE
    export_float(model, plain)
    quantise(plain, small)
    for path in (plain, small):
        add_notes(path, tokenizer, tokens_max)
    torch.manual_seed(options.seed)
    untrained = Encoder(Shape(**model.shape.as_dict())).eval()
    runs = {"network": by_network(model), "float": by_file(plain), "small": by_file(small)}
    ways = {name: embedder(tokenizer, run_ids, tokens_max) for name, run_ids in runs.items()}
    embeds = {
        "encoder": ways["small"],
        "untrained": embedder(tokenizer, by_network(untrained), tokens_max),
        "words": WordCounts([text for family in families for group in family.train for text in group]),
    }
    scores = [score(family, embeds) for family in families]
    report = {
        "file": FILE,
        "params": model.parameter_count() / 1e6,
        "megabytes": small.stat().st_size / 1e6,
        "shape": model.shape.as_dict(),
        "block": BLOCK,
        "steps": progress.step,
        "pairs": progress.pairs,
        "minutes": progress.seconds / 60,
        **compare(families, ways),
        "reference": references(tokenizer, ways["small"]),
    }
    return report, scores


def main() -> None:
    """Train unless told otherwise, then write all files into the output folder."""
    options = parse()
    torch.set_num_threads(options.threads)
    settings = Settings(
        options.text, options.out, minutes=options.minutes, seed=options.seed, threads=options.threads
    )
    if not options.export_only:
        Trainer(settings, Shape()).run()
    families = read_families(options.text)
    report, scores = judge(options, families)
    command = (
        "python -m millrace.recipes.train_encoder --text TEXTS --out OUT "
        f"--minutes {options.minutes:g} --threads {options.threads} --seed {options.seed}"
    )
    told = {
        "hardware": options.hardware,
        "command": command,
        "batch": settings.batch,
        "temperature": settings.temperature,
        "dropped": settings.dropped_words * 100,
    }
    write_card({**report, **told}, (families, scores), options.out)
    print(f"wrote {options.out / FILE} and {options.out / 'README.md'}")


if __name__ == "__main__":
    main()
