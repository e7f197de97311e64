"""The model card: what the training report and the exported file say, as Markdown."""

from __future__ import annotations

import json
from pathlib import Path

from .generate import Speaker
from .import_gguf import read_gguf

QUESTIONS = (
    "Hello!",
    "Who are you?",
    "What can you do?",
    "What is the capital of France?",
    "What is 3 + 4?",
    "Count from 1 to 10",
    "Name three animals.",
    "What is the opposite of hot?",
    "Write a haiku",
    "Anna has a red ball. Tom lives in Rome. Where does Tom live?",
    "Answer in JSON: Peter is 12 years old.",
    "What is the weather today?",
    "Tell me a short story.",
)
BEGINNINGS = ("It is a truth universally acknowledged", "Once upon a time")

TEMPLATE = """\
# Millrace demo model

`{file}` is a LLaMA-architecture chat model of {params:.2f} million parameters in GGUF q8_0
({megabytes:.2f} MB), trained from nothing by the recipe `train-lm` of this repository. It exists so that
a fresh installation has something to serve. It is small enough to answer in milliseconds on one
CPU core, and far too small to rely on.

- Licence of the weights: Apache-2.0
- Shape: {layers} layers, {hidden} wide, {heads} heads ({kv_heads} for keys and values), \
feed-forward {ffn}, vocabulary {vocab}, context {context} tokens, tied embeddings
- Tokenizer: byte-level BPE; numbers are read digit by digit
- Chat template: `<|bos|>`, then `<|system|>…<|end|>`, `<|user|>…<|end|>`, `<|assistant|>…<|end|>`; \
`<|end|>` ends an answer. The template stands in the file.

## Data

| source | licence | share of the training rows | origin |
|---|---|---|---|
{sources}

The generated conversations are written by the program in
`python/millrace/recipes/train_lm/conversations` (facts, sums, lists, reading, stories, poems,
refusals). In the loss, words of the system and the user count {question_weight} of an answer's words.

## Training

{tokens:.2f} million tokens in {steps} steps and {minutes:.0f} minutes on {hardware}.
Muon for the matrices inside the layers, AdamW for the rest; the learning rate is constant at first
and falls to zero at the end.
{notes}
## Validation

Kept out of training: the last 2 % of every source, and 2 % of all
generated question-answer pairs (a hash of their words decides; the same fact may occur in training
in other words).
Measured with the weights of `{file}`. For conversations only the words of the answers are judged.

| source | loss (nats per token) | perplexity | tokens |
|---|---|---|---|
{scores}

## What it says

Greedy answers of the file in this folder, unedited.

{samples}
## Limits

It knows a few hundred facts, and only in forms like those it was trained on. It makes up what it
does not know, even where it should refuse; sums beyond ten are often wrong; plain prose sounds like
its books but says little; the likeliest story is nearly always the same one (a temperature of 0.7
gives others). It has not been tuned for safety. English only, beyond a few words. Do not use it for
anything but demonstrations and tests.

## Reproduce

```sh
pip install './python[recipes]'
{command}
python -m millrace.recipes.train_lm.parity --model models/demo/{file} --out /tmp/parity
```

The budget is time, so a faster machine gets further; weights are not the same bit for bit.
"""


def _source_rows(report: dict) -> str:
    rows = [f"| {s['name']} | {s['licence']} | {s['share']:.1%} | {s['origin']} |" for s in report["sources"]]
    return "\n".join(rows)


def _score_rows(report: dict) -> str:
    rows = [
        f"| {s['source']} | {s['loss']:.3f} | {s['perplexity']:.2f} | {s['tokens']:,} |"
        for s in report["validation"]
    ]
    return "\n".join(rows)


def quoted(text: str) -> str:
    """Return text as a Markdown quotation that keeps its lines."""
    return "\n".join(f"> {line}  " if line else ">" for line in text.splitlines())


def samples(speaker: Speaker) -> str:
    """Questions and beginnings with what the model says."""
    parts = [f"**{q}**\n\n{quoted(speaker.answer(('user', q)))}\n" for q in QUESTIONS]
    parts += [f"*{b}* …\n\n{quoted('… ' + speaker.proceed(b).strip())}\n" for b in BEGINNINGS]
    return "\n".join(parts)


def render(report: dict, model: Path) -> str:
    """Return the card for an exported file and the report of its training."""
    trained = read_gguf(model)
    return TEMPLATE.format(
        file=model.name,
        params=sum(w.numel() for w in trained.weights.values()) / 1e6,
        megabytes=model.stat().st_size / 1e6,
        sources=_source_rows(report),
        scores=_score_rows(report),
        samples=samples(Speaker(trained)),
        question_weight=report["question_weight"],
        tokens=report["tokens"] / 1e6,
        steps=report["steps"],
        minutes=report["seconds"] / 60,
        hardware=report["hardware"],
        notes="".join(f"\n{note}\n" for note in report.get("notes", [])),
        command=report["command"],
        **trained.shape.as_dict(),
    )


def write_card(report_file: Path, model: Path, card: Path) -> None:
    """Write the card next to a model."""
    report = json.loads(report_file.read_text(encoding="utf-8"))
    card.write_text(render(report, model), encoding="utf-8")
