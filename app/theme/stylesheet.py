"""One look becomes Qt's palette and one stylesheet.

Every length is written for a text size of 100 %; `stylesheet` makes all of them larger together.

Widgets choose their dress by dynamic properties:

* `kind` on a QPushButton: `primary`, `ghost`, `danger`, `pill`, `round`,
  `choice`; none is plain.
* `kind` on a QFrame or QWidget: `card`, `panel`, `composer`, `page`, `failure`, `strip`,
  `line`, `clear`; plain QWidgets also need `Qt.WidgetAttribute.WA_StyledBackground`.
* `role` on a QLabel: `figure`, `heading`, `title`, `dim`, `faint`, `section`, `badge`, `pinned`,
  `ok`, `warn`, `error`.
"""

import re
from pathlib import Path
from typing import Final

from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication, QStyleFactory, QWidget

from app.theme.fonts import ui_font
from app.theme.scale import resized
from app.theme.tokens import FONT, RADIUS, SPACE, Tokens

_MARKS: Final = Path(__file__).parent / "marks"
_LENGTH: Final = re.compile(r"(radius: )?\b(\d+)px")
_HAIR: Final = 2  # lines stay lines


def palette(tokens: Tokens) -> QPalette:
    """The colours for everything the stylesheet does not name."""
    colours = {
        QPalette.ColorRole.Window: tokens.bg,
        QPalette.ColorRole.WindowText: tokens.text,
        QPalette.ColorRole.Base: tokens.card,
        QPalette.ColorRole.AlternateBase: tokens.panel,
        QPalette.ColorRole.Text: tokens.text,
        QPalette.ColorRole.PlaceholderText: tokens.faint,
        QPalette.ColorRole.Button: tokens.card,
        QPalette.ColorRole.ButtonText: tokens.text,
        QPalette.ColorRole.BrightText: tokens.error,
        QPalette.ColorRole.ToolTipBase: tokens.card,
        QPalette.ColorRole.ToolTipText: tokens.text,
        QPalette.ColorRole.Highlight: tokens.selection,
        QPalette.ColorRole.HighlightedText: tokens.text,
        QPalette.ColorRole.Link: tokens.accent,
        QPalette.ColorRole.LinkVisited: tokens.accent,
        QPalette.ColorRole.Accent: tokens.accent,
        QPalette.ColorRole.Light: tokens.hover,
        QPalette.ColorRole.Midlight: tokens.hover,
        QPalette.ColorRole.Mid: tokens.border,
        QPalette.ColorRole.Dark: tokens.border,
        QPalette.ColorRole.Shadow: tokens.panel,
    }
    result = QPalette()
    for role, colour in colours.items():
        result.setColor(role, QColor(colour))
    faded = (
        QPalette.ColorRole.WindowText,
        QPalette.ColorRole.Text,
        QPalette.ColorRole.ButtonText,
        QPalette.ColorRole.HighlightedText,
    )
    for role in faded:
        result.setColor(QPalette.ColorGroup.Disabled, role, QColor(tokens.faint))
    return result


def _surfaces(t: Tokens) -> str:
    return f"""
QMainWindow, QDialog, QWidget[kind="page"] {{ background: {t.bg}; }}
QWidget[kind="panel"] {{ background: {t.panel}; }}
QWidget[kind="strip"] {{ background: {t.panel}; border-top: 1px solid {t.border}; }}
QFrame[kind="card"] {{
    background: {t.card}; border: 1px solid {t.border}; border-radius: {RADIUS.l}px;
}}
QFrame[kind="composer"] {{
    background: {t.card}; border: 1px solid {t.border}; border-radius: {RADIUS.xl}px;
}}
QFrame[kind="composer"][focused="true"] {{ border-color: {t.accent}; }}
QFrame[kind="failure"] {{
    background: {t.error_bg}; border: 1px solid {t.error}; border-radius: {RADIUS.l}px;
}}
QFrame[kind="line"] {{ background: {t.border}; border: none; max-height: 1px; min-height: 1px; }}
QSplitter::handle {{ background: {t.border}; }}
QSplitter::handle:horizontal {{ width: 1px; }}
QSplitter::handle:vertical {{ height: 1px; }}
QScrollArea, QWidget[kind="clear"] {{ background: transparent; border: none; }}
QToolTip {{
    background: {t.card}; color: {t.text}; border: 1px solid {t.border};
    padding: {SPACE.xs}px {SPACE.s}px;
}}
QStatusBar {{ background: {t.panel}; color: {t.dim}; border-top: 1px solid {t.border}; }}
"""


