"""What quantizations cost: published figures, estimates between them, warnings below three bits."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.fit.quality import cost_table, quality_of
from tests.support.known_models import known_parts

PARTS = known_parts("llama-8b", "Q4_K_M")


def test_that_a_published_quantization_has_its_published_figures() -> None:
    told = quality_of(PARTS)
    assert told.bits_per_weight == pytest.approx(4.89, abs=0.02)
    assert told.divergence == 0.028152
    assert told.perplexity_increase == pytest.approx(0.0243, abs=0.0001)
    assert told.source == "llama.cpp's tools/perplexity/README.md, Llama-3-8B"
    assert told.warning is None


def test_that_an_unpublished_one_is_estimated_between_its_neighbours_and_says_so() -> None:
    told = quality_of(replace(PARTS, label="UD-Q4_K_XL", bits_per_weight=5.3))
    assert told.divergence is not None
    assert 0.010762 < told.divergence < 0.028152
    assert told.source.startswith("estimated from 5.3 bits a weight after llama.cpp")
    assert quality_of(replace(PARTS, label=None)).source.startswith("estimated")


@pytest.mark.parametrize(
    ("label", "bits", "said"),
    [
        ("IQ2_XXS", 2.4, "2.4 bits a weight cost quality that is felt"),
        ("Q2_K", 3.16, "raise perplexity by 39 %"),
        ("IQ1_S", 2.0, "by 9 times itself"),
        ("UD-IQ1_S", 1.6, "Larger models lose less."),
    ],
)
def test_that_below_three_bits_the_cost_is_said(label: str, bits: float, said: str) -> None:
    warning = quality_of(replace(PARTS, label=label, bits_per_weight=bits)).warning
    assert warning is not None
    assert said in str(warning)


@pytest.mark.parametrize("label", ["IQ3_XXS", "Q3_K_S", "Q4_0", "q4_k_m", "BF16"])
def test_that_three_bits_and_more_need_no_warning(label: str) -> None:
    told = quality_of(replace(PARTS, label=label, bits_per_weight=3.3))
    assert told.warning is None
    assert "estimated" not in told.source


def test_that_what_was_published_in_its_type_loses_nothing() -> None:
    told = quality_of(known_parts("gpt-oss-20b", "MXFP4"))
    assert (told.divergence, told.warning) == (0.0, None)
    assert "OpenAI" in told.source
    other = quality_of(replace(PARTS, label="MXFP4", bits_per_weight=4.3))
    assert other.divergence is not None
    assert other.divergence > 0.03


@given(fewer=st.floats(0.5, 16), more=st.floats(0, 16))
def test_that_more_bits_never_cost_more(fewer: float, more: float) -> None:
    table = cost_table()
    assert table.estimate(fewer + more) <= table.estimate(fewer)


def test_that_every_row_is_dearer_than_the_one_above_it() -> None:
    rows = list(cost_table().rows.values())
    assert len(rows) > 25
    assert all(0 < row.divergence < 3 and 0 < row.increase < 10 for row in rows)
    assert cost_table().curve[0].label == "IQ1_S"
    assert cost_table().curve[-1].label == "F16"
