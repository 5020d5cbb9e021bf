"""LoRA adapters of real form whose weights mean nothing, but change what is said."""

import struct
from pathlib import Path

import numpy as np

from tests.support.gguf_bytes import Plain, padded, pair, tensor_line

_RANK = 4
_INNER = 1536  # SmolLM2-135M's


def write_adapter(
    path: Path, *, seed: int = 1, embedding: int = 576, strength: float = 0.5
) -> None:
    """Write one for the last layers of SmolLM2-135M, or of a model of another width."""
    source = np.random.default_rng(seed)
    lines: list[bytes] = []
    body = bytearray()
    for layer in range(26, 30):
        weight = f"blk.{layer}.ffn_down.weight"
        for name, shape in (
            (f"{weight}.lora_a", (_INNER, _RANK)),
            (f"{weight}.lora_b", (_RANK, embedding)),
        ):
            values = source.normal(0, strength, shape[0] * shape[1])
            lines.append(tensor_line(name, 0, shape, len(body)))
            body += values.astype("<f4").tobytes()
            body += bytes(padded(len(body)) - len(body))
    metadata: dict[str, Plain] = {
        "general.architecture": "llama",
        "general.type": "adapter",
        "general.name": "Ghost",
        "adapter.type": "lora",
        "adapter.lora.alpha": float(_RANK),
    }
    head = b"GGUF" + struct.pack("<IQQ", 3, len(lines), len(metadata))
    header = head + b"".join(pair(key, value) for key, value in metadata.items()) + b"".join(lines)
    path.write_bytes(header.ljust(padded(len(header)), b"\0") + bytes(body))
