"""How far two states of one block look alike: what is above need not be painted again."""

from PySide6.QtGui import QTextBlock, QTextDocument

# A word that becomes shorter may move to the line above.
LINES_ABOVE = 1


def same_height(old: QTextDocument, new: QTextDocument) -> float:
    """The height in `new`, laid out as wide as `old` was, up to which both look alike."""
    before, after = old.begin(), new.begin()
    while before.isValid() and after.isValid():
        same = _same_letters(before, after)
        if same is not None:
            return _height_at(new, after, same)
        before, after = before.next(), after.next()
    last = new.lastBlock()
    return _height_at(new, last, max(0, last.length() - 1))


def _same_letters(before: QTextBlock, after: QTextBlock) -> int | None:
    """How many letters both begin with, in the same forms; None: all is the same.

    Letters of two units count as one, which says less than is true.
    """
    if before.blockFormat() != after.blockFormat() or (
        before.textDirection() is not after.textDirection()
    ):
        return 0
    old, new = before.text(), after.text()
    letters = None if old == new else _shared(old, new)
    forms = zip(before.textFormats(), after.textFormats(), strict=False)
    for one, other in forms:
        begins, ends = one.start, min(one.start + one.length, other.start + other.length)  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType, reportUnknownVariableType, reportUnknownArgumentType]
        if letters is not None and begins >= letters:
            break
        if one.format != other.format:  # pyright: ignore[reportAttributeAccessIssue]
            return int(begins)  # pyright: ignore[reportUnknownArgumentType]
        if one.length != other.length:  # pyright: ignore[reportAttributeAccessIssue]
            return int(ends) if letters is None else min(letters, int(ends))  # pyright: ignore[reportUnknownArgumentType]
    return letters


def _shared(old: str, new: str) -> int:
    """How many letters both begin with."""
    if new.startswith(old):
        return len(old)
    least, most = 0, min(len(old), len(new))
    while least < most:
        middle = (least + most + 1) // 2
        if old[:middle] == new[:middle]:
            least = middle
        else:
            most = middle - 1
    return least


def _height_at(document: QTextDocument, block: QTextBlock, letters: int) -> float:
    top = document.documentLayout().blockBoundingRect(block).top()
    line = block.layout().lineForTextPosition(letters)
    number = line.lineNumber() - LINES_ABOVE if line.isValid() else 0
    if number > 0:
        return top + block.layout().lineAt(number).y()
    above = block.previous()
    if not above.isValid():
        return 0.0
    return document.documentLayout().blockBoundingRect(above).top()
