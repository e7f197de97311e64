"""Train a small LLaMA-architecture chat model and export it as GGUF."""
