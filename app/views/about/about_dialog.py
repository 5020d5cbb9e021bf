"""What Fullbore is: its version, what is new, what it is made of."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, QTimer, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QDialog,
    QLineEdit,
    QListWidget,
    QPlainTextEdit,
    QPushButton,
    QTabWidget,
    QWidget,
)

from app.presenters.updates import UpdatesPresenter
from app.text.notices import Part
from app.theme.scale import scaled
from app.theme.tokens import Tokens
from app.views.about.update_card import UpdateCard
from app.views.discover.repository_view import ink_of, open_address
from app.views.icons import icon_button, recolour
from app.views.rows import RowDelegate
from app.widgets.arranging import column, label, row
from app.widgets.banner import Banner
from app.widgets.reader import Reader

_SIZE = QSize(760, 620)
_SMALLEST = QSize(460, 400)
_LIST = 230


class AboutDialog(QDialog):
    """Three pages: the program, its news, the licences of its parts."""

    def __init__(
        self, updates: UpdatesPresenter, tokens: Tokens, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._updates = updates
        self.setWindowTitle(self.tr("About Fullbore"))
        self.setMinimumSize(_SMALLEST)
        self.banner = Banner(icon_button("x", self.tr("Dismiss")))
        self.card = UpdateCard(updates)
        self.library = label("", "dim", wrap=True)
        self.open_folder = QPushButton(self.tr("Open the folder"))
        self.homepage = QPushButton(self.tr("Open Fullbore's page"))
        self.news = Reader(ink_of(tokens))
        self.news.setAccessibleName(self.tr("What's new"))
        self.licences = LicencesPage()
        self.pages = QTabWidget()
        self.pages.setDocumentMode(True)
        self.pages.addTab(self._program(), self.tr("Fullbore"))
        self.pages.addTab(self.news, self.tr("What's new"))
        self.pages.addTab(self.licences, self.tr("Licences"))
        self.done_button = QPushButton(self.tr("Done"))
        self.done_button.setProperty("kind", "primary")
        self._arrange()
        self.done_button.clicked.connect(self.accept)
        self.open_folder.clicked.connect(self._open_folder)
        self.homepage.clicked.connect(self._open_homepage)
        self.news.link_wanted.connect(open_address)
        updates.failed.connect(self.banner.say)
        updates.changed.connect(self._show_news)
        self._show_news()
        self.wear(tokens)
        # Reading what is installed takes a checkout half a second: the dialog comes first.
        QTimer.singleShot(0, self, self._read_parts)

    def wear(self, tokens: Tokens) -> None:
        """Another look."""
        self.news.set_ink(ink_of(tokens))
        recolour(self, tokens)

    def show_news(self) -> None:
        """Turn to what is new."""
        self.pages.setCurrentWidget(self.news)

    def _program(self) -> QWidget:
        page = QWidget()
        page.setProperty("kind", "clear")
        name = label(self.tr("Fullbore {0}").format(self._updates.version), "title")
        home = label(str(self._updates.home), "dim", wrap=True)
        for text in (name, home, self.library):
            text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        says = self.tr("Chats, settings and models are kept in this folder:")
        page.setLayout(
            column(
                name,
                self.library,
                label(self.tr("Runs language models on your own machine. MIT licence."), wrap=True),
                self.card,
                label(says, wrap=True),
                home,
                row(self.open_folder, self.homepage, None),
                None,
                margins=(4, 14, 4, 4),
                spacing=10,
            )
        )
        return page

    def _arrange(self) -> None:
        for button in (self.open_folder, self.homepage):
            button.setAutoDefault(False)
        self.done_button.setDefault(True)
        foot = row(None, self.done_button)
        self.setLayout(column(self.banner, self.pages, foot, margins=(18, 18, 18, 18), spacing=14))
        room = self.screen().availableSize() * 0.9
        wanted = QSize(scaled(_SIZE.width()), scaled(_SIZE.height()))
        self.resize(wanted.boundedTo(room).expandedTo(_SMALLEST))

    def _show_news(self) -> None:
        release = self._updates.release
        own = self._updates.news or self.tr("Nothing is told of this version.")
        if release is None or not release.news:
            self.news.read(own)
            return
        ahead = self.tr("New in {0}").format(release.version)
        here = self.tr("In this version")
        self.news.read(f"# {ahead}\n\n{release.news}\n\n# {here}\n\n{own}")

    def _read_parts(self) -> None:
        parts = self._updates.parts()
        self.licences.show_parts(parts)
        library = next((part for part in parts if part.name == "llama.cpp"), None)
        if library is not None:
            says = self.tr("llama.cpp of llama-cpp-python {0}")
            self.library.setText(says.format(library.version))

    def _open_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(self._updates.home.as_posix()))

    def _open_homepage(self) -> None:
        QDesktopServices.openUrl(QUrl(self._updates.homepage))


class LicencesPage(QWidget):
    """The parts at the left, their words at the right; a field that finds both."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._parts: tuple[Part, ...] = ()
        self.search = QLineEdit()
        self.search.setPlaceholderText(self.tr("Search parts and licences"))
        self.search.setAccessibleName(self.tr("Search parts and licences"))
        self.search.setClearButtonEnabled(True)
        self.names = QListWidget()
        self.names.setAccessibleName(self.tr("Parts"))
        self.names.setItemDelegate(RowDelegate(self.names))
        self.names.setFixedWidth(scaled(_LIST))
        self.words = QPlainTextEdit()
        self.words.setReadOnly(True)
        self.words.setAccessibleName(self.tr("Licence"))
        middle = row(self.names, self.words, spacing=12)
        middle.setStretch(1, 1)
        self.setLayout(column(self.search, middle, margins=(4, 14, 4, 4), spacing=10))
        self.search.textChanged.connect(self._sieve)
        self.names.currentRowChanged.connect(self._tell)

    @property
    def found(self) -> tuple[str, ...]:
        """The parts that are shown."""
        rows = range(self.names.count())
        return tuple(
            part.name
            for number, part in zip(rows, self._parts, strict=True)
            if not self.names.item(number).isHidden()
        )

    def show_parts(self, parts: Sequence[Part]) -> None:
        """These are what there is."""
        self._parts = tuple(parts)
        self.names.clear()
        self.names.addItems([f"{part.name} {part.version}".strip() for part in self._parts])
        self._sieve(self.search.text())
        self.names.setCurrentRow(0)

    def _sieve(self, typed: str) -> None:
        wanted = typed.casefold().split()
        for number, part in enumerate(self._parts):
            told = f"{part.name} {part.version} {part.licence} {part.text}".casefold()
            self.names.item(number).setHidden(not all(word in told for word in wanted))

    def _tell(self, number: int) -> None:
        if 0 <= number < len(self._parts):
            part = self._parts[number]
            head = "\n".join(filter(None, (f"{part.name} {part.version}", part.licence)))
            self.words.setPlainText(f"{head}\n{part.homepage}\n\n{part.text}")
