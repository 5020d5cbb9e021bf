"""Code is coloured alike line by line and at once."""

import pytest
from PySide6.QtGui import QFont, QTextCursor
from PySide6.QtWidgets import QApplication

from app.text.colours import LineColours, Run, colour_all
from app.text.documents import CodeDocument
from app.text.ink import Ink
from app.theme.tokens import DARK

PYTHON = '''@decorated
class Card(Base):
    """A card,
    over lines."""

    async def load(self, n: int = 0x1F) -> None:
        # 注释 😀
        text = f"{n:>4} {self!r}"
        return await go(*[x for x in range(n) if not x % 2])
'''
SAMPLES = {
    "python": PYTHON,
    "rust": 'fn main() {\n    let x: u8 = 1; // one\n    println!("{}", x);\n}\n',
    "sql": "SELECT a, 'b' FROM t WHERE n > 3; -- all\n",
    "java": 'class A {\n  int f() { return 1; } // x\n  String s = "a";\n}\n',
    "diff": "--- a\n+++ b\n@@ -1 +1 @@\n-x\n+y\n",
}
# These read by a loop of their own: plain while they grow.
OWN_LOOP = {
    "json": '{"a": [1, true, null, "x"]}\n',
    "yaml": "a: 1\nb:\n  - x\n",
    "cpp": "int main() { return 0; } // end\n",
}


def spread(runs: list[Run]) -> list[tuple[str, str]]:
    return [(run.colour, letter) for run in runs for letter in run.text]


@pytest.mark.parametrize("language", SAMPLES)
def test_that_lines_have_the_classes_of_the_whole(language: str) -> None:
    colours = LineColours(language)
    runs = [
        run for line in SAMPLES[language].splitlines(keepends=True) for run in colours.advance(line)
    ]
    assert spread(runs) == spread(colour_all(SAMPLES[language], language))


@pytest.mark.parametrize("language", [*SAMPLES, *OWN_LOOP, "", "no-such-language", "../../etc"])
def test_that_no_letter_is_lost(language: str) -> None:
    text = SAMPLES.get(language) or OWN_LOOP.get(language) or "plain\n text\n"
    assert "".join(run.text for run in colour_all(text, language)) == text
    assert "".join(run.text for run in LineColours(language).advance(text)) == text


def test_that_python_has_its_usual_classes() -> None:
    classes = {run.text: run.colour for run in colour_all(PYTHON, "python")}
    assert classes["class"] == "keyword"
    assert classes["Card"] == "class"
    assert classes["@decorated"] == "decorator"
    assert classes["0x1F"] == "number"


@pytest.fixture
def ink(qapp: QApplication) -> Ink:
    assert qapp is not None
    return Ink(
        text=DARK.text,
        dim=DARK.dim,
        faint=DARK.faint,
        accent=DARK.accent,
        border=DARK.border,
        table_head=DARK.code_head,
        inline_code=DARK.inline_code,
        selection=DARK.selection,
        syntax=DARK.syntax,
        prose=QFont(),
        mono=QFont("monospace"),
    )


def coloured(code: CodeDocument) -> list[tuple[str, str]]:
    out: list[tuple[str, str]] = []
    cursor = QTextCursor(code.document)
    while not cursor.atEnd():
        cursor.movePosition(cursor.MoveOperation.NextCharacter, cursor.MoveMode.KeepAnchor)
        colour = cursor.charFormat().foreground().color().name()
        out.append((colour, cursor.selectedText()))
        cursor.clearSelection()
    return [one for one in out if one[1].strip()]


@pytest.mark.parametrize("language", [*SAMPLES, *OWN_LOOP])
def test_that_a_document_grown_in_pieces_equals_one_made_at_once(ink: Ink, language: str) -> None:
    text = {**SAMPLES, **OWN_LOOP}[language].removesuffix("\n")
    grown = CodeDocument(ink, language)
    for end in range(0, len(text), 7):
        grown.grow(text[:end])
    grown.finish(text)
    whole = CodeDocument(ink, language)
    whole.finish(text)
    assert grown.document.toPlainText() == whole.document.toPlainText() == text
    assert coloured(grown) == coloured(whole)


def test_that_a_comment_over_lines_is_right_when_the_code_is_finished(ink: Ink) -> None:
    text = "/* one\n two */\nlet a = 1;"
    code = CodeDocument(ink, "javascript")
    code.grow(text)
    code.finish(text)
    assert coloured(code)[0][0] == DARK.syntax["comment"]
    assert coloured(code)[6][0] == DARK.syntax["comment"]
