"""The conversation as the window holds it: what is shown, found, changed and copied."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from time import monotonic, thread_time

from PySide6.QtCore import QMimeData, QPointF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QContextMenuEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
)
from PySide6.QtWidgets import QMenu, QWidget
from typing_extensions import override

from app.text.blocks import LINK_SCHEMES
from app.text.shown import Shown
from app.widgets.transcript.answer import Answer
from app.widgets.transcript.block_acts import opened_by, text_copied_by
from app.widgets.transcript.edit_part import EditPart, MessageEditor
from app.widgets.transcript.entry import Entry
from app.widgets.transcript.look import CopyCode, Details, Link, Toggle, Verb
from app.widgets.transcript.menu import menu_of
from app.widgets.transcript.reading import Reading
from app.widgets.transcript.selection import markdown_of, plain_of
from app.widgets.transcript.spot import Spot
from app.widgets.transcript.walking import WalkingCanvas

COPIED_SHOWN_MS = 1500
LIT_MS = 1600
# A look that took longer than this makes the next one wait: the window comes first.
CHEAP_LOOK_S = 0.008
DESCRIBED_LETTERS = 4000
MARKDOWN_TYPE = "text/markdown"


@dataclass(frozen=True, kw_only=True)
class Habits:
    """What the person chose about conversations."""

    open_reasoning: bool = False
    spell_out_answers: bool = True
    enter_saves: bool = True
    wrap_code: bool = False


class Transcript(WalkingCanvas):
    """Messages of a conversation, one of them perhaps still growing."""

    link_clicked = Signal(str)
    copied = Signal()
    verb_wanted = Signal(str, int)  # a `VerbName` other than copy and edit; the message's number
    edited = Signal(int, str)  # the message's number and its words from now on
    found_changed = Signal(int, int)  # which hit is looked at, from 1; how many there are

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Conversation"))
        self._habits = Habits()
        self._answer: Answer | None = None
        self._look_at = 0.0
        self._look_later = QTimer(self, singleShot=True)
        self._look_later.timeout.connect(lambda: self.feed("", ""))
        self._copied_shown = QTimer(self, singleShot=True, interval=COPIED_SHOWN_MS)
        self._copied_shown.timeout.connect(self._forget_copied)
        self._lit_shown = QTimer(self, singleShot=True, interval=LIT_MS)
        self._lit_shown.timeout.connect(self._forget_lit)
        self._edited: Entry | None = None
        self._editor: MessageEditor | None = None
        self.activated.connect(self.activate)
        self.reading = Reading(self)
        self.reading.changed.connect(self.forget_parts)
        self.reading.changed.connect(self._search_again)

    def set_habits(self, habits: Habits) -> None:
        """Keep to what the person chose."""
        self._habits = habits
        if habits.wrap_code is not self.wraps_code:
            self.wraps_code = habits.wrap_code
            self.set_tokens(self.look.tokens)

    @property
    def is_answering(self) -> bool:
        """Whether an answer grows."""
        return self._answer is not None

    # What is shown

    def set_messages(self, messages: Sequence[Shown]) -> None:
        """Show another conversation, from its end."""
        self.stop_editing()
        self._answer = None
        self.forget_pointing()
        thoughts = self._habits.open_reasoning
        self.column.show([Entry(message, thoughts_open=thoughts) for message in messages])
        self._describe()
        self._search_again()
        self.follow()

    def prepend(self, messages: Sequence[Shown]) -> None:
        """What was said before the first message; what is in view stays where it is."""
        thoughts, lit = self._habits.open_reasoning, self.lit
        self.forget_pointing()
        self.lit = None if lit is None else lit + len(messages)
        entries = [Entry(message, thoughts_open=thoughts) for message in messages]
        self.shift(self.column.prepend(entries))
        self._search_again()

    def renew(self, messages: Sequence[Shown]) -> None:
        """Show the same conversation as it is now: what stays the same keeps its place.

        For another version, an edited or a deleted message, and for numbers told by the disk.
        """
        self.stop_editing()
        old = self.column.entries
        self._answer = None
        entries: list[Entry] = []
        for at, message in enumerate(messages):
            entry = old[at] if at < len(old) else None
            if entry is None or entry.growing or not entry.says(message):
                entry = Entry(message, thoughts_open=self._habits.open_reasoning)
            elif entry.shown != message:
                entry.amend(message)
            entries.append(entry)
        gone = len(entries) < len(old)
        if entries != old:
            self.forget_pointing()
            self.column.show(entries)
            self._describe()
            self._search_again()
        else:
            self.column.place()
        if gone and self.column.height < self.verticalScrollBar().value():
            self.follow()
        self.settle()

    def append(self, message: Shown) -> None:
        """One more message; the reader's own brings the end into view."""
        self.column.append(Entry(message, thoughts_open=self._habits.open_reasoning))
        self._describe()
        if message.role == "user":
            self.follow()
        else:
            self.settle()

    def begin_answer(self) -> None:
        """An answer is about to arrive."""
        self._answer = Answer(thoughts_open=self._habits.open_reasoning)
        self._look_at = 0.0
        self.column.append(self._answer.entry)
        self.settle()

    def feed(self, answer: str, reasoning: str) -> None:
        """What has arrived of the answer since the last time."""
        if self._answer is None:
            return
        if (now := monotonic()) < self._look_at:
            self._answer.feed(answer, reasoning, look=False)
            self._look_later.start(round((self._look_at - now) * 1000) + 1)
            return
        began = thread_time()
        self._answer.feed(answer, reasoning)
        self.settle(grown=self._answer.entry)
        self.jump.tell_news()
        self._look_at = now + 4 * max(0.0, thread_time() - began - CHEAP_LOOK_S)
        if self._answer.is_behind:
            self._look_later.start(round((self._look_at - now) * 1000) + 1)

    def end_answer(self, statistics: str) -> None:
        """The answer is complete."""
        self._end(statistics=statistics)

    def show_failure(self, sentence: str) -> None:
        """The answer, or what should have become one, ends with a failure."""
        if self._answer is None:
            self.append(Shown(role="assistant", content="", failure=sentence))
        else:
            self._end(failure=sentence)

    def _end(self, *, statistics: str = "", failure: str = "") -> None:
        if self._answer is None:
            return
        self._answer.finish(statistics=statistics, failure=failure)
        self._answer = None
        self._describe()
        self._search_again()
        self.settle()
        if self._habits.spell_out_answers and QAccessible.isActive():
            said = self.column.entries[-1].text[:DESCRIBED_LETTERS]
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, said))

    def speaker(self, entry: Entry) -> str:
        """Who says it, for those who hear the conversation, and which version it is."""
        match entry.shown.role:
            case "user":
                who = self.tr("You")
            case "tool":
                who = self.tr("Tool")
            case "assistant":
                who = self.tr("Answer")
        if entry.shown.versions < 2:
            return who
        version = self.tr("version {0} of {1}")
        return f"{who}, {version.format(entry.shown.version, entry.shown.versions)}"

    def _describe(self) -> None:
        last = self.column.entries[-1].text if self.column.entries else ""
        self.setAccessibleDescription(last[:DESCRIBED_LETTERS])

    # Finding

    def find_words(self, words: str) -> None:
        """Mark these words wherever they stand, and look at the first from where one reads."""
        self.finder.search(words, [entry.text for entry in self.column.entries])
        self.find_next(1)

    def find_next(self, step: int) -> None:
        """Look at the next hit, or with -1 at the one before."""
        entries = self.column.entries
        found = None
        if self.finder.total:
            near = self.column.index_at(self.verticalScrollBar().value())
            found = self.finder.go(entries, self.look, self.column.width, step=step, near=near)
        if found is not None:
            index, at, span = found
            self.reveal(index, at, entries[index].parts[at].place_of(span[0]).top() + 1)
        self.found_changed.emit(self.finder.number, self.finder.total)
        self.viewport().update()

    def stop_finding(self) -> None:
        """Take the marks away."""
        self.finder.search("", ())
        self.viewport().update()

    def show_message(self, message_id: int) -> bool:
        """Bring a message into view and light it for a moment; whether it is here."""
        index = self.column.index_of(message_id)
        if index is None:
            return False
        self.lit = index
        self._lit_shown.start()
        self.reveal(index)
        return True

    def _search_again(self) -> None:
        if self.finder.words:
            self.finder.search(self.finder.words, [entry.text for entry in self.column.entries])
            self.found_changed.emit(self.finder.number, self.finder.total)

    def _forget_lit(self) -> None:
        self.lit = None
        self.viewport().update()

    # Changing

    def edit(self, message_id: int) -> None:
        """Put an editor in that message's place."""
        self.stop_editing()
        index = self.column.index_of(message_id)
        if index is None or self.column.entries[index].growing:
            return
        entry = self.column.entries[index]
        enter_saves = self._habits.enter_saves
        editor = MessageEditor(entry.shown.content, enter_saves=enter_saves, parent=self.viewport())
        editor.saved.connect(partial(self._save_edit, message_id))
        editor.given_up.connect(self.stop_editing)
        editor.resized.connect(self._fit_editor)
        self._edited, self._editor = entry, editor
        self.selection = self.focused = self.hovered = None
        entry.edit(EditPart(editor))
        editor.show()
        self.stay()
        self.reveal(index)
        editor.edit.setFocus()

    def stop_editing(self) -> None:
        """Take the editor away; the words stay as they were."""
        entry, editor = self._edited, self._editor
        self._edited = self._editor = None
        if entry is None or editor is None:
            return
        had_focus = editor.isAncestorOf(self.focusWidget() or self)
        editor.hide()
        editor.deleteLater()
        entry.stop_editing()
        if entry in self.column.entries:
            self.column.measure(self.column.entries.index(entry))
        if had_focus:
            self.setFocus()
        self.settle()

    def _save_edit(self, message_id: int, text: str) -> None:
        changed = self._edited is not None and text != self._edited.shown.content
        self.stop_editing()
        if changed:
            self.edited.emit(message_id, text)

    def _fit_editor(self) -> None:
        if self._edited is not None:
            self._edited.changed()
            self.settle()

    # Acting on things

    def activate(self, spot: Spot) -> None:
        """Do what a click on it does."""
        match spot.target:
            case Link(address):
                if address.lower().startswith(LINK_SCHEMES):
                    self.link_clicked.emit(address)
            case CopyCode(text):
                self.put(text)
                self._show_copied(spot)
            case Toggle():
                self.column.entries[spot.entry].toggle_reasoning()
                self.stay()
            case Verb():
                self._act(spot, spot.target)
            case Details():
                self._say_focused()
            case target:
                part = self.column.entries[spot.entry].parts[spot.part]
                copied = text_copied_by(part, target)
                if copied is not None:
                    self.put(copied)
                    self._show_copied(spot)
                elif not opened_by(self, part, target) and part.activate(target):
                    self.column.entries[spot.entry].changed()
                    self.stay()
        self.viewport().update()

    def _act(self, spot: Spot, verb: Verb) -> None:
        shown = self.column.entries[spot.entry].shown
        if verb.name == "copy":
            self.put(self.column.entries[spot.entry].text)
            self._show_copied(spot)
        elif shown.id is None:
            return
        elif verb.name == "edit":
            self.edit(shown.id)
        else:
            self.verb_wanted.emit(verb.name, shown.id)

    def _show_copied(self, spot: Spot) -> None:
        self.copied_spot = spot
        self._copied_shown.start()

    def _forget_copied(self) -> None:
        self.copied_spot = None
        self.viewport().update()

    # Copying

    def selected_text(self) -> str:
        """What is selected, across messages, as Markdown."""
        return markdown_of(self.selection, self.column, self.look) if self.selection else ""

    def copy(self) -> None:
        """Put what is selected, or else the chosen message, on the clipboard as Markdown."""
        if self.has_selection:
            self.put(self.selected_text())
        elif self.current is not None:
            self.put(self.column.entries[self.current].text)

    def copy_plain(self) -> None:
        """Put what is selected on the clipboard without marks."""
        if self.selection is not None:
            self.put(plain_of(self.selection, self.column, self.look))

    def put(self, text: str) -> None:
        """Put a text on the clipboard, for editors of Markdown and for all others."""
        if not text:
            return
        content = QMimeData()
        content.setText(text)
        content.setData(MARKDOWN_TYPE, text.encode("utf-8", errors="replace"))
        QGuiApplication.clipboard().setMimeData(content)
        self.copied.emit()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        else:
            super().keyPressEvent(event)

    @override
    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = self.menu_at(QPointF(event.pos()))
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(event.globalPos())

    def menu_at(self, point: QPointF) -> QMenu:
        """What can be done at a point of the viewport."""
        return menu_of(self, point)
