"""What comes in from outside: files and links, handed over, dropped, or opened by the system.

A file is loaded where it lies. A link shows something, and does nothing: a repository's page, or
a text that waits to be sent. What it names is downloaded once the person has said so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from PySide6.QtCore import QEvent, QMimeData, QObject, Qt
from PySide6.QtGui import QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QMessageBox
from typing_extensions import override

from app.links import ChatLink, LinkRefused, ModelLink, is_link, parse
from app.lists.sizes import size_text
from app.text import failures

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.lists.offers_list import Offer
    from app.views.main_window import MainWindow
    from app.views.screens import Screens

_LINE = 2000  # letters of a dropped text that may be a link


class Doors(QObject):
    """Of one window, and goes with it."""

    def __init__(self, window: MainWindow, screens: Screens) -> None:
        super().__init__(window)
        self._window = window
        self._screens = screens
        self._wanted: ModelLink | None = None  # its page is on its way
        self.question: QMessageBox | None = None
        window.installEventFilter(self)
        screens.discover.page_changed.connect(self._follow)
        screens.picker.page_changed.connect(self._offer)

    def let_in(self, words: Sequence[str]) -> None:
        """Paths and links. One model at a time, and one page."""
        links = [word for word in words if is_link(word)]
        files = [word for word in words if not is_link(word)]
        for file in files[:1]:
            self._screens.guide.leave()
            self._screens.models.choose(file)
        for link in links[:1]:
            self._let_in_link(link)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._window:
            if event.type() == QEvent.Type.Show:
                # In front of all widgets: a model or a link is no attachment, wherever it falls.
                self._window.windowHandle().installEventFilter(self)
            return False
        match event:
            case QDropEvent() if event.type() == QEvent.Type.Drop:
                words = wanted_of(event.mimeData())
                if words:
                    event.acceptProposedAction()
                    self.let_in(words)
                return bool(words)
            case QDragMoveEvent() if wanted_of(event.mimeData()):  # entering is moving, to Qt
                event.setDropAction(Qt.DropAction.CopyAction)
                event.accept()
                return True
            case _:
                return False

    def _let_in_link(self, word: str) -> None:
        try:
            link = parse(word)
        except LinkRefused as refused:
            self._window.banner.inform(failures.told(refused))
            return
        self._screens.guide.leave()
        match link:
            case ModelLink():
                self._wanted = link if link.quantization else None
                self._window.open_discover()
                self._screens.discover.open(link.repository)
            case ChatLink():
                self._put(link.text)
            case _:
                assert_never(link)

    def _put(self, text: str) -> None:
        self._window.open_chat()
        edit = self._window.composer.edit
        before = edit.toPlainText().rstrip()
        edit.setPlainText(f"{before}\n\n{text}" if before else text)
        self._window.banner.inform(
            self.tr("A link put a text into your question. Nothing was sent: read it first.")
        )

    def _follow(self) -> None:
        """Another page was opened meanwhile, or this one could not be."""
        wanted, discover = self._wanted, self._screens.discover
        elsewhere = wanted is not None and discover.repository != wanted.repository
        if elsewhere or discover.page_failure is not None:
            self._wanted = None

    def _offer(self) -> None:
        wanted, picker = self._wanted, self._screens.picker
        page = picker.page
        if wanted is None or page is None:
            return
        if page.hit.id.casefold() != wanted.repository.casefold():
            return
        self._wanted = None
        label = (wanted.quantization or "").casefold()
        for offer in picker.offers:
            if offer.quantization.label.casefold() == label:
                self._ask(page.hit.id, offer)
                return
        says = self.tr("{0} has no {1}. These are what it has.")
        self._window.banner.inform(says.format(page.hit.id, wanted.quantization))

    def _ask(self, repository: str, offer: Offer) -> None:
        """The question names what, how much and from where; Enter alone brings nothing."""
        if offer.model is not None:
            says = self.tr("{0} is here already.")
            self._window.banner.inform(says.format(offer.model))
            return
        name = f"{repository}:{offer.quantization.label}"
        question = QMessageBox(
            QMessageBox.Icon.Question,
            self.tr("Download a model"),
            self.tr("A link asks for {0}. Download it?").format(name),
            parent=self._window,
        )
        question.setTextFormat(Qt.TextFormat.PlainText)
        question.setInformativeText(
            self.tr("{0} from {1}").format(
                size_text(offer.quantization.size_bytes), self._screens.hub.endpoint
            )
        )
        fetch = question.addButton(self.tr("Download"), QMessageBox.ButtonRole.AcceptRole)
        keep = question.addButton(self.tr("Not now"), QMessageBox.ButtonRole.RejectRole)
        question.setDefaultButton(keep)
        question.setEscapeButton(keep)
        question.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        fetch.clicked.connect(lambda: self._screens.picker.fetch(offer))
        question.destroyed.connect(self._asked)
        self.question = question
        question.open()

    def _asked(self) -> None:
        self.question = None


def wanted_of(dropped: QMimeData) -> tuple[str, ...]:
    """The models and links among what is dropped: GGUF files, and addresses of the Hub."""
    urls = dropped.urls() if dropped.hasUrls() else []
    files = [url.toLocalFile() for url in urls if url.isLocalFile()]
    links = [bytes(url.toEncoded().data()).decode("ascii") for url in urls if not url.isLocalFile()]
    if not urls and dropped.hasText() and len(dropped.text()) < _LINE:
        links = [dropped.text().strip()]
    models = [file for file in files if file.casefold().endswith(".gguf")]
    return (*models, *(link for link in links if is_link(link)))
