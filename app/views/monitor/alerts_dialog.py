"""The list of alerts in a window of its own."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QDialog, QFrame, QPushButton, QScrollArea, QWidget

from app.presenters.alerts import AlertsPresenter
from app.theme.scale import scaled
from app.theme.tokens import Tokens
from app.views.monitor.alerts_panel import AlertsPanel
from app.widgets.arranging import column, row

_SIZE = QSize(560, 480)


class AlertsDialog(QDialog):
    """What is wrong, and what was."""

    def __init__(
        self, alerts: AlertsPresenter, tokens: Tokens, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Alerts"))
        self.panel = AlertsPanel(alerts, tokens)
        inside = QWidget()
        inside.setProperty("kind", "clear")
        inside.setLayout(column(self.panel, None, margins=(0, 0, 8, 0)))
        page = QScrollArea()
        page.setWidgetResizable(True)
        page.setFrameShape(QFrame.Shape.NoFrame)
        page.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        page.setWidget(inside)
        done = QPushButton(self.tr("Done"))
        done.setProperty("kind", "primary")
        done.clicked.connect(self.accept)
        self.setLayout(column(page, row(None, done), margins=(18, 18, 18, 18), spacing=14))
        self.resize(scaled(_SIZE.width()), scaled(_SIZE.height()))
