"""Read a GGUF file of this recipe back: shape, weights as float32, tokenizer."""

from __future__ import annotations

from pathlib import Path

import gguf
import numpy as np
import torch
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers

from .checkpoint import Trained
from .export import rotary_heads, separate, tensor_names
from .model import Shape
from .tokenizer import SPECIAL


def _shape(reader: gguf.GGUFReader) -> Shape:
    def value(key: str) -> float:
        return reader.get_field(f"llama.{key}").contents()

    return Shape(
        vocab=int(value("vocab_size")),
        hidden=int(value("embedding_length")),
        layers=int(value("block_count")),
        heads=int(value("attention.head_count")),
        kv_heads=int(value("attention.head_count_kv")),
        ffn=int(value("feed_forward_length")),
        context=int(value("context_length")),
        rope_theta=float(value("rope.freq_base")),
        # The file keeps 32 bits; the shortest decimal of them is what was meant.
        norm_eps=float(f"{value('attention.layer_norm_rms_epsilon'):.6g}"),
    )


def _tokenizer(reader: gguf.GGUFReader) -> Tokenizer:
    tokens = reader.get_field("tokenizer.ggml.tokens").contents()
    merges = [tuple(m.split(" ")) for m in reader.get_field("tokenizer.ggml.merges").contents()]
    bpe = Tokenizer(models.BPE(vocab={t: i for i, t in enumerate(tokens)}, merges=merges))
    bpe.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True)
    bpe.decoder = decoders.ByteLevel()
    bpe.add_special_tokens([AddedToken(t, special=True, normalized=False) for t in SPECIAL])
    return bpe


def read_gguf(path: Path) -> Trained:
    """Read a file that `write_gguf` wrote; quantised tensors are dequantised."""
    reader = gguf.GGUFReader(path)
    shape = _shape(reader)
    tensors = {t.name: t for t in reader.tensors}
    weights = {}
    for theirs, ours in tensor_names(shape).items():
        tensor = tensors[ours]
        weight = gguf.quants.dequantize(tensor.data, tensor.tensor_type).astype(np.float32)
        heads = rotary_heads(theirs, shape)
        weights[theirs] = torch.from_numpy(separate(weight, heads) if heads else weight.copy())
    return Trained(shape, weights, _tokenizer(reader))
