"""Which letters to use, and which to fall back on for Chinese, Japanese and Korean."""

from pathlib import Path
from typing import Final

from PySide6.QtGui import QFont, QFontDatabase

from app.theme.tokens import FONT

UI_FAMILIES: Final = (
    "Inter",
    "Segoe UI Variable Text",
    "Segoe UI",
    "SF Pro Text",
    "Noto Sans",
    "Noto Sans CJK SC",
    "Microsoft YaHei UI",
    "PingFang SC",
    "DejaVu Sans",
    "sans-serif",
)
MONO_FAMILIES: Final = (
    "JetBrains Mono",
    "Cascadia Mono",
    "SF Mono",
    "Consolas",
    "Noto Sans Mono",
    "DejaVu Sans Mono",
    "Noto Sans Mono CJK SC",
    "Noto Sans CJK SC",
    "Microsoft YaHei UI",
    "PingFang SC",
    "monospace",
)


def load_fonts(folder: Path) -> None:
    """Make the bundled font files of `folder` known to Qt; a missing folder is no failure."""
    if not folder.is_dir():
        return
    for file in sorted(folder.iterdir()):
        if file.suffix.lower() in {".ttf", ".otf"}:
            QFontDatabase.addApplicationFont(str(file))


def ui_font(pixels: int = FONT.plain) -> QFont:
    """The font of labels and prose, `pixels` high."""
    font = QFont()
    font.setFamilies(list(UI_FAMILIES))
    font.setPixelSize(pixels)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return font


def mono_font(pixels: int = FONT.plain) -> QFont:
    """The font of code, `pixels` high, without ligatures: code shows what was typed."""
    font = QFont()
    font.setFamilies(list(MONO_FAMILIES))
    font.setPixelSize(pixels)
    font.setStyleHint(QFont.StyleHint.Monospace)
    font.setFixedPitch(True)
    font.setFeature(QFont.Tag("calt"), 0)
    return font
