"""Chats as files: exports, imports, backups. Long work runs on a thread, and can be given up."""

import errno
import re
import threading
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import Enum
from functools import partial
from logging import getLogger
from pathlib import Path
from time import perf_counter
from typing import Final, assert_never

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from app.store import backup
from app.store.chats import ChatStore
from app.store.exports import as_json, as_markdown
from app.store.imports import Harvest, harvest
from app.store.values import Chat, Imported, StoredMessage
from app.text import failures
from app.text.paper import Paper
from app.theme import paper
from app.theme.fonts import MONO_FAMILIES, UI_FAMILIES
from engine.errors import DiskFull, EngineError, StoreError

SLICE_SECONDS: Final = 0.006  # of the window's time, taken at once
TOLD_SECONDS: Final = 0.05  # between two words of how far it is
_LONGEST_NAME: Final = 80
_UNFIT_IN_NAMES: Final = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*]+')
_PAPER: Final = Paper(
    page=paper.PAGE,
    printed=paper.PRINT,
    prose=UI_FAMILIES,
    mono=MONO_FAMILIES,
    ink=paper.INK,
    faint=paper.FAINT,
)

log = getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kind:
    name: str
    suffix: str


class Form(Enum):
    """What a chat can be written as."""

    MARKDOWN = _Kind(name="Markdown", suffix=".md")
    HTML = _Kind(name="HTML", suffix=".html")
    PDF = _Kind(name="PDF", suffix=".pdf")
    JSON = _Kind(name="JSON", suffix=".json")


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """What is under way: `done` of `total`, which is 0 where nobody knows."""

    says: str
    done: int = 0
    total: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Export:
    """One chat with everything its file needs."""

    chat: Chat
    shown: tuple[StoredMessage, ...]
    all: tuple[StoredMessage, ...]


class _Stopped(Exception):
    """The work was given up."""


def file_name(chat: Chat, form: Form) -> str:
    """A name for its file that every system takes."""
    from app.text.chat_page import title_of  # noqa: PLC0415  it would delay the first paint

    words = _UNFIT_IN_NAMES.sub(" ", title_of(chat))
    name = " ".join(words.split())[:_LONGEST_NAME].strip(". ")
    return f"{name or 'chat'}{form.value.suffix}"


