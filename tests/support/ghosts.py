"""Ghosts: GGUF files of real shape whose weights mean nothing. Needs numpy alone.

    python -m tests.support.ghosts qwen3-30b-a3b OUT.gguf [--header-only] [--tokenizer FILE]
    python -m tests.support.ghosts deepseek-r1-671b:IQ1_S OUT.gguf

What they say is noise, but finite noise: they load, decode, and cost what the real ones cost.
"""

import argparse
import struct
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.gguf.format import SCALAR_LETTER, TENSOR_TYPES, ValueType
from tests.support.gguf_bytes import Plain, padded, pair, tensor_bytes, tensor_line, text
from tests.support.ghost_dimensions import DIMENSIONS
from tests.support.ghost_shapes import GhostTensor, Role, build

_TILE_BYTES = 16 << 20
_WRITERS = 8
_NUMBER = {kind.name: number for number, kind in TENSOR_TYPES.items()}


@dataclass(frozen=True, slots=True)
class Quantization:
    """Which type each role gets; `more` is for sensitive tensors in the layers that need it."""

    file_type: int
    weights: str
    more: str
    embedding: str
    output: str
    experts: str
    more_experts: str


QUANTIZATIONS = {
    "F16": Quantization(1, *("F16",) * 6),
    "Q8_0": Quantization(7, *("Q8_0",) * 6),
    "Q6_K": Quantization(18, *("Q6_K",) * 6),
    "Q5_K_M": Quantization(17, "Q5_K", "Q6_K", "Q5_K", "Q6_K", "Q5_K", "Q6_K"),
    "Q4_K_M": Quantization(15, "Q4_K", "Q6_K", "Q4_K", "Q6_K", "Q4_K", "Q6_K"),
    "IQ4_XS": Quantization(30, "IQ4_XS", "Q5_K", "IQ4_XS", "Q6_K", "IQ4_XS", "Q5_K"),
    "Q4_0": Quantization(2, "Q4_0", "Q4_0", "Q4_0", "Q6_K", "Q4_0", "Q4_0"),
    "Q3_K_M": Quantization(12, "Q3_K", "Q5_K", "Q3_K", "Q6_K", "Q3_K", "Q4_K"),
    "Q2_K": Quantization(10, "Q2_K", "Q3_K", "Q2_K", "Q6_K", "Q2_K", "Q3_K"),
    "IQ1_S": Quantization(24, "Q4_K", "Q4_K", "Q4_K", "Q6_K", "IQ1_S", "IQ1_S"),
    "MXFP4": Quantization(38, "Q8_0", "Q8_0", "Q8_0", "Q8_0", "MXFP4", "MXFP4"),
}


@dataclass(frozen=True, slots=True)
class Scales:
    """Where a block keeps its half-precision scales; its other bytes may be anything.

    `spread` is how far weights of such bytes lie around 0 at a scale of 1, once what `minimum`
    multiplies is taken off: so many times the scale centres them.
    """

    scale: int
    spread: float
    minimum: int | None = None
    centre: float = 0.0


_SCALES = {
    "Q4_0": Scales(0, 4.6),
    "Q8_0": Scales(0, 74),
    "Q2_K": Scales(80, 14, minimum=82, centre=1.5),
    "Q3_K": Scales(108, 43),
    "Q4_K": Scales(0, 255, minimum=2, centre=7.5),
    "Q5_K": Scales(0, 520, minimum=2, centre=15.5),
    "Q6_K": Scales(208, 1370),
    "IQ1_S": Scales(0, 7.6),
    "IQ4_XS": Scales(0, 1390),
}
# As far as trained weights lie around 0. Any more, and a card's half-precision sums overflow in
# the deeper layers: every logit is then no number, and sampling costs what it never does.
_WEIGHT = 0.02


