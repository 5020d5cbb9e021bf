"""Alerts that come and go when a test says so."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from engine.events import AlertMoved, Event
from engine.fit.saying import say
from engine.monitor.values import Alert, AlertKind

BEGAN = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def hot(card: int = 0, *, minutes_ago: int = 0) -> Alert:
    """A card that is too hot."""
    return Alert(
        kind=AlertKind.HOT,
        card=card,
        sentence=say("{card} has {celsius:.0f} °C.", card=f"Test card {card}", celsius=91.0),
        remedy=say("Give it air: clean its fans, let them turn faster, or lower its power."),
        began_at=BEGAN - timedelta(minutes=minutes_ago),
    )


class FakeAlerts:
    """Satisfies `app.surface.AlertsSurface`."""

    def __init__(self, tell: Callable[[Event], None]) -> None:
        self._tell = tell
        self._raised: dict[tuple[AlertKind, int | None], Alert] = {}
        self.logged: tuple[Alert, ...] = ()

    @property
    def raised(self) -> tuple[Alert, ...]:
        return tuple(self._raised.values())

    async def recent(self) -> tuple[Alert, ...]:
        return (*reversed(self.raised), *self.logged)

    def start(self, alert: Alert) -> None:
        """It is wrong from now on. On the engine's thread, or before it starts."""
        self._raised[alert.kind, alert.card] = alert
        self._tell(AlertMoved(alert=alert))

    def end(self, alert: Alert) -> None:
        """It is over."""
        ended = replace(alert, ended_at=alert.began_at + timedelta(minutes=5))
        del self._raised[alert.kind, alert.card]
        self.logged = (ended, *self.logged)
        self._tell(AlertMoved(alert=ended))
