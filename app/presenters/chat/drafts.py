"""What is being written in each chat and not sent yet."""

from dataclasses import replace

from PySide6.QtCore import QObject, QTimer, Signal

from app.store.chats import ChatStore
from app.store.values import Chat
from app.text import failures
from engine.errors import EngineError

_WRITE_MS = 500


class Drafts(QObject):
    """The draft of the chat that is shown, written to disk soon after it was changed."""

    failed = Signal(str)

    def __init__(self, store: ChatStore, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._store = store
        self._chat_id: int | None = None
        self._of_new = ""  # of the chat that is not on disk yet; it lives as long as the window
        self._text = ""
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_WRITE_MS)
        self._timer.timeout.connect(self.write)

    @property
    def text(self) -> str:
        """What stands in the composer of this chat."""
        return self._text

    def show(self, chat: Chat | None) -> None:
        """Another chat is shown; the last one's draft is kept."""
        self.write()
        self._chat_id = None if chat is None else chat.id
        self._text = self._of_new if chat is None else chat.draft

    def born(self, chat: Chat) -> None:
        """The new chat came on disk by its first question."""
        self._chat_id, self._of_new = chat.id, ""
        if self._text:
            self._timer.start()

    def keep(self, text: str) -> None:
        """That is what is being written now."""
        if text == self._text:
            return
        self._text = text
        if self._chat_id is None:
            self._of_new = text
        else:
            self._timer.start()

    def write(self) -> None:
        """Bring it to disk now, if it is not there."""
        if not self._timer.isActive():
            return
        self._timer.stop()
        if self._chat_id is None:
            return
        words = self._text.encode("utf-8", "replace").decode("utf-8")
        try:
            chat = self._store.chat(self._chat_id)
            if chat is not None:
                self._store.amend_chat(replace(chat, draft=words))
        except EngineError as error:
            self.failed.emit(failures.told(error))
