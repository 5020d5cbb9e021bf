"""Sampling wishes → the stages of a sampler chain, in llama.cpp's default order. Pure."""

import math
import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from engine.chat import Sampling
from engine.errors import BadRequest

_SEED_MASK = 0xFFFFFFFF
_DRAW_ANEW = 0xFFFFFFFF  # llama.cpp's LLAMA_DEFAULT_SEED: it would draw a seed of its own


@dataclass(frozen=True, slots=True, kw_only=True)
class LogitBias:
    """Add to the logits of these tokens."""

    biases: Mapping[int, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Penalties:
    """Make what was said in the last `window_tokens` less likely."""

    window_tokens: int
    repeat: float
    frequency: float
    presence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class TopK:
    """Keep the k likeliest."""

    k: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TopP:
    """Keep the likeliest that together have probability p."""

    p: float


@dataclass(frozen=True, slots=True, kw_only=True)
class MinP:
    """Keep those at least p times as likely as the likeliest."""

    p: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Temperature:
    """Divide the logits."""

    temperature: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Draw:
    """Draw from what is left."""

    seed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Greedy:
    """Take the likeliest."""


Stage = LogitBias | Penalties | TopK | TopP | MinP | Temperature | Draw | Greedy


def stages(wish: Sampling, vocabulary: int) -> tuple[Stage, ...]:
    """The chain for this wish; raises BadRequest for a value that cannot be honoured."""
    _check(wish, vocabulary)
    chain: list[Stage] = []
    if wish.logit_bias:
        chain.append(LogitBias(biases=wish.logit_bias))
    if penalised(wish):
        chain.append(
            Penalties(
                window_tokens=wish.penalty_window_tokens,
                repeat=wish.repeat_penalty,
                frequency=wish.frequency_penalty,
                presence=wish.presence_penalty,
            )
        )
    if wish.temperature == 0:
        return (*chain, Greedy())
    if 0 < wish.top_k < vocabulary:
        chain.append(TopK(k=wish.top_k))
    if wish.top_p < 1:
        chain.append(TopP(p=wish.top_p))
    if wish.min_p > 0:
        chain.append(MinP(p=wish.min_p))
    if wish.temperature != 1:
        chain.append(Temperature(temperature=wish.temperature))
    chain.append(Draw(seed=_seed(wish.seed)))
    return tuple(chain)


def penalised(wish: Sampling) -> bool:
    """Whether what was said before matters; then the prompt's end counts too."""
    off = wish.repeat_penalty == 1.0 and wish.presence_penalty == 0 and wish.frequency_penalty == 0
    return not off and wish.penalty_window_tokens > 0


def _seed(wished: int | None) -> int:
    seed = secrets.randbits(32) if wished is None else wished & _SEED_MASK
    return seed if seed != _DRAW_ANEW else seed - 1


def _check(wish: Sampling, vocabulary: int) -> None:
    limits = (
        ("temperature", wish.temperature, 0.0, 100.0),
        ("top_k", wish.top_k, -1, 1 << 31),
        ("top_p", wish.top_p, 0.0, 1.0),
        ("min_p", wish.min_p, 0.0, 1.0),
        ("repeat_penalty", wish.repeat_penalty, 0.01, 100.0),
        ("presence_penalty", wish.presence_penalty, -100.0, 100.0),
        ("frequency_penalty", wish.frequency_penalty, -100.0, 100.0),
        ("penalty_window_tokens", wish.penalty_window_tokens, 0, 1 << 20),
    )
    for name, value, low, high in limits:
        if not low <= value <= high:  # also false for NaN
            raise BadRequest(f"{name} is {value}; it must lie between {low:g} and {high:g}.")
    for token, bias in wish.logit_bias.items():
        if not 0 <= token < vocabulary:
            raise BadRequest(
                f"logit_bias names token {token}; this model's vocabulary has {vocabulary:,}."
            )
        if not math.isfinite(bias):
            raise BadRequest(f"logit_bias of token {token} is {bias}; it must be finite.")
