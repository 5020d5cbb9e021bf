"""The speed model beside published and measured speeds, without calibration."""

from dataclasses import replace

import pytest

from engine.fit.rigs import parse_rig
from engine.fit.speed.pace import pace
from engine.hardware.catalogue import Catalogue, read_catalogue
from tests.benches.speed_cases import FITTED, HELD_OUT, Case
from tests.benches.speed_points import layout_of, results, summary, without_steps
from tests.support.known_models import known_parts


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return read_catalogue()


def test_that_rows_not_used_for_constants_are_predicted_within_the_bar(
    catalogue: Catalogue,
) -> None:
    told = summary(results(HELD_OUT, catalogue))
    assert told.count >= 40
    assert told.median <= 0.13
    assert told.ninetieth <= 0.40
    assert abs(told.bias) <= 0.13
    assert 0.75 <= told.inside <= 0.95
    assert told.prompt_median <= 0.20


def test_that_rows_with_ram_at_work_are_too(catalogue: Catalogue) -> None:
    told = summary(result for result in results(HELD_OUT, catalogue) if result.in_ram)
    assert told.median <= 0.13
    assert told.inside >= 0.75


def test_that_no_row_is_both_used_and_reported(catalogue: Catalogue) -> None:
    used = {case.row for case in FITTED}
    assert not used & {case.row for case in HELD_OUT}
    assert summary(results(FITTED, catalogue)).median <= 0.07


# Ghosts on NVIDIA H100 80GB HBM3, llama.cpp as of llama-cpp-python 0.3.36, Q4_K_M, prompt of 2,048:
# model, cards, layers with experts in RAM, layers in RAM, tensor split, decode, prompt. The last
# four have their RAM rate from the dense one, 60 GB/s. Ghosts route all tokens to few experts, so
# their prompts with experts in RAM say nothing.
H100 = [
    ("qwen2-7b", 1, 0, 0, False, 268, 9918),
    ("qwen2-7b", 2, 0, 0, False, 264, 14490),
    ("qwen2-7b", 2, 0, 0, True, 302, 12423),
    ("llama-70b", 1, 0, 0, False, 41.1, 1225),
    ("llama-70b", 2, 0, 0, False, 41.2, 1901),
    ("llama-70b", 2, 0, 0, True, 62.5, 1957),
    ("qwen3-30b-a3b", 1, 0, 0, False, 275, 10962),
    ("qwen3-30b-a3b", 2, 0, 0, True, 239, 6324),
    ("qwen2-7b", 1, 0, 15, False, 24.4, None),
    ("qwen3-30b-a3b", 1, 12, 0, False, 115.5, None),
    ("qwen3-30b-a3b", 1, 24, 0, False, 70.4, None),
    ("qwen3-30b-a3b", 1, 48, 0, False, 35.9, None),
]


@pytest.mark.parametrize("measured", H100, ids=lambda row: "-".join(map(str, row[:5])))
def test_that_an_h100_is_predicted_as_it_was_measured(
    catalogue: Catalogue, measured: tuple[str, int, int, int, bool, float, float | None]
) -> None:
    model, cards, experts, in_ram, tensor, decode, prompt = measured
    rig = without_steps(parse_rig(f"{cards}x H100, 256 GB, 14 cores", catalogue))
    rig = replace(rig, board=replace(rig.board, bytes_per_second=60e9))
    parts = known_parts(model, "Q4_K_M")
    case = Case(
        row=("", ""),
        model=model,
        quantization="Q4_K_M",
        rig="",
        cpu_experts=experts,
        in_ram=in_ram,
        tensor=tensor,
        depth=2048,
    )
    told = pace(parts, layout_of(case, parts, rig), rig)
    assert told.decode_tps.expected == pytest.approx(decode, rel=0.15)
    assert told.decode_tps.low < decode < told.decode_tps.high
    if prompt is not None:
        assert told.prompt_tps.expected == pytest.approx(prompt, rel=0.20)


def test_that_loading_takes_what_it_took_from_the_page_cache(catalogue: Catalogue) -> None:
    # 70B Q4_K_M on two H100: 9 to 13 s in layer split, 14 to 16 s in tensor split, mapped.
    rig = parse_rig("2x H100, 256 GB, disk 1000 GB/s", catalogue)
    parts = known_parts("llama-70b", "Q4_K_M")
    case = Case(row=("", ""), model="", quantization="", rig="")
    layer = pace(parts, layout_of(case, parts, rig), rig).load_seconds
    tensor = pace(parts, layout_of(replace(case, tensor=True), parts, rig), rig).load_seconds
    assert layer == pytest.approx(9, rel=0.2)
    assert tensor == pytest.approx(14, rel=0.3)


@pytest.mark.parametrize(
    ("micro_batch", "experts", "measured"),
    [(256, 25, 240), (512, 26, 380), (2048, 25, 1113), (4096, 26, 1682), (8192, 28, 2091)],
)
def test_that_prompts_with_experts_in_ram_gain_by_larger_micro_batches(
    catalogue: Catalogue, micro_batch: int, experts: int, measured: float
) -> None:
    # gpt-oss-120b on an RTX 3090, `--n-cpu-moe`: rows of speed_points.csv.
    rig = parse_rig("RTX 3090, 128 GB DDR4-3200", catalogue)
    parts = known_parts("gpt-oss-120b", "MXFP4")
    case = Case(
        row=("", ""),
        model="",
        quantization="",
        rig="",
        cpu_experts=experts,
        depth=8192,
        micro_batch_tokens=micro_batch,
    )
    told = pace(parts, layout_of(case, parts, rig), rig).prompt_tps.expected
    assert told == pytest.approx(measured, rel=0.2)