def _labels(t: Tokens) -> str:
    return f"""
QLabel {{ background: transparent; color: {t.text}; }}
QLabel:disabled {{ color: {t.faint}; }}
QLabel[role="heading"] {{ font-size: 20px; font-weight: 600; }}
QLabel[role="title"] {{ font-size: {FONT.title}px; font-weight: 600; }}
QLabel[role="figure"] {{ font-size: 28px; font-weight: 600; }}
QLabel[role="dim"] {{ color: {t.dim}; font-size: {FONT.small}px; }}
QLabel[role="pinned"] {{ color: {t.accent}; font-size: {FONT.small}px; font-weight: 600; }}
QLabel[role="faint"] {{ color: {t.faint}; font-size: {FONT.tiny}px; }}
QLabel[role="section"] {{ color: {t.faint}; font-size: {FONT.tiny}px; font-weight: 600; }}
QLabel[role="badge"] {{
    background: {t.hover}; color: {t.dim}; border-radius: {RADIUS.s}px;
    padding: 3px {SPACE.s}px; font-size: {FONT.tiny}px;
}}
QLabel[role="ok"] {{ color: {t.ok}; }}
QLabel[role="warn"] {{ color: {t.warn}; }}
QLabel[role="error"] {{ color: {t.error}; }}
"""


def _buttons(t: Tokens) -> str:
    return f"""
QPushButton {{
    background: {t.card}; color: {t.text}; border: 1px solid {t.border};
    border-radius: {RADIUS.m}px; padding: 7px 14px; min-height: 18px;
}}
QPushButton:hover {{ background: {t.hover}; }}
QPushButton:pressed {{ background: {t.pressed}; }}
QPushButton:focus {{ border-color: {t.accent}; outline: none; }}
QPushButton:disabled {{ color: {t.faint}; background: {t.panel}; }}
QPushButton[kind="primary"] {{
    background: {t.accent}; color: {t.on_accent}; border: 1px solid {t.accent}; font-weight: 600;
}}
QPushButton[kind="primary"]:hover, QPushButton[kind="primary"]:pressed {{
    background: {t.accent_hover}; border-color: {t.accent_hover};
}}
QPushButton[kind="primary"]:focus {{ border-color: {t.text}; }}
QPushButton[kind="primary"]:disabled {{
    background: {t.hover}; color: {t.faint}; border-color: {t.border};
}}
QPushButton[kind="ghost"] {{ background: transparent; border: 1px solid transparent; }}
QPushButton[kind="ghost"]:hover {{ background: {t.hover}; }}
QPushButton[kind="ghost"]:pressed {{ background: {t.pressed}; }}
QPushButton[kind="ghost"]:focus {{ border-color: {t.accent}; }}
QPushButton[kind="danger"] {{ color: {t.error}; }}
QPushButton[kind="danger"]:hover {{ background: {t.error_bg}; border-color: {t.error}; }}
QPushButton[kind="danger"]:disabled {{ color: {t.faint}; }}
QPushButton[kind="pill"] {{ border-radius: 16px; padding: 6px 14px; font-weight: 600; }}
QPushButton[kind="choice"] {{
    background: transparent; border: 1px solid {t.border}; border-radius: {RADIUS.m}px; padding: 0;
}}
QPushButton[kind="choice"]:hover {{ background: {t.hover}; }}
QPushButton[kind="choice"]:focus {{ border-color: {t.accent}; }}
QPushButton[kind="round"] {{
    background: {t.accent}; border: 1px solid {t.accent}; border-radius: 16px; padding: 0;
    min-width: 30px; max-width: 30px; min-height: 30px; max-height: 30px;
}}
QPushButton[kind="round"]:hover {{ background: {t.accent_hover}; }}
QPushButton[kind="round"]:focus {{ border-color: {t.text}; }}
QPushButton[kind="round"]:disabled {{ background: {t.hover}; border-color: {t.border}; }}
QPushButton::menu-indicator {{
    image: url("{_mark("caret-down")}"); width: 14px; height: 14px;
    subcontrol-origin: padding; subcontrol-position: center right; right: {SPACE.s}px;
}}
QToolButton {{
    background: transparent; color: {t.text}; border: 1px solid transparent;
    border-radius: {SPACE.s}px; padding: 5px;
}}
QToolButton:hover {{ background: {t.hover}; }}
QToolButton:pressed, QToolButton:checked {{ background: {t.pressed}; }}
QToolButton:focus {{ border-color: {t.accent}; }}
QToolButton:disabled {{ color: {t.faint}; }}
QToolButton::menu-indicator {{ image: none; }}
"""


