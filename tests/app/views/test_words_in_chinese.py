"""The window's own words in Chinese: each has its translation, and none is left of words gone."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree as ET

from PySide6.QtCore import QTranslator

from app.main import ASSETS

ROOT = Path(__file__).parents[3]
TRANSLATION = ASSETS / "translations" / "fullbore_zh_CN.ts"
# Theirs are not written where they are translated: test_sayings.py looks at those of the engine;
# QShortcut's are names of keys, which Qt would call by other words than those on the keys.
_ELSEWHERE = {"Saying", "Remedy", "Failure", "Curated", "QShortcut"}
# A Chinese failure begins with its kind, which the English sentence tells by itself.
_OTHERWISE = {"{sentence} {remedy}"}
_HELD = re.compile(r"\{[^{}]*\}|%\d|%n")


class Said(NamedTuple):
    context: str
    words: str


def literals(written: ast.expr) -> list[str]:
    """One literal, or one for either case."""
    if isinstance(written, ast.IfExp):
        return [*literals(written.body), *literals(written.orelse)]
    assert isinstance(written, ast.Constant), f"not written out: {ast.unparse(written)}"
    assert isinstance(written.value, str)
    return [written.value]


def spoken(node: ast.AST, within: str) -> Iterator[Said]:
    """What is said with `self.tr("…")` or `QCoreApplication.translate("…", "…")`."""
    if isinstance(node, ast.ClassDef):
        within = node.name
    match node:
        case ast.Call(func=ast.Attribute(attr="tr"), args=[words, *_]):
            yield from (Said(within, one) for one in literals(words))
        case ast.Call(
            func=ast.Attribute(value=ast.Name("QCoreApplication"), attr="translate"),
            args=[ast.Constant(str(context)), words, *_],
        ) if context not in _ELSEWHERE:
            yield from (Said(context, one) for one in literals(words))
        case _:
            pass
    for below in ast.iter_child_nodes(node):
        yield from spoken(below, within)


def said() -> set[Said]:
    files = (ROOT / "app").rglob("*.py")
    return {one for file in files for one in spoken(ast.parse(file.read_text("utf-8")), "")}


def translated() -> list[tuple[Said, str]]:
    return [
        (
            Said(context.findtext("name", ""), message.findtext("source", "")),
            message.findtext("translation", ""),
        )
        for context in ET.parse(TRANSLATION).iter("context")
        for message in context.iter("message")
    ]


def test_that_every_word_of_the_window_has_its_translation_and_none_is_left_of_words_gone() -> None:
    known = {one for one, _ in translated() if one.context not in _ELSEWHERE}
    used = said()
    assert len(used) > 900
    assert used - known == set()
    assert known - used == set()


def test_that_nothing_is_translated_twice() -> None:
    assert [
        one for one, times in Counter(one for one, _ in translated()).items() if times > 1
    ] == []


def test_that_a_translation_holds_what_its_words_hold() -> None:
    for words, chinese in translated():
        if words.words not in _OTHERWISE:
            assert Counter(_HELD.findall(words.words)) == Counter(_HELD.findall(chinese)), words


def test_that_the_compiled_translations_are_those_that_are_written() -> None:
    compiled = QTranslator()
    assert compiled.load(TRANSLATION.with_suffix(".qm").as_posix())
    for (context, words), chinese in translated():
        assert compiled.translate(context, words) == chinese
