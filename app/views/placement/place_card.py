"""One card, or RAM: its bar, what lies on it in words, its switch and its reserve."""

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QDoubleSpinBox, QFrame, QWidget

from app.presenters.placement.places import Place, PlacePart
from app.theme.stylesheet import set_dress
from app.theme.tokens import Tokens
from app.views import words
from app.views.placement import said
from app.views.placement.pinning import PinButton, spare_wheel
from app.widgets.arranging import column, label, row
from app.widgets.elided_label import ElidedLabel
from app.widgets.stacked_bar import BarPart, StackedBar
from app.widgets.toggle_switch import ToggleSwitch

_GIGABYTE = 1 << 30


class PlaceCard(QFrame):
    """Shows one place, and asks for its switch and its reserve."""

    turned = Signal(bool)  # the switch
    reserved = Signal(object)  # bytes; None: automatic

    def __init__(self, number: int | None, tokens: Tokens, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "card")
        self._tokens = tokens
        self._shown: tuple[Place, int | None, bool, bool] | None = None
        name = said.place_name(number)
        self.title = label(name, "title")
        self._name = ElidedLabel()
        set_dress(self._name, "role", "dim")
        self._over = label("", "error")
        self._layers = label("", "badge")
        self._filled = label()
        self.switch = ToggleSwitch(self.tr("Use {0}").format(name))
        self.bar = StackedBar(QColor(tokens.error))
        self._sizes = ElidedLabel()
        set_dress(self._sizes, "role", "dim")
        self.reserve = QDoubleSpinBox()
        self.reserve_pin = PinButton(self.tr("Reserve of {0}").format(name), tokens)
        self._arrange(name, card=number is not None)
        self.switch.clicked.connect(self.turned)
        self.reserve.valueChanged.connect(self._keep)
        self.reserve_pin.clicked.connect(self._press_pin)

    def show_place(self, place: Place, *, layers: int | None, reserve_pinned: bool) -> None:
        """Show what would lie here."""
        shown = (place, layers, reserve_pinned, self.switch.isChecked())
        if shown == self._shown:
            return
        self._shown = (*shown[:3], place.on)
        self._name.setText(said.short_card(place.name))
        self.setAccessibleName(f"{self.title.text()} {place.name}".strip())
        self._filled.setText(said.filled(place))
        self._over.setText(said.over(place) if place.over_bytes else "")
        role = "error" if place.number is not None else "warn"
        if self._over.property("role") != role:
            set_dress(self._over, "role", role)
        self._layers.setVisible(bool(layers))
        self._layers.setText(said.layers(layers or 0))
        self._sizes.setText(said.sizes(place))
        self.bar.show_parts([self._stretch(part) for part in place.parts], place.capacity_bytes)
        self.bar.setEnabled(place.on)
        self._show_choices(place, reserve_pinned=reserve_pinned)

    def wear(self, tokens: Tokens) -> None:
        """Another look."""
        self._tokens = tokens
        self.bar.set_over(QColor(tokens.error))
        if self._shown is not None:
            place, layers, pinned, _ = self._shown
            self._shown = None
            self.show_place(place, layers=layers, reserve_pinned=pinned)

    def _show_choices(self, place: Place, *, reserve_pinned: bool) -> None:
        if self.switch.isChecked() != place.on:
            self.switch.setChecked(place.on)
        self.reserve.setEnabled(place.on)
        self.reserve_pin.setEnabled(place.on)
        self.reserve_pin.show_pinned(pinned=reserve_pinned)
        kept = sum(part.size_bytes for part in place.parts if part.kind == "reserve")
        self.reserve.setMaximum(place.capacity_bytes / _GIGABYTE)
        # Between the hand's change and the planner's answer the field knows better.
        if place.used and not self.reserve.hasFocus():
            with QSignalBlocker(self.reserve):
                self.reserve.setValue(kept / _GIGABYTE)

    def _stretch(self, part: PlacePart) -> BarPart:
        return BarPart(
            size=part.size_bytes,
            colour=said.part_colour(self._tokens, part.kind),
            says=f"{said.part_name(part.kind)} {words.memory(part.size_bytes)}",
            hatched=part.kind == "reserve",
        )

    def _keep(self, gigabytes: float) -> None:
        self.reserved.emit(round(gigabytes * _GIGABYTE))

    def _press_pin(self) -> None:
        pinned = self.reserve_pin.isChecked()
        self.reserved.emit(round(self.reserve.value() * _GIGABYTE) if pinned else None)

    def _arrange(self, name: str, *, card: bool) -> None:
        self.bar.setAccessibleName(name)
        self.reserve.setAccessibleName(self.tr("Reserve of {0}").format(name))
        self.reserve.setSuffix(" GB")
        self.reserve.setDecimals(2)
        self.reserve.setKeyboardTracking(False)  # a number half typed is no wish
        self.reserve.setSingleStep(0.25)
        self.reserve.setFixedWidth(104)
        self.reserve.lineEdit().setTextMargins(8, 0, 0, 0)
        self.reserve.setToolTip(self.tr("Stays free on this card, whatever happens"))
        spare_wheel(self.reserve)
        head = row(self.title, self._name, self._over, self._layers, self._filled)
        head.setStretch(1, 1)
        head.setAlignment(self._layers, Qt.AlignmentFlag.AlignVCenter)
        foot = row(self._sizes)
        foot.setStretch(0, 1)
        if card:
            head.addWidget(self.switch)
            for part in (label(self.tr("Reserve"), "dim"), self.reserve, self.reserve_pin):
                foot.addWidget(part)
        else:
            for unused in (self.switch, self.reserve, self.reserve_pin):
                unused.setParent(self)
                unused.hide()
        self.setLayout(column(head, self.bar, foot, margins=(14, 11, 14, 9), spacing=7))
