"""Code → runs of colour classes, line by line while it is being written."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, Literal, cast, get_args

from pygments.lexer import Lexer, RegexLexer
from pygments.lexers import get_lexer_by_name  # pyright: ignore[reportUnknownVariableType]
from pygments.token import Token
from pygments.util import ClassNotFound

ColourClass = Literal[
    "plain",
    "keyword",
    "string",
    "number",
    "comment",
    "function",
    "class",
    "operator",
    "decorator",
    "inserted",
    "deleted",
]

COLOUR_CLASSES: Final[tuple[ColourClass, ...]] = get_args(ColourClass)

# The first kind that contains a token's kind names its class.
_CLASSES: Final[tuple[tuple[object, ColourClass], ...]] = (
    (Token.Comment, "comment"),
    (Token.Keyword, "keyword"),
    (Token.Operator.Word, "keyword"),
    (Token.Literal.String, "string"),
    (Token.Literal.Number, "number"),
    (Token.Name.Function, "function"),
    (Token.Name.Class, "class"),
    (Token.Name.Tag, "keyword"),
    (Token.Name.Attribute, "function"),
    (Token.Name.Decorator, "decorator"),
    (Token.Name.Builtin, "function"),
    (Token.Operator, "operator"),
    (Token.Generic.Inserted, "inserted"),
    (Token.Generic.Deleted, "deleted"),
    (Token.Generic.Heading, "class"),
    (Token.Generic.Subheading, "class"),
)

Kind = tuple[str, ...]
Action = Kind | Callable[[Lexer, Any], Iterator[tuple[int, Kind, str]]] | None
Rule = tuple[Callable[[str, int], Any], Action, "int | str | tuple[str, ...] | None"]


@dataclass(frozen=True, kw_only=True)
class Run:
    """Neighbouring characters of one colour."""

    colour: ColourClass
    text: str


@lru_cache(maxsize=512)
def class_of(kind: Kind) -> ColourClass:
    """The colour class of one of Pygments' kinds of token."""
    for outer, colour in _CLASSES:
        if kind in cast("Any", outer):
            return colour
    return "plain"


def colour_all(text: str, language: str) -> list[Run]:
    """The runs of a finished piece of code."""
    lexer = _lexer(language)
    if lexer is None:
        return [Run(colour="plain", text=text)] if text else []
    tokens = cast("Iterator[tuple[int, Kind, str]]", lexer.get_tokens_unprocessed(text))
    return _merged((class_of(kind), part) for _, kind, part in tokens)


def warm(languages: tuple[str, ...] = ("python", "bash", "json", "javascript")) -> None:
    """Load what the first code block of a language would wait for, up to 60 ms; from any thread."""
    for language in languages:
        colour_all("x = 1\n", language)


class LineColours:
    """Colours code that only grows, each line once, going on where the last line left off.

    Where a lexer has its own reading loop the lines stay plain until the code is finished; a
    construct that spans lines by one pattern is right only then, too.
    """

    def __init__(self, language: str) -> None:
        self._lexer = _resumable(language)
        self._stack = ["root"]

    def advance(self, lines: str) -> list[Run]:
        """The runs of the next complete lines."""
        if self._lexer is None:
            return [Run(colour="plain", text=lines)] if lines else []
        tokens = _resume(self._lexer, lines, self._stack)
        return _merged((class_of(kind), part) for kind, part in tokens)


def _lexer(language: str) -> Lexer | None:
    if not language:
        return None
    try:
        return get_lexer_by_name(language, stripnl=False, ensurenl=False)
    except ClassNotFound:
        return None


def _resumable(language: str) -> RegexLexer | None:
    lexer = _lexer(language)
    if not isinstance(lexer, RegexLexer):
        return None
    plain_loop = cast("object", RegexLexer.get_tokens_unprocessed)
    return lexer if cast("object", type(lexer).get_tokens_unprocessed) is plain_loop else None


def _resume(lexer: RegexLexer, text: str, stack: list[str]) -> Iterator[tuple[Kind, str]]:
    """Pygments' own loop over its rules, with the stack of states left in `stack`."""
    rules = cast("Mapping[str, Sequence[Rule]]", vars(type(lexer))["_tokens"])
    position = 0
    while True:
        for pattern, action, move in rules[stack[-1]]:
            match = pattern(text, position)
            if match is None:
                continue
            if isinstance(action, tuple):
                yield action, match.group()
            elif action is not None:
                yield from ((kind, part) for _, kind, part in action(lexer, match))
            position = match.end()
            _move(stack, move)
            break
        else:
            if position >= len(text):
                return
            if text[position] == "\n":
                stack[:] = ["root"]
                yield cast("Kind", Token.Text.Whitespace), "\n"
            else:
                yield cast("Kind", Token.Error), text[position]
            position += 1


def _move(stack: list[str], move: int | str | tuple[str, ...] | None) -> None:
    match move:
        case None:
            return
        case int():
            # A pop never takes the root away.
            del stack[max(1, len(stack) - abs(move)) :]
        case str():
            _step(stack, move)
        case _:
            for one in move:
                _step(stack, one)


def _step(stack: list[str], move: str) -> None:
    if move == "#pop":
        if len(stack) > 1:
            stack.pop()
    elif move == "#push":
        stack.append(stack[-1])
    else:
        stack.append(move)


def _merged(tokens: Iterator[tuple[ColourClass, str]]) -> list[Run]:
    runs: list[Run] = []
    parts: list[str] = []
    current: ColourClass = "plain"
    for colour, part in tokens:
        if colour != current and parts:
            runs.append(Run(colour=current, text="".join(parts)))
            parts = []
        current = colour
        parts.append(part)
    if parts:
        runs.append(Run(colour=current, text="".join(parts)))
    return runs