class KeepingPresenter(QObject):
    """One piece of work at a time; `busy` refuses a second one."""

    progressed = Signal(object)  # Progress, or None when nothing is under way
    done = Signal(str)  # a sentence: what was written or read, and what was left out
    taken_in = Signal()  # there are other chats on disk now
    replacing = Signal()  # all chats are about to be others: nobody may write to them
    failed = Signal(str)  # a sentence with its remedy

    _delivered = Signal(object)  # a callable for Qt's thread

    def __init__(
        self, store: ChatStore, chats_file: Path, *, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._store, self._chats_file = store, chats_file
        self._progress: Progress | None = None
        self._stop = threading.Event()
        self._closed = False
        self._told_at = 0.0
        # One thread, made with the first work; it waits for disks, layouts and SQLite.
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="keeping")
        self._waiting = deque[Imported]()
        self._slices = QTimer(self)
        self._slices.setInterval(0)
        self._slices.timeout.connect(self._take_some_in)
        self._skipped = self._taken = 0
        self._delivered.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    @property
    def progress(self) -> Progress | None:
        """What is under way."""
        return self._progress

    @property
    def busy(self) -> bool:
        """Whether something is under way."""
        return self._progress is not None

    def name_for(self, chat_id: int, form: Form) -> str:
        """A name for that chat's file."""
        try:
            chat = self._store.chat(chat_id)
        except EngineError:
            chat = None
        return f"chat{form.value.suffix}" if chat is None else file_name(chat, form)

    def export(self, chat_ids: Sequence[int], form: Form, to: Path) -> None:
        """Write one chat into that file; several into that folder, a file each."""
        exports: list[_Export] = []
        try:
            for chat_id in chat_ids:
                chat = self._store.chat(chat_id)
                if chat is not None:
                    exports.append(self._gather(chat, form))
        except EngineError as error:
            self.failed.emit(failures.told(error))
            return
        if not exports:
            return
        one = len(exports) == 1
        files = [to] if one else _files_in(to, [file_name(one.chat, form) for one in exports])
        says = self.tr("Exporting {0}").format(to.name)
        done = self.tr("Exported to {0}").format(to)
        work = partial(self._write_all, exports, files, form)
        self._begin(says, work, lambda _: self.done.emit(done))

    def take_in(self, file: Path) -> None:
        """Read the chats in that file, and add them to those there are."""
        says = self.tr("Reading {0}").format(file.name)
        self._begin(says, lambda: harvest(file), self._harvested)

    def back_up(self, to: Path) -> None:
        """Copy everything into that one file."""
        says = self.tr("Backing up to {0}").format(to.name)
        done = self.tr("All chats are backed up in {0}").format(to)
        work = partial(backup.back_up, self._chats_file, to)
        self._begin(says, work, lambda _: self.done.emit(done))

    def restore(self, file: Path) -> None:
        """Replace all chats by those of that backup; the replaced ones are kept aside."""
        if self.busy:
            self._refuse()
            return
        self.replacing.emit()
        says = self.tr("Restoring {0}").format(file.name)
        self._begin(says, partial(backup.restore, file, self._chats_file), self._restored)

    def back_up_daily(self, folder: Path, now: Callable[[], datetime] | None = None) -> None:
        """Make today's backup in the background if it is not there yet; only failing is told."""

        def work() -> None:
            try:
                backup.daily(
                    self._chats_file, folder, now=now() if now else datetime.now(UTC).astimezone()
                )
            except EngineError as error:
                log.warning("%s", error.sentence)
                self._hand_over(partial(self.failed.emit, failures.told(error)))

        self._worker.submit(work)

    def stop(self) -> None:
        """Give up what is under way; chats that were read already stay."""
        self._stop.set()

    def close(self) -> None:
        """Give up everything; before the store closes."""
        self._closed = True
        self._stop.set()
        self._slices.stop()
        self._worker.shutdown(wait=True, cancel_futures=True)

    def _begin(self, says: str, work: Callable[[], object], then: Callable[[object], None]) -> None:
        if self.busy:
            self._refuse()
            return
        self._stop.clear()
        self._tell(Progress(says=says))

        def run() -> None:
            try:
                result = work()
            except _Stopped:
                self._hand_over(self._end)
            except EngineError as error:
                self._hand_over(partial(self._fail, error))
            except Exception:  # the outermost loop of this thread: a bug ends here
                log.exception("A bug while chats were written or read")
                self._hand_over(partial(self._fail, EngineError(self._bug())))
            else:
                self._hand_over(partial(self._finish, then, result))

        self._worker.submit(run)

    def _finish(self, then: Callable[[object], None], result: object) -> None:
        self._end()
        then(result)

    def _fail(self, error: EngineError) -> None:
        self._end()
        self.failed.emit(failures.told(error))
        self.taken_in.emit()  # whatever holds on disk now

    def _end(self) -> None:
        self._tell(None)

    def _refuse(self) -> None:
        self.failed.emit(self.tr("Something else is under way; wait for it, or stop it."))

    def _tell(self, progress: Progress | None) -> None:
        self._progress = progress
        self.progressed.emit(progress)

    def _bug(self) -> str:
        return self.tr("Something went wrong inside Fullbore.")

    # Imports: read on the thread, written by Qt's in slices, since the store is its own.

    def _harvested(self, found: object) -> None:
        assert isinstance(found, Harvest)
        self._waiting = deque(found.chats)
        self._skipped = found.skipped
        self._taken = 0
        self._tell(Progress(says=self.tr("Importing chats"), total=len(found.chats)))
        self._slices.start()

    def _take_some_in(self) -> None:
        until = perf_counter() + SLICE_SECONDS
        try:
            while self._waiting and perf_counter() < until and not self._stop.is_set():
                self._store.take_in(self._waiting.popleft())
                self._taken += 1
        except EngineError as error:
            self._slices.stop()
            self._waiting.clear()
            self._fail(error)
            return
        left = len(self._waiting)
        if left and not self._stop.is_set():
            self._move(self._taken, self._taken + left)
            return
        self._slices.stop()
        self._waiting.clear()
        self._end()
        self.taken_in.emit()
        self.done.emit(self._told(left))

    def _told(self, left: int) -> str:
        says = [self.tr("Chats imported: {0}").format(self._taken)]
        if self._skipped:
            says.append(self.tr("not understood: {0}").format(self._skipped))
        if left:
            says.append(self.tr("left out, as you stopped it: {0}").format(left))
        return self.tr(", ").join(says)

    def _restored(self, aside: object) -> None:
        self.taken_in.emit()
        says = self.tr("The backup is restored.")
        if isinstance(aside, Path):
            says = self.tr("The backup is restored; the chats before it are kept in {0}").format(
                aside
            )
        self.done.emit(says)

    # Exports: gathered by Qt's thread, written on the other.

    def _gather(self, chat: Chat, form: Form) -> _Export:
        if form is Form.MARKDOWN:
            return _Export(chat=chat, shown=self._store.messages(chat.id), all=())
        if form is Form.JSON:
            said = tuple(self._with_bodies(one) for one in self._store.tree(chat.id))
            return _Export(chat=chat, shown=(), all=said)
        said = tuple(self._with_bodies(one) for one in self._store.messages(chat.id))
        return _Export(chat=chat, shown=said, all=())

    def _with_bodies(self, message: StoredMessage) -> StoredMessage:
        if not message.attachments:
            return message
        files = tuple(
            one if one.id is None else replace(one, body=self._store.attachment(one.id))
            for one in message.attachments
        )
        return replace(message, attachments=files)

    def _write_all(self, exports: list[_Export], files: list[Path], form: Form) -> None:
        for number, (export, file) in enumerate(zip(exports, files, strict=True)):
            self._step(number, len(exports))
            self._write(export, file, form)

    def _write(self, export: _Export, file: Path, form: Form) -> None:
        """Whole or not at all."""
        from app.text.chat_page import as_html  # noqa: PLC0415  they would delay the first paint
        from app.text.chat_pdf import write_pdf  # noqa: PLC0415

        part = file.with_name(f"{file.name}.part")
        try:
            match form:
                case Form.MARKDOWN:
                    part.write_text(as_markdown(export.chat, export.shown), "utf-8", newline="\n")
                case Form.JSON:
                    part.write_text(as_json(export.chat, export.all), "utf-8", newline="\n")
                case Form.HTML:
                    with part.open("w", encoding="utf-8", newline="\n") as opened:
                        opened.writelines(as_html(export.chat, export.shown, _PAPER, self._step))
                case Form.PDF:
                    part.touch()  # Qt does not say why it cannot write
                    write_pdf(export.chat, export.shown, part, _PAPER, self._step)
                case _:
                    assert_never(form)
            part.replace(file)
        except OSError as error:
            raise _unwritable(file, error) from error
        finally:
            part.unlink(missing_ok=True)

    def _step(self, done: int, total: int) -> None:
        """On the thread: how far it is. Raises _Stopped."""
        if self._stop.is_set():
            raise _Stopped
        if perf_counter() - self._told_at >= TOLD_SECONDS:
            self._told_at = perf_counter()
            self._hand_over(partial(self._move, done, total))

    def _move(self, done: int, total: int) -> None:
        if self._progress is not None:
            self._tell(replace(self._progress, done=done, total=total))

    def _hand_over(self, call: Callable[[], object]) -> None:
        if not self._closed:
            self._delivered.emit(call)

    @Slot(object)
    def _deliver(self, call: Callable[[], object]) -> None:
        if not self._closed:
            call()


def _files_in(folder: Path, names: Sequence[str]) -> list[Path]:
    """A path for each name, none twice, and none that is there already."""
    files: list[Path] = []
    for name in names:
        wanted, count = folder / name, 1
        while wanted in files or wanted.exists():
            count += 1
            wanted = folder / f"{Path(name).stem} {count}{Path(name).suffix}"
        files.append(wanted)
    return files


def _unwritable(file: Path, error: OSError) -> EngineError:
    if error.errno == errno.ENOSPC:
        return DiskFull(f"{file.name} could not be written: the disk is full.")
    return StoreError(
        f"{file.name} could not be written: {error.strerror or error}.",
        remedy="Check that its folder may be written to, then try again.",
    )
