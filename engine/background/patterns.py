"""Regular expressions → GBNF, for strings within JSON."""

import json
import re
from importlib import import_module
from typing import Any

from engine.background.gbnf import Rules, in_class, literal
from engine.errors import BadRequest

_MOST_PARTS = 2_000
_MOST_REPEATS = 2_000
_LONGEST = 4_096
_DEEPEST = 40
_MUST_ESCAPE = '"\\'
_CATEGORIES = {
    "CATEGORY_DIGIT": "0-9",
    "CATEGORY_WORD": "a-zA-Z0-9_",
    "CATEGORY_SPACE": " ",
}
_PLAIN = '[^"\\\\\\x00-\\x1F\\x7F]'


def pattern_rule(pattern: str, rules: Rules, place: str) -> str:
    """A rule for the inside of a string that matches. Raises BadRequest."""
    if len(pattern) > _LONGEST:
        raise BadRequest(f"The pattern at {place} is longer than {_LONGEST:,} characters.")
    try:
        # Python's own reader of patterns: there is no public way to what it read.
        parser: Any = import_module("re._parser")
        parsed: Any = parser.parse(pattern)
    except (re.error, RecursionError, OverflowError, ValueError) as error:
        raise BadRequest(f"The pattern at {place} cannot be read: {error}.") from error
    items: list[Any] = list(parsed)
    starts = bool(items) and str(items[0][0]) == "AT" and "BEGINNING" in str(items[0][1])
    ends = (
        len(items) > (1 if starts else 0)
        and str(items[-1][0]) == "AT"
        and "END" in str(items[-1][1])
    )
    inner = items[1 if starts else 0 : len(items) - 1 if ends else len(items)]
    body = _Pattern(rules, place).sequence(inner, 0)
    before = "" if starts else f"{_PLAIN}* "
    after = "" if ends else f" {_PLAIN}*"
    return rules.add("pattern", f"{before}{body}{after}")


class _Pattern:
    def __init__(self, rules: Rules, place: str) -> None:
        self._rules, self._place = rules, place
        self._parts = 0

    def sequence(self, items: Any, depth: int) -> str:
        """Several parts one after the other."""
        if depth > _DEEPEST:
            raise BadRequest(f"The pattern at {self._place} is nested deeper than {_DEEPEST}.")
        return " ".join(self._part(str(kind), value, depth) for kind, value in items) or '""'

    def _part(self, kind: str, value: Any, depth: int) -> str:  # noqa: PLR0911
        self._parts += 1
        if self._parts > _MOST_PARTS:
            raise BadRequest(f"The pattern at {self._place} has more than {_MOST_PARTS:,} parts.")
        match kind:
            case "LITERAL":
                return literal(json.dumps(chr(value), ensure_ascii=False)[1:-1])
            case "NOT_LITERAL":
                return self._class([("LITERAL", value)], negated=True)
            case "ANY":
                return _PLAIN
            case "IN":
                negated = str(value[0][0]) == "NEGATE"
                return self._class(value[1:] if negated else value, negated=negated)
            case "BRANCH":
                ways = [self.sequence(one, depth + 1) for one in value[1]]
                return f"({' | '.join(ways)})"
            case "SUBPATTERN":
                return f"({self.sequence(value[3], depth + 1)})"
            case "MAX_REPEAT" | "MIN_REPEAT":
                return self._repeat(value, depth)
            case _:
                raise BadRequest(
                    f"The pattern at {self._place} uses {kind.lower()}, which no grammar can hold."
                )

    def _repeat(self, told: Any, depth: int) -> str:
        least, most, items = told
        body = self._rules.add("part", self.sequence(items, depth + 1))
        endless = str(most) == "MAXREPEAT"
        if least > _MOST_REPEATS or (not endless and most > _MOST_REPEATS):
            raise BadRequest(
                f"The pattern at {self._place} repeats more than {_MOST_REPEATS:,} times."
            )
        return f"{body}{{{least},{'' if endless else most}}}"

    def _class(self, items: Any, *, negated: bool) -> str:
        inside = ""
        apart: list[str] = []
        for kind, value in items:
            match str(kind):
                case "LITERAL":
                    char = chr(value)
                    if char in _MUST_ESCAPE or char < " ":
                        apart.append(literal(json.dumps(char)[1:-1]))
                    else:
                        inside += in_class(char)
                case "RANGE":
                    spans, escaped = _spans(*value)
                    inside += spans
                    apart += escaped
                case "CATEGORY" if str(value) in _CATEGORIES:
                    inside += _CATEGORIES[str(value)]
                case other:
                    what = str(value) if other == "CATEGORY" else other
                    raise BadRequest(
                        f"The pattern at {self._place} uses {what.lower()} in a class,"
                        " which no grammar can hold."
                    )
        if negated:
            return f'[^{inside}"\\\\\\x00-\\x1F]'
        ways = [*([f"[{inside}]"] if inside else ()), *apart]
        return ways[0] if len(ways) == 1 else f"({' | '.join(ways)})"


def _spans(low: int, high: int) -> tuple[str, list[str]]:
    """A range within a class, but for what JSON must escape; and that, escaped."""
    low = max(low, 0x20)
    escaped = [char for char in _MUST_ESCAPE if low <= ord(char) <= high]
    inside = ""
    for char in sorted(escaped):
        if low < ord(char):
            inside += f"{in_class(chr(low))}-{in_class(chr(ord(char) - 1))}"
        low = ord(char) + 1
    if low <= high:
        inside += f"{in_class(chr(low))}-{in_class(chr(high))}"
    return inside, [literal(json.dumps(char)[1:-1]) for char in escaped]
