"""The conversation: what was said, the answer in progress, and the chats beside it."""

from collections.abc import Callable
from dataclasses import replace
from time import monotonic
from typing import assert_never

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from app.bridge import Ending, EngineBridge, Stream
from app.lists.chats_list import ChatsList
from app.store.chats import ChatStore
from app.store.transcript import Transcript, request_messages
from app.store.values import Chat, Statistics, StoredMessage
from app.text import failures
from engine.chat import ChatRequest, Delta, Finished, Piece, PromptRead, Role, StopReason
from engine.errors import EngineError
from engine.events import Event
from engine.host.facts import ModelMoved, Phase, WorkerEnded

FLUSH_MS = 33
SAVE_SECONDS = 1.0


class ChatPresenter(QObject):
    """One conversation at a time. Changing the chat stops an answer in progress, keeping it.

    A question asked while no model is ready waits, and is answered once one is. After a worker's
    death the next question loads its model again.
    """

    arrived = Signal(str, str)  # what was added to the answer and to its reasoning
    answer_began = Signal()  # messages[-1] is now an empty answer
    answer_ended = Signal(object)  # Statistics; messages[-1] is complete, `failure` if it broke off
    statistics_moved = Signal(object)  # Statistics of the answer in progress
    asked = Signal()  # messages[-1] is now the person's question
    waiting = Signal(str)  # why the answer does not begin yet; "" when it does or was given up
    failed = Signal(str)  # a sentence with its remedy; a broken answer has its own in messages[-1]
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
        self._transcript = Transcript(store)
        self._answer: _Answer | None = None
        self._waits = False
        self._statistics: Statistics | None = None
        self._unsaved: str | None = None  # why the last save failed; told once
        self._model: str | None = None
        self._phase = Phase.STOPPED
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(FLUSH_MS)
        self._timer.timeout.connect(self._flush)
        bridge.happened.connect(self._hear)
        self._list_chats()

    @property
    def chats(self) -> tuple[Chat, ...]:
        """All chats, newest first."""
        return self.chats_list.rows

    @property
    def chat(self) -> Chat | None:
        """The chat that is shown; None: a new one, not yet on disk."""
        return self._transcript.chat

    @property
    def messages(self) -> tuple[StoredMessage, ...]:
        """What was said in it, the answer in progress included."""
        return self._transcript.messages

    @property
    def busy(self) -> bool:
        """Whether an answer is awaited or in progress."""
        return self._waits or self._answer is not None

    @property
    def statistics(self) -> Statistics | None:
        """Of the answer in progress, or else the last one."""
        return self._statistics

    def send(self, text: str) -> bool:
        """Ask. False (and nothing happens) if the text is blank or an answer is in progress."""
        # Half of a surrogate pair, as some clipboards hold, is no character: nobody could store it.
        question = text.strip().encode("utf-8", "replace").decode("utf-8")
        if not question or self.busy:
            return False
        self._transcript.add(StoredMessage(role=Role.USER, content=question))
        fresh = self.chat is None
        self._save()
        self._list_chats()
        self.asked.emit()
        if fresh:
            self.chat_changed.emit()
        self._waits = True
        self.busy_changed.emit(self.busy)
        self._begin_or_wait()
        return True

    def stop(self) -> None:
        """Stop the answer; what arrived is kept."""
        if self._answer is not None:
            self._answer.stream.cancel()  # the ending comes with one of the next flushes
        elif self._waits:
            self._waits = False
            self.waiting.emit("")
            self.busy_changed.emit(self.busy)

    def new_chat(self) -> None:
        """Show an empty conversation; it comes on disk with its first question."""
        self._leave()
        self._show(Transcript(self._store))

    def open_chat(self, chat_id: int) -> None:
        """Show that chat."""
        if self.chat is not None and self.chat.id == chat_id:
            return
        self._leave()
        try:
            chat = self._store.chat(chat_id)
            if chat is not None:
                self._show(Transcript(self._store, chat))
        except EngineError as error:
            self.failed.emit(failures.told(error))

    def rename_chat(self, chat_id: int, title: str) -> None:
        """Give it another title; a blank one is ignored."""
        words = " ".join(title.split())
        if not words:
            return
        try:
            self._store.rename(chat_id, words)
            self._transcript.read_chat_again()
        except EngineError as error:
            self.failed.emit(failures.told(error))
            return
        self._list_chats()
        if self.chat is not None and self.chat.id == chat_id:
            self.chat_changed.emit()

    def delete_chat(self, chat_id: int) -> None:
        """Remove it for good. If it is shown, a new one is."""
        shown = self.chat is not None and self.chat.id == chat_id
        if shown:
            self._leave()
        try:
            self._store.delete(chat_id)
        except EngineError as error:
            self.failed.emit(failures.told(error))
            return
        if shown:
            self._show(Transcript(self._store))
        self._list_chats()

    def close(self) -> None:
        """Keep on disk what has arrived; before the bridge closes."""
        self._leave()

    def _show(self, transcript: Transcript) -> None:
        self._transcript = transcript
        said = transcript.messages
        self._statistics = said[-1].statistics if said else None
        self.chats_list.mark(None if self.chat is None else self.chat.id)
        self.chat_changed.emit()

    def _leave(self) -> None:
        """End what is in progress at once, without waiting for the worker."""
        if self._answer is not None:
            self._answer.stream.cancel()
            self._take()
            self._end(Ending(cancelled=True))
        else:
            self.stop()
            self._save()

    def _begin_or_wait(self) -> None:
        if self._phase is Phase.READY or (self._model and self._phase is Phase.STOPPED):
            self._begin()
        elif self._phase is Phase.LOADING:
            self.waiting.emit(
                self.tr("The model is loading; your message is answered when it is ready.")
            )
        else:
            self.waiting.emit(
                self.tr("Choose a model; your message is answered when it is loaded.")
            )

    def _begin(self) -> None:
        self._waits = False
        told = request_messages(self.messages)
        stream = self._bridge.stream(ChatRequest(messages=told, model=self._model))
        self._answer = _Answer(stream, self._clock())
        self._statistics = None
        self._transcript.add(StoredMessage(role=Role.ASSISTANT, content=""))
        if self._model is not None:
            self._transcript.answered_by(self._model)
        self.waiting.emit("")
        self.answer_began.emit()
        self._timer.start()

    def _flush(self) -> None:
        ending = self._take()
        answer = self._answer
        if answer is not None and self._clock() - answer.saved_at >= SAVE_SECONDS:
            answer.saved_at = self._clock()
            self._save()
        if ending is not None:
            self._end(ending)

    def _take(self) -> Ending | None:
        """Show what has arrived."""
        answer = self._answer
        if answer is None:
            return None
        deltas, ending = answer.stream.take()
        if deltas:
            content, reasoning = answer.fold(deltas, self._clock())
            self._statistics = answer.statistics
            self._transcript.amend(answer.told(self.messages[-1]))
            if content or reasoning:
                self.arrived.emit(content, reasoning)
            self.statistics_moved.emit(self._statistics)
        return ending

    def _end(self, ending: Ending) -> None:
        assert self._answer is not None
        self._timer.stop()
        last = replace(self._answer.told(self.messages[-1]), statistics=self._answer.statistics)
        if ending.failure is not None:
            last = replace(last, failure=failures.told(ending.failure))
        elif self._answer.cut:
            last = replace(
                last,
                failure=self.tr(
                    "The context is full, and the answer ends here. Start a new chat, or load the "
                    "model with a longer context."
                ),
            )
        self._transcript.amend(last)
        self._statistics = last.statistics
        self._answer = None
        self._save()
        self._list_chats()
        self.answer_ended.emit(last.statistics)
        self.busy_changed.emit(self.busy)

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

    def _list_chats(self) -> None:
        try:
            self.chats_list.replace(self._store.chats())
        except EngineError as error:
            self.failed.emit(failures.told(error))
        self.chats_list.mark(None if self.chat is None else self.chat.id)
        self.chats_changed.emit()

    def _hear(self, event: Event) -> None:
        match event:
            case WorkerEnded(model=self._model) if self._phase is Phase.READY:
                self._phase = Phase.STOPPED
            case ModelMoved():
                self._move(event)
            case _:
                return
        if self._waits:
            self._begin_or_wait()

    def _move(self, event: ModelMoved) -> None:
        """Follow the model. In STOPPED, one that may be asked (it died) is still named."""
        match event.phase:
            case Phase.LOADING | Phase.READY:
                self._model, self._phase = event.model, event.phase
            case Phase.STOPPING:
                if event.model == self._model:
                    self._phase = Phase.STOPPING
            case Phase.STOPPED:
                if event.model == self._model:
                    if self._phase in {Phase.STOPPING, Phase.LOADING}:
                        self._model = None  # unloaded, or its load failed: choose again
                    self._phase = Phase.STOPPED
            case _:
                assert_never(event.phase)


