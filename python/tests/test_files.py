"""Files of a tiny random model: GGUF there and back, checkpoint, chat template, parity."""

import json
from pathlib import Path

import gguf
import pytest
import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

from millrace.recipes.train_lm import parity
from millrace.recipes.train_lm.batches import Encoder
from millrace.recipes.train_lm.checkpoint import Trained, save_hugging_face
from millrace.recipes.train_lm.conversations import Conversation
from millrace.recipes.train_lm.export import interleave, separate, write_gguf
from millrace.recipes.train_lm.import_gguf import read_gguf
from millrace.recipes.train_lm.model import LanguageModel, Shape
from millrace.recipes.train_lm.tokenizer import SPECIAL, train_tokenizer

TEXTS = ["The quick brown fox jumps over 13 lazy dogs; it's 12 o'clock.", "Ein Café in München – 日本語"] * 3
TINY = Shape(vocab=288, hidden=64, layers=2, heads=2, kv_heads=1, ffn=96, context=64)


@pytest.fixture(scope="module")
def trained() -> Trained:
    torch.manual_seed(0)
    model = LanguageModel(TINY)
    for p in model.parameters():  # large enough for clear differences between logits
        torch.nn.init.normal_(p, mean=1.0 if p.ndim == 1 else 0.0, std=0.2)
    return Trained(TINY, model.state_dict(), train_tokenizer(TEXTS, TINY.vocab))


def test_tokenizer_reads_digit_by_digit_and_loses_nothing(trained: Trained) -> None:
    text = "In 1234, naïve 猫 said “42”.\n\n\tEnd"
    ids = trained.bpe.encode(text, add_special_tokens=False).ids
    assert trained.bpe.decode(ids) == text
    merged = [t for t in trained.bpe.get_vocab() if sum(c.isdigit() for c in t) > 1]
    assert merged == []


def test_rows_of_rotary_heads_go_there_and_back() -> None:
    weight = torch.randn(8 * 4, 6).numpy()
    assert (separate(interleave(weight, 4), 4) == weight).all()


def test_f32_file_holds_exactly_the_weights(trained: Trained, tmp_path: Path) -> None:
    path = tmp_path / "m-f32.gguf"
    write_gguf(trained, path, "f32")
    back = read_gguf(path)
    assert back.shape == TINY
    assert all(torch.equal(back.weights[n], w) for n, w in trained.weights.items())
    text = "It's 12 o'clock in München"
    assert back.bpe.encode(text).ids == trained.bpe.encode(text).ids
    assert list(tmp_path.iterdir()) == [path]


def test_q8_0_file_is_close_and_describes_itself(trained: Trained, tmp_path: Path) -> None:
    path = tmp_path / "m-q8_0.gguf"
    write_gguf(trained, path, "q8_0")
    back = read_gguf(path)
    for name, weight in trained.weights.items():
        assert (back.weights[name] - weight).abs().max() <= weight.abs().max() / 127
    fields = gguf.GGUFReader(path).fields
    assert fields["general.license"].contents() == "apache-2.0"
    assert "message['content']" in fields["tokenizer.chat_template"].contents()
    types = fields["tokenizer.ggml.token_type"].contents()
    assert types[: len(SPECIAL)] == [int(gguf.TokenType.CONTROL)] * len(SPECIAL)
    assert set(types[len(SPECIAL) :]) == {int(gguf.TokenType.NORMAL)}


def test_checkpoint_computes_what_the_network_computes(trained: Trained, tmp_path: Path) -> None:
    save_hugging_face(trained, tmp_path)
    theirs = AutoModelForCausalLM.from_pretrained(tmp_path, dtype=torch.float32).eval()
    ids = torch.randint(0, TINY.vocab, (2, 33))
    with torch.inference_mode():
        torch.testing.assert_close(trained.network()(ids), theirs(ids).logits, atol=2e-4, rtol=1e-4)


def test_template_equals_the_training_form(trained: Trained, tmp_path: Path) -> None:
    save_hugging_face(trained, tmp_path)
    tokenizer = AutoTokenizer.from_pretrained(tmp_path)
    messages = (("system", "Be kind."), ("user", "Hi 12"), ("assistant", "Hello."))
    chat = [{"role": r, "content": c} for r, c in messages]
    text = tokenizer.apply_chat_template(chat, tokenize=False)
    assert text == "<|bos|><|system|>Be kind.<|end|><|user|>Hi 12<|end|><|assistant|>Hello.<|end|>"
    ids, weights = Encoder(trained.bpe).conversation(Conversation(messages))
    assert tokenizer(text, add_special_tokens=False).input_ids == ids
    assert len(weights) == len(ids) and weights[-1] == 1.0 and weights[3] < 1.0
    prompt = tokenizer.apply_chat_template(chat[:2], tokenize=False, add_generation_prompt=True)
    assert prompt.endswith("<|end|><|assistant|>")


def test_references_are_complete(trained: Trained, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parity, "NEW_TOKENS", 4)
    write_gguf(trained, tmp_path / "m-q8_0.gguf", "q8_0")
    expected = parity.write_references(tmp_path / "m-q8_0.gguf", tmp_path / "out")
    assert len(expected["prompts"]) == 20
    assert json.loads((tmp_path / "out" / "expected.json").read_text("utf-8")) == expected
    files = [read_gguf(tmp_path / "out" / row["file"]) for row in expected["files"]]
    for name, weight in files[0].weights.items():
        assert torch.equal(weight, files[1].weights[name])
