"""The prompt library: texts that a slash and their name write."""

from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from app.store.chats import ChatStore
from app.store.values import Snippet
from app.text import failures
from engine.errors import EngineError

LONGEST_NAME = 40


class SnippetsPresenter(QObject):
    """Read when first wanted; the window's first paint does not wait for it."""

    changed = Signal()
    failed = Signal(str)  # a sentence with its remedy

    def __init__(self, store: ChatStore, *, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._store = store
        self._snippets: tuple[Snippet, ...] | None = None

    @property
    def snippets(self) -> tuple[Snippet, ...]:
        """All of them, by name."""
        if self._snippets is None:
            self._look()
        return self._snippets or ()

    def matching(self, words: str) -> tuple[Snippet, ...]:
        """Those whose names begin so, then those that have it elsewhere in name or text."""
        sought = words.casefold()
        first = [one for one in self.snippets if one.name.casefold().startswith(sought)]
        later = [
            one
            for one in self.snippets
            if one not in first and sought in f"{one.name}\n{one.text}".casefold()
        ]
        return (*first, *later)

    def add(self, name: str, text: str) -> Snippet | None:
        """A new one; None where it could not be, and `failed` says why."""
        called = self._sound(name, text, besides=None)
        if called is None:
            return None
        try:
            made = self._store.snippets.new(called, text)
        except EngineError as error:
            self.failed.emit(failures.told(error))
            return None
        self._look()
        self.changed.emit()
        return made

    def amend(self, snippet: Snippet) -> bool:
        """Another name or text; False where it could not be."""
        called = self._sound(snippet.name, snippet.text, besides=snippet.id)
        if called is None:
            return False
        try:
            self._store.snippets.amend(replace(snippet, name=called))
        except EngineError as error:
            self.failed.emit(failures.told(error))
            return False
        self._look()
        self.changed.emit()
        return True

    def delete(self, snippet_id: int) -> None:
        """Remove it for good."""
        try:
            self._store.snippets.delete(snippet_id)
        except EngineError as error:
            self.failed.emit(failures.told(error))
        self._look()
        self.changed.emit()

    def _look(self) -> None:
        try:
            found = self._store.snippets.all()
        except EngineError as error:
            self._snippets = ()
            self.failed.emit(failures.told(error))
        else:
            self._snippets = tuple(sorted(found, key=lambda one: one.name.casefold()))

    def _sound(self, name: str, text: str, *, besides: int | None) -> str | None:
        """The name as it is kept: one word, for a space ends it while it is typed."""
        called = "-".join(name.strip().lstrip("/").split())[:LONGEST_NAME]
        taken = any(
            one.name.casefold() == called.casefold() and one.id != besides for one in self.snippets
        )
        if not called or not text.strip():
            self.failed.emit(self.tr("A prompt needs a name and a text."))
        elif taken:
            self.failed.emit(self.tr("Another prompt is called “{0}” already.").format(called))
        else:
            return called
        return None
