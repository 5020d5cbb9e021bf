"""Saying: a sentence that can be said in several languages."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from string import Formatter
from typing import Any

from typing_extensions import override

from engine.fit.placement import words


@dataclass(frozen=True, slots=True, kw_only=True)
class Saying:
    """An English template, which other languages translate, and the values for its fields.

    A field's format says what its number is: `{size:memory}` bytes, `{speed:rate}` tokens a second,
    `{context:tokens}` tokens, `{cards:names}` several names; Python's own formats hold, too. A
    value may be a saying itself.
    """

    template: str
    values: "tuple[tuple[str, Value], ...]" = ()

    def __str__(self) -> str:
        """In English."""
        return tell(self, str, words.listed)


Value = str | int | float | tuple[str, ...] | Saying


def say(template: str, /, **values: Value) -> Saying:
    """A saying; the template is written out here, so that translators find it."""
    return Saying(template=template, values=tuple(values.items()))


def tell(
    saying: Saying, translate: Callable[[str], str], listed: Callable[[Sequence[str]], str]
) -> str:
    """In the language of `translate`, which gets templates, and of `listed`, which joins names."""
    return _Filler(translate, listed).fill(saying)


class _Filler(Formatter):
    def __init__(
        self, translate: Callable[[str], str], listed: Callable[[Sequence[str]], str]
    ) -> None:
        self._translate = translate
        self._listed = listed

    def fill(self, saying: Saying) -> str:
        return self.vformat(self._translate(saying.template), (), dict(saying.values))

    @override
    def format_field(self, value: Any, format_spec: str) -> str:
        if isinstance(value, Saying):
            return self.fill(value)
        match format_spec:
            case "memory":
                return words.gigabytes(value)
            case "rate":
                return words.rate(value)
            case "tokens":
                return words.tokens(value)
            case "names":
                return self._listed(value)
            case _:
                return format(value, format_spec)
