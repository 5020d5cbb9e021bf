"""Broken headers are read or refused in a sentence, soon, and in little memory."""

import io
import multiprocessing
import os
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import ModelError
from engine.gguf.blueprint import read_blueprint
from engine.gguf.format import TENSOR_TYPES
from engine.gguf.reader import read_header
from tests.support.broken_headers import Tally, Victim, try_many
from tests.support.gguf_bytes import TINY, Plain, gguf_bytes, split_bytes

BROKEN = 24_000
MOST_SECONDS = 2.0
MOST_BYTES = 200 << 20

SMALL: dict[str, dict[str, Plain]] = {
    "dense": dict(TINY),
    "experts": {
        **TINY,
        "general.architecture": "qwen3moe",
        "qwen3moe.block_count": 2,
        "qwen3moe.embedding_length": 64,
        "qwen3moe.attention.head_count": [4, 4],
        "qwen3moe.attention.head_count_kv": [2, 1],
        "qwen3moe.attention.key_length": 16,
        "qwen3moe.expert_count": 8,
        "qwen3moe.expert_used_count": 2,
        "qwen3moe.context_length": 4096,
    },
    "latent": {
        **TINY,
        "general.architecture": "deepseek2",
        "deepseek2.block_count": 2,
        "deepseek2.embedding_length": 64,
        "deepseek2.attention.head_count": 4,
        "deepseek2.attention.head_count_kv": 1,
        "deepseek2.attention.kv_lora_rank": 32,
        "deepseek2.attention.q_lora_rank": 32,
        "deepseek2.attention.key_length": 48,
        "deepseek2.attention.value_length": 32,
        "deepseek2.rope.scaling.type": "yarn",
        "deepseek2.rope.scaling.factor": 40.0,
    },
    "windowed": {
        **TINY,
        "general.architecture": "gemma3",
        "gemma3.block_count": 6,
        "gemma3.embedding_length": 64,
        "gemma3.attention.head_count": 4,
        "gemma3.attention.sliding_window": 1024,
    },
    "recurrent": {
        **TINY,
        "general.architecture": "mamba",
        "mamba.block_count": 2,
        "mamba.embedding_length": 64,
        "mamba.ssm.conv_kernel": 4,
        "mamba.ssm.inner_size": 128,
        "mamba.ssm.state_size": 16,
        "mamba.ssm.time_step_rank": 4,
    },
}
TENSORS = {
    "token_embd.weight": (1, (64, 100)),
    "blk.0.attn_q.weight": (8, (64, 64)),
    "blk.0.ffn_up_exps.weight": (2, (64, 32, 8)),
    "blk.1.attn_q.weight": (12, (256, 16)),
    "output.weight": (0, (64, 100)),
}


def small_victims() -> list[Victim]:
    parts = [dict(list(TENSORS.items())[:2]), dict(list(TENSORS.items())[2:])]
    return [
        *(Victim.of(gguf_bytes(one, tensors=TENSORS)) for one in SMALL.values()),
        *(Victim.of(one) for one in split_bytes(TINY, parts)),
    ]


def victim_of(path: Path, size_bytes: int) -> Victim:
    with path.open("rb") as file:
        header = read_header(file, size_bytes=size_bytes)
        file.seek(0)
        return Victim.of(
            file.read(header.tensors_start).ljust(header.tensors_start, b"\0"), size_bytes
        )


def test_that_small_broken_headers_are_read_or_refused() -> None:
    tally = try_many(small_victims(), seed=1, count=600)
    assert tally.read > 20
    assert sum(tally.refused.values()) > 100
    assert tally.slowest_seconds < MOST_SECONDS


def test_that_a_broken_real_header_is_read_or_refused(model_file: Path) -> None:
    victim = victim_of(model_file, model_file.stat().st_size)
    tally = try_many([victim], seed=2, count=60)
    assert tally.refused
    assert tally.slowest_seconds < MOST_SECONDS


plain = st.one_of(
    st.integers(0, (1 << 32) - 1),
    st.booleans(),
    st.text(max_size=20),
    st.floats(width=32),
    st.lists(st.integers(-(1 << 31), (1 << 31) - 1), max_size=9),
)
keys = st.sampled_from(sorted({key for one in SMALL.values() for key in one}))
shapes = st.lists(st.integers(0, 1 << 10), max_size=4).map(tuple)
tensors = st.dictionaries(
    st.sampled_from([*TENSORS, "blk.7.nonsense", "blk.99999999999.x", "", "blk..", "é" * 40]),
    st.tuples(st.sampled_from(sorted(TENSOR_TYPES)), shapes),
    max_size=6,
)


@given(
    sound=st.sampled_from(sorted(SMALL)),
    wrong=st.dictionaries(st.one_of(keys, st.text(max_size=30)), plain, max_size=6),
    held=tensors,
)
@settings(max_examples=300, deadline=None, derandomize=True)
def test_that_any_header_is_read_or_refused(
    sound: str, wrong: dict[str, Plain], held: dict[str, tuple[int, tuple[int, ...]]]
) -> None:
    held = {name: (kind, shape) for name, (kind, shape) in held.items() if _few(shape)}
    body = gguf_bytes({**SMALL[sound], **wrong}, tensors=held)
    with suppress(ModelError):
        blueprint = read_blueprint([io.BytesIO(body)], [len(body)])
        assert sum(tensor.size_bytes for tensor in blueprint.tensors) <= len(body)


def _few(shape: tuple[int, ...]) -> bool:
    """May a test's file hold so many numbers?"""
    count = 1
    for dimension in shape:
        count *= dimension
    return count < 1 << 22


@pytest.mark.soak
@pytest.mark.timeout(1800)
def test_that_many_thousand_broken_headers_are_refused_and_never_crash(model_file: Path) -> None:
    victims = [*small_victims(), victim_of(model_file, model_file.stat().st_size)]
    further = os.environ.get("FULLBORE_TEST_HEADER")  # a header without its tensors, and the size
    if further:
        path, _, size = further.rpartition(":")
        victims.append(victim_of(Path(path), int(size)))
    # A process of its own: its memory's peak is the headers' alone.
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        tally: Tally = pool.submit(try_many, victims, seed=3, count=BROKEN).result()
    print(
        f"\nheaders: {tally.tried} broken ({len(victims)} kinds), {tally.read} still read, refused "
        f"{dict(sorted(tally.refused.items()))}, no other exception; slowest "
        f"{tally.slowest_seconds * 1000:.0f} ms; peak memory grew {tally.grown_bytes >> 20} MB"
    )
    assert tally.slowest_seconds < MOST_SECONDS
    assert tally.grown_bytes < MOST_BYTES
