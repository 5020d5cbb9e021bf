"""The transcript for screen readers: a list with a child for each message."""

from PySide6.QtCore import QObject, QPoint, QRect, QSize
from PySide6.QtGui import QAccessible, QAccessibleInterface, QWindow
from PySide6.QtWidgets import QAccessibleWidget
from typing_extensions import override

from app.widgets.transcript.entry import Entry
from app.widgets.transcript.transcript import Transcript


class MessageAccess(QAccessibleInterface):
    """One message: who speaks, what is said, and where it lies."""

    def __init__(self, transcript: Transcript, entry: Entry) -> None:
        super().__init__()
        self._transcript = transcript
        self.entry = entry

    @override
    def isValid(self) -> bool:
        return self.entry in self._transcript.column.entries

    @override
    def object(self) -> QObject | None:  # pyright: ignore[reportIncompatibleMethodOverride]
        return None

    @override
    def window(self) -> QWindow | None:  # pyright: ignore[reportIncompatibleMethodOverride]
        return self._transcript.window().windowHandle()

    @override
    def parent(self) -> QAccessibleInterface | None:  # pyright: ignore[reportIncompatibleMethodOverride]
        return QAccessible.queryAccessibleInterface(self._transcript)

    @override
    def childCount(self) -> int:
        return 0

    @override
    def child(self, index: int) -> QAccessibleInterface | None:  # pyright: ignore[reportIncompatibleMethodOverride]
        return None

    @override
    def childAt(self, x: int, y: int) -> QAccessibleInterface | None:  # pyright: ignore[reportIncompatibleMethodOverride]
        return None

    @override
    def indexOfChild(self, arg__1: QAccessibleInterface) -> int:
        return -1

    @override
    def role(self) -> QAccessible.Role:
        return QAccessible.Role.ListItem

    @override
    def state(self) -> QAccessible.State:
        state = QAccessible.State()
        state.readOnly = True  # pyright: ignore[reportAttributeAccessIssue]
        return state

    @override
    def text(self, t: QAccessible.Text) -> str:
        if t is not QAccessible.Text.Name:
            return ""
        return f"{self._transcript.speaker(self.entry)}: {self.entry.text}"

    @override
    def setText(self, t: QAccessible.Text, text: str) -> None:
        """A message is read-only."""

    @override
    def rect(self) -> QRect:
        if not self.isValid():
            return QRect()
        column = self._transcript.column
        index = column.entries.index(self.entry)
        top = round(column.top(index)) - self._transcript.verticalScrollBar().value()
        height = round(column.top(index + 1) - column.top(index))
        view = self._transcript.viewport()
        corner = view.mapToGlobal(QPoint(0, top))
        return QRect(corner, QSize(view.width(), height))


class TranscriptAccess(QAccessibleWidget):
    """The conversation as a list."""

    def __init__(self, transcript: Transcript) -> None:
        super().__init__(transcript, QAccessible.Role.List, transcript.accessibleName())
        self._transcript = transcript
        self._messages: list[MessageAccess] = []

    @override
    def childCount(self) -> int:
        return len(self._transcript.column.entries)

    @override
    def child(self, index: int) -> QAccessibleInterface | None:  # pyright: ignore[reportIncompatibleMethodOverride]
        entries = self._transcript.column.entries
        if not 0 <= index < len(entries):
            return None
        for message in self._messages:
            if message.entry is entries[index]:
                return message
        message = MessageAccess(self._transcript, entries[index])
        QAccessible.registerAccessibleInterface(message)
        # Qt holds no reference of Python's: without this the child would be gone at once.
        self._messages.append(message)
        return message

    @override
    def indexOfChild(self, child: QAccessibleInterface) -> int:
        entries = self._transcript.column.entries
        if isinstance(child, MessageAccess) and child.entry in entries:
            return entries.index(child.entry)
        return -1


class TranscriptReading:
    """Makes these interfaces when a screen reader asks; hold it as long as the window lives."""

    def __init__(self) -> None:
        self._kept: list[TranscriptAccess] = []
        QAccessible.installFactory(self._interface)

    def _interface(self, key: str, thing: QObject) -> QAccessibleInterface | None:
        if not isinstance(thing, Transcript) or key != type(thing).__name__:
            return None
        access = TranscriptAccess(thing)
        self._kept.append(access)
        return access
