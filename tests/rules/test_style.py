"""The rules of docs/design.md §6 that a program can check."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
ROOMS = ("app", "engine")
PLACES = (*ROOMS, "installers", "tests")
MOST_LINES = 400
FORBIDDEN_WORDS = {"manager", "helper", "helpers", "utils", "util", "common", "base", "handler"} | {
    "data",
    "info",
}
# Names that others gave: what we override or what a protocol demands is theirs to name.
FOREIGN_NAMES = {
    "data",
    "setData",
    "headerData",
    "mimeData",
    "dropMimeData",
    "canDropMimeData",
    "canInsertFromMimeData",
    "insertFromMimeData",
    "itemData",
    "log_message",
}


def sources(*places: str) -> list[Path]:
    """Python files of these folders, sorted."""
    found = (path for place in places for path in (REPOSITORY / place).rglob("*.py"))
    return sorted(path for path in found if "__pycache__" not in path.parts)


def kept_files() -> Iterator[Path]:
    """Files of the repository that people write, without what tools leave behind."""
    skipped = {"build", "dist", "__pycache__"}
    for top in sorted(REPOSITORY.iterdir()):
        hidden = top.name.startswith(".") and top.name not in {".ci", ".github"}
        if top.name in {"models", *skipped} or hidden:
            continue
        for path in sorted(top.rglob("*")) if top.is_dir() else [top]:
            if path.is_file() and not skipped & set(path.relative_to(top).parts):
                yield path


def named(path: Path) -> str:
    """The file's name as the repository knows it."""
    return path.relative_to(REPOSITORY).as_posix()


def words(name: str) -> set[str]:
    """The words of a name, in lower case, whether joined_so or JoinedSo."""
    apart = re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", name)
    return set(re.split(r"[_\W]+", apart.lower()))


def is_foreign(name: str) -> bool:
    """Is this Qt's, NVML's or the standard library's name?"""
    return name in FOREIGN_NAMES or name.startswith("nvml")


def names_defined(tree: ast.Module) -> Iterator[str]:
    """Every class and function that this module names, at any depth."""
    for node in ast.walk(tree):
        match node:
            case ast.ClassDef(name=name) | ast.FunctionDef(name=name):
                yield name
            case ast.AsyncFunctionDef(name=name):
                yield name
            case _:
                pass


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"), filename=named(path))


def test_that_no_file_is_longer_than_a_head_can_hold() -> None:
    long = {named(path): len(path.read_text("utf-8").splitlines()) for path in sources(*PLACES)}
    assert {name: lines for name, lines in long.items() if lines > MOST_LINES} == {}


@pytest.mark.parametrize("room", ROOMS)
def test_that_a_room_s_sign_is_one_docstring_and_nothing_else(room: str) -> None:
    signs = [path for path in sources(room) if path.name == "__init__.py"]
    assert signs
    for sign in signs:
        body = parsed(sign).body
        assert len(body) == 1, named(sign)
        assert ast.get_docstring(parsed(sign)), named(sign)


def test_that_every_folder_of_a_room_has_its_sign() -> None:
    folders = {path.parent for path in sources(*ROOMS)}
    assert [named(folder) for folder in folders if not (folder / "__init__.py").exists()] == []


def test_that_no_name_is_a_shrug() -> None:
    shrugs = [named(path) for path in sources(*PLACES) if words(path.stem) & FORBIDDEN_WORDS]
    for path in sources(*PLACES):
        shrugs += [
            f"{named(path)}: {name}"
            for name in names_defined(parsed(path))
            # The word is English in the sentence that names a test.
            if not (is_foreign(name) or name.startswith("test_")) and words(name) & FORBIDDEN_WORDS
        ]
    assert shrugs == []


def test_that_colours_come_from_the_theme_alone() -> None:
    colour = re.compile(r"""["']#(?:[0-9a-fA-F]{3,4}|[0-9a-fA-F]{6}|[0-9a-fA-F]{8})\b""")
    strays = [
        f"{named(path)}:{number}"
        for path in sources("app")
        if "theme" not in path.parts
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1)
        if colour.search(line)
    ]
    assert strays == []


def test_that_tests_are_named_by_sentences() -> None:
    labels = [
        f"{named(path)}: {name}"
        for path in sources("tests")
        for name in names_defined(parsed(path))
        if name.startswith("test_") and len(name.split("_")) < 4
    ]
    assert labels == []


def test_that_only_the_ways_in_read_the_environment() -> None:
    readers = [
        named(path)
        for path in sources(*ROOMS)
        if path.name != "__main__.py" and named(path) != "app/main.py"
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Attribute | ast.Name)
        and (node.attr if isinstance(node, ast.Attribute) else node.id) in {"environ", "getenv"}
    ]
    assert readers == []


def test_that_no_test_mocks() -> None:
    sins = [
        named(path)
        for path in sources("tests")
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Import | ast.ImportFrom) and "unittest" in ast.unparse(node)
    ]
    assert sins == []


def test_that_no_test_sleeps() -> None:
    # A fake may take its time, and a wait for a condition may poll; a test itself may not.
    naps = {"time.sleep", "sleep", "anyio.sleep", "asyncio.sleep", "QTest.qWait", "qtbot.wait"}
    sleepers = [
        f"{named(path)}:{call.lineno}"
        for path in sources("tests")
        for test in ast.walk(parsed(path))
        if isinstance(test, ast.FunctionDef | ast.AsyncFunctionDef)
        and test.name.startswith("test_")
        for call in ast.walk(test)
        if isinstance(call, ast.Call)
        and ast.unparse(call.func) in naps
        and ast.unparse(call.args[0]) != "0"
    ]
    assert sleepers == []


def test_that_what_must_be_one_version_is_pinned_to_it() -> None:
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text("utf-8"))["project"]
    assert {"llama-cpp-python==0.3.36", "PySide6-Essentials==6.11.3"} <= set(
        project["dependencies"]
    )
    loose = [wish for wish in project["dependencies"] if not re.search(r"==|<", wish)]
    assert loose == []


def test_that_nothing_names_a_path_of_one_person_s_machine() -> None:
    # Written apart, so that this file does not name them either.
    machine = re.compile(
        r"(?<![\w.}])/(?:" + "|".join(("wor" + "k", "ro" + "ot", "ho" + "me")) + ")/"
    )
    kinds = {".py", ".md", ".sh", ".toml", ".yml", ".spec", ".xml", ".desktop", ".qss", ".json"}
    strays = [
        f"{named(path)}:{number}"
        for path in kept_files()
        if path.suffix in kinds or path.parent.name == ".ci"
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1)
        if machine.search(line)
    ]
    assert strays == []
