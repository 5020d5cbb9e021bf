"""One repository: what the Hub tells of it, its quantizations, and its model card."""

from PySide6.QtCore import QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFrame, QLineEdit, QPushButton, QStackedWidget, QWidget

from app.presenters.discover import DiscoverPresenter
from app.presenters.picker import PickerPresenter
from app.text.ink import Ink
from app.theme.fonts import mono_font, ui_font
from app.theme.stylesheet import set_dress
from app.theme.tokens import FONT, Tokens
from app.views.discover import find_words
from app.views.discover.picker_view import PickerView
from app.views.icons import icon_button, mark, recolour
from app.widgets.arranging import column, label, row
from app.widgets.elided_label import ElidedLabel
from app.widgets.flow import Flow
from app.widgets.reader import Reader
from app.widgets.segments import Segments

_HUB = "https://huggingface.co"


def ink_of(tokens: Tokens) -> Ink:
    """How a page is written in this look."""
    return Ink(
        text=tokens.text,
        dim=tokens.dim,
        faint=tokens.faint,
        accent=tokens.accent,
        border=tokens.border,
        table_head=tokens.code_head,
        inline_code=tokens.inline_code,
        selection=tokens.selection,
        syntax=tokens.syntax,
        prose=ui_font(FONT.title),
        mono=mono_font(FONT.plain),
    )


class GateCard(QFrame):
    """What to do where a repository wants its licence accepted."""

    def __init__(self, discover: DiscoverPresenter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "card")
        self._discover = discover
        self._says = label("", "", wrap=True)
        self.accept = QPushButton(" " + self.tr("Open its page in the browser"))
        mark(self.accept, "globe")
        self.token = QLineEdit()
        self.token.setEchoMode(QLineEdit.EchoMode.Password)
        self.token.setPlaceholderText(self.tr("Access token (hf_…)"))
        self.token.setAccessibleName(self.tr("Access token"))
        self.keep = QPushButton(self.tr("Keep it in the system's keyring"))
        line = row(self.accept, self.token, self.keep)
        line.setStretch(1, 1)
        self.setLayout(column(self._says, line, margins=(14, 10, 12, 12)))
        self.keep.clicked.connect(self._keep)
        self.token.returnPressed.connect(self._keep)
        self.accept.clicked.connect(self._open)
        discover.page_changed.connect(self._show)
        discover.token_changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        discover = self._discover
        refused = discover.page_failure is not None
        self.setVisible(discover.gated)
        kept = discover.has_token and not refused
        self._says.setText(
            self.tr("Its licence must be accepted on its page. Your access token is kept.")
            if kept
            else self.tr(
                "This repository asks for a login: accept its licence on its page, "
                "then give an access token with the right to read."
            )
        )
        self.token.setVisible(not kept)
        self.keep.setVisible(not kept)

    def _keep(self) -> None:
        if self.token.text().strip():
            self._discover.set_token(self.token.text())
            self.token.clear()

    def _open(self) -> None:
        if self._discover.repository:
            open_address(QUrl(f"{_HUB}/{self._discover.repository}"))


class RepositoryView(QWidget):
    """Facts at the top; below them the quantizations, or the card."""

    back_wanted = Signal()

    def __init__(
        self,
        discover: DiscoverPresenter,
        picker: PickerPresenter,
        tokens: Tokens,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._discover = discover
        self.back = icon_button("x", self.tr("Close this page"))
        self._name = ElidedLabel()
        set_dress(self._name, "role", "heading")
        self._owner = label("", "dim")
        self.browse = icon_button("globe", self.tr("Open its page in the browser"))
        self._facts = Flow()
        self.gate = GateCard(discover)
        self._failure = label("", "", wrap=True)
        self.again = QPushButton(self.tr("Try again"))
        self._failure_card = QFrame()
        self._failure_card.setProperty("kind", "failure")
        self._waiting = label(self.tr("Asking the Hub…"), "dim")
        self.sides = Segments(
            self.tr("What is shown"), (self.tr("Quantizations"), self.tr("Model card"))
        )
        self.picker = PickerView(picker, tokens)
        self.card = Reader(ink_of(tokens))
        self.card.setAccessibleName(self.tr("Model card"))
        self._pages = QStackedWidget()
        self._pages.addWidget(self.picker)
        self._pages.addWidget(self.card)
        self._arrange()
        self.sides.chosen.connect(self._turn)
        self.back.clicked.connect(self.back_wanted)
        self.browse.clicked.connect(self._browse)
        self.again.clicked.connect(discover.try_again)
        self.card.link_wanted.connect(open_address)
        discover.page_changed.connect(self._show)
        self._show()
        recolour(self, tokens)

    def wear(self, tokens: Tokens) -> None:
        """Another look."""
        self.picker.wear(tokens)
        self.card.set_ink(ink_of(tokens))

    def _arrange(self) -> None:
        head = row(column(self._name, self._owner, spacing=1), self.browse, self.back, spacing=4)
        head.setStretch(0, 1)
        failed = row(self._failure, self.again, margins=(14, 8, 8, 8))
        failed.setStretch(0, 1)
        self._failure_card.setLayout(failed)
        whole = column(
            head,
            self._facts,
            self.gate,
            self._failure_card,
            self._waiting,
            row(self.sides, None),
            self._pages,
            margins=(20, 14, 16, 8),
            spacing=10,
        )
        whole.setStretch(6, 1)
        self.setLayout(whole)

    def _show(self) -> None:
        discover, page = self._discover, self._discover.page
        repository = discover.repository or ""
        owner, _, name = repository.partition("/")
        self._name.setText(name or owner)
        self._owner.setText(owner)
        facts = () if page is None else find_words.facts(page.hit)
        if page is not None and page.cached:
            facts = (*facts, self.tr("as last seen"))
        self._facts.show_words(facts)
        failure = discover.page_failure
        self._failure_card.setVisible(failure is not None)
        self._failure.setText(failure or "")
        self._waiting.setVisible(page is None and failure is None)
        self.sides.setVisible(page is not None)
        self._pages.setVisible(page is not None)
        self._turn(0)
        if page is None:
            self.card.read("")

    def _turn(self, side: int) -> None:
        self.sides.show_choice(side)
        self._pages.setCurrentIndex(side)
        page = self._discover.page
        if side == 1 and page is not None:
            self.card.read(page.card or self.tr("This repository has no model card."))

    def _browse(self) -> None:
        if self._discover.repository:
            open_address(QUrl(f"{_HUB}/{self._discover.repository}"))


def open_address(address: QUrl) -> None:
    """In the browser."""
    QDesktopServices.openUrl(address)
