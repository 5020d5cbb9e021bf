"""A projector of real form whose weights mean nothing, and pictures to show it.

It sees a picture of 28 × 28 in four patches, and gives four embeddings of the model's width.
"""

import struct
import zlib
from pathlib import Path

import numpy as np

from tests.support.gguf_bytes import Plain, padded, pair, tensor_line

PICTURE_TOKENS = 4

_SIDE, _PATCH, _WIDTH, _INNER, _HEADS = 28, 14, 32, 64, 4


def write_projector(path: Path, *, embedding: int = 576, seed: int = 1) -> None:
    """Write one for a model of that width (SmolLM2-135M's by default)."""
    source = np.random.default_rng(seed)
    lines: list[bytes] = []
    body = bytearray()
    for name, shape in _shapes(embedding).items():
        count = int(np.prod(shape))
        plain = name.endswith(("ln.weight", "ln1.weight", "ln2.weight"))
        values = np.ones(count) if plain else source.normal(0, 0.2, count)
        lines.append(tensor_line(name, 0, shape, len(body)))
        body += values.astype("<f4").tobytes()
        body += bytes(padded(len(body)) - len(body))
    metadata: dict[str, Plain] = {
        "general.architecture": "clip",
        "general.type": "mmproj",
        "general.name": "Ghost",
        "general.file_type": 0,
        "clip.has_vision_encoder": True,
        "clip.projector_type": "mlp",
        "clip.use_gelu": True,
        "clip.vision.image_size": _SIDE,
        "clip.vision.patch_size": _PATCH,
        "clip.vision.embedding_length": _WIDTH,
        "clip.vision.feed_forward_length": _INNER,
        "clip.vision.projection_dim": embedding,
        "clip.vision.attention.head_count": _HEADS,
        "clip.vision.attention.layer_norm_epsilon": 1e-5,
        "clip.vision.block_count": 1,
        "clip.vision.image_mean": [0.5, 0.5, 0.5],
        "clip.vision.image_std": [0.5, 0.5, 0.5],
    }
    head = b"GGUF" + struct.pack("<IQQ", 3, len(lines), len(metadata))
    header = head + b"".join(pair(*entry) for entry in metadata.items()) + b"".join(lines)
    path.write_bytes(header.ljust(padded(len(header)), b"\0") + body)


def png(width: int, height: int, colour: tuple[int, int, int], *, seed: int | None = None) -> bytes:
    """A picture of one colour; with a seed, of noise around it."""
    pixels = np.full((height, width, 3), colour, np.uint8)
    if seed is not None:
        noise = np.random.default_rng(seed).integers(0, 64, pixels.shape, np.uint8)
        pixels = np.clip(pixels.astype(int) + noise, 0, 255).astype(np.uint8)
    rows = b"".join(b"\0" + row.tobytes() for row in pixels)
    size = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = (b"IHDR", size), (b"IDAT", zlib.compress(rows)), (b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*part) for part in parts)


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def _shapes(embedding: int) -> dict[str, tuple[int, ...]]:
    shapes: dict[str, tuple[int, ...]] = {
        "v.patch_embd.weight": (_PATCH, _PATCH, 3, _WIDTH),
        "v.position_embd.weight": (_WIDTH, PICTURE_TOKENS + 1),
        "v.class_embd": (_WIDTH,),
        "v.blk.0.ffn_up.weight": (_WIDTH, _INNER),
        "v.blk.0.ffn_up.bias": (_INNER,),
        "v.blk.0.ffn_down.weight": (_INNER, _WIDTH),
        "v.blk.0.ffn_down.bias": (_WIDTH,),
        "mm.0.weight": (_WIDTH, embedding),
        "mm.0.bias": (embedding,),
        "mm.2.weight": (embedding, embedding),
        "mm.2.bias": (embedding,),
    }
    for name in ("v.blk.0.attn_q", "v.blk.0.attn_k", "v.blk.0.attn_v", "v.blk.0.attn_out"):
        shapes |= {f"{name}.weight": (_WIDTH, _WIDTH), f"{name}.bias": (_WIDTH,)}
    for name in ("v.pre_ln", "v.blk.0.ln1", "v.blk.0.ln2"):
        shapes |= {f"{name}.weight": (_WIDTH,), f"{name}.bias": (_WIDTH,)}
    return shapes
