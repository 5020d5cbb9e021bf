"""What goes along with the next question: files read off Qt's thread, with their weight."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.bridge import EngineBridge
from app.lists.sizes import size_text
from app.store.values import Attachment
from app.surface import EngineSurface
from app.text.files import (
    MOST_PICTURE_BYTES,
    MOST_TEXT_BYTES,
    Read,
    Refusal,
    Why,
    read_file,
    read_picture,
    read_text,
    small_picture,
)
from engine.chat import ChatRequest, Message, Role
from engine.errors import EngineError
from engine.events import Event
from engine.host.facts import ModelMoved, Phase

if TYPE_CHECKING:
    from PySide6.QtGui import QImage

MOST_FILES = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Enclosed:
    """One attachment of the next question; `tokens` None: not known."""

    attachment: Attachment
    tokens: int | None = None
    small: QImage | None = None  # how a picture is shown before it is sent


class AttachmentsPresenter(QObject):
    """Each chat keeps its own until they are sent, or the window closes."""

    changed = Signal()  # any of the properties
    failed = Signal(str)  # a sentence: what could not come along, and why

    def __init__(self, bridge: EngineBridge, *, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._chat: int | None = None
        self._kept: dict[int | None, tuple[Enclosed, ...]] = {}
        self._reading = 0
        self._waiting = deque[tuple[int | None, list[Callable[[], Read]]]]()
        bridge.happened.connect(self._hear)

    @property
    def enclosed(self) -> tuple[Enclosed, ...]:
        """What goes along, in the order it came."""
        return self._kept.get(self._chat, ())

    @property
    def attachments(self) -> tuple[Attachment, ...]:
        """The same, with their bodies, as they are sent."""
        return tuple(one.attachment for one in self.enclosed)

    @property
    def reading(self) -> int:
        """How many files are still being read."""
        return self._reading

    def turn_to(self, chat_id: int | None) -> None:
        """That chat is shown now; None: a new one."""
        if chat_id != self._chat:
            self._chat = chat_id
            self.changed.emit()

    def add_files(self, paths: Sequence[Path]) -> None:
        """Read these, and enclose what can be."""
        self._read([partial(read_file, path) for path in dict.fromkeys(paths)])

    def add_text(self, text: str) -> None:
        """A text too long for the field."""
        self._read([partial(read_text, self.tr("Pasted text"), text)])

    def add_picture(self, picture: QImage) -> None:
        """Pixels from the clipboard."""
        self._read([partial(read_picture, self.tr("Pasted picture"), picture)])

    def remove(self, place: int) -> None:
        """Leave that one out."""
        kept = self.enclosed
        if 0 <= place < len(kept):
            self._keep(self._chat, (*kept[:place], *kept[place + 1 :]))

    def sent(self, chat_id: int | None) -> None:
        """What was enclosed in that chat's question went with it."""
        if chat_id in self._kept:
            self._keep(chat_id, ())

    def put_back(self, attachments: Sequence[Attachment]) -> None:
        """A question was taken back: its files are enclosed again, unless they are already."""
        back = [one for one in attachments if one not in self.attachments]
        if back:
            known = [partial(_same, one) for one in back]
            self._read(list[Callable[[], Read]](known))

    def refuse_text(self, size_bytes: int) -> None:
        """A text that is not even worth reading."""
        name = self.tr("Pasted text")
        self._tell(Refusal(name=name, why=Why.LONG_TEXT, size_bytes=size_bytes))

    def _read(self, sources: list[Callable[[], Read]]) -> None:
        room = MOST_FILES - len(self.enclosed) - self._reading
        if len(sources) > room:
            self.failed.emit(
                self.tr("A question may have {0} files; the others stay behind.").format(MOST_FILES)
            )
            sources = sources[: max(0, room)]
        if not sources:
            return
        self._reading += len(sources)
        self._waiting.append((self._chat, sources))
        self.changed.emit()
        if len(self._waiting) == 1:
            self._read_next()

    def _read_next(self) -> None:
        """One after the other: they stand in the order in which they were given."""
        if not self._waiting:
            return
        chat, sources = self._waiting[0]
        self._bridge.ask(
            lambda engine: _read_all(engine, sources),
            lambda reads: self._take(chat, reads),
            lambda error: self._give_up(len(sources), error),
        )

    def _take(self, chat: int | None, reads: Sequence[Enclosed | Refusal]) -> None:
        self._reading -= len(reads)
        self._waiting.popleft()
        self._read_next()
        came = [read for read in reads if isinstance(read, Enclosed)]
        self._keep(chat, (*self._kept.get(chat, ()), *came))
        for one in came:
            self._weigh(one.attachment)
        for read in reads:
            if isinstance(read, Refusal):
                self._tell(read)

    def _give_up(self, count: int, error: EngineError) -> None:
        self._reading -= count
        self._waiting.popleft()
        self._read_next()
        self.changed.emit()
        self.failed.emit(error.sentence)

    def _keep(self, chat: int | None, enclosed: tuple[Enclosed, ...]) -> None:
        self._kept[chat] = enclosed
        if not enclosed:
            del self._kept[chat]
        self.changed.emit()

    def _hear(self, event: Event) -> None:
        """Another model counts in other tokens."""
        if isinstance(event, ModelMoved) and event.phase is Phase.READY:
            for kept in tuple(self._kept.values()):
                for one in kept:
                    self._weigh(one.attachment)

    def _weigh(self, attachment: Attachment) -> None:
        request = ChatRequest(messages=(_alone(attachment),))
        # No model, or none that sees: the size stands alone, and the question says why.
        self._bridge.ask(
            lambda engine: engine.weigh(request),
            lambda weight: self._weighed(attachment, sum(weight.messages)),
            lambda _: self._weighed(attachment, None),
        )

    def _weighed(self, attachment: Attachment, tokens: int | None) -> None:
        for chat, kept in self._kept.items():
            if any(one.attachment is attachment for one in kept):
                self._kept[chat] = tuple(
                    replace(one, tokens=tokens) if one.attachment is attachment else one
                    for one in kept
                )
        self.changed.emit()

    def _tell(self, refusal: Refusal) -> None:
        sentence = self._sentences()[refusal.why]
        self.failed.emit(sentence.format(refusal.name, size_text(refusal.size_bytes)))

    def _sentences(self) -> dict[Why, str]:
        most_text, most_picture = size_text(MOST_TEXT_BYTES), size_text(MOST_PICTURE_BYTES)
        long_text = self.tr("“{0}” is too long: {1}. A text may have {2}; attach a part of it.")
        big_file = self.tr("“{0}” is too big: {1}. A picture may have {2}.")
        return {
            Why.MISSING: self.tr("“{0}” is not there."),
            Why.FOLDER: self.tr("“{0}” is a folder. Attach the files in it instead."),
            Why.UNREADABLE: self.tr("“{0}” cannot be read. Check that you may open it."),
            Why.SPECIAL: self.tr("“{0}” is a pipe or a device and cannot be attached."),
            Why.EMPTY: self.tr("“{0}” is empty."),
            Why.BINARY: self.tr(
                "“{0}” is neither a text nor a picture. What can be attached are texts, and "
                "PNG, JPEG, WebP, GIF and BMP pictures."
            ),
            Why.DOCUMENT: self.tr("“{0}” is a document of pages. Attach its text as a text file."),
            Why.LONG_TEXT: long_text.replace("{2}", most_text),
            Why.BIG_FILE: big_file.replace("{2}", most_picture),
            Why.BIG_PICTURE: self.tr(
                "“{0}” has too many pixels. Make it smaller, and attach it again."
            ),
            Why.BROKEN_PICTURE: self.tr(
                "“{0}” is a picture that cannot be shown: it may be damaged."
            ),
        }


async def _read_all(
    _: EngineSurface, sources: Sequence[Callable[[], Read]]
) -> list[Enclosed | Refusal]:
    """One after the other, on a thread that may wait for a slow disk."""
    return [await asyncio.to_thread(_enclosed, source) for source in sources]


def _enclosed(source: Callable[[], Read]) -> Enclosed | Refusal:
    read = source()
    if isinstance(read, Refusal):
        return read
    return Enclosed(attachment=read, small=small_picture(read))


def _same(attachment: Attachment) -> Read:
    return attachment


def _alone(attachment: Attachment) -> Message:
    """A question that is this attachment."""
    body = attachment.body or b""
    if attachment.is_image:
        return Message(role=Role.USER, content="", images=(body,))
    return Message(role=Role.USER, content=body.decode("utf-8", "replace"))
