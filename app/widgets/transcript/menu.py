"""The transcript's menu."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QPointF
from PySide6.QtWidgets import QMenu

from app.text.mathematics.formulas import DISPLAYED
from app.widgets.transcript.foot_part import FootPart
from app.widgets.transcript.look import Link, Verb
from app.widgets.transcript.spot import Spot

if TYPE_CHECKING:
    from app.widgets.transcript.transcript import Transcript


def menu_of(transcript: Transcript, point: QPointF) -> QMenu:
    """What can be done at a point of the viewport: with the selection, a link, the message."""
    menu = QMenu(transcript)
    copy = menu.addAction(QCoreApplication.translate("Transcript", "Copy"))
    copy.setEnabled(transcript.has_selection)
    copy.triggered.connect(transcript.copy)
    plain = menu.addAction(QCoreApplication.translate("Transcript", "Copy without marks"))
    plain.setEnabled(transcript.has_selection)
    plain.triggered.connect(transcript.copy_plain)
    spot = transcript.spot_at(point)
    if spot is not None and isinstance(spot.target, Link):
        address = spot.target.address
        link = menu.addAction(QCoreApplication.translate("Transcript", "Copy link"))
        link.triggered.connect(lambda: transcript.put(address))
    formula = transcript.formula_at(point)
    if formula is not None:
        source = formula.source.removeprefix(DISPLAYED)
        words = QCoreApplication.translate("Transcript", "Copy formula (LaTeX)")
        menu.addAction(words).triggered.connect(lambda: transcript.put(source))
    index = transcript.entry_at(point)
    if index is not None:
        message = transcript.column.entries[index].text
        whole = menu.addAction(QCoreApplication.translate("Transcript", "Copy message"))
        whole.triggered.connect(lambda: transcript.put(message))
        _add_verbs(menu, transcript, index)
    menu.addSeparator()
    everything = menu.addAction(QCoreApplication.translate("Transcript", "Select all"))
    everything.triggered.connect(transcript.select_all)
    return menu


def _add_verbs(menu: QMenu, transcript: Transcript, index: int) -> None:
    entry = transcript.column.entries[index]
    for at, part in enumerate(entry.parts):
        if not isinstance(part, FootPart):
            continue
        menu.addSeparator()
        for name in part.verbs:
            if name == "copy":
                continue
            action = menu.addAction(transcript.look.words.verbs[name])
            spot = Spot(index, at, Verb(name))
            action.triggered.connect(lambda _=False, spot=spot: transcript.activate(spot))