def _fields(t: Tokens) -> str:
    fields = "QLineEdit, QPlainTextEdit, QTextEdit, QComboBox, QSpinBox, QDoubleSpinBox"
    focused = ", ".join(f"{field}:focus" for field in fields.split(", "))
    faded = ", ".join(f"{field}:disabled" for field in fields.split(", "))
    return f"""
{fields} {{
    background: {t.card}; color: {t.text}; border: 1px solid {t.border};
    border-radius: {RADIUS.m}px; padding: 6px 10px;
    selection-background-color: {t.selection}; selection-color: {t.text};
}}
{focused} {{ border-color: {t.accent}; }}
{faded} {{ color: {t.faint}; background: {t.panel}; }}
QPlainTextEdit[kind="input"], QTextEdit[kind="input"] {{
    background: transparent; border: none; padding: 0; font-size: {FONT.prose}px;
}}
QPlainTextEdit[kind="code"] {{ background: {t.code_bg}; }}
QComboBox {{ padding-right: 28px; min-height: 18px; }}
QComboBox:hover {{ background: {t.hover}; }}
QComboBox::drop-down {{ border: none; width: 26px; }}
QComboBox::down-arrow {{ image: url("{_mark("caret-down")}"); width: 14px; height: 14px; }}
QComboBox QAbstractItemView {{
    background: {t.card}; color: {t.text}; border: 1px solid {t.border}; outline: none;
    padding: {SPACE.xs}px; selection-background-color: {t.hover}; selection-color: {t.text};
}}
QSpinBox, QDoubleSpinBox {{ padding: 6px 24px 6px 10px; min-height: 20px; }}
QAbstractSpinBox QLineEdit {{
    border: none; background: transparent; padding: 0 0 0 8px;
}}
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button {{
    border: none; background: transparent; width: 20px; subcontrol-origin: border;
}}
QAbstractSpinBox::up-button {{ subcontrol-position: top right; }}
QAbstractSpinBox::down-button {{ subcontrol-position: bottom right; }}
QAbstractSpinBox::up-arrow {{ image: url("{_mark("caret-up")}"); width: 11px; height: 11px; }}
QAbstractSpinBox::down-arrow {{ image: url("{_mark("caret-down")}"); width: 11px; height: 11px; }}
"""


def _choices(t: Tokens) -> str:
    return f"""
QCheckBox, QRadioButton {{ background: transparent; color: {t.text}; spacing: {SPACE.s}px; }}
QCheckBox:disabled, QRadioButton:disabled {{ color: {t.faint}; }}
QCheckBox::indicator, QRadioButton::indicator {{
    width: 16px; height: 16px; background: {t.card}; border: 1px solid {t.faint};
}}
QCheckBox::indicator {{ border-radius: 5px; }}
QRadioButton::indicator {{ border-radius: 9px; }}
QCheckBox::indicator:hover, QRadioButton::indicator:hover,
QCheckBox::indicator:focus, QRadioButton::indicator:focus {{ border-color: {t.accent}; }}
QCheckBox::indicator:checked {{
    background: {t.accent}; border-color: {t.accent}; image: url("{_ink("check", t)}");
}}
QCheckBox::indicator:indeterminate {{
    background: {t.accent}; border-color: {t.accent}; image: url("{_ink("minus", t)}");
}}
QRadioButton::indicator:checked {{
    background: {t.accent}; border-color: {t.accent}; image: url("{_ink("dot", t)}");
}}
QCheckBox::indicator:disabled, QRadioButton::indicator:disabled {{ border-color: {t.border}; }}
QSlider::groove:horizontal {{ height: 4px; border-radius: 2px; background: {t.border}; }}
QSlider::sub-page:horizontal {{ height: 4px; border-radius: 2px; background: {t.accent}; }}
QSlider::handle:horizontal {{
    width: 14px; height: 14px; margin: -6px 0; border-radius: 8px;
    background: {t.accent}; border: 1px solid {t.bg};
}}
QSlider::handle:horizontal:focus {{ border-color: {t.text}; }}
QProgressBar {{
    background: {t.hover}; border: none; border-radius: 5px; min-height: 10px; max-height: 10px;
    color: transparent;
}}
QProgressBar::chunk {{ background: {t.accent}; border-radius: 5px; }}
"""


