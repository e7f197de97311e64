"""Greedy text from a trained model, for samples and model cards."""

from __future__ import annotations

import torch

from .batches import Encoder
from .checkpoint import Trained
from .conversations import Conversation
from .model import LanguageModel


@torch.inference_mode()
def greedy(model: LanguageModel, ids: list[int], limit: int, stop: int) -> list[int]:
    """Return up to `limit` most likely tokens after `ids`, without the stop token."""
    window = list(ids)
    for _ in range(limit):
        best = int(model(torch.tensor([window]))[0, -1].argmax())
        if best == stop:
            break
        window.append(best)
    return window[len(ids) :]


class Speaker:
    """Answers questions and continues texts, always with the most likely token."""

    def __init__(self, trained: Trained) -> None:
        self.bpe = trained.bpe
        self.model = trained.network()
        self.encoder = Encoder(trained.bpe)

    def answer(self, *messages: tuple[str, str], limit: int = 160) -> str:
        """Answer the last of the (role, content) messages."""
        ids, _ = self.encoder.conversation(Conversation(messages))
        prompt = [*ids, self.encoder.roles["assistant"]]
        return self.bpe.decode(greedy(self.model, prompt, limit, self.encoder.end))

    def proceed(self, text: str, limit: int = 60) -> str:
        """Continue a plain text."""
        ids = [self.encoder.bos, *self.encoder.words(text)]
        return self.bpe.decode(greedy(self.model, ids, limit, self.encoder.end))
