"""Chat forms made by a program: questions with answers, seeded and split into train and held out."""

from .dialogue import Conversation, Maker

__all__ = ["Conversation", "Maker"]
