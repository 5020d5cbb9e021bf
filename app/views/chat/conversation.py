"""The conversation: what was said and the answer in progress, or what stands in their place."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, QUrl
from PySide6.QtGui import QDesktopServices, QResizeEvent
from PySide6.QtWidgets import QStackedWidget, QWidget
from typing_extensions import override

from app.presenters.chat.presenter import ChatPresenter
from app.settings import UiSettings
from app.store.values import StoredMessage
from app.text.shown import Shown
from app.theme.tokens import Tokens
from app.views.chat.find_bar import FindBar
from app.views.chat.said import shown_messages
from app.views.chat.undo_strip import UndoStrip
from app.views.icons import recolour
from engine.chat import Role

if TYPE_CHECKING:
    from app.text.mathematics.mathematics import Mathematics
    from app.widgets.transcript.accessible import TranscriptReading
    from app.widgets.transcript.transcript import Transcript

_OPENED = ("http", "https")
# A chat opens with its last messages; those before come while nothing else happens.
FIRST_SHOWN = 100
FILLED_AT_ONCE = 1_000


class Conversation(QStackedWidget):
    """Keeps a transcript in step with the presenter."""

    def __init__(
        self,
        chat: ChatPresenter,
        empty: QWidget,
        tokens: Tokens,
        parent: QWidget | None = None,
        *,
        mathematics: Mathematics | None = None,
    ) -> None:
        super().__init__(parent)
        self._chat = chat
        self._mathematics = mathematics
        self._tokens = tokens
        self._settings = UiSettings()
        self._transcript: Transcript | None = None
        self._reading: TranscriptReading | None = None  # what a screen reader is told
        self._shown_chat: int | None = None
        self._first = ""  # of the conversation that is shown
        self._earlier: tuple[StoredMessage, ...] = ()  # what the transcript does not show yet
        self._filling = QTimer(self, singleShot=True, interval=0)
        self._filling.timeout.connect(partial(self._fill, FILLED_AT_ONCE))
        self.addWidget(empty)
        self.find_bar = FindBar(self)
        self.undo_strip = UndoStrip(self)
        self.find_bar.closed.connect(self._close_find)
        self.undo_strip.undone.connect(chat.undo)
        chat.undo_offered.connect(self._offer_undo)
        chat.versions_changed.connect(self._sync)
        chat.busy_changed.connect(self._rest)
        chat.chat_changed.connect(self._follow)
        chat.asked.connect(self._append_question)
        chat.answer_began.connect(self._begin_answer)
        chat.arrived.connect(self._feed)
        chat.answer_ended.connect(self._end_answer)
        if chat.messages:
            self._show_all()
        recolour(self, tokens)

    @property
    def transcript(self) -> Transcript:
        """Made when first needed: what it imports would delay the window's first paint."""
        if self._transcript is None:
            from app.widgets.transcript.formulas import FormulaWatch  # noqa: PLC0415
            from app.widgets.transcript.transcript import Transcript  # noqa: PLC0415

            self._transcript = Transcript(self)
            self._transcript.pictures.body_of = self._chat.attachment_body
            if self._mathematics is not None:
                FormulaWatch(self._transcript, self._mathematics)
            self._transcript.set_text_percent(self._settings.text_percent)
            self._transcript.set_tokens(self._tokens)
            self._take_habits(self._transcript)
            self._transcript.link_clicked.connect(_open_link)
            self._transcript.verb_wanted.connect(self._do)
            self._transcript.edited.connect(self._chat.edit)
            self._transcript.found_changed.connect(self.find_bar.tell)
            self.find_bar.words_changed.connect(self._transcript.find_words)
            self.find_bar.step_wanted.connect(self._transcript.find_next)
            self.addWidget(self._transcript)
        return self._transcript

    def set_tokens(self, tokens: Tokens) -> None:
        """Another look."""
        self._tokens = tokens
        if self._transcript is not None:
            self._transcript.set_tokens(tokens)
        recolour(self.find_bar, tokens)
        recolour(self.undo_strip, tokens)

    def set_settings(self, settings: UiSettings) -> None:
        """Other habits, or letters of another size."""
        old, self._settings = self._settings, settings
        if self._transcript is None:
            return
        self._take_habits(self._transcript)
        self._transcript.set_text_percent(settings.text_percent)
        if old.show_statistics != settings.show_statistics:
            self._sync()

    def open_find(self) -> bool:
        """Open the field that finds words here; False while nothing was said."""
        if self.currentIndex() == 0:
            return False
        self._fill_all()
        self.find_bar.stand(self)
        self.find_bar.show()
        # The first question stands at that side, and could not be moved from under the bar.
        self.setContentsMargins(0, self.find_bar.geometry().bottom(), 0, 0)
        self.find_bar.field.setFocus()
        if self.find_bar.field.text():
            self.transcript.find_words(self.find_bar.field.text())
        return True

    def show_message(self, message_id: int) -> bool:
        """Bring that message of the chat that is shown into view; whether it is there."""
        self._fill_all()
        return self._transcript is not None and self._transcript.show_message(message_id)

    def edit_last_question(self) -> bool:
        """Put an editor in the place of the last question; whether there is one."""
        asked = (one.id for one in reversed(self._chat.messages) if one.role is Role.USER)
        number = next(asked, None)
        if number is None or self.currentIndex() == 0:
            return False
        self._fill_all()
        self.transcript.edit(number)
        return True

    @override
    def resizeEvent(self, e: QResizeEvent) -> None:
        super().resizeEvent(e)
        self.find_bar.stand(self)
        self.undo_strip.stand(self)

    def _take_habits(self, transcript: Transcript) -> None:
        from app.widgets.transcript.transcript import Habits  # noqa: PLC0415  as above

        transcript.set_habits(
            Habits(
                open_reasoning=self._settings.open_reasoning,
                spell_out_answers=self._settings.spell_out_answers,
                enter_saves=self._settings.send_key == "enter",
                wrap_code=self._settings.wrap_code,
            )
        )

    def _close_find(self) -> None:
        self.find_bar.hide()
        self.setContentsMargins(0, 0, 0, 0)
        if self._transcript is not None:
            self._transcript.stop_finding()
            self._transcript.setFocus()

    def _offer_undo(self, sentence: str) -> None:
        self.undo_strip.offer(sentence)
        self.undo_strip.stand(self)

    def _do(self, verb: str, message_id: int) -> None:
        match verb:
            case "regenerate":
                self._chat.regenerate(message_id)
            case "continue":
                self._chat.continue_answer()
            case "fork":
                self._chat.fork(message_id)
            case "delete":
                self._chat.delete_message(message_id)
            case "previous":
                self._chat.turn(message_id, -1)
            case "next":
                self._chat.turn(message_id, 1)
            case _:
                raise ValueError(verb)

    def _follow(self) -> None:
        """A new chat gets its number with its first question, and any chat may be renamed."""
        chat, said = self._chat.chat, self._chat.messages
        number = chat.id if chat else None
        first = said[0].content if said else ""
        same = number is not None and self._shown_chat in (None, number) and first == self._first
        if same and first:
            self._shown_chat = number
        else:
            self._show_all()

    def _show_all(self) -> None:
        said = self._chat.messages
        self._remember()
        self._earlier = ()
        if not said:
            self.setCurrentIndex(0)
            if self._transcript is not None:
                self._transcript.set_messages(())
            return
        if self._goes_on:
            self._continue_answer(said)
        else:
            self.transcript.set_messages(self._shown(said[-FIRST_SHOWN:]))
            self._earlier = said[:-FIRST_SHOWN]
            self._filling.start()
        self.setCurrentWidget(self.transcript)

    def _fill(self, messages: int = FILLED_AT_ONCE) -> None:
        """Show some more of what was said before, while nothing happens."""
        part, self._earlier = self._earlier[-messages:], self._earlier[:-messages]
        if part:
            self.transcript.prepend(self._shown(part))
        if self._earlier:
            self._filling.start()

    def _fill_all(self) -> None:
        """Somebody asks for all of it now."""
        self._filling.stop()
        self._fill(max(1, len(self._earlier)))

    def _continue_answer(self, said: tuple[StoredMessage, ...]) -> None:
        """A window made while an answer is in progress goes on with it."""
        self.transcript.set_messages(self._shown(said[:-1]))
        self.transcript.begin_answer()
        self.transcript.feed(said[-1].content, said[-1].reasoning)

    @property
    def _goes_on(self) -> bool:
        """Whether the last message is an answer that still grows."""
        said = self._chat.messages
        return self._chat.busy and bool(said) and said[-1].role is Role.ASSISTANT

    def _sync(self) -> None:
        """Show the chat as it is now; what stays the same keeps its place."""
        said = self._chat.messages
        if not said or self.currentIndex() == 0:
            self._show_all()
            return
        self._fill_all()
        self._remember()
        if not self._goes_on:
            self.transcript.renew(self._shown(said))
            return
        if not self.transcript.is_answering:
            self.transcript.renew(self._shown(said[:-1]))
            self.transcript.begin_answer()
            self.transcript.feed(said[-1].content, said[-1].reasoning)

    def _remember(self) -> None:
        chat, said = self._chat.chat, self._chat.messages
        self._shown_chat = chat.id if chat else None
        self._first = said[0].content if said else ""

    def _append_question(self) -> None:
        self._fill_all()
        self.transcript.append(self._shown(self._chat.messages[-1:])[0])
        self.setCurrentWidget(self.transcript)
        self._remember()

    def _begin_answer(self) -> None:
        self.transcript.begin_answer()

    def _feed(self, answer: str, thought: str) -> None:
        self.transcript.feed(answer, thought)

    def _end_answer(self) -> None:
        self._fill_all()
        last = self._shown(self._chat.messages[-1:])[0]
        if last.failure:
            self.transcript.show_failure(last.failure)
        else:
            self.transcript.end_answer(last.statistics)
        # Its number on disk, and what is known of the versions now.
        self.transcript.renew(self._shown(self._chat.messages))

    def _rest(self, busy: bool) -> None:  # noqa: FBT001  a signal's
        """What was to go on was given up."""
        if not busy and self._transcript is not None and self._transcript.is_answering:
            self._sync()

    def _shown(self, said: tuple[StoredMessage, ...]) -> list[Shown]:
        return shown_messages(said, self._chat.versions, statistics=self._settings.show_statistics)


def _open_link(address: str) -> None:
    url = QUrl(address)
    if url.scheme() in _OPENED:
        QDesktopServices.openUrl(url)
