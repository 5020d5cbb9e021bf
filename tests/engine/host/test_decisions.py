"""What the host decides: who goes, how a model is loaded, which model is meant."""

from dataclasses import replace
from pathlib import Path

import pytest

from engine.background.words import Placed
from engine.config import LoadWish
from engine.errors import (
    BadRequest,
    ContextExceeded,
    EngineError,
    LoadFailed,
    ModelNotFound,
    RequestError,
)
from engine.fit.placement.splits import layer_counts_of
from engine.fit.plan import Plan
from engine.host.choose import choose, meant
from engine.host.load_spec import load_order, load_spec
from engine.library.shelf_model import ShelfModel
from engine.protocol.failures import failure_of
from engine.protocol.load import Adapter, CacheType, CpuExperts, SplitMode
from tests.support.plans import PlannedMachine, plan_by_arithmetic


def model(id_: str, *, trained: int | None = None) -> ShelfModel:
    files = (Path(f"/models/{id_.replace(':', '/')}.gguf"),)
    return ShelfModel(id=id_, files=files, size_bytes=1, trained_context_tokens=trained)


def a_plan() -> Plan:
    thirty_two = replace(model("m"), layers=32, size_bytes=4 << 30)
    return plan_by_arithmetic(thirty_two, LoadWish(), PlannedMachine(), exact=False)


def placed() -> Placed:
    return Placed(plan=a_plan(), kind="gpu", decode_at_start=100.0, layers=32, expert_layers=(3, 4))


def test_that_a_layout_becomes_a_load_to_the_last_knob() -> None:
    layout = replace(
        a_plan().layout,
        cards=(0, 2),
        split_mode=SplitMode.LAYER,
        layer_counts=(20, 13),
        cpu_experts=(CpuExperts(layer=31),),
        cache_type=CacheType.Q8_0,
        memory_map=False,
    )
    spec = load_spec((Path("a.gguf"), Path("b.gguf")), layout, threads=6)
    assert (spec.path, spec.devices, spec.gpu_layers) == ("a.gguf", (0, 2), 33)
    assert layer_counts_of(spec.tensor_split, 33) == (20, 13)
    assert (spec.cpu_experts, spec.cache_type) == (layout.cpu_experts, CacheType.Q8_0)
    assert (spec.threads, spec.memory_map) == (6, False)
    lone = load_spec((Path("a.gguf"),), a_plan().layout, threads=None)
    assert lone.tensor_split == ()


def test_that_an_order_knows_what_was_pinned() -> None:
    wish = LoadWish(tensor_split=(3, 1), cpu_experts=7, context_tokens=1024)
    order = load_order((Path("a.gguf"),), placed(), wish, threads=1)
    assert order.pinned == {"gpu_layers", "cpu_experts", "context_tokens"}
    assert (order.layers, order.expert_layers) == (32, (3, 4))
    assert load_order((Path("a"),), placed(), LoadWish(), threads=1).pinned == frozenset()


def test_that_adapters_of_a_wish_are_named_by_their_files() -> None:
    wish = LoadWish(adapters={"/lora/pirate.gguf": 0.5})
    adapters = load_order((Path("a.gguf"),), placed(), wish, threads=1).spec.adapters
    assert adapters == (Adapter(name="pirate", path="/lora/pirate.gguf", scale=0.5),)


def test_that_who_asks_for_a_draft_model_asks_for_guesses() -> None:
    files, draft = (Path("a.gguf"),), Path("small.gguf")
    spec = load_order(files, placed(), LoadWish(draft="small"), threads=1, draft=draft).spec
    assert spec.draft == str(draft)
    assert LoadWish(draft="small").speculates is True
    assert LoadWish().speculates is None
    few, many = replace(a_plan().layout, streams=4), replace(a_plan().layout, streams=5)
    assert few.draft_tokens > 0
    assert many.draft_tokens == 0
    assert replace(many, speculation=True).draft_tokens > 0
    assert replace(few, speculation=False).draft_tokens == 0


SHELF = (model("maker/Small-1B:Q4_K_M"), model("maker/Small-1B:Q8_0"), model("Other"))


@pytest.mark.parametrize(
    ("name", "id_"),
    [
        ("maker/Small-1B:Q8_0", "maker/Small-1B:Q8_0"),
        ("small-1b:q4", "maker/Small-1B:Q4_K_M"),
        ("oth", "Other"),
        ("/models/Other.gguf", "Other"),
        ("q8_0.gguf", "maker/Small-1B:Q8_0"),
        ("Q4_K_M", "maker/Small-1B:Q4_K_M"),
    ],
)
def test_that_a_model_answers_to_its_id_its_beginning_and_its_file(name: str, id_: str) -> None:
    assert choose(name, SHELF).id == id_


def test_that_a_models_own_name_comes_before_an_alias() -> None:
    aliases = {"gpt": "Other", "Other": "maker/Small-1B:Q8_0"}
    assert meant("gpt", SHELF, aliases) == "Other"
    assert meant("Other", SHELF, aliases) == "Other"
    assert meant("nobody", SHELF, aliases) == "nobody"


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
