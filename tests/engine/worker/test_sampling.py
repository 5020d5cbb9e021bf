"""Sampling wishes as chains: their order, and what is refused."""

import math

import pytest

from engine.chat import Sampling
from engine.errors import BadRequest
from engine.worker.sampling import (
    Draw,
    Dry,
    Greedy,
    LogitBias,
    MinP,
    Mirostat,
    Penalties,
    Temperature,
    TopK,
    TopNSigma,
    TopP,
    Typical,
    Xtc,
    remembered,
    stages,
)

EVERYTHING = Sampling(
    temperature=0.7,
    repeat_penalty=1.1,
    logit_bias={3: 1.0},
    typical_p=0.9,
    top_n_sigma=1.5,
    xtc_probability=0.5,
    dynamic_temperature_range=0.3,
    dry_multiplier=0.8,
    seed=1,
)


def kinds(wish: Sampling) -> list[type]:
    return [type(stage) for stage in stages(wish, 1000, 4096)]


def test_that_the_stages_come_in_llama_cpps_own_order() -> None:
    weighing = [LogitBias, Penalties, Dry]
    cutting = [TopNSigma, TopK, Typical, TopP, MinP, Xtc]
    assert kinds(EVERYTHING) == [*weighing, *cutting, Temperature, Draw]


def test_that_what_is_off_is_no_stage() -> None:
    wish = Sampling(temperature=1.0, top_k=0, top_p=1.0, min_p=0.0)
    assert kinds(wish) == [Draw]
    assert kinds(Sampling(temperature=0, top_k=40, xtc_probability=1.0)) == [Greedy]
    beyond = Sampling(temperature=1.0, top_k=0, top_p=1.0, min_p=0.0, xtc_probability=1.0)
    assert Xtc in kinds(beyond)


def test_that_mirostat_takes_the_place_of_all_that_cuts_off() -> None:
    wish = Sampling(mirostat=2, repeat_penalty=1.2, dynamic_temperature_range=0.5)
    assert kinds(wish) == [Penalties, Temperature, Mirostat]
    warmth = stages(wish, 1000, 4096)[1]
    assert warmth == Temperature(temperature=0.8)


def test_that_a_window_of_the_whole_context_is_told_in_tokens() -> None:
    dry = next(stage for stage in stages(EVERYTHING, 1000, 4096) if isinstance(stage, Dry))
    assert dry.window_tokens == 4096
    assert remembered(EVERYTHING, 4096) == 4096
    assert remembered(Sampling(repeat_penalty=1.1, penalty_window_tokens=32), 4096) == 32
    assert remembered(Sampling(), 4096) == 0


@pytest.mark.parametrize(
    ("knob", "value"),
    [
        ("temperature", -0.1),
        ("temperature", math.inf),
        ("top_k", 1 << 31),
        ("top_k", -2),
        ("top_p", 1.01),
        ("min_p", -1e-9),
        ("typical_p", 2.0),
        ("top_n_sigma", 1e9),
        ("repeat_penalty", 0.0),
        ("presence_penalty", -math.inf),
        ("frequency_penalty", 1e30),
        ("penalty_window_tokens", 1 << 40),
        ("xtc_probability", -1.0),
        ("xtc_threshold", 7.0),
        ("dynamic_temperature_range", 1e6),
        ("dynamic_temperature_exponent", -1.0),
        ("mirostat_tau", math.inf),
        ("mirostat_eta", -0.1),
        ("dry_multiplier", -1.0),
        ("dry_base", 0.5),
        ("dry_allowed_length", -1),
        ("dry_window_tokens", -2),
    ],
)
def test_that_an_absurd_value_is_refused_by_name(knob: str, value: float) -> None:
    for absurd in (value, math.nan):
        wish = Sampling(**{knob: absurd})  # pyright: ignore[reportArgumentType]
        with pytest.raises(BadRequest, match=f"^{knob} is .*between"):
            stages(wish, 1000, 4096)


@pytest.mark.parametrize(
    ("wish", "named"),
    [
        (Sampling(mirostat=3), "mirostat is 3"),  # pyright: ignore[reportArgumentType]
        (Sampling(dry_breakers=("",)), "dry_breakers"),
        (Sampling(dry_breakers=("x" * 41,)), "dry_breakers"),
        (Sampling(dry_breakers=("a\0b",)), "dry_breakers"),
        (Sampling(dry_breakers=("a",) * 33), "dry_breakers"),
        (Sampling(logit_bias={1000: 1.0}), "logit_bias"),
        (Sampling(logit_bias={1: math.nan}), "logit_bias"),
    ],
)
def test_that_what_is_no_number_is_refused_too(wish: Sampling, named: str) -> None:
    with pytest.raises(BadRequest, match=named):
        stages(wish, 1000, 4096)
