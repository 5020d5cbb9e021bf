"""The conversation: what was said, the answer in progress, and the chats beside it."""

from collections.abc import Callable
from time import monotonic

from PySide6.QtCore import QObject, Signal

from app.bridge import EngineBridge
from app.lists.chats_list import ChatsList
from app.store.chats import ChatStore
from app.store.values import Chat, Statistics, StoredMessage

FLUSH_MS = 33
SAVE_SECONDS = 1.0


class ChatPresenter(QObject):
    """One conversation at a time. Changing the chat stops an answer in progress, keeping it."""

    arrived = Signal(str, str)  # what was added to the answer and to its reasoning
    answer_began = Signal()  # messages[-1] is now an empty answer
    answer_ended = Signal(object)  # Statistics; messages[-1] is complete, `failure` if it broke off
    statistics_moved = Signal(object)  # Statistics of the answer in progress
    asked = Signal()  # messages[-1] is now the person's question
    waiting = Signal(str)  # why the answer does not begin yet; "" when it does or was given up
    failed = Signal(str)  # a sentence with its remedy
    chats_changed = Signal()  # the sidebar's list
    chat_changed = Signal()  # another conversation is shown, or its title changed
    busy_changed = Signal(bool)  # an answer is awaited or in progress: show Stop

    def __init__(
        self,
        bridge: EngineBridge,
        store: ChatStore,
        *,
        clock: Callable[[], float] = monotonic,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._bridge, self._store, self._clock = bridge, store, clock
        self.chats_list = ChatsList(parent=self)

    @property
    def chats(self) -> tuple[Chat, ...]:
        """All chats, newest first."""
        raise NotImplementedError

    @property
    def chat(self) -> Chat | None:
        """The chat that is shown; None: a new one, not yet on disk."""
        raise NotImplementedError

    @property
    def messages(self) -> tuple[StoredMessage, ...]:
        """What was said in it, the answer in progress included."""
        raise NotImplementedError

    @property
    def busy(self) -> bool:
        """Whether an answer is awaited or in progress."""
        raise NotImplementedError

    @property
    def statistics(self) -> Statistics | None:
        """Of the answer in progress, or else the last one."""
        raise NotImplementedError

    def send(self, text: str) -> bool:
        """Ask. False (and nothing happens) if the text is blank or an answer is in progress."""
        raise NotImplementedError

    def stop(self) -> None:
        """Stop the answer; what arrived is kept."""
        raise NotImplementedError

    def new_chat(self) -> None:
        """Show an empty conversation; it comes on disk with its first question."""
        raise NotImplementedError

    def open_chat(self, chat_id: int) -> None:
        """Show that chat."""
        raise NotImplementedError

    def rename_chat(self, chat_id: int, title: str) -> None:
        """Give it another title; a blank one is ignored."""
        raise NotImplementedError

    def delete_chat(self, chat_id: int) -> None:
        """Remove it for good. If it is shown, a new one is."""
        raise NotImplementedError

    def close(self) -> None:
        """Keep on disk what has arrived; before the bridge closes."""
        raise NotImplementedError
