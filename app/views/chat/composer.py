"""Where the person writes: the field, what goes along, what waits, and what it would take."""

from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QImage, QKeySequence, QShortcut
from PySide6.QtWidgets import QFileDialog, QFrame, QPushButton, QWidget
from typing_extensions import override

from app.presenters.attachments import AttachmentsPresenter
from app.presenters.chat.meter import Meter
from app.presenters.chat.presenter import ChatPresenter
from app.presenters.snippets import SnippetsPresenter
from app.settings import SendKey, UiSettings
from app.text.files import MOST_TEXT_BYTES
from app.theme.stylesheet import set_dress
from app.theme.tokens import Tokens
from app.views.chat.attachments_bar import AttachmentsBar
from app.views.chat.composer_queue import ComposerQueue
from app.views.chat.context_meter import ContextMeter
from app.views.chat.snippets_popup import SnippetsPopup
from app.views.icons import icon_button, mark, recolour
from app.widgets.arranging import column, row
from app.widgets.elided_label import ElidedLabel
from app.widgets.growing_edit import GrowingEdit
from app.widgets.icon_button import tip

WIDEST = 820


class Composer(QFrame):
    """A growing field and one round button that sends, or stops."""

    edit_last_wanted = Signal()  # Up in an empty field: the last question is to be changed
    prompts_wanted = Signal()  # the dialog of the prompt library
    failed = Signal(str)  # a sentence

    def __init__(
        self,
        chat: ChatPresenter,
        attachments: AttachmentsPresenter,
        snippets: SnippetsPresenter,
        tokens: Tokens,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._chat = chat
        self._attachments = attachments
        self._tokens = tokens
        self._chat_id = chat.chat.id if chat.chat else None
        self._needs_ctrl = False
        self._why = ""  # no answer begins yet
        self.setProperty("kind", "composer")
        self.setMaximumWidth(WIDEST)
        self.edit = GrowingEdit()
        self.edit.setProperty("kind", "input")
        self.edit.setAccessibleName(self.tr("Your message"))
        self.edit.installEventFilter(self)
        self.queue = ComposerQueue(chat, tokens)
        self.attached = AttachmentsBar(attachments, tokens)
        self.meter = ContextMeter(tokens)
        self.popup = SnippetsPopup(snippets, self.edit, self)
        self.attach = icon_button("paperclip", self.tr("Attach files"), shortcut="Ctrl+U")
        self.prompts = icon_button("slash", self.tr("Prompts"), shortcut="Ctrl+Shift+U")
        self._note = ElidedLabel()
        set_dress(self._note, "role", "faint")
        self.button = QPushButton()
        self.button.setProperty("kind", "round")
        self.button.setIconSize(QSize(18, 18))
        self.button.setCursor(Qt.CursorShape.PointingHandCursor)
        self._arrange()
        self._connect()
        attachments.turn_to(self._chat_id)
        self.edit.setPlainText(chat.draft)
        self.name_model(None)
        self._show()

    @property
    def note(self) -> str:
        """What it says below the field."""
        return self._note.text()

    def set_tokens(self, tokens: Tokens) -> None:
        """Another look."""
        self._tokens = tokens
        self.queue.set_tokens(tokens)
        self.attached.set_tokens(tokens)
        self.meter.set_tokens(tokens)
        recolour(self, tokens)

    def set_settings(self, settings: UiSettings) -> None:
        """The person's habits."""
        self.set_send_key(settings.send_key)

    def set_send_key(self, key: SendKey) -> None:
        """What sends: Enter, or Ctrl+Enter."""
        self._needs_ctrl = key == "ctrl_enter"
        self.edit.submit_with_ctrl(needed=self._needs_ctrl)
        self._show()

    def name_model(self, model: str | None) -> None:
        """Whom the message is for."""
        self.edit.setPlaceholderText(
            self.tr("Message {0}…").format(model) if model else self.tr("Write a message…")
        )
        self.edit.viewport().update()  # Qt shows another placeholder only when it must paint

    def ask_for_files(self) -> None:
        """Choose files to attach."""
        dialog = QFileDialog(self.window(), self.tr("Attach files"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.filesSelected.connect(self._add_files)
        dialog.open()

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            set_dress(self, "focused", "true" if event.type() == QEvent.Type.FocusIn else "false")
        return super().eventFilter(watched, event)

    def _arrange(self) -> None:
        foot = row(self.attach, self.prompts, self._note, self.button, spacing=4)
        foot.setStretch(2, 1)
        parts = (self.queue, self.attached, self.edit, foot, self.meter)
        self.setLayout(column(*parts, margins=(16, 12, 12, 10), spacing=8))

    def _connect(self) -> None:
        self._escape = QShortcut(QKeySequence(Qt.Key.Key_Escape), self)
        self._escape.activated.connect(self._stop)
        self.edit.submitted.connect(self._send)
        self.edit.textChanged.connect(self._write)
        self.edit.up_pressed.connect(self.edit_last_wanted)
        self.edit.files_given.connect(self._attachments.add_files)
        self.edit.picture_given.connect(self._add_picture)
        self.edit.long_text_given.connect(self._add_text)
        self.attach.clicked.connect(self.ask_for_files)
        self.prompts.clicked.connect(self.prompts_wanted)
        self.button.clicked.connect(self._press)
        self.attached.left.connect(self.edit.setFocus)
        self.queue.taken_back.connect(self._take_back)
        self.meter.overflow_wanted.connect(self._chat.set_overflow)
        self._attachments.changed.connect(self._weigh)
        self._attachments.failed.connect(self.failed)
        self._chat.busy_changed.connect(self._show)
        self._chat.waiting.connect(self._say)
        self._chat.weighed.connect(self._show_meter)
        self._chat.chat_changed.connect(self._follow)

    def _press(self) -> None:
        if self._chat.busy:
            self._stop()
        else:
            self._send()

    def _send(self) -> None:
        if self._attachments.reading:
            return  # the bar says that files are being read
        asking = self._chat_id
        if self._chat.send(self.edit.toPlainText(), self._attachments.attachments):
            self._attachments.sent(asking)
            self.edit.clear()
        self.edit.setFocus()

    def _stop(self) -> None:
        self._chat.stop()

    def _write(self) -> None:
        self._chat.save_draft(self.edit.toPlainText())
        self._weigh()
        if self._chat.busy and not self.edit.document().isEmpty():
            self.meter.wait()

    def _weigh(self) -> None:
        self._chat.weigh(self.edit.toPlainText(), self._attachments.attachments)
        self._show()

    def _follow(self) -> None:
        """Another chat has another draft; one that was only renamed keeps what stands here."""
        chat = self._chat.chat
        number = chat.id if chat else None
        if number == self._chat_id:
            return
        self._chat_id = number
        self._attachments.turn_to(number)
        if self._chat.draft != self.edit.toPlainText():
            self.edit.setPlainText(self._chat.draft)
            self.edit.moveCursor(self.edit.textCursor().MoveOperation.End)

    def _take_back(self, place: int) -> None:
        question = self._chat.take_back(place)
        if question is None:
            return
        written = self.edit.toPlainText().strip()
        self.edit.write(f"{question.text}\n\n{written}" if written else question.text)
        self._attachments.put_back(question.attachments)
        self.edit.setFocus()

    def _add_files(self, names: list[str]) -> None:
        self._attachments.add_files([Path(name) for name in names])
        self.edit.setFocus()

    def _add_picture(self, picture: QImage) -> None:
        self._attachments.add_picture(picture)

    def _add_text(self, text: str) -> None:
        if len(text) > MOST_TEXT_BYTES:
            self._attachments.refuse_text(len(text))
        else:
            self._attachments.add_text(text)

    def _show_meter(self, meter: Meter) -> None:
        empty = meter.context_tokens is None and not meter.question + meter.attachments
        self.meter.show_meter(None if empty and not meter.refusal else meter, self._chat.overflow)

    def _say(self, why: str) -> None:
        self._why = why
        self._show()

    def _hint(self) -> str:
        if self._chat.busy:
            return self.tr("What you send now is asked next")
        if self._needs_ctrl:
            return self.tr("Ctrl+Enter sends · Enter breaks the line · / writes a prompt")
        return self.tr("Enter sends · Shift+Enter breaks the line · / writes a prompt")

    def _show(self) -> None:
        self._note.setText(self._why or self._hint())
        self._escape.setEnabled(self._chat.busy)
        if self._chat.busy:
            says, keys = self.tr("Stop"), QKeySequence(Qt.Key.Key_Escape)
            mark(self.button, "stop", "on_accent")
            self.button.setEnabled(True)
        else:
            sends = "Ctrl+Return" if self._needs_ctrl else "Return"
            says, keys = self.tr("Send"), QKeySequence(sends)
            written = bool(self.edit.toPlainText().strip())
            ready = (written or bool(self._attachments.enclosed)) and not self._attachments.reading
            mark(self.button, "arrow-up", "on_accent" if ready else "faint")
            self.button.setEnabled(ready)
        self.button.setAccessibleName(says)
        self.button.setToolTip(tip(says, keys))
        recolour(self.button, self._tokens)
