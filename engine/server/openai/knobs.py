"""What both of OpenAI's dialects may ask of the choice of tokens, under llama-server's names."""

from collections.abc import Mapping
from typing import Annotated, Literal, cast

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from engine.chat import Sampling

MOST_SEED = 0xFFFF_FFFF  # llama.cpp takes this one for "draw one", so it is never reached
MOST_ANSWERS = 16
_MOST_TOKENS = 1 << 24  # more than any context
_MOST = 1e6  # llama.cpp counts in 32 bits; nothing sensible is near


def as_needed(value: object) -> object:
    """-1 is a widespread way to say "no limit" or "choose one"."""
    return None if value == -1 and not isinstance(value, bool) else value


def _off(value: object) -> object:
    return 0 if value == -1 and not isinstance(value, bool) else value


def many(value: object) -> object:
    """Nothing, one text, or a list."""
    match value:
        case None:
            return ()
        case str():
            return (value,)
        case list():
            return tuple(cast("list[object]", value))
        case _:
            return value


Number = Annotated[float, Field(allow_inf_nan=False, ge=-_MOST, le=_MOST)]
Part = Annotated[float, Field(allow_inf_nan=False, ge=0, le=1)]
Positive = Annotated[float, Field(allow_inf_nan=False, gt=0, le=_MOST)]
Amount = Annotated[float, Field(allow_inf_nan=False, ge=0, le=_MOST)]
Whole = Annotated[int, Field(ge=0, le=_MOST_TOKENS)]
Limit = Annotated[Annotated[int, Field(ge=1, le=_MOST_TOKENS)] | None, BeforeValidator(as_needed)]
Stop = Annotated[str, Field(max_length=1000)]
Stops = Annotated[
    tuple[Stop, ...],
    BeforeValidator(many, json_schema_input_type=str | list[Stop] | None),
    Field(max_length=16),
]


class Incoming(BaseModel):
    """Types are strict, null means unset, and fields that are not known are ignored."""

    model_config = ConfigDict(strict=True, frozen=True, extra="ignore")


class StreamOptions(Incoming):
    """How a stream is told."""

    include_usage: bool | None = None


class Knobs(Incoming):
    """What every answer may be asked for. -1 turns off what 0 turns off, too."""

    model: str | None = None
    stream: bool | None = None
    stream_options: StreamOptions | None = None
    n: Annotated[int, Field(ge=1, le=MOST_ANSWERS)] | None = None
    stop: Stops = ()
    seed: Annotated[int | None, BeforeValidator(as_needed)] = None
    min_tokens: Whole | None = None
    ignore_eos: bool | None = None
    temperature: Amount | None = None
    top_k: Annotated[Whole | None, BeforeValidator(_off)] = None
    top_p: Part | None = None
    min_p: Part | None = None
    typical_p: Part | None = None
    top_n_sigma: Annotated[Amount | None, BeforeValidator(_off)] = None
    xtc_probability: Part | None = None
    xtc_threshold: Part | None = None
    dynatemp_range: Amount | None = None
    dynatemp_exponent: Amount | None = None
    mirostat: Literal[0, 1, 2] | None = None
    mirostat_tau: Amount | None = None
    mirostat_eta: Amount | None = None
    repeat_penalty: Positive | None = None
    repeat_last_n: Annotated[int, Field(ge=-1, le=_MOST_TOKENS)] | None = None
    presence_penalty: Number | None = None
    frequency_penalty: Number | None = None
    dry_multiplier: Amount | None = None
    dry_base: Amount | None = None
    dry_allowed_length: Whole | None = None
    dry_penalty_last_n: Annotated[int, Field(ge=-1, le=_MOST_TOKENS)] | None = None
    dry_sequence_breakers: (
        Annotated[
            tuple[Annotated[str, Field(min_length=1, max_length=100)], ...],
            BeforeValidator(lambda value: None if value is None else many(value)),
            Field(max_length=64),
        ]
        | None
    ) = None
    logit_bias: (
        Annotated[
            dict[Annotated[int, Field(ge=0, le=0x7FFF_FFFF)], Number], Field(max_length=10_000)
        ]
        | None
    ) = None
    adapters: Annotated[dict[str, Number], Field(max_length=64)] | None = None
    rolling_context: bool | None = None


# Their names in a Sampling; those that are not here are called the same.
_NAMES = {
    "repeat_last_n": "penalty_window_tokens",
    "dynatemp_range": "dynamic_temperature_range",
    "dynatemp_exponent": "dynamic_temperature_exponent",
    "dry_penalty_last_n": "dry_window_tokens",
    "dry_sequence_breakers": "dry_breakers",
}


def sampling_of(knobs: Knobs) -> Sampling:
    """What the request sets; the rest keeps our defaults. A `seed` is set for each answer."""
    known = Sampling.__dataclass_fields__.keys() - {"seed"}
    chosen = {
        name: value
        for wish in Knobs.model_fields
        if (name := _NAMES.get(wish, wish)) in known
        and (value := cast("object", getattr(knobs, wish))) is not None
    }
    return _sampling(chosen)


def _sampling(chosen: Mapping[str, object]) -> Sampling:
    return Sampling(**chosen)  # pyright: ignore[reportArgumentType] # pydantic checked them