def write_ghost(
    shape: str, path: Path, *, whole: bool = True, header: Path | None = None, parts: int = 1
) -> int:
    """Write a ghost; gives the bytes of all its files.

    `shape` is a name of DIMENSIONS, with `:QUANT` for another than its usual quantization. Without
    `whole` the file is only a header and a hole of the right size. `header` is a real GGUF whose
    tokenizer it gets, else a made-up one over bytes. With `parts` > 1 it is a split set, and
    `path` names the first: …-00001-of-0000N.gguf.
    """
    name, _, quantization = shape.partition(":")
    tokenizer = None if header is None else _tokenizer_of(header)
    model = build(name, vocabulary=tokenizer.vocabulary if tokenizer else None)
    mixture = QUANTIZATIONS[quantization or model.quantization]
    pairs = [
        pair("general.architecture", model.architecture),
        pair("general.name", f"Ghost of {shape}"),
        pair("general.quantization_version", 2),
        pair("general.file_type", mixture.file_type),
        *(pair(key, value) for key, value in model.metadata.items()),
        *(tokenizer.pairs if tokenizer else _byte_tokenizer(model.vocabulary)),
    ]
    typed = [(tensor, type_of(tensor, mixture, model.layers)) for tensor in model.tensors]
    if parts == 1:
        return _write_file(path, pairs, typed, whole=whole)
    return sum(
        _write_file(
            part_path(path, number, parts),
            [*(pairs if number == 0 else pairs[:1]), *_split_pairs(number, parts, len(typed))],
            typed[number * len(typed) // parts : (number + 1) * len(typed) // parts],
            whole=whole,
        )
        for number in range(parts)
    )


def part_path(first: Path, number: int, parts: int) -> Path:
    """The file of part `number` (from 0) of the split set beginning with `first`."""
    stem = first.name.removesuffix(f"-00001-of-{parts:05}.gguf")
    return first.with_name(f"{stem}-{number + 1:05}-of-{parts:05}.gguf")


def type_of(tensor: GhostTensor, mixture: Quantization, layers: int) -> int:
    """The number of the tensor's type, as llama.cpp's quantizer would choose it."""
    match tensor.role:
        case Role.PLAIN:
            name = "F32"
        case Role.EMBEDDING:
            name = mixture.embedding
        case Role.OUTPUT:
            name = mixture.output
        case Role.WEIGHTS:
            name = mixture.weights
        case Role.SENSITIVE:
            name = mixture.more if _needs_more(tensor.layer, layers) else mixture.weights
        case Role.EXPERTS:
            name = mixture.experts
        case Role.SENSITIVE_EXPERTS:
            name = mixture.more_experts if _needs_more(tensor.layer, layers) else mixture.experts
    if tensor.dimensions[0] % TENSOR_TYPES[_NUMBER[name]].block_elements:
        name = "Q8_0"  # a row must be whole blocks
    return _NUMBER[name]


def _needs_more(layer: int | None, layers: int) -> bool:
    """The first and the last eighth, and every third between (llama-quant.cpp, use_more_bits)."""
    at = layer or 0
    return at < layers // 8 or at >= 7 * layers // 8 or (at - layers // 8) % 3 == 2


def _write_file(
    path: Path, pairs: list[bytes], tensors: list[tuple[GhostTensor, int]], *, whole: bool
) -> int:
    lines: list[bytes] = []
    places: list[tuple[int, int, bytes | None]] = []  # where, how many bytes, a tile
    tiles: dict[tuple[int, str], bytes] = {}
    offset = 0
    for tensor, number in tensors:
        size = tensor_bytes(number, tensor.dimensions)
        lines.append(tensor_line(tensor.name, number, tensor.dimensions, offset))
        if whole:
            kind = _kind_of(tensor.name) if number == 0 else ""
            tile = tiles.get((number, kind)) or _tile(number, kind)
            tiles[number, kind] = tile
            places.append((offset, size, tile))
        offset += padded(size)
    head = b"GGUF" + struct.pack("<IQQ", 3, len(tensors), len(pairs)) + b"".join([*pairs, *lines])
    head = head.ljust(padded(len(head)), b"\0")
    with path.open("wb") as file:
        file.write(head)
        file.truncate(len(head) + offset)  # the rest is a hole, where the disk has such
    if whole:
        pieces = _pieces(places, len(head))
        with ThreadPoolExecutor(_WRITERS) as pool:
            for done in [pool.submit(_put, path, bundle) for bundle in _bundles(pieces)]:
                done.result()
    return len(head) + offset


def _pieces(
    places: list[tuple[int, int, bytes | None]], start: int
) -> Iterator[tuple[int, memoryview]]:
    for offset, size, tile in places:
        assert tile is not None
        for done in range(0, size, len(tile)):
            yield start + offset + done, memoryview(tile)[: min(len(tile), size - done)]


def _bundles(
    pieces: Iterable[tuple[int, memoryview]],
) -> Iterator[list[tuple[int, memoryview]]]:
    """Pieces by the half gigabyte: one opened file writes many."""
    bundle: list[tuple[int, memoryview]] = []
    held = 0
    for piece in pieces:
        bundle.append(piece)
        held += len(piece[1])
        if held > 512 << 20:
            yield bundle
            bundle, held = [], 0
    yield bundle


def _put(path: Path, pieces: list[tuple[int, memoryview]]) -> None:
    with path.open("r+b", buffering=0) as file:
        for place, piece in pieces:
            file.seek(place)
            left = piece
            while left:
                left = left[file.write(left) :]


def _kind_of(name: str) -> str:
    if name.endswith("ssm_a"):
        return "decay"
    return "norm" if "norm" in name else "noise"


def _tile(number: int, kind: str) -> bytes:
    """A piece of a tensor of that type: random blocks with small scales."""
    name = TENSOR_TYPES[number].name
    size = TENSOR_TYPES[number].block_bytes
    blocks = _TILE_BYTES // size
    random = np.random.default_rng(number)
    if name == "F32":
        if kind == "noise":
            return (random.standard_normal(blocks, dtype=np.float32) * 0.02).tobytes()
        return np.full(blocks, 1.0 if kind == "norm" else -1.0, np.float32).tobytes()
    if name == "F16":
        return (random.standard_normal(blocks) * 0.02).astype(np.float16).tobytes()
    body = random.integers(0, 256, (blocks, size), dtype=np.uint8)
    if name == "MXFP4":  # an exponent
        body[:, 0] = random.integers(117, 121, blocks)
        return body.tobytes()
    scales = _SCALES[name]
    values = (random.random(blocks) + 0.5) * (_WEIGHT / scales.spread)
    _put_halves(body, scales.scale, values)
    if scales.minimum is not None:
        _put_halves(body, scales.minimum, values * scales.centre)
    return body.tobytes()


def _put_halves(body: NDArray[np.uint8], place: int, values: NDArray[np.float64]) -> None:
    body[:, place : place + 2] = values.astype(np.float16).view(np.uint8).reshape(len(body), 2)


def _split_pairs(number: int, parts: int, tensors: int) -> list[bytes]:
    def small(key: str, value: int) -> bytes:
        return text(key) + struct.pack("<IH", ValueType.UINT16, value)

    count = text("split.tensors.count") + struct.pack("<Ii", ValueType.INT32, tensors)
    return [small("split.no", number), small("split.count", parts), count]


@dataclass(frozen=True, slots=True)
class _Tokenizer:
    pairs: list[bytes]
    vocabulary: int


def _byte_tokenizer(vocabulary: int) -> list[bytes]:
    """A token for each byte, made-up words up to the size, and at the end BOS and EOS."""
    visible = [*range(33, 127), *range(161, 173), *range(174, 256)]
    hidden = [byte for byte in range(256) if byte not in visible]
    letters = [chr(byte) for byte in visible] + [chr(256 + place) for place in range(len(hidden))]
    words = [f"Ġw{number}" for number in range(vocabulary - 258)]
    kinds = [1] * (vocabulary - 2) + [3, 3]  # normal; control
    pairs: dict[str, Plain] = {
        "tokenizer.ggml.model": "gpt2",
        "tokenizer.ggml.pre": "gpt-2",
        "tokenizer.ggml.tokens": [*letters, *words, "<|begin|>", "<|end|>"],
        "tokenizer.ggml.token_type": kinds,
        "tokenizer.ggml.merges": ["Ġ w"],
        "tokenizer.ggml.bos_token_id": vocabulary - 2,
        "tokenizer.ggml.eos_token_id": vocabulary - 1,
        "tokenizer.chat_template": (
            "{% for message in messages %}{{ message.role }}: {{ message.content }}\n"
            "{% endfor %}{% if add_generation_prompt %}assistant: {% endif %}"
        ),
    }
    return [pair(key, value) for key, value in pairs.items()]


def _tokenizer_of(header: Path) -> _Tokenizer:
    """The tokenizer's metadata of a real file, as it lies there."""
    content = header.read_bytes()
    (entries,) = struct.unpack_from("<Q", content, 16)
    place, pairs, vocabulary = 24, list[bytes](), 0
    for _ in range(entries):
        start = place
        (size,) = struct.unpack_from("<Q", content, place)
        key = content[place + 8 : place + 8 + size].decode()
        place += 8 + size
        (kind,) = struct.unpack_from("<I", content, place)
        place = _after(content, place + 4, kind)
        if key.startswith("tokenizer."):
            pairs.append(content[start:place])
        if key == "tokenizer.ggml.tokens":
            (vocabulary,) = struct.unpack_from("<Q", content, start + 8 + size + 8)
    return _Tokenizer(pairs, vocabulary)


def _after(content: bytes, place: int, kind: int) -> int:
    """Where a value of that kind ends."""
    if kind == ValueType.STRING:
        return place + 8 + struct.unpack_from("<Q", content, place)[0]
    if kind != ValueType.ARRAY:
        return place + struct.calcsize(SCALAR_LETTER[ValueType(kind)])
    element, count = struct.unpack_from("<IQ", content, place)
    place += 12
    if element not in {ValueType.STRING, ValueType.ARRAY}:
        return place + struct.calcsize(SCALAR_LETTER[ValueType(element)]) * count
    for _ in range(count):
        place = _after(content, place, element)
    return place


def main() -> None:
    """Write the one named on the command line, and say how fast."""
    parser = argparse.ArgumentParser(description="Write a GGUF of real shape with random weights.")
    parser.add_argument("shape", help=f"NAME or NAME:QUANT; names: {', '.join(DIMENSIONS)}")
    parser.add_argument("path", type=Path)
    parser.add_argument("--header-only", action="store_true")
    parser.add_argument("--tokenizer", type=Path, help="a GGUF whose tokenizer it gets")
    parser.add_argument("--parts", type=int, default=1, help="write a split set")
    said = parser.parse_args()
    start = time.perf_counter()
    size = write_ghost(
        said.shape, said.path, whole=not said.header_only, header=said.tokenizer, parts=said.parts
    )
    seconds = time.perf_counter() - start
    print(f"{said.path}: {size / 1e9:.2f} GB in {seconds:.1f} s")


if __name__ == "__main__":
    main()
