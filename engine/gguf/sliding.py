"""Which layers of which architecture see only a sliding window, as llama.cpp decides it.

Source: load_arch_hparams in llama.cpp's src/models/*.cpp and load_swa_pattern in llama-model.cpp.
"""

from dataclasses import dataclass

from engine.gguf.facts import Facts, flags

_TOKENS = "attention.sliding_window"
_PATTERN = _TOKENS + "_pattern"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Habit:
    """What an architecture does where the header leaves it open.

    Every `period`-th layer sees all, the first of them if `whole_first`, else the last; period 0
    means that the header must have a list. `tokens` stands in for a window the header does not
    give, and is the one used whatever it says if `fixed`.
    """

    period: int = 0
    whole_first: bool = False
    tokens: int = 0
    fixed: bool = False


_HABITS = {
    "afmoe": _Habit(period=4),
    "cohere2": _Habit(period=4),
    "cohere2moe": _Habit(period=4, whole_first=True),
    "dflash": _Habit(),
    "dots3note": _Habit(),
    "exaone-moe": _Habit(period=4, tokens=128),
    "exaone4": _Habit(period=4, tokens=4096),
    "gemma2": _Habit(period=2, tokens=4096),
    "gemma3": _Habit(period=6),
    "gemma3n": _Habit(period=5),
    "gemma4": _Habit(),
    "gemma4-assistant": _Habit(),
    "gpt-oss": _Habit(period=2),
    "granite_swa": _Habit(),
    "laguna": _Habit(period=4, whole_first=True),
    "llama4": _Habit(period=4, tokens=8192, fixed=True),
    "maple": _Habit(),
    "mellum": _Habit(period=4),
    "mimo2": _Habit(),
    "muse-glimmer": _Habit(period=4),
    "olmo2": _Habit(period=4),
    "plamo3": _Habit(period=8),
    "smallthinker": _Habit(period=4, whole_first=True, tokens=4096, fixed=True),
    "spark2_5": _Habit(),
    "step35": _Habit(),
}
_ALL_LAYERS = frozenset({"deepseek4"})
_EXAONE_WITH_WINDOW = 64  # layers; only the 32B has one


def window_of(
    facts: Facts, architecture: str, layers: int, trunk: int
) -> tuple[int, tuple[bool, ...]] | None:
    """The window's tokens and the layers that have it; None if none has. `trunk` is the number of
    layers without NextN blocks."""
    if architecture in _ALL_LAYERS:
        return facts.number(_TOKENS), (True,) * layers
    habit = _HABITS.get(architecture)
    if habit is None or (architecture == "exaone4" and trunk != _EXAONE_WITH_WINDOW):
        return None
    tokens = _tokens(facts, architecture, habit)
    marks = _marks(facts, habit, layers, trunk) if tokens else ()
    return (tokens, marks) if any(marks) else None


def _tokens(facts: Facts, architecture: str, habit: _Habit) -> int:
    told = facts.number(_TOKENS, habit.tokens)
    if architecture == "smallthinker" and not facts.has(_TOKENS):
        return 0
    return habit.tokens if told and habit.fixed else told


def _marks(facts: Facts, habit: _Habit, layers: int, trunk: int) -> tuple[bool, ...]:
    listed = facts.listed(_PATTERN, layers)
    if listed is not None:
        return flags(listed)
    if not habit.period:
        return ()
    period = facts.number(_PATTERN, habit.period)
    return tuple(
        layer < trunk and _windowed(layer, period, whole_first=habit.whole_first)
        for layer in range(layers)
    )


def _windowed(layer: int, period: int, *, whole_first: bool) -> bool:
    if period == 0:
        return True
    return layer % period != 0 if whole_first else layer % period < period - 1
