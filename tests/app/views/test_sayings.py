"""The engine's sentences in Chinese: each has its translation, with the same fields."""

import ast
from collections.abc import Iterator
from pathlib import Path
from string import Formatter
from xml.etree import ElementTree as ET

import pytest
from PySide6.QtWidgets import QApplication

from app.main import ASSETS
from app.text import failures
from app.views import sayings
from app.views.languages import Words
from engine import errors
from engine.errors import EngineError
from engine.fit.saying import Saying, say

ROOT = Path(__file__).parents[3]
TRANSLATION = ASSETS / "translations" / "fullbore_zh_CN.ts"


def trees() -> Iterator[tuple[Path, ast.AST]]:
    for room in ("engine", "app"):
        for path in (ROOT / room).rglob("*.py"):
            yield path, ast.parse(path.read_text("utf-8"))


def spoken(written: ast.expr) -> list[str]:
    """One literal, or one for either case."""
    if isinstance(written, ast.IfExp):
        return [*spoken(written.body), *spoken(written.orelse)]
    assert isinstance(written, ast.Constant), "a template is written out where it is said"
    assert isinstance(written.value, str)
    return [written.value]


def templates() -> set[str]:
    """All but the empty one, which says nothing in any language."""
    return {
        template
        for _, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "say"
        for template in spoken(node.args[0])
        if template
    }


def kinds(kind: type[EngineError] = EngineError) -> Iterator[type[EngineError]]:
    yield kind
    for below in kind.__subclasses__():
        if below.__module__ == errors.__name__:
            yield from kinds(below)


def remedies() -> set[str]:
    """Those of the kinds, and those that are given where a failure is raised."""
    given = {
        node.value.value
        for path, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.keyword) and node.arg == "remedy" and "terminal" not in path.parts
        if isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
    }
    return given | {kind.remedy for kind in kinds()}


def chinese(context: str) -> dict[str, str]:
    (found,) = (
        one for one in ET.parse(TRANSLATION).iter("context") if one.findtext("name") == context
    )
    return {
        message.findtext("source", ""): message.findtext("translation", "")
        for message in found.iter("message")
    }


def fields(template: str) -> set[tuple[str, str]]:
    parsed = Formatter().parse(template)
    return {(name, form or "") for _, name, form, _ in parsed if name is not None}


@pytest.fixture
def in_chinese(qapp: QApplication) -> Iterator[None]:
    words = Words(qapp, ASSETS / "translations")
    words.speak("zh_CN")
    yield
    words.speak("en")


def test_that_every_template_has_its_translation_with_the_same_fields() -> None:
    known, used = chinese("Saying"), templates()
    assert len(used) > 60
    assert set(known) == used
    for template, translation in known.items():
        assert fields(template) == fields(translation), template


def test_that_every_remedy_and_every_kind_of_failure_has_its_translation() -> None:
    assert remedies() <= set(chinese("Remedy"))
    assert {kind.code for kind in kinds()} <= set(chinese("Failure"))


def test_that_a_saying_is_told_whole_in_english() -> None:
    saying = say(
        "{cards:names} is left out: {why}",
        cards=("RTX 3090", "RTX 3060", "RTX 3090"),
        why=say(
            "{how} the plan would decode {its:rate} tok/s instead of {mine:rate}.",
            how=say("with it"),
            its=7.25,
            mine=41.0,
        ),
    )
    assert str(saying) == (
        "2 × RTX 3090 and RTX 3060 is left out: "
        "with it the plan would decode 7.2 tok/s instead of 41."
    )
    assert sayings.told(saying) == str(saying)


@pytest.mark.usefixtures("in_chinese")
@pytest.mark.parametrize(
    ("saying", "chinese_words"),
    [
        (
            say(
                "It does not fit: {needed:memory} must stay in RAM, and {free:memory} are free.",
                needed=99 << 30,
                free=64 << 30,
            ),
            "放不下：99.0 GB 必须留在内存里，而空闲内存只有 64.0 GB。",
        ),
        (say("one more {card}", card="RTX 3090"), "再加一块 RTX 3090"),
        (
            say("context {now:tokens} → {then:tokens}", now=32768, then=16384),
            "上下文 32k → 16k",
        ),
        (
            say(
                "{cards:names} are left out: {why}",
                cards=("A", "B", "C"),
                why=say("{how} the plan would lack {over:memory}.", how=say("with them"), over=1e9),
            ),
            "不使用 A、B 和 C：加上它们，还差 0.9 GB。",
        ),
    ],
)
def test_that_a_chinese_window_tells_it_in_chinese(saying: Saying, chinese_words: str) -> None:
    assert sayings.told(saying) == chinese_words


@pytest.mark.usefixtures("in_chinese")
@pytest.mark.parametrize(
    ("failure", "kind", "remedy"),
    [
        (errors.OutOfMemory("GPU 0 is full."), "内存不足：", "更短的上下文"),
        (errors.ContextExceeded(9000, 4096), "超出上下文长度：", "请缩短对话"),
        (errors.HubUnreachable("No answer."), "无法连接 Hub：", "请检查网络"),
        (errors.NotAModel("a.gguf is a picture."), "不是模型文件：", "请选择 .gguf 文件"),
    ],
)
def test_that_a_failure_names_its_kind_and_remedy_in_chinese(
    failure: EngineError, kind: str, remedy: str
) -> None:
    told = failures.told(failure)
    assert told.startswith(f"{kind}{failure}")
    assert remedy in told
    assert failures.told(failure.sentence) == told


@pytest.mark.usefixtures("in_chinese")
def test_that_a_broken_file_s_own_sentence_keeps_its_remedy_in_chinese() -> None:
    broken = "It does not begin as a GGUF file does. Choose a .gguf file, or download it again."
    told = failures.told(errors.NotAModel("The model a cannot be read.", remedy=broken))
    assert told == (
        "不是模型文件：The model a cannot be read. It does not begin as a GGUF file does. "
        "请选择 .gguf 文件，或重新下载。"
    )


def test_that_an_english_window_tells_failures_as_the_terminal_does(qapp: QApplication) -> None:
    failure = errors.OutOfMemory("GPU 0 is full.")
    assert failures.told(failure) == failures.told(failure.sentence) == failure.sentence
    assert failures.told("The engine's own words.") == "The engine's own words."
