"""A context by itself, over the real model."""

from pathlib import Path

import numpy as np
import pytest

from engine.protocol.load import LoadSpec
from engine.worker.brake import Brake
from engine.worker.candidates import Logits
from engine.worker.context import Context
from engine.worker.llama import Library, Model

pytestmark = pytest.mark.journey


def test_that_warming_up_leaves_nothing_behind(model_file: Path) -> None:
    spec = LoadSpec(
        path=str(model_file), context_tokens=256, batch_tokens=128, streams=1, gpu_layers=0
    )
    library = Library(None)
    model = Model(library, spec, lambda _: True)

    def logits(*, warm: bool) -> Logits:
        context = Context(library, model, spec, Brake())
        if warm:
            context.warm_up()
            assert context.oldest_position(0) == -1
        context.clear_batch()
        context.add(0, 0, range(100, 200), outputs=1)
        assert context.decode() == 0
        rows = context.rows(1)
        assert rows is not None
        return rows.copy()

    assert np.array_equal(logits(warm=True), logits(warm=False))
