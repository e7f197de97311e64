"""Trains a small text encoder: sentences that mean the same get vectors that point the same way."""
