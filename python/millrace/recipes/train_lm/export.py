"""GGUF export: f32, f16 and q8_0 files with tokenizer, chat template and licence."""

from __future__ import annotations

import json
import os
from pathlib import Path

import gguf
import numpy as np
from gguf import GGMLQuantizationType as Kind
from gguf import LlamaFileType as FileType
from torch import Tensor

from .checkpoint import Trained
from .model import Shape
from .tokenizer import BOS, CHAT_TEMPLATE, END, PAD, SPECIAL

KINDS = {
    "f32": (Kind.F32, FileType.ALL_F32),
    "f16": (Kind.F16, FileType.MOSTLY_F16),
    "q8_0": (Kind.Q8_0, FileType.MOSTLY_Q8_0),
}
NAME = "Millrace Demo"
LICENCE = "apache-2.0"
# Names of the tensors of one layer: Hugging Face, GGUF.
LAYER_NAMES = {
    "input_layernorm": "attn_norm",
    "self_attn.q_proj": "attn_q",
    "self_attn.k_proj": "attn_k",
    "self_attn.v_proj": "attn_v",
    "self_attn.o_proj": "attn_output",
    "post_attention_layernorm": "ffn_norm",
    "mlp.gate_proj": "ffn_gate",
    "mlp.up_proj": "ffn_up",
    "mlp.down_proj": "ffn_down",
}


def tensor_names(shape: Shape) -> dict[str, str]:
    """Map Hugging Face tensor names to GGUF ones; the output is tied to the embedding."""
    names = {"model.embed_tokens.weight": "token_embd.weight", "model.norm.weight": "output_norm.weight"}
    for i in range(shape.layers):
        for theirs, ours in LAYER_NAMES.items():
            names[f"model.layers.{i}.{theirs}.weight"] = f"blk.{i}.{ours}.weight"
    return names


def rotary_heads(name: str, shape: Shape) -> int:
    """Number of heads of a tensor whose rows carry rotary pairs, else 0."""
    if "q_proj" in name:
        return shape.heads
    return shape.kv_heads if "k_proj" in name else 0


def interleave(weight: np.ndarray, heads: int) -> np.ndarray:
    """Reorder rows (heads * head_dim, hidden): llama.cpp pairs neighbours, the checkpoint halves."""
    rows = weight.shape[0] // heads
    halves = weight.reshape(heads, 2, rows // 2, *weight.shape[1:])
    return np.ascontiguousarray(halves.swapaxes(1, 2).reshape(weight.shape))


def separate(weight: np.ndarray, heads: int) -> np.ndarray:
    """Undo `interleave`."""
    rows = weight.shape[0] // heads
    pairs = weight.reshape(heads, rows // 2, 2, *weight.shape[1:])
    return np.ascontiguousarray(pairs.swapaxes(1, 2).reshape(weight.shape))


def _describe(writer: gguf.GGUFWriter, trained: Trained, file_type: FileType) -> None:
    shape = trained.shape
    count = sum(t.numel() for t in trained.weights.values())
    writer.add_type("model")
    writer.add_name(NAME)
    writer.add_author("Millrace")
    writer.add_license(LICENCE)
    writer.add_languages(["en"])
    writer.add_size_label(f"{count / 1e6:.1f}M")
    writer.add_description(
        f"A small chat model of {count / 1e6:.1f} million parameters that shows what Millrace does. "
        "Trained by the recipe train-lm on public-domain and MIT-licensed texts and on "
        "conversations made by a program."
    )
    writer.add_context_length(shape.context)
    writer.add_embedding_length(shape.hidden)
    writer.add_block_count(shape.layers)
    writer.add_feed_forward_length(shape.ffn)
    writer.add_head_count(shape.heads)
    writer.add_head_count_kv(shape.kv_heads)
    writer.add_layer_norm_rms_eps(shape.norm_eps)
    writer.add_rope_dimension_count(shape.head_dim)
    writer.add_rope_freq_base(shape.rope_theta)
    writer.add_key_length(shape.head_dim)
    writer.add_value_length(shape.head_dim)
    writer.add_vocab_size(shape.vocab)
    writer.add_file_type(file_type)
    writer.add_quantization_version(gguf.GGML_QUANT_VERSION)


def _add_tokenizer(writer: gguf.GGUFWriter, trained: Trained) -> None:
    """Write the vocabulary; roles and marks are control tokens, so that no text can forge them."""
    parts = json.loads(trained.bpe.to_str())["model"]
    vocab = sorted(parts["vocab"], key=parts["vocab"].get)
    merges = [m if isinstance(m, str) else " ".join(m) for m in parts["merges"]]
    control, normal = gguf.TokenType.CONTROL, gguf.TokenType.NORMAL
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("gpt-2")
    writer.add_token_list(vocab)
    writer.add_token_types([control if t in SPECIAL else normal for t in vocab])
    writer.add_token_merges(merges)
    writer.add_bos_token_id(trained.bpe.token_to_id(BOS))
    writer.add_eos_token_id(trained.bpe.token_to_id(END))
    writer.add_eot_token_id(trained.bpe.token_to_id(END))
    writer.add_pad_token_id(trained.bpe.token_to_id(PAD))
    writer.add_add_bos_token(False)  # the chat template writes it
    writer.add_add_eos_token(False)
    writer.add_add_space_prefix(False)
    writer.add_chat_template(CHAT_TEMPLATE)


def _add_tensor(writer: gguf.GGUFWriter, name: str, weight: np.ndarray, kind: Kind) -> None:
    if weight.ndim == 1 or kind == Kind.F32:  # norms stay as they are in every kind
        writer.add_tensor(name, weight)
    elif kind == Kind.F16:
        writer.add_tensor(name, weight.astype(np.float16))
    else:
        writer.add_tensor(name, gguf.quants.quantize(weight, kind), raw_dtype=kind)


def as_array(tensor: Tensor) -> np.ndarray:
    """Return a tensor as a contiguous float32 array."""
    return np.ascontiguousarray(tensor.detach().float().numpy())


def write_gguf(trained: Trained, path: Path, kind: str) -> None:
    """Write one GGUF file; a reader never sees half of it."""
    tensor_kind, file_type = KINDS[kind]
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_name(path.name + ".tmp")
    writer = gguf.GGUFWriter(half, "llama")
    _describe(writer, trained, file_type)
    _add_tokenizer(writer, trained)
    for theirs, ours in tensor_names(trained.shape).items():
        weight = as_array(trained.weights[theirs])
        heads = rotary_heads(theirs, trained.shape)
        _add_tensor(writer, ours, interleave(weight, heads) if heads else weight, tensor_kind)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    os.replace(half, path)
