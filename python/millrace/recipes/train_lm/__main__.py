"""Command line: train, export, judge and describe a small chat model.

  python -m millrace.recipes.train_lm --text DIR --out DIR --minutes 60

A run that was interrupted goes on from its checkpoint when it is started again.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import torch

from .card import write_card
from .checkpoint import load_checkpoint, save_hugging_face
from .export import KINDS, write_gguf
from .report import write_report
from .settings import Settings
from .train import Trainer


def parse() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="train-lm", description="Train and export a small chat model.")
    parser.add_argument("--text", type=Path, required=True, help="folder with the text sources")
    parser.add_argument("--out", type=Path, required=True, help="folder for checkpoints and files")
    parser.add_argument("--minutes", type=float, default=60.0, help="training time in all")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--compile", action="store_true", help="needs a C++ compiler; a fifth faster")
    parser.add_argument("--kinds", default="f16,q8_0", help=f"of {', '.join(KINDS)}")
    parser.add_argument("--export-only", action="store_true", help="use the checkpoint as it is")
    parser.add_argument("--hardware", default="a CPU", help="for the model card")
    parser.add_argument("--note", action="append", default=[], help="a sentence for the card")
    return parser.parse_args()


def command(options: argparse.Namespace) -> str:
    """Return the command that repeats this run, without folders of this machine."""
    extra = " --compile" if options.compile else ""
    return (
        "python -m millrace.recipes.train_lm --text TEXTS --out OUT "
        f"--minutes {options.minutes:g} --threads {options.threads} --seed {options.seed}{extra}"
    )


def train(options: argparse.Namespace) -> bool:
    """Train within the budget; say whether it was used up."""
    trainer = Trainer(
        Settings(
            text=options.text,
            out=options.out,
            minutes=options.minutes,
            seed=options.seed,
            threads=options.threads,
            compile=options.compile,
        )
    )
    trainer.run()
    return not trainer.stopped


def main() -> None:
    """Train unless told otherwise, then write all files into the output folder."""
    options = parse()
    if not options.export_only and not train(options):
        print("stopped; the same command goes on from the checkpoint")
        return
    torch.set_num_threads(options.threads)
    trained = load_checkpoint(options.out)
    save_hugging_face(trained, options.out / "hf")
    for kind in {*options.kinds.split(","), "q8_0"}:
        write_gguf(trained, options.out / f"demo-{kind}.gguf", kind)
    words = {"hardware": options.hardware, "command": command(options), "notes": options.note}
    model = options.out / "demo-q8_0.gguf"
    report = write_report(options.text, options.out, model, words)
    write_card(report, model, options.out / "README.md")
    print(f"wrote {model} and {options.out / 'README.md'}")


if __name__ == "__main__":
    main()
