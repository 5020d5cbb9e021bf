"""GBNF, llama.cpp's grammars: written from rules, and looked at before llama.cpp sees them.

What is refused here would make llama.cpp refuse without saying where, or read for ever: a rule that
can begin with itself, behind rules that may be empty, is not noticed by it and fills the memory.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NoReturn

from engine.errors import BadRequest

MOST_BYTES = 1 << 20
_MOST_RULES = 8_000  # llama.cpp follows them by recursion
_MOST_ITEMS = 200_000
_MOST_REPEATS = 2_000  # llama.cpp's own limit
_DEEPEST = 64

_NAME = re.compile(r"[a-zA-Z0-9-]+")
_GAP = re.compile(r"(?:[ \t]|#[^\r\n]*)*")
_WIDE_GAP = re.compile(r"(?:[ \t\r\n]|#[^\r\n]*)*")
_CHAR = r"\\x[0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\U[0-9a-fA-F]{8}|\\[trn\\\"\[\]\-]"
_LITERAL = re.compile(rf'"(?:[^"\\]|{_CHAR})*"')
_CLASS = re.compile(rf"\[(?:[^\]\\]|{_CHAR})*\]")
_TOKEN = re.compile(r"!?<[^>\n]+>")
_TIMES = re.compile(r"\{[ \t]*(\d{1,9})[ \t]*(,)?[ \t]*(\d{1,9})?[ \t]*\}")


@dataclass(slots=True)
class _Rule:
    """Its alternatives: of each the names of what it is made of ("" for text), and whether that
    may be left out."""

    alternatives: list[list[tuple[str, bool]]] = field(default_factory=list[list[tuple[str, bool]]])


def check_grammar(text: str) -> None:
    """Look through a grammar. Raises BadRequest with a sentence that names the place."""
    _Grammar(text)


def renamed(text: str, suffix: str) -> str:
    """The same grammar with that behind all its rules' names. Raises BadRequest."""
    grammar = _Grammar(text)
    parts: list[str] = []
    at = 0
    for start, end in sorted(grammar.names):
        parts += (text[at:end], suffix)
        at = end
        assert start < end
    return "".join((*parts, text[at:]))


