"""LoRA adapters in the real worker: each request has its own scales, and nothing mixes."""

from collections.abc import Generator
from pathlib import Path

import pytest

from engine.protocol.load import Adapter, LoadSpec
from engine.protocol.messages import LoadRefused, Ready
from tests.support.ghost_adapter import write_adapter
from tests.support.worker_pipe import WorkerPipe, chat, request, worker

pytestmark = pytest.mark.journey

PROMPT = chat("What is the capital of France?")


def spec(model: Path, *adapters: Adapter) -> LoadSpec:
    return LoadSpec(path=str(model), context_tokens=1024, streams=4, threads=1, adapters=adapters)


def adapter(folder: Path, name: str, seed: int, scale: float = 0.0) -> Adapter:
    path = folder / f"{name}.gguf"
    write_adapter(path, seed=seed)
    return Adapter(name=name, path=str(path), scale=scale)


@pytest.fixture(scope="module")
def loaded(model_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Generator[WorkerPipe]:
    folder = tmp_path_factory.mktemp("adapters")
    with worker() as pipe:
        one, other = adapter(folder, "one", 1), adapter(folder, "other", 2)
        assert isinstance(pipe.load(spec(model_file, one, other)), Ready)
        yield pipe


def test_that_a_scale_changes_what_is_said_and_its_absence_changes_nothing(
    loaded: WorkerPipe,
) -> None:
    plain = loaded.answer(request(1, PROMPT, max_tokens=20)).text
    assert "Paris" in plain
    one = loaded.answer(request(2, PROMPT, max_tokens=20, adapters={"one": 1.0})).text
    other = loaded.answer(request(3, PROMPT, max_tokens=20, adapters={"other": 1.0})).text
    assert len({plain, one, other}) == 3
    assert loaded.answer(request(4, PROMPT, max_tokens=20, adapters={"one": 0.0})).text == plain
    assert loaded.answer(request(5, PROMPT, max_tokens=20, adapters={"one": 1.0})).text == one


def test_that_requests_of_different_scales_take_turns_and_do_not_mix(loaded: WorkerPipe) -> None:
    scales: tuple[dict[str, float], ...] = (
        {},
        {"one": 1.0},
        {"other": 1.0},
        {"one": 0.5, "other": 0.5},
    )
    asked = [
        request(number, PROMPT, max_tokens=24, adapters=scale)
        for number, scale in enumerate(scales, 1)
    ]
    alone = [loaded.answer(one).text for one in asked]
    together = loaded.answers(*asked)
    assert [together[one.id].text for one in asked] == alone


def test_that_memory_of_other_scales_is_not_reused(loaded: WorkerPipe) -> None:
    prompt = chat("Tell me about rivers. " * 8)
    loaded.answer(request(1, prompt, max_tokens=2, adapters={"one": 0.7}))
    again = loaded.answer(request(2, prompt, max_tokens=2, adapters={"one": 0.7}))
    assert again.reused_tokens
    changed = loaded.answer(request(3, prompt, max_tokens=2, adapters={"one": 0.8}))
    assert changed.reused_tokens == 0


@pytest.mark.parametrize("scales", [{"nobody": 1.0}, {"one": 1e9}, {"one": float("nan")}])
def test_that_absurd_scales_are_refused(loaded: WorkerPipe, scales: dict[str, float]) -> None:
    refused = loaded.answer(request(1, PROMPT, adapters=scales)).refused
    assert refused is not None
    assert refused.code == "bad_request"
    assert refused.sentence.startswith("adapters ")


def test_that_the_loads_own_scale_counts_where_a_request_says_nothing(
    model_file: Path, tmp_path: Path, loaded: WorkerPipe
) -> None:
    wished = loaded.answer(request(1, PROMPT, max_tokens=12, adapters={"one": 1.0})).text
    with worker() as pipe:
        assert isinstance(pipe.load(spec(model_file, adapter(tmp_path, "one", 1, 1.0))), Ready)
        assert pipe.answer(request(1, PROMPT, max_tokens=12)).text == wished


def test_that_a_file_that_is_no_adapter_of_this_model_is_refused(
    model_file: Path, tmp_path: Path
) -> None:
    narrow = tmp_path / "narrow.gguf"
    write_adapter(narrow, embedding=64)
    for path, word in ((narrow, "shape"), (tmp_path / "absent.gguf", "not there")):
        with worker() as pipe:
            refused = pipe.load(spec(model_file, Adapter(name="x", path=str(path))))
            assert isinstance(refused, LoadRefused)
            assert refused.code == "load_failed"
            assert word in refused.sentence
