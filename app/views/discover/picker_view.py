"""The quantization picker: every quantization planned, and what the plan is made for."""

from PySide6.QtCore import QItemSelectionModel, QPoint, QRect, Qt
from PySide6.QtGui import QAction, QPainter, QPaintEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QBoxLayout,
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QListView,
    QMenu,
    QPushButton,
    QWidget,
)
from typing_extensions import override

from app.lists.offers_list import Offer
from app.lists.row_list import ListRole
from app.lists.sizes import size_text
from app.presenters.picker import LEAST_CONTEXT, PickerPresenter, Prefer
from app.theme.fonts import ui_font
from app.theme.scale import scale, scaled
from app.theme.stylesheet import set_dress
from app.theme.tokens import FONT, Tokens
from app.views import words
from app.views.discover import offer_cells, offer_words
from app.views.discover.machine_dialog import MachineDialog
from app.views.discover.offer_delegate import OfferDelegate
from app.views.icons import icon_button, mark, recolour
from app.widgets.arranging import card, column, label, row
from app.widgets.elided_label import ElidedLabel
from app.widgets.flow import Flow
from app.widgets.meter_bar import MeterBar
from app.widgets.power_slider import PowerSlider
from app.widgets.segments import Segments
from engine.download.values import Quantization

_NARROW = 560
PREFERENCES: tuple[Prefer | None, ...] = ("context", None, "speed", "quality")


class Heads(QWidget):
    """What the columns are; for eyes alone, every row says it all."""

    def __init__(self, view: QListView) -> None:
        super().__init__()
        self._view = view
        self.setFixedHeight(scaled(24))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        zoom = scale()
        self.setFixedHeight(scaled(24))
        width = int(self._view.viewport().width() / zoom)
        if offer_cells.height(width) != offer_cells.HEIGHT:
            return
        where = offer_cells.cells(QRect(0, 0, width - 1, int(self.height() / zoom)))
        painter = QPainter(self)
        painter.scale(zoom, zoom)
        painter.setFont(ui_font(FONT.tiny))
        painter.setPen(self.palette().color(QPalette.ColorRole.PlaceholderText))
        for box, title in (
            (where.name, self.tr("Quantization")),
            (where.quality, self.tr("Quality")),
            (where.memory, self.tr("Memory")),
            (where.context, self.tr("Context")),
            (where.speed, self.tr("Speed")),
            (where.verdict, self.tr("Verdict")),
        ):
            if box is not None:
                painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, title)


class OffersView(QListView):
    """Arrows move, Enter downloads or chats, a right click says what else there is."""

    def __init__(self, picker: PickerPresenter, tokens: Tokens) -> None:
        super().__init__()
        self._picker = picker
        self.setModel(picker.offers_list)
        picker.offers_list.speak = offer_words.accessible
        self.delegate = OfferDelegate(tokens, self)
        self.setItemDelegate(self.delegate)
        self.setAccessibleName(self.tr("Quantizations"))
        self.setMouseTracking(True)
        self.setUniformItemSizes(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._open_menu)
        self.activated.connect(self._act)
        self.delegate.acted.connect(picker.act)
        self._height = 0

    @property
    def offer(self) -> Offer | None:
        """The row the person is at."""
        found = self.currentIndex().data(ListRole.VALUE)
        return found if isinstance(found, Offer) else None

    def go_to(self, place: int) -> None:
        """Make that row the current one, and show it."""
        index = self.model().index(place, 0)
        self.selectionModel().setCurrentIndex(
            index, QItemSelectionModel.SelectionFlag.ClearAndSelect
        )
        self.scrollTo(index, QAbstractItemView.ScrollHint.EnsureVisible)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        height = offer_cells.height(self.viewport().width())
        if height != self._height:
            self._height = height
            self.scheduleDelayedItemsLayout()

    def _act(self) -> None:
        if self.offer is not None:
            self._picker.act(self.offer)

    def _open_menu(self, place: QPoint) -> None:
        offer = self.indexAt(place).data(ListRole.VALUE)
        if not isinstance(offer, Offer):
            return
        menu = QMenu(self)
        act = QAction(offer_words.action(offer), menu)
        act.triggered.connect(lambda: self._picker.act(offer))
        menu.addAction(act)
        if offer.model is not None:
            where = QAction(self.tr("Placement…"), menu)
            where.triggered.connect(lambda: self._picker.place(offer))
            menu.addAction(where)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.viewport().mapToGlobal(place))


