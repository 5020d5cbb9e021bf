"""Searching all chats while somebody types."""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal

from app.lists.chats_found import ChatsFound
from app.store.chats import ChatStore
from app.store.values import Found
from app.text import failures
from engine.errors import EngineError

SEARCH_MS: Final = 100  # after the last letter typed
_IDLE_MS: Final = 50


class Finding(QObject):
    """What is searched for, and what was found."""

    changed = Signal()  # `found`, `searching` or `looking`
    chat_found = Signal(int)  # that chat is to be shown
    message_found = Signal(int, int)  # that chat, and the message in it
    turned = Signal(object)  # the numbers of chats that show another of their branches now
    failed = Signal(str)  # a sentence with its remedy

    def __init__(self, store: ChatStore, *, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._store = store
        self.found = ChatsFound(parent=self)
        self._words = ""
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(SEARCH_MS)
        self._pause.timeout.connect(self._look)
        self._idle = QTimer(self)
        self._idle.setInterval(_IDLE_MS)
        self._idle.timeout.connect(self._prepare)

    @property
    def searching(self) -> bool:
        """Whether something is searched for."""
        return bool(self._words)

    @property
    def looking(self) -> bool:
        """Whether the last letters typed were not looked for yet."""
        return self._pause.isActive()

    def search(self, words: str) -> None:
        """Look for these in all chats, once no more letters come; "" ends the search."""
        wanted = words.strip()
        if wanted == self._words:
            return
        began = not self._words or not wanted
        self._words = wanted
        if wanted:
            self._pause.start()
        else:
            self._pause.stop()
        if began:
            self.found.replace(())
            self.changed.emit()

    def look_now(self) -> None:
        """Do not wait for more letters."""
        if self._pause.isActive():
            self._pause.stop()
            self._look()

    def open(self, found: Found) -> None:
        """Show what was found, on whichever branch it is."""
        chat_id, message_id = found.chat.id, found.message_id
        if message_id is None:
            self.chat_found.emit(chat_id)
            return

        def turn() -> None:
            shown = self._store.messages(chat_id)
            if all(message.id != message_id for message in shown):
                self._store.turn_to(chat_id, message_id)
                self.turned.emit((chat_id,))

        if self._do(turn):
            self.message_found.emit(chat_id, message_id)

    def prepare(self) -> None:
        """There may be new words: make them ready to be found while nobody waits."""
        self._idle.start()

    def close(self) -> None:
        """Do nothing more by itself; before the store closes."""
        self._pause.stop()
        self._idle.stop()

    def _prepare(self) -> None:
        more: list[bool] = []
        self._do(lambda: more.append(self._store.index_more()))
        if not any(more):
            self._idle.stop()

    def _look(self) -> None:
        self._do(lambda: self.found.replace(self._store.search(self._words)))
        self.changed.emit()

    def _do(self, verb: Callable[[], object]) -> bool:
        try:
            verb()
        except EngineError as error:
            self.failed.emit(failures.told(error))
            return False
        return True
