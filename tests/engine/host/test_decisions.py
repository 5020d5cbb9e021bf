"""What the host decides: who goes, how a model is loaded, which model is meant."""

from dataclasses import replace
from pathlib import Path

import pytest

from engine.config import LoadWish
from engine.errors import (
    BadRequest,
    ContextExceeded,
    EngineError,
    LoadFailed,
    ModelNotFound,
    RequestError,
)
from engine.hardware.machine import Cpu, Gpu, Machine
from engine.host.choose import choose
from engine.host.load_spec import load_spec
from engine.host.residency import Go, Resident, Wait, decide
from engine.library.shelf_model import ShelfModel
from engine.protocol.failures import failure_of
from engine.protocol.load import CacheType, SplitMode

A_IDLE = Resident(model="a", busy=False, used_at_seconds=2)
B_BUSY = Resident(model="b", busy=True, used_at_seconds=1)


@pytest.mark.parametrize(
    ("residents", "places", "patient", "decision"),
    [
        ((), 1, True, Go()),
        ((A_IDLE,), 1, True, Go(evict=("a",))),
        ((B_BUSY,), 1, True, Wait()),
        ((B_BUSY,), 1, False, Go(evict=("b",))),
        ((A_IDLE, B_BUSY), 2, True, Go(evict=("a",))),
        ((A_IDLE, B_BUSY), 3, True, Go()),
        ((A_IDLE, B_BUSY), 1, True, Wait()),
    ],
)
def test_that_the_idle_and_longest_unused_go_first(
    residents: tuple[Resident, ...], places: int, patient: bool, decision: Go | Wait
) -> None:
    assert decide("c", residents, places=places, patient=patient) == decision


def model(id_: str, *, trained: int | None = None) -> ShelfModel:
    files = (Path(f"/models/{id_.replace(':', '/')}.gguf"),)
    return ShelfModel(id=id_, files=files, size_bytes=1, trained_context_tokens=trained)


def machine(gpus: int) -> Machine:
    card = Gpu(
        index=0,
        name="card",
        uuid="",
        memory_bytes=1,
        compute_capability=None,
        pcie_generation=None,
        pcie_width=None,
        power_limit_watts=None,
    )
    return Machine(
        gpus=(card,) * gpus,
        cpu=Cpu(name="cpu", physical_cores=6, logical_cores=12),
        memory_bytes=1,
        disks=(),
        driver=None,
        cuda=None,
        system="",
    )


def test_that_a_load_is_automatic_where_nothing_was_wished() -> None:
    spec = load_spec(model("m", trained=131072), LoadWish(), machine(0), streams=8)
    assert (spec.gpu_layers, spec.context_tokens, spec.threads) == (0, 8192, 6)
    assert spec.streams == 8
    spec = load_spec(model("m", trained=131072), LoadWish(), machine(1), streams=8)
    assert (spec.gpu_layers, spec.context_tokens) == (None, 16384)
    assert (
        load_spec(model("m", trained=2048), LoadWish(), machine(1), streams=8).context_tokens
        == 2048
    )


def test_that_every_wish_is_granted() -> None:
    wish = LoadWish(
        gpu_layers=0,
        split_mode="tensor",
        tensor_split=(3, 1),
        cpu_experts=7,
        context_tokens=1024,
        cache_type="q8_0",
    )
    spec = load_spec(replace(model("m"), layers=10), wish, machine(2), streams=1)
    assert spec.gpu_layers == 0
    assert spec.split_mode is SplitMode.TENSOR
    assert spec.tensor_split == (3, 1)
    assert [one.layer for one in spec.cpu_experts] == [3, 4, 5, 6, 7, 8, 9]
    assert spec.context_tokens == 1024
    assert spec.cache_type is CacheType.Q8_0


SHELF = (model("maker/Small-1B:Q4_K_M"), model("maker/Small-1B:Q8_0"), model("Other"))


@pytest.mark.parametrize(
    ("name", "id_"),
    [
        ("maker/Small-1B:Q8_0", "maker/Small-1B:Q8_0"),
        ("small-1b:q4", "maker/Small-1B:Q4_K_M"),
        ("oth", "Other"),
        ("/models/Other.gguf", "Other"),
    ],
)
def test_that_a_model_answers_to_its_id_its_beginning_and_its_file(name: str, id_: str) -> None:
    assert choose(name, SHELF).id == id_


def test_that_an_ambiguous_name_lists_what_it_may_mean() -> None:
    with pytest.raises(BadRequest, match="Q4_K_M, maker/Small-1B:Q8_0"):
        choose("small", SHELF)


@pytest.mark.parametrize("name", ["", "nobody"])
def test_that_a_name_nobody_has_is_not_found(name: str) -> None:
    with pytest.raises(ModelNotFound):
        choose(name, SHELF)


def test_that_codes_become_the_failures_they_came_from() -> None:
    assert isinstance(failure_of("load_failed", "No."), LoadFailed)
    exceeded = failure_of("context_length_exceeded", "", numbers=(9, 8))
    assert isinstance(exceeded, ContextExceeded)
    assert exceeded.prompt_tokens == 9
    assert type(failure_of("context_length_exceeded", "Too long.")) is RequestError
    assert type(failure_of("from the future", "New.")) is EngineError
    assert failure_of("bad_request", "No.", remedy="Do this.").sentence == "No. Do this."