class PickerView(QWidget):
    """Choices at the top, the advice below them, and a row for every quantization."""

    def __init__(
        self, picker: PickerPresenter, tokens: Tokens, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._picker, self._tokens = picker, tokens
        self._advised: str | None = None
        self.prefers = Segments(
            self.tr("What matters most"),
            (self.tr("Context"), self.tr("Balanced"), self.tr("Speed"), self.tr("Quality")),
        )
        self.slider = PowerSlider(LEAST_CONTEXT, picker.most_context)
        self.slider.setAccessibleName(self.tr("Context"))
        self._context = label("", "dim")
        self._context.setMinimumWidth(104)
        self.automatic = icon_button("refresh", self.tr("Let Fullbore choose the context"))
        self.elsewhere = QPushButton(" " + self.tr("Plan for other hardware…"))
        self.elsewhere.setProperty("kind", "ghost")
        mark(self.elsewhere, "gpu")
        self.chip = QPushButton()
        self.chip.setProperty("kind", "pill")
        mark(self.chip, "x", "accent")
        self._machines = Flow()
        self._advice = label("", "", wrap=True)
        self._advice_title = label("", "title")
        self.take = QPushButton(self.tr("Download"))
        self.take.setProperty("kind", "primary")
        self._advice_card = card(self._advice_line())
        self._progress = MeterBar(height=6)
        self._reading = ElidedLabel()
        set_dress(self._reading, "role", "dim")
        self._failure = label("", "", wrap=True)
        self.again = QPushButton(self.tr("Try again"))
        self._failure_card = QFrame()
        self.rows = OffersView(picker, tokens)
        self.heads = Heads(self.rows)
        self.detail = label("", "dim", wrap=True)
        self.detail.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.place = QPushButton(self.tr("Placement…"))
        self._arrange()
        self._connect()
        self._show_page()
        recolour(self, tokens)

    def wear(self, tokens: Tokens) -> None:
        """Another look."""
        self._tokens = tokens
        self.rows.delegate.wear(tokens)

    def open_machine(self) -> MachineDialog:
        """Ask for another machine."""
        dialog = MachineDialog(self._picker.card_names(), self._tokens, self.window())
        dialog.planned_for.connect(self._picker.plan_for)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()
        return dialog

    def _advice_line(self) -> QHBoxLayout:
        words = column(self._advice_title, self._advice, spacing=2)
        line = row(words, self.take, margins=(14, 10, 12, 10), spacing=12)
        line.setStretch(0, 1)
        return line

    def _arrange(self) -> None:
        self._failure_card.setProperty("kind", "failure")
        inside = row(self._failure, self.again, margins=(14, 8, 8, 8))
        inside.setStretch(0, 1)
        self._failure_card.setLayout(inside)
        context = row(
            label(self.tr("Context"), "dim"), self.slider, self._context, self.automatic, spacing=10
        )
        context.setStretch(1, 1)
        self._rows_above = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._rows_above.setSpacing(14)
        self._rows_above.addWidget(self.prefers)
        self._rows_above.addLayout(context, 1)
        reading = row(self._reading, self._progress, spacing=10)
        reading.setStretch(1, 1)
        foot = row(self.detail, self.place, margins=(12, 4, 12, 4))
        foot.setStretch(0, 1)
        whole = column(
            self._rows_above,
            self._machines,
            self._failure_card,
            self._advice_card,
            reading,
            column(self.heads, self.rows, spacing=0),
            foot,
            spacing=8,
        )
        whole.setStretch(5, 1)
        self.setLayout(whole)

    def _connect(self) -> None:
        picker = self._picker
        self.prefers.chosen.connect(lambda at: picker.prefer(PREFERENCES[at]))  # pyright: ignore[reportUnknownLambdaType, reportUnknownArgumentType]
        self.slider.chosen.connect(picker.set_context)
        self.automatic.clicked.connect(lambda: picker.set_context(None))
        self.elsewhere.clicked.connect(self.open_machine)
        self.chip.clicked.connect(lambda: picker.plan_for(None))
        self.take.clicked.connect(self._take)
        self.again.clicked.connect(picker.try_again)
        self.place.clicked.connect(self._place)
        picker.changed.connect(self._show)
        picker.page_changed.connect(self._show_page)
        picker.offers_list.modelReset.connect(self._show_rows)
        picker.offers_list.dataChanged.connect(self._show_rows)
        self.rows.selectionModel().currentChanged.connect(self._show_detail)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        across = QBoxLayout.Direction
        narrow = self.width() < scaled(_NARROW)
        self._rows_above.setDirection(across.TopToBottom if narrow else across.LeftToRight)
        self.heads.setVisible(not narrow)

    def _take(self) -> None:
        if self._picker.advised is not None:
            self._picker.act(self._picker.advised)

    def _place(self) -> None:
        if self.rows.offer is not None:
            self._picker.place(self.rows.offer)

    def _show_page(self) -> None:
        self._advised = None
        self.slider.set_most(self._picker.most_context)
        for old in self._machines.findChildren(QCheckBox):
            old.hide()
            old.deleteLater()
        beside = [self._companion(companion) for companion in self._picker.companions]
        self._machines.show_things((self.chip, self.elsewhere, *beside))
        self._show()
        self._show_rows()

    def _companion(self, companion: Quantization) -> QCheckBox:
        size = size_text(companion.size_bytes)
        box = QCheckBox(self.tr("with {0} ({1})").format(companion.label, size))
        box.setChecked(self._picker.is_beside(companion))
        box.toggled.connect(lambda on: self._picker.take_beside(companion, on=on))  # pyright: ignore[reportUnknownLambdaType, reportUnknownArgumentType]
        return box

    def _show(self) -> None:
        picker = self._picker
        self.prefers.show_choice(PREFERENCES.index(picker.preference))
        tokens = picker.context_tokens
        if tokens is None:
            advised = picker.advised
            chosen = advised.plan.layout.context_tokens if advised and advised.plan else None
            self._context.setText(
                self.tr("automatic")
                if chosen is None
                else self.tr("automatic: {0}").format(words.count(chosen))
            )
            self.slider.show_value(chosen or LEAST_CONTEXT)
        else:
            self._context.setText(words.count(tokens))
            self.slider.show_value(tokens)
        self.automatic.setEnabled(tokens is not None)
        self.chip.setVisible(picker.machine is not None)
        self.chip.setText(picker.machine or "")
        self.chip.setAccessibleName(
            self.tr("Planned for {0}: plan for this computer again").format(picker.machine)
        )
        self.chip.setToolTip(self.chip.accessibleName())
        self._machines.lay()
        self._failure_card.setVisible(picker.failure is not None)
        self._failure.setText(picker.failure or "")
        self._show_progress()
        self._show_advice()

    def _show_progress(self) -> None:
        read = self._picker.headers
        first = self._picker.planning and not any(offer.plan for offer in self._picker.offers)
        self._progress.setVisible(read is not None)
        self._reading.setVisible(first or read is not None)
        if read is None:
            self._reading.setText(self.tr("Working out how each of them would run…"))
            return
        self._reading.setText(self.tr("{0} of {1} headers read").format(*read))
        self._progress.set_fraction(read[0] / max(1, read[1]))
        self._progress.setAccessibleName(self._reading.text())

    def _show_advice(self) -> None:
        picker, advised = self._picker, self._picker.advised
        self._advice_card.setVisible(advised is not None or picker.none_fits)
        self.take.setVisible(advised is not None)
        if advised is None:
            self._advice_title.setText(self.tr("None of them fits"))
            smallest = picker.offers[-1].plan if picker.offers else None
            told = offer_words.changes(smallest) if smallest is not None else ()
            self._advice.setText(" ".join(told))
            self._advice.setVisible(bool(told))
            return
        self._advice.setVisible(True)
        self._advice_title.setText(f"★ {offer_words.mark()}: {advised.quantization.label}")
        self._advice.setText(offer_words.advice(advised, picker.next_finer))
        self.take.setText(offer_words.action(advised))
        self.take.setAccessibleName(f"{self.take.text()} {advised.quantization.label}")

    def _show_rows(self) -> None:
        """The row that is advised comes into sight, once for each advice."""
        advised = self._picker.advised
        name = advised.quantization.label if advised else None
        if name != self._advised and advised is not None:
            self.rows.go_to(self._picker.offers.index(advised))
        self._advised = name
        self._show_detail()

    def _show_detail(self) -> None:
        offer = self.rows.offer
        self.place.setVisible(offer is not None and offer.model is not None)
        if offer is None:
            self.detail.setText("")
            return
        why = offer_words.why(offer).replace("\n", " ")
        self.detail.setText(f"{offer.quantization.label}: {why}" if why else "")
