"""training.json and the model card: what a run used and how good the exported file is."""

from __future__ import annotations

import json
from pathlib import Path

from .evaluate import Score
from .pairs import Family

TEMPLATE = """\
# Millrace encoder

`{file}` maps a text to a vector of {hidden} numbers of length 1; texts that mean the same point the
same way. It has {params:.2f} million parameters in {megabytes:.2f} MB of ONNX and was trained from nothing by
the recipe `train-encoder` of this repository. It exists so that the ONNX engine has something to serve:
embeddings, tensors and batches can be tried on any laptop. It is far too small to rely on.

- Licence of the weights: Apache-2.0
- Shape: {layers} layers, {hidden} wide, {heads} heads, feed-forward {ffn}, vocabulary {vocabulary}, at most \
{tokens_max} tokens
- Tokenizer: WordPiece, small letters, accents taken off; it stands in the file
- Inputs: `input_ids` and `attention_mask`, INT64 [batch, tokens]; output: `text_embedding`, FP32 [batch, {hidden}]
- Weights in 8 bits, in blocks of {block}; numbers between layers are rounded row by row, so a text's vector \
does not depend on the texts beside it in a batch (largest difference seen: {alone:.0e})

## Use

```sh
npx millrace models push models/encoder/{file} encoder@1
npx millrace deploy encoder@1 --wait
curl http://127.0.0.1:8080/v1/embeddings \\
  -H "Authorization: Bearer $(cat ~/.millrace/admin.key)" -H "Content-Type: application/json" \\
  -d '{{"model": "encoder", "input": ["How does a dog sound?", "What noise does a dog make?"]}}'
```

## Data

Pairs of texts that belong together; all other texts of a batch of {batch} are the ones to tell apart
(InfoNCE, temperature {temperature:g}, {dropped:.0f} % of the words left out by chance).

| source | pairs | licence | share of the batches | origin |
|---|---|---|---|---|
{sources}

## Training

{steps} steps, {pairs} pairs, {minutes:.0f} minutes of one thread of {hardware}.

## Evaluation

For each held-out text: is its partner the nearest of all? Held out are the last 2 % of every text source,
and one in twelve of the facts and groups of questions (a hash decides). Beside it: the same network before
training, and the words alone, weighted by how rare they are in the training texts (TF-IDF). Measured with `{file}`.

| held-out pairs | among | **encoder** | untrained | words alone |
|---|--:|--:|--:|--:|
{scores}

Where a question is asked in other words the encoder is the better one. Where the words themselves tell
(the numbers and names of a sum), counting them is better. Which piece of a novel or a play follows another
none of the three can tell.

The vectors of `{file}` and those of the network in float32 on {compared} held-out texts: smallest cosine
{cosine:.5f}. ONNX in float32 against torch, at other batch sizes and lengths than it was exported with: largest
difference {difference:.0e}.

## Limits

It knows the words of its few sources. English only. Meanings it has not seen in pairs it judges by words in
common. Not for use where somebody could be hurt by a wrong answer.

## Make it again

```sh
pip install './python[recipes]'
cd python && {command}
```

The last run took the seed and the order of the data from the command; another processor rounds otherwise, so the
numbers come out close, not equal. `training.json` has them, and reference vectors that a server's answers can be
held to.
"""


def source_row(family: Family) -> str:
    """One line of the table of sources."""
    return (
        f"| {family.name} | {len(family.train)} | {family.licence} | {family.weight:.0%} | {family.origin} |"
    )


def score_row(score: Score) -> str:
    """One line of the table of scores."""
    return (
        f"| {score.family} | {score.texts} | **{score.encoder:.1%}** | {score.untrained:.1%} | {score.words:.1%} |"
    )


def write_card(report: dict, tables: tuple[list[Family], list[Score]], folder: Path) -> None:
    """Write training.json and README.md beside the exported file."""
    families, scores = tables
    record = {
        **report,
        "sources": [
            {"name": f.name, "licence": f.licence, "origin": f.origin, "share": f.weight, "pairs": len(f.train)}
            for f in families
        ],
        "evaluation": [score.as_dict() for score in scores],
    }
    text = json.dumps(record, indent=2, ensure_ascii=False) + "\n"
    (folder / "training.json").write_text(text, encoding="utf-8")
    filled = TEMPLATE.format(
        **report,
        **report["shape"],
        sources="\n".join(source_row(family) for family in families),
        scores="\n".join(score_row(score) for score in scores),
    )
    (folder / "README.md").write_text(filled, encoding="utf-8")
