"""The chats beside the conversation: where they stand, their names, the archive, the trash, search.

What can be taken back is done without a question, and offered to be undone.
"""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Final

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from app.lists.chats_order import Order, Spot, by_age, in_order
from app.lists.chats_tree import ChatsTree
from app.presenters.chats.finding import Finding
from app.store.chats import ChatStore
from app.store.values import Chat, Folder, Place
from app.text import failures
from engine.errors import EngineError

TRASH_DAYS: Final = 30
_MINUTE_MS: Final = 60_000
_LATELY: Final = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class _Undo:
    """How the last step is taken back."""

    sentence: str
    steps: Callable[[], None]


def _local_now() -> datetime:
    return datetime.now(UTC).astimezone()


class ChatsPresenter(QObject):
    """Lists one place at a time: the chats, the archive or the trash."""

    changed = Signal()  # the chats, the folders, the place, or which one is shown
    opened = Signal(int)  # that chat is to be shown
    message_wanted = Signal(int, int)  # that chat, and the message in it
    amended = Signal(int)  # that chat's title or settings changed on disk
    left = Signal(object)  # the numbers of chats that can no longer be spoken in
    undo_offered = Signal(str)  # what was done; "" when it cannot be undone any more
    failed = Signal(str)  # a sentence with its remedy

    def __init__(
        self,
        store: ChatStore,
        *,
        now: Callable[[], datetime] = _local_now,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._store, self._now = store, now
        self.tree = ChatsTree(parent=self)
        self.finding = Finding(store, parent=self)
        self._place: Place = "chats"
        self._chats: dict[int, Chat] = {}
        self._folders: tuple[Folder, ...] = ()
        self._current: int | None = None
        self._lately = deque[int](maxlen=_LATELY)
        self._undo: _Undo | None = None
        self._day: date | None = None
        midnight = QTimer(self)
        midnight.setTimerType(Qt.TimerType.VeryCoarseTimer)
        midnight.timeout.connect(self._turn_page)
        midnight.start(_MINUTE_MS)
        self._midnight = midnight
        self.finding.chat_found.connect(self.opened)
        self.finding.message_found.connect(self._open_message)
        self.finding.failed.connect(self.failed)
        self.tree.rename_wanted.connect(self.rename)
        self.tree.chats_dropped.connect(self.put)
        self.tree.folder_dropped.connect(self.move_folder)
        self.list_again()

    @property
    def place(self) -> Place:
        """Which chats are listed."""
        return self._place

    @property
    def chats(self) -> tuple[Chat, ...]:
        """Those in it, the one used last first."""
        newest_first = sorted(self._chats.values(), key=lambda chat: chat.id, reverse=True)
        return tuple(sorted(newest_first, key=lambda chat: chat.updated_at, reverse=True))

    @property
    def folders(self) -> tuple[Folder, ...]:
        """As the person ordered them."""
        return self._folders

    @property
    def current(self) -> int | None:
        """The chat that is shown."""
        return self._current

    def list_again(self) -> None:
        """Read everything from disk."""

        def read() -> None:
            self._folders = self._store.folders.all()
            self._chats = {chat.id: chat for chat in self._store.chats(self._place)}

        if self._do(read):
            self._arrange()
            self.finding.prepare()

    def refresh(self, chat_id: int) -> None:
        """That chat changed on disk: it said something, or has another title."""
        if self._do(lambda: self._take(chat_id)):
            self._arrange()
            self.finding.prepare()

    def look_again(self) -> None:
        """Something was said, or named: of the chats shown lately one may have changed."""

        def read() -> None:
            for chat_id in self._lately:
                self._take(chat_id)

        if self._do(read):
            self._arrange()
            self.finding.prepare()

    def mark(self, chat_id: int | None) -> None:
        """That chat is shown now; None: one that is not on disk."""
        if chat_id is not None and chat_id not in self._lately:
            self._lately.append(chat_id)
            self.refresh(chat_id)
        if chat_id == self._current:
            return
        self._current = chat_id
        self.tree.mark(chat_id)
        self.changed.emit()

    def turn_to(self, place: Place) -> None:
        """List that place."""
        if place != self._place:
            self._place = place
            self.tree.fixed = place != "chats"
            self.list_again()

    def open(self, chat_id: int) -> None:
        """Show it, unless it lies in the trash."""
        if self._place != "trash" or chat_id not in self._chats:
            self.opened.emit(chat_id)

    def rename(self, thing: Chat | Folder, name: str) -> None:
        """Give a chat or a folder another name; a blank one is ignored."""
        words = " ".join(name.split())
        if not words:
            return
        if isinstance(thing, Folder):
            if self._do(lambda: self._store.folders.rename(thing.id, words)):
                self._take_folders()
                self._arrange()
            return
        self._amend([thing.id], lambda chat: replace(chat, title=words, title_is_own=True))

    def pin(self, chat_ids: Sequence[int], *, on: bool) -> None:
        """Keep them above all others, or no longer."""
        self._amend(chat_ids, lambda chat: replace(chat, pinned=on))

    def move(self, chat_ids: Sequence[int], folder_id: int | None) -> None:
        """Put them into that folder; None: into none. Whoever was pinned goes there too."""
        self._amend(chat_ids, lambda chat: replace(chat, folder_id=folder_id, pinned=False))

    def put(self, chat_ids: Sequence[int], spot: Spot) -> None:
        """Put them where they were dropped."""
        match spot:
            case "pinned":
                self.pin(chat_ids, on=True)
            case "loose":
                self.move(chat_ids, None)
            case int():
                self.move(chat_ids, spot)

    def archive(self, chat_ids: Sequence[int]) -> None:
        """Put them out of sight."""
        if self._amend(chat_ids, lambda chat: replace(chat, archived=True)):
            says = self._counted(chat_ids, self.tr("Archived"), self.tr("{0} archived"))
            self._offer(says, lambda: self.unarchive(chat_ids))

    def unarchive(self, chat_ids: Sequence[int]) -> None:
        """Back among the chats."""
        self._amend(chat_ids, lambda chat: replace(chat, archived=False))

    def trash(self, chat_ids: Sequence[int]) -> None:
        """Into the trash, where they stay for thirty days."""
        chosen = tuple(chat_ids)
        shown = self._current if self._current in chosen else None
        if not chosen or not self._change(self._store.trash, chosen):
            return
        self.left.emit(chosen)

        def back() -> None:
            self.restore(chosen)
            if shown is not None:
                self.opened.emit(shown)

        one, many = self.tr("Moved to trash"), self.tr("{0} moved to trash")
        self._offer(self._counted(chosen, one, many), back)

    def restore(self, chat_ids: Sequence[int]) -> None:
        """Out of the trash."""
        self._change(self._store.restore, chat_ids)

    def delete(self, chat_ids: Sequence[int]) -> None:
        """Remove them for good."""
        chosen = tuple(chat_ids)
        if self._change(self._store.delete, chosen):
            self._offer_nothing()
            self.left.emit(chosen)

    def empty_trash(self) -> None:
        """Remove all that lies there, for good."""
        if self._do(lambda: self._store.empty_trash(older_than_days=0)):
            self._offer_nothing()
            self.list_again()

    def new_folder(self, name: str, chat_ids: Sequence[int] = ()) -> int | None:
        """Make one with these chats in it; its number, or None if that failed."""
        made: list[int] = []
        if not self._do(lambda: made.append(self._store.folders.new(name).id)):
            return None
        self._take_folders()
        if chat_ids:
            self.move(chat_ids, made[0])
        else:
            self._arrange()
        return made[0]

    def delete_folder(self, folder: Folder) -> None:
        """Remove it; its chats stay, in none."""
        inside = [chat.id for chat in self._chats.values() if chat.folder_id == folder.id]
        if not self._do(lambda: self._store.folders.delete(folder.id)):
            return
        self._take_folders()
        self._do(lambda: _each(self._take, inside))
        self._arrange()

        def back() -> None:
            again = self.new_folder(folder.name, inside)
            if again is not None:
                self.move_folder(again, folder.position)

        self._offer(self.tr("Folder removed, chats kept"), back)

    def move_folder(self, folder_id: int, rank: int) -> None:
        """Put it before the folder that has this place now."""
        places = [folder.id for folder in self._folders]
        if folder_id not in places:
            return
        at = places.index(folder_id)
        # The others close ranks once it is taken out.
        place = max(0, min(rank - (rank > at), len(places) - 1))
        if place != at and self._do(lambda: self._store.folders.move(folder_id, place)):
            self._take_folders()
            self._arrange()

    def fold(self, folder_id: int, *, is_open: bool) -> None:
        """Remember whether it is unfolded."""
        if self._do(lambda: self._store.folders.open(folder_id, is_open)):
            self._folders = tuple(
                replace(folder, is_open=is_open) if folder.id == folder_id else folder
                for folder in self._folders
            )
            self._arrange()

    def duplicate(self, chat_id: int) -> None:
        """Copy what that chat shows into a new one, and go there."""
        copies: list[Chat] = []

        def fork() -> None:
            said = self._store.messages(chat_id)
            if said and said[-1].id is not None:
                copies.append(self._store.fork(chat_id, said[-1].id))

        if self._do(fork) and copies:
            self.list_again()
            self.opened.emit(copies[0].id)

    def close(self) -> None:
        """Do nothing more by itself; before the store closes."""
        self._midnight.stop()
        self.finding.close()

    def undo(self) -> None:
        """Take the last step back."""
        undo = self._undo
        if undo is not None:
            self._offer_nothing()
            undo.steps()

    def forget_undo(self) -> None:
        """The last step stands."""
        if self._undo is not None:
            self._offer_nothing()

    def _open_message(self, chat_id: int, message_id: int) -> None:
        self.opened.emit(chat_id)
        self.message_wanted.emit(chat_id, message_id)

    def _amend(self, chat_ids: Sequence[int], change: Callable[[Chat], Chat]) -> bool:
        """Change these on disk, from what the disk says now."""

        def write() -> None:
            for chat_id in chat_ids:
                chat = self._store.chat(chat_id)
                if chat is not None:
                    self._store.amend_chat(change(chat))
                self._take(chat_id)

        done = self._do(write)
        self._arrange()
        for chat_id in chat_ids:
            self.amended.emit(chat_id)
        return done and bool(chat_ids)

    def _change(self, verb: Callable[[int], object], chat_ids: Sequence[int]) -> bool:
        """Do that with each of them, and list them where they lie then."""

        def change() -> None:
            for chat_id in chat_ids:
                verb(chat_id)
                self._take(chat_id)

        done = self._do(change)
        self._arrange()
        return done

    def _take(self, chat_id: int) -> None:
        """Know it as the disk does, if it lies in this place."""
        chat = self._store.chat(chat_id)
        if chat is not None and _place_of(chat) == self._place:
            self._chats[chat_id] = chat
        else:
            self._chats.pop(chat_id, None)

    def _take_folders(self) -> None:
        def read() -> None:
            self._folders = self._store.folders.all()

        self._do(read)

    def _arrange(self) -> None:
        chats = self.chats
        if self._place == "chats":
            self.tree.show(in_order(chats, self._folders, self._now()))
        else:
            self.tree.show(Order(lines=by_age(chats, self._now())))
        self.changed.emit()

    def _turn_page(self) -> None:
        """Today's chats are yesterday's after midnight, and the trash forgets its oldest."""
        today = self._now().date()
        if today != self._day:
            self._day = today
            self._do(lambda: self._store.empty_trash(older_than_days=TRASH_DAYS))
            self.list_again()

    def _counted(self, chat_ids: Sequence[int], one: str, many: str) -> str:
        return one if len(chat_ids) == 1 else many.format(len(chat_ids))

    def _offer(self, sentence: str, steps: Callable[[], None]) -> None:
        self._undo = _Undo(sentence=sentence, steps=steps)
        self.undo_offered.emit(sentence)

    def _offer_nothing(self) -> None:
        self._undo = None
        self.undo_offered.emit("")

    def _do(self, verb: Callable[[], object]) -> bool:
        try:
            verb()
        except EngineError as error:
            self.failed.emit(failures.told(error))
            return False
        return True


def _each(verb: Callable[[int], object], chat_ids: Sequence[int]) -> None:
    for chat_id in chat_ids:
        verb(chat_id)


def _place_of(chat: Chat) -> Place:
    if chat.trashed_at is not None:
        return "trash"
    return "archive" if chat.archived else "chats"