def _lists(t: Tokens) -> str:
    return f"""
QListView, QTreeView, QTableView {{
    background: transparent; color: {t.text}; border: none; outline: none;
    alternate-background-color: {t.panel}; gridline-color: {t.border};
    selection-background-color: {t.hover}; selection-color: {t.text};
}}
QListView::item {{
    padding: {SPACE.s}px 10px; border-radius: {SPACE.s}px; margin: 1px 0; color: {t.dim};
    border: 1px solid transparent;
}}
QListView::item:hover, QListView::item:selected {{ background: {t.hover}; }}
QListView::item:selected {{ color: {t.text}; }}
QTreeView::item, QTableView::item {{ padding: 6px; }}
QTreeView::item:hover, QTableView::item:hover,
QTreeView::item:selected, QTableView::item:selected {{ background: {t.hover}; color: {t.text}; }}
QHeaderView {{ background: transparent; border: none; }}
QHeaderView::section {{
    background: {t.panel}; color: {t.dim}; border: none; border-bottom: 1px solid {t.border};
    padding: 6px; font-size: {FONT.small}px; font-weight: 600;
}}
QMenu {{
    background: {t.card}; color: {t.text}; border: 1px solid {t.border}; padding: 5px;
}}
QMenu::item {{ padding: 6px 26px 6px 12px; border-radius: {RADIUS.s}px; }}
QMenu::item:selected {{ background: {t.hover}; }}
QMenu::item:disabled {{ color: {t.faint}; }}
QMenu::separator {{ height: 1px; background: {t.border}; margin: 5px 8px; }}
QMenu::icon {{ padding-left: {SPACE.s}px; }}
QMenuBar {{ background: {t.panel}; color: {t.text}; }}
QMenuBar::item {{ background: transparent; padding: 5px 10px; border-radius: {RADIUS.s}px; }}
QMenuBar::item:selected {{ background: {t.hover}; }}
"""


def _frames(t: Tokens) -> str:
    return f"""
QTabWidget::pane {{ border: none; border-top: 1px solid {t.border}; }}
QTabBar {{ background: transparent; }}
QTabBar::tab {{
    background: transparent; color: {t.dim}; border: none; border-bottom: 2px solid transparent;
    padding: 8px 14px;
}}
QTabBar::tab:hover {{ color: {t.text}; }}
QTabBar::tab:selected {{ color: {t.text}; border-bottom-color: {t.accent}; }}
QTabBar::tab:focus {{ background: {t.hover}; }}
QGroupBox {{
    background: transparent; border: 1px solid {t.border}; border-radius: {RADIUS.l}px;
    margin-top: 10px; padding: {SPACE.m}px; font-weight: 600;
}}
QGroupBox::title {{ subcontrol-origin: margin; left: {SPACE.m}px; padding: 0 5px; color: {t.dim}; }}
QScrollBar {{ background: transparent; border: none; margin: 0; }}
QScrollBar:vertical {{ width: 10px; }}
QScrollBar:horizontal {{ height: 10px; }}
QScrollBar::handle {{ background: {t.border}; border-radius: 3px; margin: 2px; }}
QScrollBar::handle:vertical {{ min-height: 30px; }}
QScrollBar::handle:horizontal {{ min-width: 30px; }}
QScrollBar::handle:hover {{ background: {t.faint}; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
"""


def _mark(name: str) -> str:
    return (_MARKS / f"{name}.svg").as_posix()


def _ink(name: str, t: Tokens) -> str:
    """A mark that lies on the accent."""
    return _mark(f"{name}-dark" if t.dark else name)


def stylesheet(tokens: Tokens, percent: int = 100) -> str:
    """The whole window's dress, for `QApplication.setStyleSheet`, for text of that size."""
    parts = (_surfaces, _labels, _buttons, _fields, _choices, _lists, _frames)
    sheet = "".join(part(tokens) for part in parts)

    def sized(found: re.Match[str]) -> str:
        round_, length = found[1] or "", int(found[2])
        if length <= _HAIR:
            return found[0]
        # Qt draws no corner that is rounder than half a side, and borders do not grow.
        return f"{round_}{resized(length, percent) - (1 if round_ else 0)}px"

    return sheet if percent == 100 else _LENGTH.sub(sized, sheet)


def dress(app: QApplication, tokens: Tokens, percent: int = 100) -> None:
    """Give the application this look: style, palette, font and stylesheet."""
    if app.style().name() != "fusion":
        app.setStyle(QStyleFactory.create("Fusion"))
    app.setFont(ui_font(resized(FONT.plain, percent)))
    app.setPalette(palette(tokens))
    app.setStyleSheet(stylesheet(tokens, percent))


def set_dress(widget: QWidget, name: str, value: object) -> None:
    """Change a property the stylesheet chooses by, and let the widget show it at once."""
    widget.setProperty(name, value)
    widget.style().unpolish(widget)
    widget.style().polish(widget)
