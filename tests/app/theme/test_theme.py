"""One table of tokens dresses everything, in light and in dark."""

import re

import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QColor, QIcon, QPalette
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from app.settings import Accent
from app.theme.fonts import MONO_FAMILIES, UI_FAMILIES, mono_font, ui_font
from app.theme.icons import PATHS, icon
from app.theme.scale import resized, scale, scaled, unscaled, within
from app.theme.stylesheet import dress, palette, stylesheet
from app.theme.tokens import ACCENTS, DARK, FONT, LIGHT, Tokens, tokens_of

LOOKS = pytest.mark.parametrize("tokens", [DARK, LIGHT], ids=["dark", "light"])


def contrast(one: str, other: str) -> float:
    """WCAG 2 contrast ratio of two colours."""

    def luminance(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@LOOKS
def test_that_text_is_readable_on_every_surface(tokens: Tokens) -> None:
    for surface in (tokens.bg, tokens.panel, tokens.card, tokens.bubble, tokens.hover):
        assert contrast(tokens.text, surface) > 7
        assert contrast(tokens.dim, surface) > 4.5
        assert contrast(tokens.faint, surface) > 3
    assert contrast(tokens.text, tokens.selection) > 4.5


@pytest.mark.parametrize("dark", [True, False], ids=["dark", "light"])
@pytest.mark.parametrize("accent", ACCENTS)
def test_that_every_accent_can_be_read_and_written_on(accent: Accent, dark: bool) -> None:
    tokens = tokens_of(accent, dark=dark)
    assert tokens is tokens_of(accent, dark=dark)
    assert contrast(tokens.on_accent, tokens.accent) >= 4.5
    assert contrast(tokens.on_accent, tokens.accent_hover) >= 4.5
    assert contrast(tokens.text, tokens.selection) >= 4.5
    for surface in (tokens.bg, tokens.panel, tokens.card):
        assert contrast(tokens.accent, surface) >= 4.5


@pytest.mark.parametrize("percent", [80, 130, 200])
def test_that_every_length_grows_with_the_text_but_lines(qapp: QApplication, percent: int) -> None:
    plain, sheet = stylesheet(LIGHT), stylesheet(LIGHT, percent)
    for size in (FONT.tiny, FONT.small, FONT.title, FONT.prose):
        assert f"font-size: {resized(size, percent)}px" in sheet
    assert plain.count("1px solid") == sheet.count("1px solid")
    dress(qapp, LIGHT, percent)
    assert scaled(100) == pytest.approx(percent, abs=4)
    row = QRect(10, 20, scaled(200), scaled(50))
    assert unscaled(row, scale()).width() == pytest.approx(200, abs=1)
    assert within(row.topLeft() + QPoint(scaled(40), 0), row, scale()).x() == pytest.approx(
        40, abs=1
    )
    dress(qapp, LIGHT)
    assert scale() == 1
    qapp.setStyleSheet("")


def test_that_both_looks_colour_the_same_classes_of_code() -> None:
    assert set(DARK.syntax) == set(LIGHT.syntax)


@LOOKS
def test_that_the_palette_and_the_stylesheet_come_from_the_tokens(tokens: Tokens) -> None:
    assert palette(tokens).color(QPalette.ColorRole.Window) == QColor(tokens.bg)
    sheet = stylesheet(tokens)
    assert tokens.accent in sheet
    assert sheet.count("{") == sheet.count("}")
    own = {v for v in vars(tokens).values() if isinstance(v, str)}
    assert set(re.findall(r"#[0-9a-f]{6}", sheet)) <= own


@LOOKS
def test_that_qt_accepts_the_stylesheet_without_a_warning(
    qtbot: QtBot, qapp: QApplication, tokens: Tokens
) -> None:
    dress(qapp, tokens)
    button = QPushButton("Load")
    button.setProperty("kind", "primary")
    qtbot.addWidget(button)
    button.resize(120, 40)
    picture = button.grab().toImage()
    assert picture.pixelColor(8, 20) == QColor(tokens.accent)
    qapp.setStyleSheet("")


def test_that_every_icon_draws_something_in_its_colour(qapp: QApplication) -> None:
    assert qapp is not None
    for name in PATHS:
        picture = icon(name, "#ff0000").pixmap(20, 20).toImage()
        inked = [
            picture.pixelColor(x, y)
            for x in range(picture.width())
            for y in range(picture.height())
            if picture.pixelColor(x, y).alpha() > 128
        ]
        assert inked, name
        assert all(colour.red() > 200 and colour.green() < 60 for colour in inked), name


def test_that_a_disabled_icon_is_fainter(qapp: QApplication) -> None:
    assert qapp is not None
    plain = icon("plus", "#ff0000").pixmap(20, 20).toImage().pixelColor(10, 10)
    faded = icon("plus", "#ff0000").pixmap(20, 20, QIcon.Mode.Disabled).toImage()
    assert faded.pixelColor(10, 10).alpha() < plain.alpha()


def test_that_fonts_fall_back_to_chinese_letters(qapp: QApplication) -> None:
    assert qapp is not None
    assert ui_font(13).families() == list(UI_FAMILIES)
    assert mono_font(12).families() == list(MONO_FAMILIES)
    assert "Noto Sans CJK SC" in UI_FAMILIES
