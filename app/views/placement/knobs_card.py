"""Every choice of a load, each automatic or pinned."""

import re
from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QRegularExpression, QSignalBlocker
from PySide6.QtGui import QRegularExpressionValidator, QStandardItemModel
from PySide6.QtWidgets import QComboBox, QFrame, QGridLayout, QLineEdit, QSpinBox, QWidget

from app.presenters.placement.pins import Knob
from app.presenters.placement.presenter import PlacementPresenter
from app.theme.tokens import Tokens
from app.views import sayings
from app.views.placement.pinning import Pinned
from app.widgets.arranging import column, label, row
from app.widgets.power_slider import PowerSlider
from engine.config import MOST_CONTEXT_TOKENS, MOST_STREAMS

_LEAST_CONTEXT = 512
_USUAL_CONTEXT = 131072
_LEAST_TOKENS = 256
_MOST_LAYERS = 999
_MICRO_BATCHES = (32, 64, 128, 256, 512, 1024, 2048, 4096, 8192)
_SHARES = r"^\s*(\d+(\.\d+)?\s*([,;:/ ]\s*\d+(\.\d+)?\s*)*)?$"
_COLUMNS = 4


class KnobsCard(QFrame):
    """Shows what is chosen, by whom, and hands every change to the presenter."""

    def __init__(
        self, placement: PlacementPresenter, tokens: Tokens, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setProperty("kind", "card")
        self._placement = placement
        self._tokens = tokens
        self._most_layers = _MOST_LAYERS
        self.slider = PowerSlider(_LEAST_CONTEXT, _USUAL_CONTEXT)
        self.context = _spin(_LEAST_TOKENS, MOST_CONTEXT_TOKENS)
        self.prefer = QComboBox()
        self.cache_type = QComboBox()
        self.streams = _spin(1, MOST_STREAMS)
        self.micro_batch = QComboBox()
        self.split_mode = QComboBox()
        self.ratios = QLineEdit()
        self.gpu_layers = _spin(0, _MOST_LAYERS)
        self.cpu_experts = _spin(0, _MOST_LAYERS)
        self._refusal = label("", "faint", wrap=True)
        self._pins: dict[Knob, Pinned] = {}
        self._fill()
        self._arrange()
        self._connect()
        placement.changed.connect(self.show_choices)
        self.show_choices()

    def show_choices(self) -> None:
        """Show what holds now."""
        for knob, pinned in self._pins.items():
            pinned.show_pinned(pinned=self._placement.is_pinned(knob))
        self._show_limits()
        for knob, spin in self._spins.items():
            value = self._placement.value_of(knob)
            if isinstance(value, int) and spin.value() != value and not _is_typed_in(spin):
                with QSignalBlocker(spin):
                    spin.setValue(value)
        context = self._placement.value_of("context_tokens")
        if isinstance(context, int) and not self.slider.isSliderDown():
            self.slider.show_value(context)
        for knob, box in self._boxes.items():
            at = box.findData(self._placement.value_of(knob))
            if at != box.currentIndex():
                box.setCurrentIndex(at)
        if not self.ratios.hasFocus():
            self.ratios.setText(_ratios(self._placement.value_of("tensor_split")))

    @property
    def _spins(self) -> dict[Knob, QSpinBox]:
        return {
            "context_tokens": self.context,
            "streams": self.streams,
            "gpu_layers": self.gpu_layers,
            "cpu_experts": self.cpu_experts,
        }

    @property
    def _boxes(self) -> dict[Knob, QComboBox]:
        return {
            "prefer": self.prefer,
            "cache_type": self.cache_type,
            "micro_batch_tokens": self.micro_batch,
            "split_mode": self.split_mode,
        }

    def _show_limits(self) -> None:
        known, plan = self._placement.known, self._placement.plan
        layers = self._placement.layers
        most = layers + 1 if layers else _MOST_LAYERS
        if most != self._most_layers:
            self._most_layers = most
            for spin in (self.gpu_layers, self.cpu_experts):
                with QSignalBlocker(spin):  # a number cut to this model's is nobody's choice
                    spin.setMaximum(most)
        if known is not None and known.trained_context_tokens:
            self.slider.set_most(known.trained_context_tokens)
        cards = len(self._placement.card_numbers)
        self._pins["cpu_experts"].setVisible(bool(known and known.experts and cards))
        self._pins["gpu_layers"].setVisible(bool(cards))
        for knob in ("split_mode", "tensor_split"):
            self._pins[knob].setVisible(cards > 1)
        refusal = sayings.told(plan.tensor_refusal) if plan and cards > 1 else ""
        self._refusal.setVisible(bool(refusal))
        self._refusal.setText(refusal)
        rows = self.split_mode.model()
        if isinstance(rows, QStandardItemModel):
            tensor = rows.item(self.split_mode.findData("tensor"))
            tensor.setEnabled(not refusal)
            tensor.setToolTip(refusal)

    def _fill(self) -> None:
        self.prefer.addItem(self.tr("Balanced"), None)
        for value, says in (
            ("context", self.tr("Context")),
            ("speed", self.tr("Speed")),
            ("quality", self.tr("Quality")),
        ):
            self.prefer.addItem(says, value)
        for value in ("f16", "q8_0", "q4_0"):
            self.cache_type.addItem(value.upper(), value)
        for size in _MICRO_BATCHES:
            self.micro_batch.addItem(str(size), size)
        for value, says in (
            ("none", self.tr("One GPU")),
            ("layer", self.tr("By layer")),
            ("tensor", self.tr("By tensor")),
        ):
            self.split_mode.addItem(says, value)
        self.ratios.setPlaceholderText(self.tr("such as 3, 1"))
        self.ratios.setValidator(
            QRegularExpressionValidator(QRegularExpression(_SHARES), self.ratios)
        )
        self.slider.setAccessibleName(self.tr("Context, in tokens"))
        self.context.setFixedWidth(116)

    def _arrange(self) -> None:
        context = QWidget()
        line = row(self.slider, self.context, spacing=14)
        line.setStretch(0, 1)
        context.setLayout(line)
        fields: Sequence[tuple[Knob, str, QWidget]] = (
            ("prefer", self.tr("Prefer"), self.prefer),
            ("cache_type", self.tr("Cache type"), self.cache_type),
            ("streams", self.tr("Streams"), self.streams),
            ("micro_batch_tokens", self.tr("Micro-batch"), self.micro_batch),
            ("split_mode", self.tr("Split mode"), self.split_mode),
            ("tensor_split", self.tr("Ratios"), self.ratios),
            ("gpu_layers", self.tr("Layers on cards"), self.gpu_layers),
            ("cpu_experts", self.tr("Experts in RAM, layers"), self.cpu_experts),
        )
        wide = Pinned(self.tr("Context, in tokens"), context, self._tokens)
        self._pins["context_tokens"] = wide
        self.context.setAccessibleName(self.tr("Context, in tokens"))
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(8)
        for at, (knob, name, field) in enumerate(fields):
            self._pins[knob] = Pinned(name, field, self._tokens)
            grid.addWidget(self._pins[knob], at // _COLUMNS, at % _COLUMNS)
        for at in range(_COLUMNS):
            grid.setColumnStretch(at, 1)
        self.setLayout(column(wide, grid, self._refusal, margins=(14, 9, 14, 13), spacing=8))

    def _connect(self) -> None:
        pin = self._placement.pin
        for knob, pinned in self._pins.items():
            pinned.pressed.connect(partial(self._placement.toggle_pin, knob))
        for knob, spin in self._spins.items():
            spin.valueChanged.connect(partial(pin, knob))
        for knob, box in self._boxes.items():
            box.activated.connect(partial(self._choose, knob, box))
        self.slider.chosen.connect(partial(pin, "context_tokens"))
        self.ratios.editingFinished.connect(self._take_ratios)

    def _choose(self, knob: Knob, box: QComboBox, _: int) -> None:
        self._placement.pin(knob, box.currentData())

    def _take_ratios(self) -> None:
        text = self.ratios.text()
        shares = tuple(float(share) for share in re.findall(r"\d+(?:\.\d+)?", text))
        if text != _ratios(self._placement.value_of("tensor_split")):
            self._placement.pin("tensor_split", shares)


def _spin(least: int, most: int) -> QSpinBox:
    spin = QSpinBox()
    spin.setRange(least, most)
    spin.setGroupSeparatorShown(True)
    spin.lineEdit().setTextMargins(8, 0, 0, 0)
    spin.setKeyboardTracking(False)  # a number half typed is no wish
    return spin


def _is_typed_in(spin: QSpinBox) -> bool:
    return spin.hasFocus() and spin.lineEdit().isModified()


def _ratios(shares: object) -> str:
    if not isinstance(shares, tuple) or len(shares) < 2:  # pyright: ignore[reportUnknownArgumentType]
        return ""
    return ", ".join(f"{share:g}" for share in shares if isinstance(share, float))  # pyright: ignore[reportUnknownVariableType]
