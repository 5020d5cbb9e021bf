"""What is wrong now, above the conversation: a line for each, which can be sent away."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QPushButton, QVBoxLayout, QWidget

from app.presenters.alerts import AlertsPresenter
from app.theme.stylesheet import set_dress
from app.views import sayings
from app.views.icons import icon_button, recolour
from app.views.look import Look
from app.views.monitor import alert_words
from app.views.monitor.alerts_dialog import AlertsDialog
from app.widgets.arranging import column, label, row
from engine.monitor.values import Alert

_MOST = 2  # beyond these, how many more there are


class AlertStrip(QWidget):
    """Hidden while nothing is wrong."""

    def __init__(self, alerts: AlertsPresenter, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._alerts = alerts
        self._look = look
        self._shown: tuple[Alert, ...] = ()
        self._lines: QVBoxLayout = column(spacing=6)
        self.setLayout(self._lines)
        self.more = QPushButton(self.tr("All alerts"))
        set_dress(self.more, "kind", "ghost")
        self.more.clicked.connect(self.open_all)
        self._lines.addWidget(self.more, 0, Qt.AlignmentFlag.AlignLeft)
        self.rows: tuple[AlertRow, ...] = ()
        self.setAccessibleName(self.tr("Alerts"))
        alerts.changed.connect(self._follow)
        self.hide()
        self._follow()

    @property
    def words(self) -> str:
        """Everything it says."""
        return "\n".join(shown.words for shown in self.rows)

    def open_all(self) -> AlertsDialog:
        """Show what is wrong, and what was, in a window of its own."""
        dialog = AlertsDialog(self._alerts, self._look.tokens, self.window())
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._look.changed.connect(dialog.panel.wear)
        dialog.open()
        return dialog

    def _follow(self) -> None:
        shown = self._alerts.shown
        if shown == self._shown:
            return
        self._shown = shown
        for old in self.rows:
            self._lines.removeWidget(old)
            old.hide()
            old.deleteLater()
        self.rows = tuple(AlertRow(alert) for alert in shown[-_MOST:])
        for place, made in enumerate(self.rows):
            made.dismissed.connect(self._alerts.dismiss)
            self._lines.insertWidget(place, made)
            recolour(made, self._look.tokens)
        hidden = len(shown) - len(self.rows)
        if hidden:
            self.more.setText(self.tr("{0} more alerts").format(hidden))
        self.more.setVisible(hidden > 0)
        self.setVisible(bool(shown))


class AlertRow(QFrame):
    """One alert: what is wrong and what to do."""

    dismissed = Signal(object)  # the Alert

    def __init__(self, alert: Alert, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.alert = alert
        self.setProperty("kind", "card" if alert_words.only_tells(alert.kind) else "failure")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        sentence, remedy = sayings.told(alert.sentence), sayings.told(alert.remedy)
        self.words = f"{sentence} {remedy}"
        self.setAccessibleName(self.words)
        says = self.tr("Dismiss: {0}").format(alert_words.kind_name(alert.kind))
        self.dismiss = icon_button("x", says)
        self.dismiss.clicked.connect(self._send_away)
        texts = column(label(sentence, wrap=True), label(remedy, "dim", wrap=True), spacing=2)
        line = row(texts, self.dismiss, margins=(14, 8, 8, 8))
        line.setStretch(0, 1)
        line.setAlignment(self.dismiss, Qt.AlignmentFlag.AlignTop)
        self.setLayout(line)

    def _send_away(self) -> None:
        self.dismissed.emit(self.alert)
