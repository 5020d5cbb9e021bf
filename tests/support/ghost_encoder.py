"""A tiny BERT of real form whose weights mean nothing: it embeds, or, with a head, it ranks."""

import struct
from pathlib import Path
from string import ascii_lowercase, digits

import numpy as np

from tests.support.gguf_bytes import Plain, padded, pair, tensor_line

CONTEXT_TOKENS = 96
WIDTH = 32

_INNER, _HEADS, _LAYERS = 64, 4, 2
_SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
_WORDS = ("hello", "world", "the", "cat", "dog", "sat", "on", "mat", "query", "paris", "france")
_CONTROL, _NORMAL, _UNKNOWN = 3, 1, 2
NO_POOLING, MEAN, CLS, RANK = 0, 1, 2, 4


def write_encoder(
    path: Path,
    *,
    pooling: int | None = MEAN,
    labels: int = 1,
    form: str | None = None,
    seed: int = 1,
) -> None:
    """Write one; `pooling` is llama.cpp's number, None for a file that does not say.

    With pooling RANK it has a head with so many outputs, and perhaps a form for pairs.
    """
    tokens = _tokens()
    source = np.random.default_rng(seed)
    lines: list[bytes] = []
    body = bytearray()
    for name, shape in _shapes(len(tokens), labels if pooling == RANK else 0).items():
        count = int(np.prod(shape))
        plain = "norm" in name and name.endswith("weight")
        values = np.ones(count) if plain else source.normal(0, 0.3, count)
        lines.append(tensor_line(name, 0, shape, len(body)))
        body += values.astype("<f4").tobytes()
        body += bytes(padded(len(body)) - len(body))
    metadata = _metadata(tokens)
    if pooling is not None:
        metadata["bert.pooling_type"] = pooling
    if pooling == RANK and labels > 1:
        metadata["bert.classifier.output_labels"] = [f"label{one}" for one in range(labels)]
    if form is not None:
        metadata["tokenizer.chat_template.rerank"] = form
    head = b"GGUF" + struct.pack("<IQQ", 3, len(lines), len(metadata))
    header = head + b"".join(pair(*entry) for entry in metadata.items()) + b"".join(lines)
    path.write_bytes(header.ljust(padded(len(header)), b"\0") + body)


def _tokens() -> list[str]:
    letters = ascii_lowercase + digits + ".,?!-"
    starts = [f"▁{one}" for one in (*_WORDS, *letters)]
    return [*_SPECIAL, *starts, *letters]


def _metadata(tokens: list[str]) -> dict[str, Plain]:
    kinds = [_UNKNOWN if one == "[UNK]" else _CONTROL for one in _SPECIAL]
    return {
        "general.architecture": "bert",
        "general.name": "Ghost",
        "general.file_type": 0,
        "bert.block_count": _LAYERS,
        "bert.context_length": CONTEXT_TOKENS,
        "bert.embedding_length": WIDTH,
        "bert.feed_forward_length": _INNER,
        "bert.attention.head_count": _HEADS,
        "bert.attention.layer_norm_epsilon": 1e-12,
        "bert.attention.causal": False,
        "tokenizer.ggml.model": "bert",
        "tokenizer.ggml.tokens": tokens,
        "tokenizer.ggml.token_type": [*kinds, *[_NORMAL] * (len(tokens) - len(kinds))],
        "tokenizer.ggml.token_type_count": 2,
        "tokenizer.ggml.padding_token_id": 0,
        "tokenizer.ggml.unknown_token_id": 1,
        "tokenizer.ggml.bos_token_id": 2,
        "tokenizer.ggml.cls_token_id": 2,
        "tokenizer.ggml.seperator_token_id": 3,
        "tokenizer.ggml.mask_token_id": 4,
    }


def _shapes(vocabulary: int, labels: int) -> dict[str, tuple[int, ...]]:
    shapes: dict[str, tuple[int, ...]] = {
        "token_embd.weight": (WIDTH, vocabulary),
        "token_types.weight": (WIDTH, 2),
        "position_embd.weight": (WIDTH, CONTEXT_TOKENS),
        "token_embd_norm.weight": (WIDTH,),
        "token_embd_norm.bias": (WIDTH,),
    }
    for layer in range(_LAYERS):
        block = f"blk.{layer}."
        for name in ("attn_q", "attn_k", "attn_v", "attn_output"):
            shapes |= {f"{block}{name}.weight": (WIDTH, WIDTH), f"{block}{name}.bias": (WIDTH,)}
        for name in ("attn_output_norm", "layer_output_norm"):
            shapes |= {f"{block}{name}.weight": (WIDTH,), f"{block}{name}.bias": (WIDTH,)}
        shapes[f"{block}ffn_up.weight"] = (WIDTH, _INNER)
        shapes[f"{block}ffn_up.bias"] = (_INNER,)
        shapes[f"{block}ffn_down.weight"] = (_INNER, WIDTH)
        shapes[f"{block}ffn_down.bias"] = (WIDTH,)
    if labels:
        shapes["cls.weight"] = (WIDTH, WIDTH)
        shapes["cls.bias"] = (WIDTH,)
        shapes["cls.output.weight"] = (WIDTH, labels)
        shapes["cls.output.bias"] = (labels,)
    return shapes
