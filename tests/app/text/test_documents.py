"""Formulas in documents: on the baseline, copied as LaTeX, shown as their source until set."""

from urllib.parse import quote

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter, QTextDocument, QTextLine
from pytestqt.qtbot import QtBot

from app.text.documents import empty_document, selected_text, write_markup
from app.text.ink import Ink
from app.text.mathematics.formulas import Formula
from app.text.mathematics.inline import SCALE, FormulaObject, take_formulas
from app.text.mathematics.mathematics import Mathematics
from app.theme.fonts import mono_font, ui_font
from app.theme.tokens import DARK

PIXELS = 15
FRACTION = r"\frac{a}{b}"
BLOCK = r"\rule{1em}{1em}"
DISPLAYED = r"\displaystyle x"
BROKEN = r"\frac{a"
WIDTH = 600.0


@pytest.fixture
def ink(mathematics: Mathematics) -> Ink:
    return ink_with(mathematics)


def ink_with(mathematics: Mathematics | None) -> Ink:
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
        prose=ui_font(PIXELS),
        mono=mono_font(13),
        mathematics=mathematics,
    )


def inline(source: str) -> str:
    return f'<img src="tex:{quote(source, safe="")}">'


def written(markup: str, ink: Ink) -> QTextDocument:
    document = empty_document(ink)
    write_markup(document, markup, ink)
    document.setTextWidth(WIDTH)
    return document


def drawer_of(document: QTextDocument) -> FormulaObject:
    drawer = document.findChild(FormulaObject)
    assert isinstance(drawer, FormulaObject)
    return drawer


def set_in(document: QTextDocument, mathematics: Mathematics, qtbot: QtBot) -> None:
    """Wait until every formula of the document has been set, and take the pictures in."""
    came: set[Formula] = set()
    mathematics.arrived.connect(came.update)
    wanted = len(drawer_of(document).waiting)
    qtbot.waitUntil(lambda: len(came) >= wanted, timeout=20_000)
    take_formulas(document, came)


def first_line(document: QTextDocument) -> QTextLine:
    return document.begin().layout().lineAt(0)


def test_that_a_formula_is_copied_as_latex(ink: Ink, mathematics: Mathematics) -> None:
    document = written(f"<p>a {inline('x^2')} b {inline('y')}{inline('y')}</p>", ink)
    assert selected_text(document, 0, 100) == "a $x^2$ b $y$$y$"
    assert selected_text(document, 2, 3) == "$x^2$"
    assert selected_text(document, 3, 7) == " b $y$"


def test_that_one_displayed_in_a_line_is_copied_so(ink: Ink, mathematics: Mathematics) -> None:
    document = written(f"<p>{inline(DISPLAYED)}</p>", ink)
    assert selected_text(document, 0, 10) == "$$x$$"


def test_that_positions_stay_when_the_picture_comes(
    ink: Ink, mathematics: Mathematics, qtbot: QtBot
) -> None:
    document = written(f"<p>before {inline(FRACTION)} after</p>", ink)
    before = document.characterCount()
    width = first_line(document).naturalTextWidth()
    set_in(document, mathematics, qtbot)
    assert document.characterCount() == before
    assert first_line(document).naturalTextWidth() < width
    assert selected_text(document, 0, 100) == r"before $\frac{a}{b}$ after"


@pytest.mark.parametrize(
    "source", [r"\frac{a}{b}", "x", "x_y", r"\underbrace{a}_{\text{deep}}", r"\sum_{i}^n"]
)
def test_that_room_above_and_below_the_baseline_is_the_picture_s(
    source: str, ink: Ink, mathematics: Mathematics, qtbot: QtBot
) -> None:
    document = written(f"<p>{inline(source)}</p>", ink)
    set_in(document, mathematics, qtbot)
    picture = mathematics.picture(source, display=False)
    assert picture is not None
    em = PIXELS * SCALE
    line = first_line(document)
    assert line.ascent() >= picture.ascent * em - 0.1
    assert line.descent() >= picture.depth * em - 0.1
    assert line.ascent() + line.descent() <= max(picture.height * em, 2 * picture.depth * em) + 1.5


def test_that_the_picture_stands_on_the_baseline(
    ink: Ink, mathematics: Mathematics, qtbot: QtBot
) -> None:
    document = written(f"<p>{inline(BLOCK)} and {inline(FRACTION)}</p>", ink)
    set_in(document, mathematics, qtbot)
    image = QImage(int(WIDTH) * 2, 200, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(0)
    painter = QPainter(image)
    painter.scale(2, 2)
    document.drawContents(painter, QRectF(0, 0, WIDTH, 100))
    painter.end()
    column = [image.pixelColor(10, y).alpha() > 128 for y in range(200)]
    lowest = max(y for y, inked in enumerate(column) if inked) + 1
    line = first_line(document)
    assert abs(lowest / 2 - (line.y() + line.ascent())) <= 1


def test_that_lines_with_formulas_stand_as_far_apart_as_others(
    ink: Ink, mathematics: Mathematics, qtbot: QtBot
) -> None:
    plain = written("<p>one<br>two</p>", ink)
    plain.size()
    document = written(f"<p>one {inline('x')}<br>two</p>", ink)
    set_in(document, mathematics, qtbot)
    document.size()
    lines = document.begin().layout().lineAt(1).y()
    assert abs(lines - plain.begin().layout().lineAt(1).y()) <= 2


def test_that_broken_latex_becomes_its_source_with_the_reason(
    ink: Ink, mathematics: Mathematics, qtbot: QtBot
) -> None:
    document = written(f"<p>a {inline(BROKEN)} b {inline('x')}</p>", ink)
    set_in(document, mathematics, qtbot)
    assert document.toPlainText() == "a $\\frac{a$ b \N{OBJECT REPLACEMENT CHARACTER}"
    assert selected_text(document, 0, 100) == r"a $\frac{a$ b $x$"
    cursor = document.find("frac")
    assert "Missing close brace" in cursor.charFormat().toolTip()


def test_that_only_what_came_is_laid_out_again(
    ink: Ink, mathematics: Mathematics, qtbot: QtBot
) -> None:
    document = written(f"<p>{inline('x')}</p>", ink)
    assert not take_formulas(document, frozenset({Formula("y")}))
    assert not take_formulas(written("<p>no formula</p>", ink), frozenset({Formula("x")}))
    set_in(document, mathematics, qtbot)
    assert not drawer_of(document).waiting


def test_that_without_mathematics_formulas_are_written_as_source(qtbot: QtBot) -> None:
    document = written(f"<p>a {inline('x^2')}</p>", ink_with(None))
    assert document.toPlainText() == "a $x^2$"


def test_that_a_known_formula_needs_no_second_look(
    ink: Ink, mathematics: Mathematics, qtbot: QtBot
) -> None:
    set_in(written(f"<p>{inline('x^2')}</p>", ink), mathematics, qtbot)
    again = written(f"<p>{inline('x^2')}</p>", ink_with(mathematics))
    again.size()
    assert mathematics.waiting == 0
