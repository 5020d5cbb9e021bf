"""The conversation: what was said, its versions, and the answer in progress."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from time import monotonic

from PySide6.QtCore import QObject, Signal
from typing_extensions import override

from app.bridge import Ending, EngineBridge
from app.presenters.chat.answer import Answer
from app.presenters.chat.asking import Question, question
from app.presenters.chat.limits import Limits
from app.presenters.chat.meter import Counted, Meter, judged, kept
from app.presenters.chat.metering import Case, Metering
from app.presenters.chat.running import Running
from app.presenters.chat.shown_chat import ShownChat
from app.presenters.chat.titles import Titler
from app.presenters.chat.weighing import Load, Weigher
from app.presenters.chat.whom import Whom
from app.settings import SettingsFile
from app.store.chats import ChatStore
from app.store.transcript import Transcript
from app.store.values import Attachment, Statistics, StoredMessage
from app.text import failures
from engine.chat import ChatRequest, Message, Role
from engine.errors import EngineError


class ChatPresenter(ShownChat):
    """Questions and answers of the chat that is shown.

    A question asked while no model is ready waits, and is answered once one is; those asked
    meanwhile, or while an answer runs, stand in a queue. After a worker's death the next question
    loads its model again. Changing the chat stops an answer in progress, keeping it.
    """

    arrived = Signal(str, str)  # what was added to the answer and to its reasoning
    answer_began = Signal()  # messages[-1] is now an empty answer
    answer_ended = Signal(object)  # Statistics; messages[-1] is complete, `failure` if it broke off
    statistics_moved = Signal(object)  # Statistics of the answer in progress
    asked = Signal()  # messages[-1] is now the person's question
    waiting = Signal(str)  # why the answer does not begin yet; "" when it does or was given up
    busy_changed = Signal(bool)  # an answer is awaited or in progress: show Stop
    queue_changed = Signal()  # `queued` did
    weighed = Signal(object)  # a Meter of what was last told to `weigh`

    def __init__(
        self,
        bridge: EngineBridge,
        store: ChatStore,
        settings: SettingsFile,
        *,
        clock: Callable[[], float] = monotonic,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(store, settings, parent=parent)
        self._waits = False
        self._continues = False  # what waits is the end of an answer
        self._holds = False  # the queue does not go on with this answer's end
        self._queue: tuple[Question, ...] = ()
        self._statistics: Statistics | None = None
        self._limits = Limits(self)
        self.whom = Whom(bridge, self)
        self._weigher = Weigher(bridge, self)
        self._titler = Titler(bridge, self)
        self._metering = Metering(self._weigher, self)
        self._running = Running(bridge, clock, self)
        self._running.arrived.connect(self.arrived)
        self._running.statistics_moved.connect(self._move_statistics)
        self._running.save_due.connect(self._save)
        self._running.ended.connect(self._end)
        self.whom.moved.connect(self._follow_model)
        self._titler.made.connect(self._name)
        self._metering.due.connect(self._count)
        self._metering.weighed.connect(self.weighed)
        self.versions_changed.connect(self._metering.again)
        self.chat_changed.connect(self._metering.again)
        self.terms_changed.connect(self._metering.again)

    @property
    def busy(self) -> bool:
        """Whether an answer is awaited or in progress."""
        return self._waits or self._running.busy

    @property
    def statistics(self) -> Statistics | None:
        """Of the answer in progress, or else the last one."""
        return self._statistics

    @property
    def queued(self) -> tuple[Question, ...]:
        """What will be asked once the present answer has ended, in order."""
        return self._queue

    @property
    def meter(self) -> Meter:
        """What the question that is being written would take, as last weighed."""
        return self._metering.meter

    @property
    def can_continue(self) -> bool:
        """Whether the last answer can go on where it ends."""
        last = self._transcript.last
        return (
            not self.busy
            and last is not None
            and last.role is Role.ASSISTANT
            and bool(last.content)
            and not last.tool_calls
        )

    # Asking

    def send(self, text: str, attachments: Sequence[Attachment] = ()) -> bool:
        """Ask, or queue it behind the answer in progress. False: nothing happened.

        That is so if it is blank, and if it is too much: then `failed` says why.
        """
        trouble = self._limits.of_size(text, tuple(attachments))
        if trouble is None and not self.busy:
            meter = self._metering.of(text, attachments)
            trouble = None if meter is None else self._limits.of_context(meter, self.overflow)
        if trouble is not None:
            self.failed.emit(trouble)
            return False
        asked = question(text, attachments)
        if asked.blank:
            return False
        if self.draft == text:
            self.save_draft("")
        if self.busy or self._queue:
            self._queue = (*self._queue, asked)
            self.queue_changed.emit()
            self._send_next()
        else:
            self._ask(asked)
        return True

    def take_back(self, place: int) -> Question | None:
        """Take that question out of the queue, to write on; None if it has been asked by now."""
        if not 0 <= place < len(self._queue):
            return None
        taken = self._queue[place]
        self._queue = (*self._queue[:place], *self._queue[place + 1 :])
        self.queue_changed.emit()
        return taken

    def stop(self) -> None:
        """Stop the answer; what arrived is kept. The queue goes on with the next question."""
        if self._running.busy:
            self._running.stop()  # the ending comes with one of the next flushes
        elif self._waits:
            self._give_up_waiting()

    def edit(self, message_id: int, text: str) -> bool:
        """Say it otherwise: a question is asked anew, an answer is only replaced. False: neither.

        What was there stays as another version.
        """
        trouble = self._limits.of_size(text, ())
        if trouble is not None:
            self.failed.emit(trouble)
            return False
        place, words = self._halted_at(message_id), question(text, ()).text
        old = None if place is None else self.messages[place]
        if place is None or old is None or (not words and not old.attachments):
            return False
        files = self._with_bodies(old)
        if files is None or not self._cut(place):
            return False
        if old.role is Role.USER:
            self._transcript.add(Question(text=words, attachments=files).message())
        else:
            self._transcript.add(StoredMessage(role=old.role, content=words))
        self._save()
        self._show_branch()
        if old.role is Role.USER:
            self._await_answer()
        return True

    def regenerate(self, message_id: int) -> bool:
        """Another version of that answer; of a question, another answer to it."""
        place = self._halted_at(message_id)
        if place is None:
            return False
        place += self.messages[place].role is Role.USER
        if place == 0 or not self._cut(place):
            return False
        self._show_branch()
        self._await_answer()
        return True

    def continue_answer(self) -> bool:
        """Let the last answer go on where it ends."""
        if not self.can_continue:
            return False
        self._continues = True
        self._await_answer()
        return True

    def weigh(self, text: str, attachments: Sequence[Attachment] = ()) -> None:
        """`weighed` follows with what that question would take, a moment after the last call."""
        trouble = self._limits.of_size(text, tuple(attachments))
        if trouble is None:
            self._metering.weigh(text, attachments)
        else:
            self._metering.refuse(trouble)

    def close(self) -> None:
        """Keep on disk what has arrived; before the bridge closes."""
        self._leave()
        self._drafts.write()
        self._titler.cancel()
        self._metering.close()

    def _ask(self, asked: Question) -> None:
        self._transcript.add(asked.message())
        fresh = self.chat is None
        self._save()
        self.asked.emit()
        if fresh:
            self._born()
        self.chats_changed.emit()
        self._await_answer()

    def _await_answer(self) -> None:
        self._titler.cancel()
        self._waits = True
        self.busy_changed.emit(self.busy)
        self._begin_or_wait()

    def _begin_or_wait(self) -> None:
        if self.whom.ready:
            self._prepare()
        else:
            self.waiting.emit(self.whom.why_waiting)

    def _prepare(self) -> None:
        """Begin if it surely fits; else only after it was counted."""
        try:
            told = self._told(self.messages)
        except EngineError as error:
            self._refuse(failures.told(error))
            return
        if self._weigher.surely_fits(told):
            self._begin(told)
            return
        load = Load(told=told, model=self.whom.model, continues=self._continues)
        self._weigher.weigh(load, lambda counted: self._decide(told, counted), anew=True)

    def _decide(self, told: tuple[Message, ...], counted: Counted) -> None:
        if not self._waits or not self.whom.ready:
            return
        meter = judged(told, counted, self.overflow)
        trouble = self._limits.of_context(meter, self.overflow)
        if trouble is None:
            self._begin(kept(told, meter.dropped))
        else:
            self._refuse(trouble)

    def _begin(self, told: tuple[Message, ...]) -> None:
        self._waits = False
        continues, self._continues = self._continues, False
        request = ChatRequest(
            messages=told,
            model=self.whom.model,
            sampling=self._sampling(),
            continue_last=continues,
        )
        if continues:
            last = self.messages[-1]
            self._transcript.amend(replace(last, failure=None))
        else:
            self._transcript.add(StoredMessage(role=Role.ASSISTANT, content=""))
        self._statistics = None
        if self.whom.model is not None:
            self._transcript.answered_by(self.whom.model)
        self._save()
        self._running.begin(request, self._transcript)
        self.waiting.emit("")
        if continues:
            self._show_branch()
        else:
            self.answer_began.emit()

    def _refuse(self, trouble: str) -> None:
        """The question stands, and why it has no answer."""
        self._waits = False
        continues, self._continues = self._continues, False
        self.waiting.emit("")
        if continues:
            self.failed.emit(trouble)
        else:
            refused = StoredMessage(role=Role.ASSISTANT, content="", failure=trouble)
            self._transcript.add(refused)
            self.answer_began.emit()
            self._save()
            self.answer_ended.emit(Statistics())
        self.busy_changed.emit(self.busy)

    def _end(self, answer: Answer, ending: Ending) -> None:
        spent = answer.closing(model=self.whom.model, plan=self.whom.plan)
        last = replace(answer.told(self.messages[-1]), statistics=spent)
        if ending.failure is not None:
            last = replace(last, failure=failures.told(ending.failure))
        elif answer.cut:
            last = replace(last, failure=self._limits.full)
        self._transcript.amend(last)
        self._statistics = last.statistics
        self._save()
        self.chats_changed.emit()
        self.answer_ended.emit(last.statistics)
        self.busy_changed.emit(self.busy)
        self._metering.again()
        if ending.failure is None and not self._holds:
            self._send_next()
            if not ending.cancelled and not self.busy:
                self._make_title()

    def _send_next(self) -> None:
        if self._queue and not self.busy:
            asked = self.take_back(0)
            assert asked is not None
            self._ask(asked)

    def _give_up_waiting(self) -> None:
        self._waits = self._continues = False
        self._weigher.give_up()
        self.waiting.emit("")
        self._show_disk_again()
        self.busy_changed.emit(self.busy)
        self._metering.again()

    def _make_title(self) -> None:
        chat = self.chat
        if chat is not None and self._wants_title():
            self._try(lambda: self._titler.ask(chat.id, self._told(self.messages), self.whom.model))

    @override
    def _show(self, transcript: Transcript) -> None:
        last = transcript.last
        self._statistics = None if last is None else last.statistics
        self._weigher.forget_texts()
        super()._show(transcript)

    @override
    def _show_branch(self) -> None:
        last = self._transcript.last
        if not self._running.busy:
            self._statistics = None if last is None else last.statistics
        super()._show_branch()

    @override
    def _leave(self) -> None:
        super()._leave()
        self._titler.cancel()
        if self._queue:  # what was not asked is not lost: it is to be written on
            waited = (asked.text for asked in self._queue if asked.text)
            self.save_draft("\n\n".join((*waited, *([self.draft] if self.draft else []))))
            self._queue = ()
            self.queue_changed.emit()

    @override
    def _halt(self) -> None:
        if self._running.busy:
            self._holds = True
            self._running.halt()
            self._holds = False
        elif self._waits:
            self._give_up_waiting()

    def _follow_model(self) -> None:
        self._weigher.forget()
        if self._waits:
            self._begin_or_wait()
        else:
            self._metering.again()

    def _move_statistics(self, statistics: Statistics) -> None:
        self._statistics = statistics
        self.statistics_moved.emit(statistics)

    def _count(self, text: str, attachments: Sequence[Attachment]) -> None:
        """Weigh what would be sent now; the end of an answer in progress asks again."""
        if self.busy:
            return
        asked = question(text, attachments)
        try:
            told = self._told_with(asked)
            files = self._told([replace(asked, text="").message()])[-1] if attachments else None
        except EngineError:
            return  # sending tells it
        chat = self.chat
        model = self.whom.model or (chat.model if chat else None)
        load = Load(told=told, model=model or self._settings.settings.last_model, files=files)
        self._metering.count(Case(load=load, overflow=self.overflow, asks=not asked.blank))
