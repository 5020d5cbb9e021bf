"""One conversation in memory, and its copy on disk.

Memory leads: what was said is never lost because the disk is full. `save` brings the disk up to
what is in memory, and may be tried again until it succeeds. What changes the tree (another
version, a deletion) saves first: what leaves the screen is then on disk.
"""

from dataclasses import dataclass, replace

from app.store.chats import ChatStore, title_from
from app.store.values import Attachment, Chat, Overflow, StoredMessage


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """How a chat's questions are asked. `overflow` None: as the settings say."""

    system_prompt: str = ""
    preset_id: int | None = None
    overflow: Overflow | None = None


NO_TERMS = Terms()


class Transcript:
    """What was said in one chat; a new one has no `chat` until it is saved."""

    def __init__(
        self, store: ChatStore, chat: Chat | None = None, *, terms: Terms = NO_TERMS
    ) -> None:
        """Raises StoreError if the chat cannot be read. `terms` are a new chat's."""
        self._store = store
        self._chat = chat
        self._terms = terms
        self._messages: list[StoredMessage] = []
        self._versions = dict[int, tuple[int, ...]]()
        self._amended = set[int]()  # places in the list whose words on disk are old
        self._branched = False  # what is added next is a version of something on disk
        self._model: str | None = None
        self.revision = 0  # another number: other messages
        self.read_again()

    @property
    def chat(self) -> Chat | None:
        """The chat on disk, as it was when last read; None: not there yet."""
        return self._chat

    @property
    def terms(self) -> Terms:
        """How its questions are asked."""
        return self._terms

    @property
    def messages(self) -> tuple[StoredMessage, ...]:
        """The branch that is shown, in order, the answer in progress included."""
        return tuple(self._messages)

    @property
    def last(self) -> StoredMessage | None:
        """The end of that branch."""
        return self._messages[-1] if self._messages else None

    @property
    def versions(self) -> dict[int, tuple[int, ...]]:
        """Of each message shown that has several: their ids, its own among them, oldest first."""
        return self._versions

    @property
    def branched(self) -> bool:
        """Whether a version of something on disk was begun, and is not there yet."""
        return self._branched

    def place_of(self, message_id: int) -> int | None:
        """Where that message stands on the branch that is shown."""
        for place, message in enumerate(self._messages):
            if message.id == message_id:
                return place
        return None

    def add(self, message: StoredMessage) -> None:
        """Append a turn."""
        self._messages.append(message)
        self.revision += 1

    def amend(self, message: StoredMessage) -> None:
        """The last turn says this now."""
        place = len(self._messages) - 1
        self._messages[place] = message
        self.revision += 1
        if message.id is not None:
            self._amended.add(place)

    def cut(self, place: int) -> None:
        """Show only what stands before that place: a version of it follows. Raises as `save`."""
        self.save()
        del self._messages[place:]
        self._branched = True
        self.revision += 1

    def turn_to(self, message_id: int) -> None:
        """Show that version, and what followed it last. Raises as `save`."""
        self.save()
        if self._chat is not None:
            self._store.turn_to(self._chat.id, message_id)
            self.read_again()

    def hide(self, message_id: int) -> None:
        """Take it and all that followed from the chat; it may be brought back. Raises as `save`."""
        self.save()
        self._store.hide(message_id)
        self.read_again()

    def unhide(self, message_id: int) -> None:
        """Bring back what was hidden. Raises as `save`."""
        self.save()
        self._store.unhide(message_id)
        self.read_again()

    def answered_by(self, model: str) -> None:
        """That model answers now."""
        self._model = model

    def change(self, terms: Terms) -> None:
        """Ask so from now on. Raises StoreError; the terms hold for this run all the same."""
        self._terms = terms
        if self._chat is not None:
            self._write_terms(self._chat.id)

    def read_chat_again(self) -> None:
        """Its title, terms or age may have changed on disk. Raises StoreError."""
        if self._chat is None:
            return
        self._chat = self._store.chat(self._chat.id)
        if self._chat is not None:
            self._terms = Terms(
                system_prompt=self._chat.system_prompt,
                preset_id=self._chat.preset_id,
                overflow=self._chat.overflow,
            )

    def read_again(self) -> None:
        """Show what is on disk. Raises StoreError."""
        if self._chat is not None:
            self._messages = list(self._store.messages(self._chat.id))
            self._versions = self._store.versions(self._chat.id)
            self.revision += 1
            self._amended.clear()
            self._branched = False
            self.read_chat_again()

    def save(self) -> None:
        """Bring the disk up to memory. Raises DiskFull or another StoreError; try again later."""
        if self._chat is None:
            if not self._messages:
                return
            self._chat = self._store.new(title=plain_title(self._messages[0]))
            self._write_terms(self._chat.id)
        self._save_messages(self._chat.id)
        if self._model is not None and self._model != self._chat.model:
            fresh = self._store.chat(self._chat.id)
            if fresh is not None:
                self._chat = self._store.amend_chat(replace(fresh, model=self._model))

    def _save_messages(self, chat_id: int) -> None:
        first = next((at for at, said in enumerate(self._messages) if said.id is None), None)
        for place in self._amended.copy():
            self._store.amend(self._messages[place])
            self._amended.discard(place)
        if first is None:
            return
        for place in range(first, len(self._messages)):
            parent = self._messages[place - 1].id if place else None
            message = replace(self._messages[place], parent_id=parent)
            self._messages[place] = self._store.append(chat_id, message)
        if self._branched:
            self._versions = self._store.versions(chat_id)
            self._branched = False

    def _write_terms(self, chat_id: int) -> None:
        """Upon the chat as it is on disk: others change it too."""
        fresh, terms = self._store.chat(chat_id), self._terms
        if fresh is not None:
            self._chat = self._store.amend_chat(
                replace(
                    fresh,
                    system_prompt=terms.system_prompt,
                    preset_id=terms.preset_id,
                    overflow=terms.overflow,
                )
            )


def plain_title(first: StoredMessage) -> str:
    """What a chat is called before anybody names it: its first line, or its first file."""
    return title_from(first.content) or next((file.name for file in first.attachments), "")


def body_of(store: ChatStore, attachment: Attachment) -> bytes:
    """That file's bytes, read from disk where they are not at hand. Raises StoreError."""
    if attachment.body is not None:
        return attachment.body
    return b"" if attachment.id is None else store.attachment(attachment.id)
