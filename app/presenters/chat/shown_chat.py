"""The chat that is shown: its branch and versions, its terms, its draft."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from app.presenters.chat.asking import Question
from app.presenters.chat.drafts import Drafts
from app.settings import SettingsFile
from app.store.chats import ChatStore
from app.store.telling import request_messages
from app.store.transcript import Terms, Transcript, body_of, plain_title
from app.store.values import Attachment, Chat, Overflow, StoredMessage
from app.text import failures
from engine.chat import Message, Role, Sampling
from engine.errors import EngineError


class ShownChat(QObject):
    """Opens the chat and changes it; knows nothing of how an answer comes about."""

    failed = Signal(str)  # a sentence with its remedy; a broken answer has its own in messages[-1]
    chats_changed = Signal()  # a chat came, or said something: lists of chats are old
    chat_changed = Signal()  # another conversation is shown, or its title changed
    versions_changed = Signal()  # other messages than before are shown: show all of them anew
    terms_changed = Signal()  # `system_prompt`, `preset_id` or `overflow` did
    undo_offered = Signal(str)  # what was deleted; `undo` brings it back

    def __init__(
        self, store: ChatStore, settings: SettingsFile, *, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._store, self._settings = store, settings
        self._transcript = Transcript(store, terms=self._new_terms())
        # What the model is told of `messages`, of that revision and with that system prompt.
        self._history: tuple[int, str, tuple[Message, ...]] | None = None
        self._hidden: tuple[int, int] | None = None  # the chat and the message deleted last
        self._unsaved: str | None = None  # why the last save failed; told once
        self._drafts = Drafts(store, self)
        self._drafts.failed.connect(self.failed)

    @property
    def chat(self) -> Chat | None:
        """The chat that is shown; None: a new one, not yet on disk."""
        return self._transcript.chat

    @property
    def messages(self) -> tuple[StoredMessage, ...]:
        """What was said in it, the answer in progress included."""
        return self._transcript.messages

    @property
    def versions(self) -> dict[int, tuple[int, ...]]:
        """Of each message shown that has several: their ids, its own among them, oldest first."""
        return self._transcript.versions

    @property
    def system_prompt(self) -> str:
        """What the model is told before everything else."""
        return self._transcript.terms.system_prompt

    @property
    def preset_id(self) -> int | None:
        """The preset its answers are sampled by; None: the default."""
        return self._transcript.terms.preset_id

    @property
    def overflow(self) -> Overflow:
        """What is done when it does not fit."""
        return self._transcript.terms.overflow or self._settings.settings.overflow

    @property
    def draft(self) -> str:
        """What is being written in it."""
        return self._drafts.text

    # Which chat

    def new_chat(self) -> None:
        """Show an empty conversation; it comes on disk with its first question."""
        self._leave()
        self._show(Transcript(self._store, terms=self._new_terms()))

    def open_chat(self, chat_id: int) -> None:
        """Show that chat."""
        if self.chat is not None and self.chat.id == chat_id:
            return
        self._leave()

        def show() -> None:
            chat = self._store.chat(chat_id)
            if chat is not None:
                self._show(Transcript(self._store, chat))

        self._try(show)

    def chat_amended(self, chat_id: int) -> None:
        """Somebody else changed that chat on disk: its title or its terms."""
        if self.chat is not None and self.chat.id == chat_id:
            self._try(self._transcript.read_chat_again)
            self.chat_changed.emit()

    def chats_left(self, chat_ids: Sequence[int]) -> None:
        """These can no longer be spoken in: they lie in the trash, or are gone."""
        if self.chat is not None and self.chat.id in chat_ids:
            self.new_chat()

    def rename_chat(self, chat_id: int, title: str) -> None:
        """Give it another title; a blank one is ignored."""
        words = " ".join(title.split())
        if words and self._amend(
            chat_id, lambda chat: replace(chat, title=words, title_is_own=True)
        ):
            self.chats_changed.emit()

    # Its versions

    def turn(self, message_id: int, step: int) -> bool:
        """Show the version that many places after that one; False: there is none."""
        ids = self.versions.get(message_id, ())
        wanted = ids.index(message_id) + step if message_id in ids else -1
        if not 0 <= wanted < len(ids) or self._halted_at(message_id) is None:
            return False
        return self._change_tree(lambda: self._transcript.turn_to(ids[wanted]))

    def delete_message(self, message_id: int) -> bool:
        """Take it and all that followed from the chat; `undo` brings it back."""
        place = self._halted_at(message_id)
        if place is None or self.chat is None:
            return False
        asked = self.messages[place].role is Role.USER
        if not self._change_tree(lambda: self._transcript.hide(message_id)):
            return False
        self._hidden = (self.chat.id, message_id)
        self.undo_offered.emit(
            self.tr("Question deleted, with what followed.")
            if asked
            else self.tr("Answer deleted, with what followed.")
        )
        return True

    def undo(self) -> None:
        """Bring back what was deleted last, in the chat it was in."""
        if self._hidden is None:
            return
        chat_id, message_id = self._hidden
        self.open_chat(chat_id)
        if self.chat is None or self.chat.id != chat_id:
            return
        self._halt()
        if self._change_tree(lambda: self._transcript.unhide(message_id)):
            self._hidden = None

    def fork(self, message_id: int) -> bool:
        """Go on from that message in a chat of its own, which is shown."""
        if self._halted_at(message_id) is None or self.chat is None:
            return False
        old = self.chat.id
        return self._try(lambda: self._fork(old, message_id))

    def attachment_body(self, attachment_id: int) -> bytes:
        """The bytes of a file that came with a question; none if it is no longer there."""
        try:
            return self._store.attachment(attachment_id)
        except EngineError:
            return b""

    # Its terms

    def set_system_prompt(self, text: str) -> None:
        """Tell the model that before everything else, from the next answer on."""
        self._agree(replace(self._transcript.terms, system_prompt=text))

    def set_preset(self, preset_id: int | None) -> None:
        """Sample by that preset; None: by the default."""
        self._agree(replace(self._transcript.terms, preset_id=preset_id))

    def set_overflow(self, overflow: Overflow | None) -> None:
        """What is done when it does not fit; None: as the settings say."""
        self._agree(replace(self._transcript.terms, overflow=overflow))

    def save_draft(self, text: str) -> None:
        """That is being written in it now; it comes on disk soon."""
        self._drafts.keep(text)

    # Below: for those who ask and answer.

    def _leave(self) -> None:
        """End what is in progress at once, and keep it."""
        self._halt()
        self._save()

    def _halt(self) -> None:
        """End the answer in progress here and now."""
        raise NotImplementedError

    def _show(self, transcript: Transcript) -> None:
        self._transcript = transcript
        self._history = None
        self._drafts.show(transcript.chat)
        self.chat_changed.emit()

    def _born(self) -> None:
        """The chat came on disk."""
        if self.chat is not None:
            self._drafts.born(self.chat)
        self.chat_changed.emit()

    def _halted_at(self, message_id: int) -> int | None:
        """Where that message stands, with no answer in progress any more; None: nowhere."""
        if self._transcript.place_of(message_id) is None:
            return None
        self._halt()
        return self._transcript.place_of(message_id)

    def _cut(self, place: int) -> bool:
        return self._try(lambda: self._transcript.cut(place))

    def _change_tree(self, change: Callable[[], None]) -> bool:
        if not self._try(change):
            return False
        self._show_branch()
        return True

    def _show_branch(self) -> None:
        self.versions_changed.emit()

    def _show_disk_again(self) -> None:
        """Of a version that never came, show what it would have stood beside."""
        last = self._transcript.last
        if self._transcript.branched and last is not None and last.id is not None:
            self._change_tree(self._transcript.read_again)

    def _fork(self, old: int, message_id: int) -> None:
        self._save()
        forked = self._store.fork(old, message_id)
        self.chats_changed.emit()
        self.open_chat(forked.id)

    def _agree(self, terms: Terms) -> None:
        if terms != self._transcript.terms:
            self._try(lambda: self._transcript.change(terms))
            self.terms_changed.emit()

    def _new_terms(self) -> Terms:
        chosen = self._settings.settings
        return Terms(system_prompt=chosen.system_prompt, preset_id=chosen.preset)

    def _sampling(self) -> Sampling:
        """As the chat's preset says; the default if that was deleted."""
        try:
            presets = self._store.presets.all()
        except EngineError as error:
            self.failed.emit(failures.told(error))
            presets = ()
        chosen = (preset.sampling for preset in presets if preset.id == self.preset_id)
        return next(chosen, Sampling())

    def _told(self, messages: Sequence[StoredMessage]) -> tuple[Message, ...]:
        """What a model is told of these. Raises StoreError if a file cannot be read."""
        return request_messages(
            messages,
            system_prompt=self.system_prompt,
            body=lambda file: body_of(self._store, file),
        )

    def _told_with(self, asked: Question) -> tuple[Message, ...]:
        """The conversation with that question at its end; what was said before is kept ready."""
        transcript, prompt = self._transcript, self.system_prompt
        if self._history is None or self._history[:2] != (transcript.revision, prompt):
            self._history = (transcript.revision, prompt, self._told(self.messages))
        history = self._history[2]
        if asked.blank:
            return history
        if history and history[-1].role is Role.USER:
            return self._told((*self.messages, asked.message()))
        return (*history, self._told([asked.message()])[-1])

    def _with_bodies(self, message: StoredMessage) -> tuple[Attachment, ...] | None:
        """Its files, to be kept with another version; None, and it is told, if they are gone."""
        try:
            return tuple(
                replace(file, id=None, body=body_of(self._store, file))
                for file in message.attachments
            )
        except EngineError as error:
            self.failed.emit(failures.told(error))
            return None

    def _wants_title(self) -> bool:
        """Whether the model may name it now: it has its plain title and its first answer."""
        chat, said = self.chat, self.messages
        asked = sum(message.role is Role.USER for message in said)
        return (
            self._settings.settings.make_titles
            and chat is not None
            and not chat.title_is_own
            and asked == 1
            and chat.title == plain_title(said[0])
            and bool(said[-1].content)
            and said[-1].failure is None
        )

    def _name(self, chat_id: int, title: str) -> None:
        """The model found a title; what the person called it meanwhile stays."""
        if self._amend(
            chat_id, lambda chat: chat if chat.title_is_own else replace(chat, title=title)
        ):
            self.chats_changed.emit()

    def _amend(self, chat_id: int, change: Callable[[Chat], Chat]) -> bool:
        def amend() -> None:
            chat = self._store.chat(chat_id)  # as it is now: others change it too
            if chat is not None:
                self._store.amend_chat(change(chat))

        done = self._try(amend)
        if done:
            self.chat_amended(chat_id)
        return done

    def _save(self) -> None:
        """Bring the disk up to memory; what fails now is tried again with the next save."""
        try:
            self._transcript.save()
        except EngineError as error:
            if failures.told(error) != self._unsaved:
                self._unsaved = failures.told(error)
                self.failed.emit(failures.told(error))
        else:
            self._unsaved = None

    def _try(self, act: Callable[[], object]) -> bool:
        """Whether it could be done; else it is told why."""
        try:
            act()
        except EngineError as error:
            self.failed.emit(failures.told(error))
            return False
        return True
