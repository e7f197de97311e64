"""The encoder: its pairs, its tokenizer, and that the exported files compute what the network computes."""

from pathlib import Path

import numpy as np
import pytest
import torch

from millrace.recipes.train_encoder.model import Encoder, Shape
from millrace.recipes.train_encoder.pairs import SPAN_WORDS, Pairs, neighbours, paraphrases, spans
from millrace.recipes.train_encoder.tokenizer import train_tokenizer
from millrace.recipes.train_encoder.train import contrast, encode

SMALL = Shape(vocabulary=300, hidden=64, layers=2, heads=2, ffn=128, tokens_max=32)
TEXTS = [
    "It was 7 o'clock and nobody came to the door of the old house.",
    "Nobody came.",
    "The old house stood at the end of the street, and its door was shut; it had been shut for years.",
    "At seven the door was shut.",
    "Who came to the house?",
]


def test_pieces_of_a_text_are_whole_and_not_too_long() -> None:
    text = " ".join(TEXTS * 3)
    pieces = spans(text)
    assert all(4 <= len(piece.split()) <= SPAN_WORDS for piece in pieces)
    assert all(piece in text for piece in pieces)
    assert neighbours(text)[0] == [pieces[0], pieces[1]]
    assert neighbours(("question", "answer")) == [["question", "answer"]]


def test_no_group_of_questions_both_trains_and_judges() -> None:
    train, judged = paraphrases()
    assert len(judged) > 50
    assert len(train) > 5 * len(judged)
    texts = {text for group in train for text in group}
    # Small talk shares some of its answers; questions are of one side only.
    assert not {group[0] for group in judged} & texts


def test_batches_are_repeatable_and_of_different_groups() -> None:
    train, _ = paraphrases()
    family = type("F", (), {"train": train, "weight": 1.0})()
    drawn = [Pairs([family], seed=3).draw(20) for _ in range(2)]
    assert drawn[0] == drawn[1]
    assert all(first != second for first, second in drawn[0])


def test_loss_is_small_for_partners_and_large_for_strangers() -> None:
    vectors = torch.nn.functional.normalize(torch.randn(8, 16, generator=torch.manual_seed(1)), dim=-1)
    assert contrast(vectors, vectors, 0.05) < contrast(vectors, vectors.roll(1, 0), 0.05)


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> tuple:
    pytest.importorskip("onnxscript")
    pytest.importorskip("onnxruntime")
    from millrace.recipes.train_encoder import export

    torch.manual_seed(4)
    folder: Path = tmp_path_factory.mktemp("encoder")
    tokenizer = train_tokenizer(TEXTS, SMALL.vocabulary)
    model = Encoder(SMALL).eval()
    export.export_float(model, folder / "float.onnx")
    export.quantise(folder / "float.onnx", folder / "small.onnx")
    for name in ("float", "small"):
        export.add_notes(folder / f"{name}.onnx", tokenizer, SMALL.tokens_max)
    return export, model, tokenizer, folder


def vectors_of(exported: tuple, name: str, texts: list[str]) -> np.ndarray:
    export, _, tokenizer, folder = exported
    ids, mask = encode(tokenizer, texts, SMALL.tokens_max)
    return export.run(export.session(folder / f"{name}.onnx"), ids.numpy(), mask.numpy())


@pytest.mark.parametrize("count", [1, 3, 5])
def test_files_compute_what_the_network_computes_at_any_shape(exported: tuple, count: int) -> None:
    _, model, tokenizer, _ = exported
    ids, mask = encode(tokenizer, TEXTS[:count], SMALL.tokens_max)
    with torch.inference_mode():
        wanted = model(ids, mask).numpy()
    assert np.abs(vectors_of(exported, "float", TEXTS[:count]) - wanted).max() < 1e-5
    assert (vectors_of(exported, "small", TEXTS[:count]) * wanted).sum(1).min() > 0.99


def test_a_text_is_the_same_alone_and_among_others(exported: tuple) -> None:
    for name in ("float", "small"):
        together = vectors_of(exported, name, TEXTS)
        alone = np.concatenate([vectors_of(exported, name, [text]) for text in TEXTS])
        assert np.abs(together - alone).max() < 1e-5


def test_the_file_holds_what_serving_needs(exported: tuple) -> None:
    onnx = pytest.importorskip("onnx")
    _, _, tokenizer, folder = exported
    notes = {p.key: p.value for p in onnx.load(folder / "small.onnx").metadata_props}
    assert notes["millrace.task"] == "embedding"
    assert notes["millrace.max_tokens"] == str(SMALL.tokens_max)
    assert notes["millrace.tokenizer"] == tokenizer.to_str()
