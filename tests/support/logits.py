"""Logits made of nothing."""

import numpy as np

from engine.worker.candidates import Logits


def aligned(rows: int, vocabulary: int, *, off: int = 0) -> Logits:
    """Room for them where ggml can read them, as llama.cpp's own are; or so many floats off."""
    memory = np.empty(rows * vocabulary + 32, np.float32)
    start = -memory.ctypes.data % 64 // 4 + off
    return memory[start : start + rows * vocabulary].reshape(rows, vocabulary)
