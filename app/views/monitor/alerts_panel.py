"""A list of alerts: what is wrong now, and what was within seven days."""

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from app.presenters.alerts import AlertsPresenter
from app.theme.icons import icon
from app.theme.scale import scaled
from app.theme.tokens import Tokens
from app.views import sayings
from app.views.monitor import alert_words
from app.widgets.arranging import column, label, row
from engine.monitor.values import Alert

_MOST = 50  # rows; the log has the rest
_ICON = 18


class AlertsPanel(QFrame):
    """To be put into a screen, which scrolls it. The newest stands first."""

    def __init__(
        self, alerts: AlertsPresenter, tokens: Tokens, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setProperty("kind", "card")
        self._alerts = alerts
        self._tokens = tokens
        self._told: tuple[tuple[Alert, bool], ...] | None = None
        self._rows: list[_Line] = []
        self.nothing = label(self.tr("Nothing was wrong within the last seven days."), "dim")
        self.nothing.setWordWrap(True)
        title = label(self.tr("Alerts"), "title")
        self.setAccessibleName(title.text())
        self._lines: QVBoxLayout = column(title, self.nothing, margins=(16, 14, 16, 14), spacing=10)
        self.setLayout(self._lines)
        alerts.changed.connect(self._follow)
        self._follow()

    @property
    def words(self) -> str:
        """Everything it says."""
        return "\n".join(line.words for line in self._rows)

    def wear(self, tokens: Tokens) -> None:
        """Another look."""
        self._tokens = tokens
        for line in self._rows:
            line.wear(tokens)

    def _follow(self) -> None:
        alerts = self._alerts
        told = [(alert, alerts.is_raised(alert)) for alert in alerts.recent]
        # What is wrong now is not to be searched for among what was.
        ordered = tuple(sorted(told, key=lambda one: not one[1])[:_MOST])
        if ordered == self._told:
            return
        self._told = ordered
        for line in self._rows:
            self._lines.removeWidget(line)
            line.hide()
            line.deleteLater()
        self._rows = [_Line(alert, self._tokens, raised=raised) for alert, raised in ordered]
        for line in self._rows:
            self._lines.addWidget(line)
        self.nothing.setVisible(not ordered)


class _Line(QWidget):
    def __init__(self, alert: Alert, tokens: Tokens, *, raised: bool) -> None:
        super().__init__()
        self._alert = alert
        self._raised = raised
        self._icon = QLabel()
        name = label(alert_words.kind_name(alert.kind), "title")
        at = label(alert_words.when(alert, raised=raised), "dim")
        sentence = label(sayings.told(alert.sentence), "" if raised else "dim", wrap=True)
        texts = [sentence]
        if raised:
            texts.append(label(sayings.told(alert.remedy), "dim", wrap=True))
        self.words = " ".join(one.text() for one in (name, at, *texts))
        self.setAccessibleName(self.words)
        head = row(self._icon, name, None, at)
        self.setLayout(column(head, *texts, spacing=3))
        self.wear(tokens)

    def wear(self, tokens: Tokens) -> None:
        bad = tokens.warn if alert_words.only_tells(self._alert.kind) else tokens.error
        colour = bad if self._raised else tokens.faint
        side = scaled(_ICON)
        self._icon.setPixmap(
            icon(alert_words.kind_icon(self._alert.kind), colour).pixmap(QSize(side, side))
        )
