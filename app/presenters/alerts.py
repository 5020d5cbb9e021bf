"""Alerts: what is wrong now, what was wrong lately, and what the person has seen of it."""

from PySide6.QtCore import QObject, Signal

from app.bridge import EngineBridge, EngineSurface
from app.text import failures
from engine.errors import EngineError
from engine.events import AlertMoved, Event
from engine.monitor.values import Alert, AlertKind

_MOST_KEPT = 500

_Place = tuple[AlertKind, int | None]


class AlertsPresenter(QObject):
    """Follows the engine's alerts. One that was sent away stays so until it begins anew."""

    changed = Signal()
    began = Signal(object)  # an Alert, once
    failed = Signal(str)  # a sentence with its remedy

    def __init__(self, bridge: EngineBridge, *, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._raised: dict[_Place, Alert] = {}
        self._recent: tuple[Alert, ...] = ()
        self._dismissed: set[_Place] = set()
        bridge.happened.connect(self._hear)
        bridge.ready.connect(self._look)

    @property
    def raised(self) -> tuple[Alert, ...]:
        """What is wrong now, the oldest first."""
        return tuple(self._raised.values())

    @property
    def shown(self) -> tuple[Alert, ...]:
        """What is wrong now and was not sent away, the oldest first."""
        return tuple(alert for place, alert in self._raised.items() if place not in self._dismissed)

    @property
    def recent(self) -> tuple[Alert, ...]:
        """What was wrong within seven days, the newest first; what is wrong now is among it."""
        return self._recent

    def is_raised(self, alert: Alert) -> bool:
        """Whether that is wrong now. One without an end may not be: Fullbore was closed first."""
        return self._raised.get((alert.kind, alert.card)) == alert

    def dismiss(self, alert: Alert) -> None:
        """Do not show it any more; it stays wrong."""
        self._dismissed.add((alert.kind, alert.card))
        self.changed.emit()

    def _look(self) -> None:
        self._bridge.ask(_recent, self._take, self._fail)

    def _take(self, found: tuple[tuple[Alert, ...], tuple[Alert, ...]]) -> None:
        raised, recent = found
        for alert in raised:
            self._raised.setdefault((alert.kind, alert.card), alert)
        known = {_name(alert) for alert in self._recent}
        older = tuple(alert for alert in recent if _name(alert) not in known)
        self._recent = (*self._recent, *older)[:_MOST_KEPT]
        self.changed.emit()

    def _hear(self, event: Event) -> None:
        if not isinstance(event, AlertMoved):
            return
        alert = event.alert
        place = (alert.kind, alert.card)
        others = tuple(one for one in self._recent if _name(one) != _name(alert))
        self._recent = tuple(
            sorted((alert, *others), key=lambda one: one.began_at, reverse=True)[:_MOST_KEPT]
        )
        self._dismissed.discard(place)
        if alert.ended_at is None:
            self._raised[place] = alert
            self.began.emit(alert)
        else:
            self._raised.pop(place, None)
        self.changed.emit()

    def _fail(self, error: EngineError) -> None:
        self.failed.emit(failures.told(error))


def _name(alert: Alert) -> object:
    return alert.kind, alert.card, alert.began_at


async def _recent(engine: EngineSurface) -> tuple[tuple[Alert, ...], tuple[Alert, ...]]:
    return engine.alerts.raised, await engine.alerts.recent()
