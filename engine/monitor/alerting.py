"""Alerting: the desk that looks at each reading, tells what changed, and keeps a log of it."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from engine.config import AlertSettings
from engine.monitor.alert_log import AlertLog
from engine.monitor.alerts import Alerts
from engine.monitor.signs import Facts
from engine.monitor.values import Alert


class Alerting:
    """Belongs to the engine's loop."""

    def __init__(
        self, log: Path, settings: Callable[[], AlertSettings], tell: Callable[[Alert], object]
    ) -> None:
        self._alerts = Alerts(settings, _now)
        self._log = AlertLog(log)
        self._tell = tell

    @property
    def raised(self) -> tuple[Alert, ...]:
        """What is wrong now, the oldest first."""
        return self._alerts.raised

    def answered(self, *, failed: bool) -> None:
        """An answer ended; `failed` where the engine is to blame."""
        self._alerts.answered(failed=failed)

    def look(self, facts: Facts) -> None:
        """The next reading."""
        changes = self._alerts.look(facts)
        if changes:
            self._log.write(changes)
        for change in changes:
            self._tell(change)

    async def recent(self) -> tuple[Alert, ...]:
        """What was wrong within the last seven days, the newest first."""
        return await asyncio.to_thread(self._log.read, _now())


def _now() -> datetime:
    return datetime.now(UTC)
