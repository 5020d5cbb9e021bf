"""How Fullbore begins and goes on: with the session, and without its window."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from app.autostart import Autostart
from app.text import failures
from engine.errors import EngineError


class StartupPresenter(QObject):
    """The system keeps the one and has the other; both are asked each time."""

    changed = Signal()
    failed = Signal(str)  # a sentence with its remedy

    def __init__(
        self,
        autostart: Autostart | None,
        tray_there: Callable[[], bool],
        *,
        parent: QObject | None = None,
    ) -> None:
        """`autostart` is None where the system has no way that is ours to use."""
        super().__init__(parent)
        self._autostart = autostart
        self._tray_there = tray_there

    @property
    def tray_there(self) -> bool:
        """Whether this desktop shows icons of programs that have no window."""
        return self._tray_there()

    @property
    def offered(self) -> bool:
        """Whether the system lets Fullbore start with the session."""
        return self._autostart is not None

    @property
    def on(self) -> bool:
        """Whether it will."""
        return self._autostart is not None and self._autostart.is_on()

    def turn(self, *, on: bool) -> None:
        """Have the system start it, or not."""
        if self._autostart is None or on == self.on:
            return
        try:
            self._autostart.turn(on=on)
        except EngineError as error:
            self.failed.emit(failures.told(error))
        self.changed.emit()
