"""The nodes that cut logits down, computed by ggml: they leave what numpy would."""

import numpy as np
import pytest
from numpy.typing import NDArray

from engine.worker.cutter import grow
from engine.worker.ggml import CPU, F32, Ggml, InitParams, Tensor
from engine.worker.llama import Library
from tests.support.logits import left_of

TENSORS = 64


@pytest.fixture(scope="module")
def ggml() -> Ggml:
    Library()
    return Ggml()


def computed(ggml: Ggml, rows: NDArray[np.float32]) -> list[NDArray[np.float32]]:
    """What is left of these rows, each [rows, any]."""
    room = ggml.ggml_tensor_overhead() * TENSORS + ggml.ggml_graph_overhead_custom(TENSORS, False)
    scratch = ggml.ggml_init(InitParams(room, None, True))
    device = ggml.ggml_backend_dev_by_type(CPU)
    backend = ggml.ggml_backend_dev_init(device, None)
    logits = ggml.ggml_new_tensor_2d(scratch, F32, rows.shape[1], len(rows))
    nodes = grow(ggml, scratch, logits)
    graph = ggml.ggml_new_graph_custom(scratch, TENSORS, False)
    for tensor in nodes.left:
        ggml.ggml_build_forward_expand(graph, tensor)
    kind = ggml.ggml_backend_dev_buffer_type(device)
    buffer = ggml.ggml_backend_alloc_ctx_tensors_from_buft(scratch, kind)
    ggml.ggml_backend_tensor_set(logits, rows.ctypes.data, 0, rows.nbytes)
    assert ggml.ggml_backend_graph_compute(backend, graph) == 0
    found: list[NDArray[np.float32]] = []
    for tensor in nodes.left:
        made = Tensor.from_address(tensor)
        array = np.empty((made.ne[1], made.ne[0]), np.float32)
        ggml.ggml_backend_tensor_get(tensor, array.ctypes.data, 0, array.nbytes)
        found.append(array)
    ggml.ggml_backend_buffer_free(buffer)
    ggml.ggml_backend_free(backend)
    ggml.ggml_free(scratch)
    return found


@pytest.mark.parametrize("vocabulary", [32_000, 50_257, 151_936, 152_064])
@pytest.mark.parametrize("count", [1, 5])
def test_that_what_is_left_is_what_numpy_leaves(ggml: Ggml, vocabulary: int, count: int) -> None:
    rows = np.random.default_rng(vocabulary).normal(0, 3, (count, vocabulary)).astype(np.float32)
    logits, bundles, parts = computed(ggml, rows)
    expected = left_of(rows)
    assert np.array_equal(logits, expected.logits)
    assert np.array_equal(bundles.view(np.int32)[:, :64], expected.bundles)
    assert np.array_equal(parts.view(np.int32)[:, :64], expected.parts)
