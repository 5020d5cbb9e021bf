"""What is wrong now, each with what to do about it."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from app.views.sayings import told
from app.widgets.arranging import column, label, row
from engine.monitor.values import Alert


class AlertsStrip(QWidget):
    """Hidden while nothing is wrong."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines: list[QFrame] = []
        self._texts: tuple[str, ...] = ()
        self._column: QVBoxLayout = column(spacing=6)
        self.setLayout(self._column)
        self.setAccessibleName(self.tr("Alerts"))
        self.hide()

    @property
    def words(self) -> str:
        """All that is wrong."""
        return "\n".join(self._texts)

    def show_alerts(self, alerts: Sequence[Alert]) -> None:
        """Show these."""
        for line in self._lines:
            self._column.removeWidget(line)
            line.hide()
            line.deleteLater()
        self._lines = [self._line(alert) for alert in alerts]
        self._texts = tuple(line.accessibleName() for line in self._lines)
        for line in self._lines:
            self._column.addWidget(line)
        self.setVisible(bool(alerts))

    def _line(self, alert: Alert) -> QFrame:
        line = QFrame()
        line.setProperty("kind", "failure")
        line.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        sentence, remedy = told(alert.sentence), told(alert.remedy)
        since = self.tr("since {0}").format(alert.began_at.astimezone().strftime("%H:%M"))
        head = row(label(sentence, wrap=True), label(since, "faint"))
        head.setStretch(0, 1)
        line.setLayout(column(head, label(remedy, "dim", wrap=True), margins=(12, 8, 12, 8)))
        line.setAccessibleName(f"{sentence} {remedy}")
        return line