class _Answer:
    """An answer in progress: deltas folded into what has been said so far."""

    def __init__(self, stream: Stream, began_at: float) -> None:
        self.stream = stream
        self.saved_at = began_at
        self.statistics = Statistics()
        self.cut = False  # the context was full before the model had ended
        self._began_at = began_at
        self._content = ""
        self._reasoning = ""
        self._first_at: float | None = None
        self._thought_from: float | None = None
        self._thought_seconds: float | None = None

    def fold(self, deltas: list[Delta], now: float) -> tuple[str, str]:
        """Take these in; what they add to the content and to the reasoning."""
        before = len(self._content), len(self._reasoning)
        for delta in deltas:
            match delta:
                case PromptRead():
                    self.statistics = replace(self.statistics, prompt_tokens=delta.prompt_tokens)
                case Piece():
                    self._add(delta, now)
                case Finished():
                    self._finish(delta)
                case _:
                    assert_never(delta)
        return self._content[before[0] :], self._reasoning[before[1] :]

    def told(self, message: StoredMessage) -> StoredMessage:
        """That message, saying what has been said so far."""
        return replace(
            message,
            content=self._content,
            reasoning=self._reasoning,
            reasoning_seconds=self._thought_seconds,
        )

    def _add(self, piece: Piece, now: float) -> None:
        if self._first_at is None:
            self._first_at = now
        if piece.reasoning:
            if self._thought_from is None:
                self._thought_from = now
            self._thought_seconds = now - self._thought_from
            self._reasoning += piece.text
        else:
            if self._thought_from is not None and not self._content:
                self._thought_seconds = now - self._thought_from
            self._content += piece.text
        tokens = self.statistics.answer_tokens + piece.tokens
        elapsed = now - self._first_at
        self.statistics = replace(
            self.statistics,
            answer_tokens=tokens,
            tokens_per_second=(tokens - 1) / elapsed if elapsed > 0 and tokens > 1 else 0.0,
            first_token_seconds=self._first_at - self._began_at,
        )

    def _finish(self, finished: Finished) -> None:
        """The worker's own measurements replace those made here."""
        timings = finished.timings
        self.cut = finished.reason is StopReason.LENGTH
        self.statistics = Statistics(
            answer_tokens=timings.answer_tokens,
            tokens_per_second=timings.decode_tps,
            first_token_seconds=timings.first_token_seconds,
            prompt_tokens=timings.prompt_tokens,
        )
