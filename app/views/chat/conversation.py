"""The conversation: what was said and the answer in progress, or what stands in their place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QStackedWidget, QWidget

from app.presenters.chat.presenter import ChatPresenter
from app.store.values import Statistics, StoredMessage
from app.text.shown import Shown
from app.theme.tokens import Tokens
from app.views import words
from engine.chat import Role

if TYPE_CHECKING:
    from app.widgets.transcript.accessible import TranscriptReading
    from app.widgets.transcript.transcript import Transcript

_OPENED = ("http", "https")


class Conversation(QStackedWidget):
    """Keeps a transcript in step with the presenter."""

    def __init__(
        self,
        chat: ChatPresenter,
        empty: QWidget,
        tokens: Tokens,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._chat = chat
        self._tokens = tokens
        self._transcript: Transcript | None = None
        self._reading: TranscriptReading | None = None  # what a screen reader is told
        self._shown_chat: int | None = None
        self._first = ""  # of the conversation that is shown
        self.addWidget(empty)
        chat.chat_changed.connect(self._follow)
        chat.asked.connect(self._append_question)
        chat.answer_began.connect(self._begin_answer)
        chat.arrived.connect(self._feed)
        chat.answer_ended.connect(self._end_answer)
        if chat.messages:
            self._show_all()

    @property
    def transcript(self) -> Transcript:
        """Made when first needed: what it imports would delay the window's first paint."""
        if self._transcript is None:
            from app.widgets.transcript.transcript import Transcript  # noqa: PLC0415

            self._transcript = Transcript(self)
            self._transcript.set_tokens(self._tokens)
            self._transcript.link_clicked.connect(_open_link)
            self.addWidget(self._transcript)
        return self._transcript

    def set_tokens(self, tokens: Tokens) -> None:
        """Another look."""
        self._tokens = tokens
        if self._transcript is not None:
            self._transcript.set_tokens(tokens)

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
        if not said:
            self.setCurrentIndex(0)
            if self._transcript is not None:
                self._transcript.set_messages(())
            return
        self.transcript.set_messages([_shown(message) for message in said])
        self.setCurrentWidget(self.transcript)
        if self._chat.busy and said[-1].role is Role.ASSISTANT:
            self._continue_answer(said)

    def _continue_answer(self, said: tuple[StoredMessage, ...]) -> None:
        """A window made while an answer is in progress goes on with it."""
        self.transcript.set_messages([_shown(message) for message in said[:-1]])
        self.transcript.begin_answer()
        self.transcript.feed(said[-1].content, said[-1].reasoning)

    def _remember(self) -> None:
        chat, said = self._chat.chat, self._chat.messages
        self._shown_chat = chat.id if chat else None
        self._first = said[0].content if said else ""

    def _append_question(self) -> None:
        self.transcript.append(_shown(self._chat.messages[-1]))
        self.setCurrentWidget(self.transcript)
        self._remember()

    def _begin_answer(self) -> None:
        self.transcript.begin_answer()

    def _feed(self, answer: str, thought: str) -> None:
        self.transcript.feed(answer, thought)

    def _end_answer(self) -> None:
        last = self._chat.messages[-1]
        if last.failure:
            self.transcript.show_failure(last.failure)
        else:
            self.transcript.end_answer(statistics_words(last.statistics))


def statistics_words(statistics: Statistics | None) -> str:
    """What an answer cost, in one line."""
    if statistics is None or statistics.answer_tokens == 0:
        return ""
    parts = [
        words.tokens(statistics.answer_tokens),
        words.speed(statistics.tokens_per_second),
    ]
    if statistics.first_token_seconds is not None:
        parts.append(words.first_token(statistics.first_token_seconds))
    return " · ".join(parts)


def _shown(message: StoredMessage) -> Shown:
    return Shown(
        role="user" if message.role is Role.USER else "assistant",
        content=message.content,
        reasoning=message.reasoning,
        reasoning_seconds=message.reasoning_seconds,
        statistics=statistics_words(message.statistics),
        failure=message.failure or "",
    )


def _open_link(address: str) -> None:
    url = QUrl(address)
    if url.scheme() in _OPENED:
        QDesktopServices.openUrl(url)
