"""The guide's first page: what this computer has, what hinders it, and what would make it fast."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QPushButton, QVBoxLayout, QWidget

from app.presenters.guide.presenter import GuidePresenter
from app.theme.tokens import Tokens
from app.views import sayings
from app.views.guide import guide_words
from app.views.guide.pictured import PicturedLine
from app.views.monitor import doctor_words
from app.views.monitor.calibration_card import CalibrationCard
from app.views.pack.pack_card import PackCard
from app.views.screens import Screens
from app.widgets.arranging import card, column, label, row
from engine.hardware.machine import Machine
from engine.host.facts import Phase
from engine.monitor.values import Check
from engine.pack.values import PackState

# What the pack's own card says, with a button beside it.
_OF_THE_PACK = frozenset({"library", "cards"})
_MARGINS = (16, 12, 16, 14)


class MachinePage(QWidget):
    """Fills itself as the machine and the doctor's findings become known."""

    doctor_wanted = Signal()

    def __init__(self, screens: Screens, tokens: Tokens) -> None:
        super().__init__()
        self._guide: GuidePresenter = screens.guide
        self._pack = screens.pack
        self._models = screens.models
        self._tokens = tokens
        self._shown: object = None
        self._lines = column(spacing=10)
        self._problems = column(spacing=8)
        self._looking = label(self.tr("Looking at this computer…"), "dim")
        self.doctor = QPushButton(self.tr("Examine it thoroughly"))
        self.well = PicturedLine("check", self.tr("Nothing is in the way."))
        self.pack = PackCard(screens.pack)
        self.calibration = CalibrationCard(screens.calibration)
        machine = column(
            row(label(self.tr("This computer"), "title"), None, self.doctor),
            self._looking,
            self._lines,
            self.well,
            margins=_MARGINS,
            spacing=10,
        )
        for one in (self.pack, self.calibration):  # as wide inside as the card above them
            inside = one.layout()
            assert inside is not None
            inside.setContentsMargins(*_MARGINS)
        self.setLayout(
            column(card(machine), self._problems, self.pack, self.calibration, None, spacing=12)
        )
        self.doctor.clicked.connect(self.doctor_wanted)
        screens.guide.changed.connect(self._show)
        screens.pack.changed.connect(self._show)
        screens.models.model_changed.connect(self._show)
        self._show()

    @property
    def problems(self) -> tuple[str, ...]:
        """What hinders, as it is told to those who do not see it."""
        return tuple(frame.accessibleName() for frame in self.findChildren(QFrame, "problem"))

    @property
    def words(self) -> str:
        """What it says of the machine."""
        return "\n".join(line.accessibleName() for line in self.findChildren(PicturedLine))

    def wear(self, tokens: Tokens) -> None:
        """Another look."""
        self._tokens = tokens
        for line in self.findChildren(PicturedLine):
            line.wear(tokens)

    def _show(self) -> None:
        guide = self._guide
        # Where the model loads, nothing else may be measured.
        self.calibration.setEnabled(self._models.phase is not Phase.LOADING)
        problems = self._told()
        shown = (guide.machine, guide.free_bytes, problems, guide.examined)
        if shown == self._shown:
            return
        self._shown = shown
        self._looking.setVisible(guide.machine is None)
        _clear(self._lines)
        if guide.machine is not None:
            for line in self._lines_of(guide.machine):
                self._lines.addWidget(line)
        _clear(self._problems)
        for check in problems:
            self._problems.addWidget(_problem(check))
        self.well.setVisible(guide.examined and not problems)
        self.wear(self._tokens)

    def _told(self) -> tuple[Check, ...]:
        pack = self._pack.pack
        if pack is None or pack.state is PackState.NEEDLESS:
            return self._guide.problems
        return tuple(
            check
            for check in self._guide.problems
            if check.name.partition(" ")[0] not in _OF_THE_PACK
        )

    def _lines_of(self, machine: Machine) -> tuple[PicturedLine, ...]:
        told = guide_words.driver(machine)
        known = machine.gpus or machine.others
        cards = [PicturedLine("gpu", guide_words.card(one), told) for one in known]
        if not cards:
            none = self.tr("No graphics card of use was found")
            slower = self.tr("Models run on the processor: small ones well, large ones slowly.")
            cards.append(PicturedLine("gpu", none, slower))
        return (
            *cards,
            PicturedLine("cpu", guide_words.processor(machine)),
            PicturedLine("memory", guide_words.ram(machine)),
            PicturedLine("drives", guide_words.room(self._guide.free_bytes)),
        )


def _problem(check: Check) -> QFrame:
    name, state = doctor_words.title(check.name), doctor_words.state(check.state)
    detail, remedy = sayings.told(check.detail), sayings.told(check.remedy)
    role = "error" if check.state == "fail" else "warn"
    texts = [label(detail, "dim", wrap=True)]
    if remedy:
        texts.append(label(remedy, wrap=True))
    head = row(label(name, "title"), None, label(state, role))
    frame = card(column(head, *texts, margins=(16, 10, 16, 12), spacing=4))
    frame.setObjectName("problem")
    frame.setAccessibleName(". ".join(filter(None, (name, state, detail, remedy))))
    return frame


def _clear(layout: QVBoxLayout) -> None:
    while layout.count():
        thing = layout.takeAt(0)
        widget = thing.widget() if thing is not None else None
        if widget is not None:
            widget.hide()
            widget.setParent(None)
            widget.deleteLater()
