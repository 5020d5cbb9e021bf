"""What llama.cpp 0.3.36 logged, and what it amounts to."""

from pathlib import Path

import pytest

from engine.errors import LoadFailed, ModelError, OutOfMemory, TruncatedModel, UnknownArchitecture
from engine.worker.refusal import refusal

PATH = Path("folder/some.gguf")

BOUNDS = (
    "llama_model_load: error loading model: tensor 'blk.13.ffn_down.weight' data is not within"
    " the file bounds, model is corrupted or incomplete"
)
CARD_FULL = (
    "ggml_backend_cuda_buffer_type_alloc_buffer: allocating 3996.00 MiB on device 0:"
    " cudaMalloc failed: out of memory"
)


@pytest.mark.parametrize(
    ("log", "kind"),
    [
        ([BOUNDS], TruncatedModel),
        (
            ["llama_model_load: error loading model: unknown model architecture: 'next'"],
            UnknownArchitecture,
        ),
        ([CARD_FULL, "alloc_tensor_range: failed to allocate CUDA0 buffer"], OutOfMemory),
        (
            ["llama_init_from_model: failed to initialize the context: failed to allocate buffer"],
            OutOfMemory,
        ),
        (["llama_model_load: error loading model: missing tensor 'output.weight'"], LoadFailed),
        ([], LoadFailed),
    ],
)
def test_that_a_log_becomes_the_right_refusal(log: list[str], kind: type[ModelError]) -> None:
    error = refusal(PATH, log)
    assert type(error) is kind
    assert "some.gguf" in str(error)


def test_that_the_reason_is_not_that_it_failed() -> None:
    log = [
        "gguf_init_from_reader: failed to read key-value pairs",
        "llama_model_load: error loading model: llama_model_loader: failed to load model from x",
    ]
    assert str(refusal(PATH, log)) == "some.gguf is incomplete: failed to read key-value pairs."


def test_that_the_sentence_carries_llama_cpps_own_reason_without_its_functions_names() -> None:
    assert str(refusal(PATH, [BOUNDS])) == (
        "some.gguf is incomplete: tensor 'blk.13.ffn_down.weight' data is not within"
        " the file bounds, model is corrupted or incomplete."
    )
