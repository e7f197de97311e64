"""A WordPiece tokenizer, as BERT's: small letters, accents taken off."""

from __future__ import annotations

import random
import re

from tokenizers import Encoding, Tokenizer
from tokenizers.models import WordPiece
from tokenizers.normalizers import BertNormalizer
from tokenizers.pre_tokenizers import BertPreTokenizer
from tokenizers.processors import TemplateProcessing
from tokenizers.trainers import WordPieceTrainer

PAD, UNKNOWN, BEGIN, END = "[PAD]", "[UNK]", "[CLS]", "[SEP]"
SPECIAL = [PAD, UNKNOWN, BEGIN, END]


def train_tokenizer(texts: list[str], vocabulary: int) -> Tokenizer:
    """Learn word pieces from texts; ids 0 to 3 are padding, unknown, beginning and end."""
    tokenizer = Tokenizer(WordPiece(unk_token=UNKNOWN))
    tokenizer.normalizer = BertNormalizer(lowercase=True, strip_accents=True)
    tokenizer.pre_tokenizer = BertPreTokenizer()
    trainer = WordPieceTrainer(vocab_size=vocabulary, special_tokens=SPECIAL, show_progress=False)
    tokenizer.train_from_iterator(texts, trainer)
    tokenizer.post_processor = TemplateProcessing(
        single=f"{BEGIN} $A {END}", special_tokens=[(BEGIN, SPECIAL.index(BEGIN)), (END, SPECIAL.index(END))]
    )
    return tokenizer


def shortened(encoding: Encoding, tokens_max: int) -> list[int]:
    """Ids of a text, cut to a length, with its end mark kept."""
    ids = list(encoding.ids)
    return ids if len(ids) <= tokens_max else [*ids[: tokens_max - 1], ids[-1]]


def without_words(rng: random.Random, text: str, share: float) -> str:
    """Leave out a share of the words, so that no single one decides what belongs together."""
    words = text.split()
    kept = [word for word in words if rng.random() >= share]
    return " ".join(kept) if len(kept) >= 2 else text


def words_of(text: str) -> list[str]:
    """Words in small letters, for the baseline that only counts them."""
    return re.findall(r"[a-z]+|\d+", text.lower())
