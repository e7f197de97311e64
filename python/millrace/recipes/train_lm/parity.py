"""Reference outputs: what transformers says greedily with the weights of a GGUF file.

  python -m millrace.recipes.train_lm.parity --model models/demo/demo-q8_0.gguf --out DIR

The q8_0 weights are dequantised and rounded to 16 bits; DIR gets them as two GGUF files (f16 and
f32, the same numbers), as a Hugging Face checkpoint, and `expected.json` with the tokens that
transformers produces. An engine that holds the same numbers has to produce the same tokens, with
the key and value cache named in the file and with flash attention off.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

from .checkpoint import Trained, save_hugging_face
from .export import write_gguf
from .import_gguf import read_gguf
from .tokenizer import BOS

NEW_TOKENS = 64
QUESTIONS = (
    "Hello!",
    "What is the capital of France?",
    "Tell me a short story.",
    "What is 3 + 4?",
    "Count from 1 to 10",
    "What can you do?",
    "Name three animals.",
    "What is the opposite of hot?",
    "Write a haiku about the sea.",
    "Answer in JSON: Zoë is 12 years old.",
    "Wie sagt man “thank you” auf Französisch? — naïve café, 12 €",
    "Spell the word garden.",
)
DIALOGUES = (
    (("system", "You are a pirate."), ("user", "What colour is snow?")),
    (
        ("user", "My name is Carla."),
        ("assistant", "Nice to meet you, Carla! How can I help you?"),
        ("user", "What is my name?"),
    ),
    (("system", "Answer in one word."), ("user", "what is the capital of peru")),
)
BEGINNINGS = (
    "It is a truth universally acknowledged",
    "Once upon a time",
    "KING RICHARD:\n",
    "The café in São Paulo was 日本語 and ",
    "Mr. Darcy looked at her and",
)


def rounded(trained: Trained) -> Trained:
    """Round all matrices to 16-bit floats; norms stay 32-bit, as in the GGUF files."""
    weights = {n: w if w.ndim == 1 else w.half().float() for n, w in trained.weights.items()}
    return Trained(trained.shape, weights, trained.bpe)


def prompts(tokenizer: AutoTokenizer) -> list[str]:
    """Twenty prompts as text: questions, dialogues and plain beginnings."""
    chats = [[("user", q)] for q in QUESTIONS] + [list(d) for d in DIALOGUES]
    rendered = [
        tokenizer.apply_chat_template(
            [{"role": role, "content": content} for role, content in chat],
            add_generation_prompt=True,
            tokenize=False,
        )
        for chat in chats
    ]
    return rendered + [BOS + text for text in BEGINNINGS]


@torch.inference_mode()
def reference(folder: Path) -> list[dict]:
    """Return prompt ids, greedy ids and text from the Hugging Face checkpoint in a folder."""
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()
    rows = []
    for prompt in prompts(tokenizer):
        ids = tokenizer(prompt, add_special_tokens=False, return_tensors="pt").input_ids
        out = model.generate(
            ids, attention_mask=torch.ones_like(ids), max_new_tokens=NEW_TOKENS, do_sample=False
        )[0, ids.shape[1] :].tolist()
        rows.append(
            {
                "prompt": prompt,
                "prompt_ids": ids[0].tolist(),
                "output_ids": out,
                "text": tokenizer.decode(out, skip_special_tokens=True),
            }
        )
    return rows


def write_references(model: Path, out: Path) -> dict:
    """Write both GGUF files, the checkpoint and expected.json; return what expected.json holds."""
    trained = rounded(read_gguf(model))
    for kind in ("f16", "f32"):
        write_gguf(trained, out / f"demo-{kind}.gguf", kind)
    save_hugging_face(trained, out / "hf")
    expected = {
        "source": model.name,
        "max_new_tokens": NEW_TOKENS,
        "flash_attention": False,
        "files": [
            {"file": "demo-f16.gguf", "kv_type": "F16"},
            {"file": "demo-f32.gguf", "kv_type": "F32"},
        ],
        "prompts": reference(out / "hf"),
    }
    text = json.dumps(expected, indent=1, ensure_ascii=False)
    (out / "expected.json").write_text(text + "\n", encoding="utf-8")
    return expected


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description="Write greedy reference outputs for a GGUF file.")
    parser.add_argument("--model", type=Path, required=True, help="q8_0 file of this recipe")
    parser.add_argument("--out", type=Path, required=True, help="folder for the files")
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    expected = write_references(options.model, options.out)
    count = sum(len(row["output_ids"]) for row in expected["prompts"])
    print(f"{len(expected['prompts'])} prompts, {count} tokens: {options.out / 'expected.json'}")


if __name__ == "__main__":
    main()
