"""Sampling wishes → the stages of a sampler chain, in llama.cpp's default order. Pure."""

import math
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from engine.chat import Sampling
from engine.errors import BadRequest

_SEED_MASK = 0xFFFFFFFF
_DRAW_ANEW = 0xFFFFFFFF  # llama.cpp's LLAMA_DEFAULT_SEED: it would draw a seed of its own
_XTC_LEAVES_NONE_OUT = 0.5  # above it llama.cpp does nothing: no two tokens can be likelier
_MOST_BREAKERS = 32  # each costs a search of the whole vocabulary
_LONGEST_BREAKER = 40  # bytes; llama.cpp would cut it there
_LIMITS = (
    ("temperature", 0.0, 100.0),
    ("top_k", -1, (1 << 31) - 1),
    ("top_p", 0.0, 1.0),
    ("min_p", 0.0, 1.0),
    ("typical_p", 0.0, 1.0),
    ("top_n_sigma", -1.0, 100.0),
    ("repeat_penalty", 0.01, 100.0),
    ("presence_penalty", -100.0, 100.0),
    ("frequency_penalty", -100.0, 100.0),
    ("penalty_window_tokens", 0, 1 << 20),
    ("xtc_probability", 0.0, 1.0),
    ("xtc_threshold", 0.0, 1.0),
    ("dynamic_temperature_range", 0.0, 100.0),
    ("dynamic_temperature_exponent", 0.0, 100.0),
    ("mirostat_tau", 0.0, 100.0),
    ("mirostat_eta", 0.0, 10.0),
    ("dry_multiplier", 0.0, 100.0),
    ("dry_base", 1.0, 100.0),
    ("dry_allowed_length", 0, 1 << 20),
    ("dry_window_tokens", -1, 1 << 20),
)


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
class Dry:
    """Make what would go on repeating a passage of the last `window_tokens` less likely."""

    multiplier: float
    base: float
    allowed_length: int
    window_tokens: int
    breakers: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TopNSigma:
    """Keep those at most n standard deviations of all logits below the likeliest."""

    n: float


@dataclass(frozen=True, slots=True, kw_only=True)
class TopK:
    """Keep the k likeliest."""

    k: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Typical:
    """Keep those that surprise as much as is to be expected, together of probability p."""

    p: float


@dataclass(frozen=True, slots=True, kw_only=True)
class TopP:
    """Keep the likeliest that together have probability p."""

    p: float


@dataclass(frozen=True, slots=True, kw_only=True)
class MinP:
    """Keep those at least p times as likely as the likeliest."""

    p: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Xtc:
    """Now and then, leave out all but the least likely of those above the threshold."""

    probability: float
    threshold: float
    seed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Temperature:
    """Divide the logits; with a `spread`, by as much more or less as the model is unsure."""

    temperature: float
    spread: float = 0.0
    exponent: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Mirostat:
    """Draw such that the text stays as surprising as wished; learns from token to token."""

    version: Literal[1, 2]
    tau: float
    eta: float
    seed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Draw:
    """Draw from what is left."""

    seed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Greedy:
    """Take the likeliest."""


Stage = (
    LogitBias
    | Penalties
    | Dry
    | TopNSigma
    | TopK
    | Typical
    | TopP
    | MinP
    | Xtc
    | Temperature
    | Mirostat
    | Draw
    | Greedy
)


def stages(wish: Sampling, vocabulary: int, context_tokens: int) -> tuple[Stage, ...]:
    """The chain for this wish; raises BadRequest for a value that cannot be honoured.

    Temperature 0 takes the likeliest after biases and penalties: what cuts the unlikely off has
    nothing to say there, and neither has what draws.
    """
    _check(wish, vocabulary)
    chain = _weighing(wish, context_tokens)
    seed = _seed(wish.seed)
    if wish.temperature == 0:
        return (*chain, Greedy())
    warmth = _warmth(wish)
    if wish.mirostat:
        tau, eta = wish.mirostat_tau, wish.mirostat_eta
        return (*chain, *warmth, Mirostat(version=wish.mirostat, tau=tau, eta=eta, seed=seed))
    return (*chain, *_cutting(wish, vocabulary, seed), *warmth, Draw(seed=seed))


