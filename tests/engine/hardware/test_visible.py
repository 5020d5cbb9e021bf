"""Which cards CUDA lets programs see."""

import pytest

from engine.hardware.probe import probe
from engine.hardware.sampler import read_once
from engine.hardware.visible import visible, visible_library
from tests.support.nvml import FakeCard, FakeNvml

UUIDS = ["GPU-aa11", "GPU-aa22", "GPU-bb33", None]


@pytest.mark.parametrize(
    ("told", "places"),
    [
        ("", ()),
        ("-1", ()),
        ("NoDevFiles", ()),
        ("0", (0,)),
        ("2,0", (2, 0)),
        (" 1 , 3 ", (1, 3)),
        ("0,7,1", (0,)),
        ("1,-1,2", (1,)),
        ("1,1", ()),
        ("0,1,0", ()),
        ("GPU-bb,2", ()),
        ("GPU-bb", (2,)),
        ("gpu-AA22,0", (1, 0)),
        ("GPU-aa", ()),
        ("0,GPU-cc,1", (0,)),
        ("0,,1", (0,)),
        ("²", ()),
    ],
)
def test_that_words_leave_cards_as_they_do_to_cuda(told: str, places: tuple[int, ...]) -> None:
    assert visible(told, len(UUIDS), lambda place: UUIDS[place]) == places


def cards() -> FakeNvml:
    names = ["RTX 3090", "RTX 4090", "RTX 5090"]
    return FakeNvml([FakeCard(name=name, uuid=f"GPU-{n}") for n, name in enumerate(names)])


@pytest.mark.parametrize(
    ("environment", "names"),
    [
        ({}, ["RTX 3090", "RTX 4090", "RTX 5090"]),
        ({"CUDA_VISIBLE_DEVICES": "2,1"}, ["RTX 5090", "RTX 4090"]),
        ({"CUDA_VISIBLE_DEVICES": "GPU-1"}, ["RTX 4090"]),
        ({"CUDA_VISIBLE_DEVICES": "MIG-GPU-1/0/0"}, ["RTX 3090", "RTX 4090", "RTX 5090"]),
        ({"CUDA_VISIBLE_DEVICES": "-1"}, []),
    ],
)
def test_that_the_cards_are_numbered_as_llama_cpp_numbers_them(
    environment: dict[str, str], names: list[str]
) -> None:
    library = visible_library(environment, cards())
    found = probe([], library=library).gpus
    assert [gpu.name for gpu in found] == names
    assert [gpu.index for gpu in found] == list(range(len(names)))
    assert [gpu.name for gpu in read_once(library).gpus] == names


def test_that_a_driver_that_breaks_leaves_no_card() -> None:
    broken = FakeNvml(has_driver=False)
    assert probe([], library=visible_library({"CUDA_VISIBLE_DEVICES": "0"}, broken)).gpus == ()
