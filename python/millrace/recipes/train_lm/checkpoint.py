"""The Hugging Face form of the model: config, safetensors and tokenizer files."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors.torch import save_file
from tokenizers import Tokenizer
from torch import Tensor

from .model import LanguageModel, Shape
from .tokenizer import BOS, END, PAD, wrap


@dataclass(frozen=True)
class Trained:
    """A trained network with its tokenizer; the weights are float32."""

    shape: Shape
    weights: dict[str, Tensor]
    bpe: Tokenizer

    def network(self) -> LanguageModel:
        """Return the network, ready to evaluate."""
        model = LanguageModel(self.shape)
        model.load_state_dict(self.weights)
        return model.eval()


def load_checkpoint(folder: Path) -> Trained:
    """Read what the trainer left in its output folder."""
    state = torch.load(folder / "checkpoint.pt", weights_only=True)
    bpe = Tokenizer.from_file(str(folder / "tokenizer.json"))
    return Trained(Shape(**state["shape"]), state["model"], bpe)


def save_hugging_face(trained: Trained, folder: Path) -> None:
    """Write a checkpoint that `transformers.AutoModelForCausalLM` reads."""
    folder.mkdir(parents=True, exist_ok=True)
    config = trained.shape.hf_config()
    for key, token in (("bos", BOS), ("eos", END), ("pad", PAD)):
        config[f"{key}_token_id"] = trained.bpe.token_to_id(token)
    (folder / "config.json").write_text(json.dumps(config, indent=2) + "\n")
    tensors = {name: t.contiguous() for name, t in trained.weights.items()}
    save_file(tensors, str(folder / "model.safetensors"), metadata={"format": "pt"})
    wrap(trained.bpe, trained.shape.context).save_pretrained(str(folder))
