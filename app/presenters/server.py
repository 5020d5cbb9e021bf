"""The local port: its address, and a switch."""

from PySide6.QtCore import QObject, Signal

from app.bridge import EngineBridge


class ServerPresenter(QObject):
    """Whether other programs can reach the engine, and where."""

    changed = Signal()  # any of the properties
    failed = Signal(str)  # a sentence with its remedy

    def __init__(self, bridge: EngineBridge, *, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge

    @property
    def address(self) -> str | None:
        """Such as "http://127.0.0.1:11711"; None: the port is closed."""
        raise NotImplementedError

    @property
    def on(self) -> bool:
        """Whether the port is open, or about to be: the position of the switch."""
        raise NotImplementedError

    @property
    def failure(self) -> str | None:
        """Why the port could not be opened."""
        raise NotImplementedError

    def turn_on(self) -> None:
        """Open the port."""
        raise NotImplementedError

    def turn_off(self) -> None:
        """Close the port."""
        raise NotImplementedError