class _Grammar:
    def __init__(self, text: str) -> None:
        self._text, self._at = text, 0
        self._rules: dict[str, _Rule] = {}
        self._mentioned: dict[str, int] = {}
        self._items = self._made = 0
        self.names: list[tuple[int, int]] = []
        if len(text.encode("utf-8", "replace")) > MOST_BYTES:
            raise BadRequest(f"The grammar is greater than {MOST_BYTES >> 20} MB.")
        if "\0" in text:
            raise BadRequest("The grammar has a zero byte in it.")
        self._skip(wide=True)
        while self._at < len(text):
            self._rule()
        self._check()

    def _rule(self) -> None:
        name = self._name("a rule's name")
        if name in self._rules:
            self._refuse(f"The grammar defines {name} twice")
        self._skip()
        if not self._text.startswith("::=", self._at):
            self._refuse("The grammar lacks ::=")
        self._at += 3
        self._skip(wide=True)
        self._rules[name] = _Rule()
        self._alternatives(self._rules[name], depth=0)
        if self._at < len(self._text) and self._text[self._at] not in "\r\n":
            self._refuse("The grammar cannot be read")
        self._skip(wide=True)

    def _alternatives(self, rule: _Rule, depth: int) -> None:
        if depth > _DEEPEST:
            self._refuse(f"The grammar's brackets are nested deeper than {_DEEPEST}")
        while True:
            rule.alternatives.append(self._sequence(depth))
            if not self._text.startswith("|", self._at):
                return
            self._at += 1
            self._skip(wide=True)

    def _sequence(self, depth: int) -> list[tuple[str, bool]]:
        items: list[tuple[str, bool]] = []
        while self._at < len(self._text):
            char = self._text[self._at]
            if char in "*+?{":
                if not items:
                    self._refuse(f"The grammar has a {char} with nothing before it")
                least = self._times()
                items[-1] = (items[-1][0], items[-1][1] or least == 0)
            elif char == "(":
                items.append((self._group(depth), False))
            elif (item := self._item(char)) is not None:
                items.append(item)
            else:
                break
            self._items += 1
            if self._items > _MOST_ITEMS:
                self._refuse(f"The grammar has more than {_MOST_ITEMS:,} parts")
            self._skip(wide=depth > 0)
        return items

    def _item(self, char: str) -> tuple[str, bool] | None:
        if char == '"':
            literal = self._match(_LITERAL, "a text that does not end, or an unknown escape")
            return ("", literal == '""')
        if char == "[":
            self._match(_CLASS, "a class of characters that does not end, or an unknown escape")
        elif char in "<!":
            self._match(_TOKEN, "a token without its >")
        elif char == ".":
            self._at += 1
        elif _NAME.match(char):
            place = self._at
            name = self._name("a name")
            self._mentioned.setdefault(name, place)
            return (name, False)
        else:
            return None
        return ("", False)

    def _group(self, depth: int) -> str:
        self._at += 1
        self._skip(wide=True)
        self._made += 1
        name = f"({self._made}"  # no name that a grammar can have
        self._rules[name] = _Rule()
        self._alternatives(self._rules[name], depth + 1)
        if not self._text.startswith(")", self._at):
            self._refuse("The grammar lacks a closing bracket")
        self._at += 1
        return name

    def _times(self) -> int:
        char = self._text[self._at]
        if char != "{":
            self._at += 1
            self._made += 1
            return 1 if char == "+" else 0
        place = self._at
        self._match(_TIMES, "a repetition that is none")
        found = _TIMES.match(self._text, place)
        assert found is not None
        least = int(found[1])
        most = least if not found[2] else int(found[3]) if found[3] else least + 1
        if most < least:
            self._refuse("The grammar repeats something at most fewer times than at least")
        if least > _MOST_REPEATS:
            self._refuse(f"The grammar repeats something more than {_MOST_REPEATS:,} times")
        self._made += max(1, most - least if most <= _MOST_REPEATS else 1)
        self._items += least
        return least

    def _name(self, what: str) -> str:
        place = self._at
        name = self._match(_NAME, f"no {what} where one belongs")
        self.names.append((place, self._at))
        return name

    def _match(self, pattern: re.Pattern[str], otherwise: str) -> str:
        found = pattern.match(self._text, self._at)
        if found is None:
            self._refuse(f"The grammar has {otherwise}")
        self._at = found.end()
        return found[0]

    def _skip(self, *, wide: bool = False) -> None:
        found = (_WIDE_GAP if wide else _GAP).match(self._text, self._at)
        assert found is not None
        self._at = found.end()

    def _refuse(self, sentence: str) -> NoReturn:
        line = self._text.count("\n", 0, self._at) + 1
        raise BadRequest(f"{sentence} (line {line}).")

    # --- the whole -----------------------------------------------------------------------------

    def _check(self) -> None:
        if "root" not in self._rules:
            raise BadRequest("The grammar has no rule named root.")
        for name, place in self._mentioned.items():
            if name not in self._rules:
                self._at = place
                self._refuse(f"The grammar does not define {name}")
        if len(self._rules) + self._made > _MOST_RULES:
            raise BadRequest(f"The grammar has more than {_MOST_RULES:,} rules.")
        empty = self._nullable()
        begins = {
            name: {item for one in rule.alternatives for item in _first(one, empty)}
            for name, rule in self._rules.items()
        }
        if (name := _loop(begins)) is not None:
            raise BadRequest(f"The grammar's rule {name} can begin with itself.")

    def _nullable(self) -> set[str]:
        """The rules that may be empty."""
        empty: set[str] = set()
        users: dict[str, list[str]] = {}
        for name, rule in self._rules.items():
            for one in rule.alternatives:
                for item, _ in one:
                    users.setdefault(item, []).append(name)
        todo = list(self._rules)
        while todo:
            name = todo.pop()
            if name not in empty and any(
                all(left_out or item in empty for item, left_out in one)
                for one in self._rules[name].alternatives
            ):
                empty.add(name)
                todo += users.get(name, ())
        return empty


