"""A piece of a document, back as Markdown."""

from PySide6.QtGui import QFont, QTextBlock, QTextCharFormat, QTextDocument, QTextListFormat

from app.text.blocks import THIN_SPACE
from app.text.mathematics.inline import formula_of

_SEPARATORS = {"\u2028": "\n", "\u2029": "\n", "\ufdd0": "", "\ufdd1": ""}


def markdown_between(document: QTextDocument, start: int, end: int) -> str:
    """What stands between two positions, with the marks of its emphasis, code, links and lists."""
    lines: list[str] = []
    block = document.findBlock(start)
    while block.isValid() and block.position() < end:
        text = _inline(block, start, end)
        # The bullet belongs to whoever took the beginning of its line.
        whole = start <= block.position()
        lines.append((_lead(block) if whole else "") + text)
        block = block.next()
    return "\n".join(lines)


def _lead(block: QTextBlock) -> str:
    level = block.blockFormat().headingLevel()
    if level:
        return "#" * level + " "
    several = block.textList()
    if several is None:  # pyright: ignore[reportUnnecessaryComparison]  Qt says so
        return ""
    form = several.format()
    indent = "  " * max(0, form.indent() - 1)
    if form.style() is QTextListFormat.Style.ListDecimal:
        return f"{indent}{form.start() + several.itemNumber(block)}. "
    return f"{indent}- "


def _inline(block: QTextBlock, start: int, end: int) -> str:
    out: list[str] = []
    fragments = block.begin()
    heading = block.blockFormat().headingLevel() > 0
    while not fragments.atEnd():
        fragment = fragments.fragment()
        first = max(start, fragment.position()) - fragment.position()
        last = min(end, fragment.position() + fragment.length()) - fragment.position()
        if first < last:
            # Positions count UTF-16 units.
            units = fragment.text().encode("utf-16-le", errors="surrogatepass")
            text = units[2 * first : 2 * last].decode("utf-16-le", errors="replace")
            form = fragment.charFormat()
            formula = formula_of(form)
            if formula is None:
                out.append(_marked(_plain(text), form, heading=heading))
            else:
                out.append(formula.written * len(text))
        fragments += 1
    return "".join(out)


def _plain(text: str) -> str:
    for mark, instead in _SEPARATORS.items():
        text = text.replace(mark, instead)
    return text.replace(THIN_SPACE, "")


def _marked(text: str, form: QTextCharFormat, *, heading: bool) -> str:
    core = text.strip()
    if not core:
        return text
    before, after = text[: text.index(core[0])], text[len(text.rstrip()) :]
    if _is_code(form):
        fence = "``" if "`" in core else "`"
        core = f"{fence}{core}{fence}"
    else:
        if form.fontStrikeOut():
            core = f"~~{core}~~"
        if form.fontItalic():
            core = f"*{core}*"
        if not heading and form.fontWeight() >= QFont.Weight.DemiBold:
            core = f"**{core}**"
    if form.anchorHref():
        core = f"[{core}]({form.anchorHref()})"
    return before + core + after


def _is_code(form: QTextCharFormat) -> bool:
    families = form.fontFamilies()
    return bool(families) and "JetBrains Mono" in list(families)  # pyright: ignore[reportUnknownArgumentType]