def remembered(wish: Sampling, context_tokens: int) -> int:
    """How many of the last tokens matter to the next; the prompt's end counts among them."""
    penalties = wish.penalty_window_tokens if _penalised(wish) else 0
    return max(penalties, _dry_window(wish, context_tokens) if wish.dry_multiplier else 0)


def _weighing(wish: Sampling, context_tokens: int) -> list[Stage]:
    chain: list[Stage] = []
    if wish.logit_bias:
        chain.append(LogitBias(biases=wish.logit_bias))
    if _penalised(wish):
        chain.append(
            Penalties(
                window_tokens=wish.penalty_window_tokens,
                repeat=wish.repeat_penalty,
                frequency=wish.frequency_penalty,
                presence=wish.presence_penalty,
            )
        )
    if wish.dry_multiplier and (window := _dry_window(wish, context_tokens)):
        chain.append(
            Dry(
                multiplier=wish.dry_multiplier,
                base=wish.dry_base,
                allowed_length=wish.dry_allowed_length,
                window_tokens=window,
                breakers=wish.dry_breakers,
            )
        )
    return chain


def _cutting(wish: Sampling, vocabulary: int, seed: int) -> list[Stage]:
    chain: list[Stage] = []
    if wish.top_n_sigma > 0:
        chain.append(TopNSigma(n=wish.top_n_sigma))
    if 0 < wish.top_k < vocabulary:
        chain.append(TopK(k=wish.top_k))
    if wish.typical_p < 1:
        chain.append(Typical(p=wish.typical_p))
    if wish.top_p < 1:
        chain.append(TopP(p=wish.top_p))
    if wish.min_p > 0:
        chain.append(MinP(p=wish.min_p))
    if wish.xtc_probability > 0 and wish.xtc_threshold <= _XTC_LEAVES_NONE_OUT:
        probability, threshold = wish.xtc_probability, wish.xtc_threshold
        chain.append(Xtc(probability=probability, threshold=threshold, seed=seed))
    return chain


def _warmth(wish: Sampling) -> list[Stage]:
    # Mirostat knows the plain temperature alone.
    spread = 0.0 if wish.mirostat else wish.dynamic_temperature_range
    if wish.temperature == 1 and not spread:
        return []
    exponent = wish.dynamic_temperature_exponent
    return [Temperature(temperature=wish.temperature, spread=spread, exponent=exponent)]


def _penalised(wish: Sampling) -> bool:
    off = wish.repeat_penalty == 1.0 and wish.presence_penalty == 0 and wish.frequency_penalty == 0
    return not off and wish.penalty_window_tokens > 0


def _dry_window(wish: Sampling, context_tokens: int) -> int:
    whole = wish.dry_window_tokens < 0
    return context_tokens if whole else min(wish.dry_window_tokens, context_tokens)


def _seed(wished: int | None) -> int:
    seed = secrets.randbits(32) if wished is None else wished & _SEED_MASK
    return seed if seed != _DRAW_ANEW else seed - 1


def _check(wish: Sampling, vocabulary: int) -> None:
    for name, low, high in _LIMITS:
        value = getattr(wish, name)
        if not low <= value <= high:  # also false for NaN
            raise BadRequest(f"{name} is {value}; it must lie between {low:g} and {high:g}.")
    if wish.mirostat not in {0, 1, 2}:
        raise BadRequest(f"mirostat is {wish.mirostat}; it must be 0, 1 or 2.")
    if len(wish.dry_breakers) > _MOST_BREAKERS:
        count = len(wish.dry_breakers)
        raise BadRequest(f"dry_breakers has {count} entries; {_MOST_BREAKERS} are allowed.")
    for breaker in wish.dry_breakers:
        if not breaker or "\0" in breaker or len(breaker.encode()) > _LONGEST_BREAKER:
            sentence = f"dry_breakers has {breaker[:50]!r}; each must be of 1 to"
            raise BadRequest(f"{sentence} {_LONGEST_BREAKER} bytes.")
    for token, bias in wish.logit_bias.items():
        if not 0 <= token < vocabulary:
            raise BadRequest(
                f"logit_bias names token {token}; this model's vocabulary has {vocabulary:,}."
            )
        if not math.isfinite(bias):
            raise BadRequest(f"logit_bias of token {token} is {bias}; it must be finite.")
