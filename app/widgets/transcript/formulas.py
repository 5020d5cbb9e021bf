"""Formulas that get their pictures after they were laid out."""

from PySide6.QtCore import QObject

from app.text.mathematics.formulas import Formula
from app.text.mathematics.mathematics import Mathematics
from app.widgets.transcript.canvas import Canvas


class FormulaWatch(QObject):
    """Has the formulas of a canvas set, and gives them their room when their pictures arrive."""

    def __init__(self, canvas: Canvas, mathematics: Mathematics) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        canvas.mathematics = mathematics
        canvas.set_tokens(canvas.look.tokens)
        mathematics.arrived.connect(self._take)

    def _take(self, came: frozenset[Formula]) -> None:
        anything = False
        for entry in self._canvas.column.entries:
            changed = False
            for part in entry.parts:
                if part.take_formulas(came):
                    part.measured = None
                    changed = True
            if changed:
                entry.changed()
                anything = True
        if anything:
            self._canvas.settle()
