"""ONNX export: float32, then weights in 8 bits, with everything that serving needs in the file itself."""

from __future__ import annotations

import logging
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from onnx import ModelProto, helper, numpy_helper
from onnxruntime.quantization.matmul_nbits_quantizer import DefaultWeightOnlyQuantConfig, MatMulNBitsQuantizer
from tokenizers import Tokenizer

from .model import Encoder

logging.disable(logging.WARNING)  # the exporter and the quantiser report on every node

LICENCE = "Apache-2.0"
INPUTS = ["input_ids", "attention_mask"]
OUTPUT = "text_embedding"  # "embedding" is the name of a value inside, and the exporter does not notice
BLOCK = 32  # numbers that share a scale


def export_float(model: Encoder, path: Path) -> None:
    """Write the network as it is, for any number of texts of any length.

    The two inputs are different tensors: given the same one for both, the exporter would merge them.
    """
    ids = torch.ones(2, 16, dtype=torch.long)
    batch = torch.export.Dim("batch", min=1, max=65536)
    tokens = torch.export.Dim("tokens", min=2, max=model.shape.tokens_max)
    torch.onnx.export(
        model.eval(),
        (ids, ids.clone()),
        path,
        input_names=INPUTS,
        output_names=[OUTPUT],
        dynamo=True,
        external_data=False,
        dynamic_shapes=({0: batch, 1: tokens}, {0: batch, 1: tokens}),
        verbose=False,
    )


def quantise_table(model: ModelProto, name: str) -> None:
    """Keep a table of embeddings in 8 bits, a scale for each row; rows are scaled when they are looked up."""
    graph = model.graph
    table = next(one for one in graph.initializer if one.name == name)
    lookup = next(node for node in graph.node if node.op_type == "Gather" and node.input[0] == name)
    values = numpy_helper.to_array(table)
    scale = np.maximum(np.abs(values).max(1, keepdims=True), 1e-9) / 127.0
    small = np.clip(np.round(values / scale), -127, 127).astype(np.int8)
    graph.initializer.remove(table)
    graph.initializer.extend(
        [
            numpy_helper.from_array(small, f"{name}.int8"),
            numpy_helper.from_array(scale.astype(np.float32), f"{name}.scale"),
        ]
    )
    ids, out = lookup.input[1], lookup.output[0]
    at = list(graph.node).index(lookup)
    graph.node.remove(lookup)
    made = [
        helper.make_node("Gather", [f"{name}.int8", ids], [f"{out}.int8"]),
        helper.make_node("Cast", [f"{out}.int8"], [f"{out}.float"], to=onnx.TensorProto.FLOAT),
        helper.make_node("Gather", [f"{name}.scale", ids], [f"{out}.scale"]),
        helper.make_node("Mul", [f"{out}.float", f"{out}.scale"], [out]),
    ]
    for offset, node in enumerate(made):
        graph.node.insert(at + offset, node)


def quantise(source: Path, target: Path) -> None:
    """Write a copy whose matrices are in 8 bits, in blocks.

    The texts' own numbers are rounded row by row while computing, never over the whole batch: what a
    text's vector is does not depend on the texts that happen to be beside it.
    """
    model = onnx.load(source)
    del model.graph.value_info[:]  # left in, shapes of the exporter contradict those of new nodes
    config = DefaultWeightOnlyQuantConfig(block_size=BLOCK, is_symmetric=True, accuracy_level=4, bits=8)
    quantiser = MatMulNBitsQuantizer(model, algo_config=config)
    quantiser.process()
    small = quantiser.model.model
    tables = [one.name for one in small.graph.initializer if one.name.endswith("tokens.weight")]
    for name in tables:
        quantise_table(small, name)
    onnx.save(small, target)


def add_notes(path: Path, tokenizer: Tokenizer, tokens_max: int) -> None:
    """Put into the file what serving needs: Millrace reads these notes."""
    model = onnx.load(path)
    tokenizer.no_padding()
    tokenizer.no_truncation()
    helper.set_model_props(
        model,
        {
            "millrace.task": "embedding",
            "millrace.tokenizer": tokenizer.to_str(),
            "millrace.pooling": "none",
            "millrace.max_tokens": str(tokens_max),
            "millrace.licence": LICENCE,
        },
    )
    model.producer_name = "millrace train-encoder"
    onnx.save(model, path)


def session(path: Path) -> onnxruntime.InferenceSession:
    """Load a file to run on one thread."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])


def run(model: onnxruntime.InferenceSession, ids: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """Vectors of texts, given as ids and mask of the shape (texts, tokens)."""
    return model.run([OUTPUT], {"input_ids": ids, "attention_mask": mask})[0]
