"""What is wrong with this machine, and what to do."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QWidget,
)

from app.presenters.doctor import DoctorPresenter
from app.theme.scale import scaled
from app.theme.tokens import Tokens
from app.views import sayings
from app.views.icons import icon_button, recolour
from app.views.monitor import doctor_words
from app.widgets.arranging import card, column, label, row
from app.widgets.banner import Banner
from engine.monitor.values import Check

_SIZE = QSize(640, 640)
_SMALLEST = QSize(420, 360)
_ROLES = {"pass": "ok", "warn": "warn", "fail": "error"}


class DoctorDialog(QDialog):
    """Examines as it opens; closing it stops that."""

    def __init__(
        self, doctor: DoctorPresenter, tokens: Tokens, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._doctor = doctor
        self._checks: tuple[Check, ...] = ()
        self.setWindowTitle(self.tr("Doctor"))
        self.setMinimumSize(_SMALLEST)
        self.banner = Banner(icon_button("x", self.tr("Dismiss")))
        self.summary = label("", "title", wrap=True)
        self.bar = QProgressBar()
        self.bar.setRange(0, 100)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(self.tr("Progress of the examination"))
        self.again = QPushButton(self.tr("Run again"))
        self.copy = QPushButton(self.tr("Copy report"))
        self.copy.setToolTip(
            self.tr("For a bug report: no names, no folders, no numbers of this computer")
        )
        self.done_button = QPushButton(self.tr("Done"))
        self.done_button.setProperty("kind", "primary")
        self._page = QScrollArea()
        self._arrange()
        self.again.clicked.connect(self._turn)
        self.copy.clicked.connect(self._copy)
        self.done_button.clicked.connect(self.accept)
        self.finished.connect(doctor.cancel)
        doctor.changed.connect(self._show)
        doctor.failed.connect(self.banner.say)
        self._show()
        doctor.examine()
        self.wear(tokens)

    @property
    def words(self) -> tuple[str, ...]:
        """What each line says to those who do not see it."""
        found = self._page.findChildren(QFrame, "check")
        return tuple(frame.accessibleName() for frame in found)

    def wear(self, tokens: Tokens) -> None:
        """Another look."""
        recolour(self, tokens)

    def _arrange(self) -> None:
        for button in (self.again, self.copy):
            button.setAutoDefault(False)
        self.done_button.setDefault(True)
        self._page.setWidgetResizable(True)
        self._page.setFrameShape(QFrame.Shape.NoFrame)
        self._page.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._page.setAccessibleName(self.tr("What was found"))
        self.setLayout(
            column(
                self.banner,
                self.summary,
                self.bar,
                self._page,
                row(self.again, self.copy, None, self.done_button),
                margins=(18, 18, 18, 18),
                spacing=14,
            )
        )
        room = self.screen().availableSize() * 0.9
        wanted = QSize(scaled(_SIZE.width()), scaled(_SIZE.height()))
        self.resize(wanted.boundedTo(room).expandedTo(_SMALLEST))

    def _turn(self) -> None:
        if self._doctor.examining:
            self._doctor.cancel()
        else:
            self._doctor.examine()

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._doctor.report)
        self.copy.setText(self.tr("Copied"))

    def _show(self) -> None:
        doctor = self._doctor
        self.bar.setVisible(doctor.examining)
        self.bar.setValue(round(doctor.fraction * 100))
        self.again.setText(self.tr("Stop") if doctor.examining else self.tr("Run again"))
        self.copy.setEnabled(bool(doctor.report) and not doctor.examining)
        if doctor.examining:
            self.copy.setText(self.tr("Copy report"))
        self.summary.setText(self._summed())
        if doctor.checks != self._checks or self._page.widget() is None:
            self._checks = doctor.checks
            self._fill()

    def _summed(self) -> str:
        if self._doctor.examining:
            return self.tr("Examining this machine; it takes some seconds …")
        counts = {
            state: sum(check.state == state for check in self._doctor.checks) for state in _ROLES
        }
        if not any(counts.values()):
            return self.tr("Not examined")
        if counts["fail"]:
            says = self.tr("{0} wrong, {1} could be better, {2} good")
            return says.format(counts["fail"], counts["warn"], counts["pass"])
        if counts["warn"]:
            return self.tr("{0} could be better, {1} good").format(counts["warn"], counts["pass"])
        return self.tr("All is well")

    def _fill(self) -> None:
        inside = QWidget()
        inside.setProperty("kind", "clear")
        lines = [_line(check) for check in self._checks]
        inside.setLayout(column(*lines, None, margins=(0, 0, 8, 0), spacing=8))
        self._page.setWidget(inside)


def _line(check: Check) -> QFrame:
    """What it is and how it is, then what to do."""
    name, state = doctor_words.title(check.name), doctor_words.state(check.state)
    detail, remedy = sayings.told(check.detail), sayings.told(check.remedy)
    texts = [label(detail, "dim", wrap=True)]
    if remedy:
        texts.append(label(remedy, wrap=True))
    head = row(label(name, "title"), None, label(state, _ROLES[check.state]))
    frame = card(column(head, *texts, margins=(14, 10, 14, 10), spacing=4))
    frame.setObjectName("check")
    frame.setAccessibleName(". ".join(filter(None, (name, state, detail, remedy))))
    for text in texts:
        text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return frame