def _first(items: Iterable[tuple[str, bool]], empty: set[str]) -> Iterable[str]:
    for item, left_out in items:
        if item:
            yield item
        if not left_out and item not in empty:
            return


def _loop(begins: dict[str, set[str]]) -> str | None:
    """A rule that can begin with itself, if there is one."""
    done: set[str] = set()
    for start in begins:
        path: dict[str, list[str]] = {}
        name: str | None = start
        while name is not None:
            if name not in path:
                path[name] = [one for one in begins[name] if one not in done]
            following = path[name].pop() if path[name] else None
            if following is None:
                done.add(name)
                del path[name]
                name = next(reversed(path), None)
            elif following in path:
                return next(one for one in (following, *path) if not one.startswith("("))
            elif following not in done:
                name = following
    return None


class Rules:
    """A grammar that is being written."""

    def __init__(self) -> None:
        self._rules: dict[str, str] = {}
        self._named: dict[str, str] = {}
        self._bytes = 0

    def reserve(self, wish: str) -> str:
        """A name like that, for a rule that is written later."""
        stem = re.sub(r"[^a-zA-Z0-9]+", "-", wish)[:40].strip("-") or "rule"
        name = f"{stem}-{len(self._rules)}" if stem in self._rules else stem
        self._rules[name] = ""
        if len(self._rules) > _MOST_RULES:
            raise BadRequest(f"The schema makes a grammar of more than {_MOST_RULES:,} rules.")
        return name

    def write(self, name: str, body: str) -> None:
        """That rule says this."""
        self._rules[name] = body
        self._bytes += len(body)
        if self._bytes > MOST_BYTES:
            raise BadRequest(f"The schema makes a grammar greater than {MOST_BYTES >> 20} MB.")

    def add(self, wish: str, body: str) -> str:
        """The name of a rule that says this; the same body is written once."""
        if body not in self._named:
            name = self._named[body] = self.reserve(wish)
            self.write(name, body)
        return self._named[body]

    def before(self, mark: str) -> str:
        """Any text up to that mark, and the mark."""
        known = f"any text and {mark}"
        if known in self._named:
            return self._named[known]
        names = [self.reserve(f"until-{state}") for state in range(len(mark))]
        self._named[known] = names[0]
        letters = sorted(set(mark))
        others = "".join(in_class(letter) for letter in letters)
        for state, name in enumerate(names):
            ways = [f"[^{others}] {names[0]}"]
            for letter in letters:
                seen = mark[:state] + letter
                kept = max(
                    length for length in range(len(seen) + 1) if seen.endswith(mark[:length])
                )
                following = "" if kept == len(mark) else names[kept]
                ways.append(f"{literal(letter)} {following}".rstrip())
            self.write(name, " | ".join(ways))
        return names[0]

    def text(self, root: str, more: str = "") -> str:
        """The grammar, with more rules. Raises BadRequest if llama.cpp could not take it."""
        lines = [f"root ::= {root}", *(f"{name} ::= {body}" for name, body in self._rules.items())]
        written = "\n".join((*lines, more)) + "\n"
        check_grammar(written)
        return written


def literal(text: str) -> str:
    """This text, as GBNF."""
    return '"' + "".join(_escaped(char, '"\\') for char in text) + '"'


def in_class(char: str) -> str:
    """This character within a class."""
    return _escaped(char, '\\[]-"') if char != "^" else "\\x5E"


def _escaped(char: str, special: str) -> str:
    if char in special:
        return "\\" + char
    if char < " " or char == "\x7f":
        return {"\n": "\\n", "\r": "\\r", "\t": "\\t"}.get(char, f"\\x{ord(char):02X}")
    return char
