"""Every knob of sampling: what it does in a sentence, its range, and the way back."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from PySide6.QtCore import QRegularExpression, Qt, Signal
from PySide6.QtGui import QRegularExpressionValidator, QWheelEvent
from PySide6.QtWidgets import QDoubleSpinBox, QLineEdit, QSpinBox, QWidget
from typing_extensions import override

from app.views.icons import icon_button
from app.widgets.arranging import column, label, row
from app.widgets.icon_button import IconButton
from engine.chat import Sampling

_FIELD = 120
_BIAS = re.compile(r"(\d+)\s*[:=]\s*([-+]?\d+(?:\.\d+)?)")
_BIASES = r"^\s*(\d+\s*[:=]\s*[-+]?\d+(\.\d+)?\s*([,;]\s*|$))*$"
_MOST_SEED = 2**31 - 1
_RANDOM = -1  # shown as words: a fresh seed for every answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """What a number may be. No `step`: it is whole."""

    least: float
    most: float
    step: float | None = None


RANGES: Mapping[str, Range] = {
    "temperature": Range(least=0, most=5, step=0.05),
    "top_k": Range(least=0, most=1000),
    "top_p": Range(least=0, most=1, step=0.01),
    "min_p": Range(least=0, most=1, step=0.01),
    "repeat_penalty": Range(least=0.5, most=2, step=0.01),
    "presence_penalty": Range(least=-2, most=2, step=0.05),
    "frequency_penalty": Range(least=-2, most=2, step=0.05),
    "penalty_window_tokens": Range(least=0, most=8192),
    "seed": Range(least=_RANDOM, most=_MOST_SEED),
    "typical_p": Range(least=0, most=1, step=0.01),
    "top_n_sigma": Range(least=0, most=10, step=0.1),
    "xtc_probability": Range(least=0, most=1, step=0.05),
    "xtc_threshold": Range(least=0, most=0.5, step=0.01),
    "dynamic_temperature_range": Range(least=0, most=5, step=0.05),
    "dynamic_temperature_exponent": Range(least=0.1, most=10, step=0.1),
    "mirostat": Range(least=0, most=2),
    "mirostat_tau": Range(least=0, most=20, step=0.1),
    "mirostat_eta": Range(least=0, most=1, step=0.01),
    "dry_multiplier": Range(least=0, most=5, step=0.05),
    "dry_base": Range(least=1, most=4, step=0.05),
    "dry_allowed_length": Range(least=0, most=100),
    "dry_window_tokens": Range(least=-1, most=131_072),
}


class _Whole(QSpinBox):
    """The wheel scrolls the page, not a number the pointer happens to be over."""

    @override
    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


class _Fraction(QDoubleSpinBox):
    """As above."""

    @override
    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


class ChatSettingsKnobs(QWidget):
    """Shows a sampling, and tells the one that a change makes of it."""

    changed = Signal(object)  # Sampling

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sampling = Sampling()
        self._showing = False
        self.fields: dict[str, _Whole | _Fraction] = {}
        self.resets: dict[str, IconButton] = {}
        self.bias = QLineEdit()
        self.bias.setPlaceholderText(self.tr("token: bias, …"))
        self.bias.setFixedWidth(_FIELD)
        self.bias.setValidator(QRegularExpressionValidator(QRegularExpression(_BIASES), self.bias))
        self.breakers = QLineEdit()
        self.breakers.setFixedWidth(_FIELD)
        said = self._said() | self._said_of_rare()
        lines = [self._line(name, *words) for name, words in said.items()]
        layout = column(*lines, spacing=14)
        self.setLayout(layout)
        self.bias.editingFinished.connect(self._change_bias)
        self.breakers.editingFinished.connect(self._change_breakers)
        self.show_sampling(Sampling())

    def show_sampling(self, sampling: Sampling) -> None:
        """Show that one."""
        self._sampling = sampling
        self._showing = True
        plain = Sampling()
        for name, field in self.fields.items():
            value = getattr(sampling, name)
            field.setValue(_RANDOM if value is None else value)
            self.resets[name].setEnabled(value != getattr(plain, name))
        if not self.bias.hasFocus() or not sampling.logit_bias:
            biases = sorted(sampling.logit_bias.items())
            self.bias.setText(", ".join(f"{token}: {bias:g}" for token, bias in biases))
        self.resets["logit_bias"].setEnabled(bool(sampling.logit_bias))
        self.breakers.setText(" ".join(map(_escaped, sampling.dry_breakers)))
        self.resets["dry_breakers"].setEnabled(sampling.dry_breakers != plain.dry_breakers)
        self._showing = False

    def _line(self, name: str, says: str, does: str) -> QWidget:
        texts = {"logit_bias": self.bias, "dry_breakers": self.breakers}
        field = texts.get(name) or self._number(name)
        field.setAccessibleName(says)
        field.setAccessibleDescription(does)
        reset = icon_button("refresh", self.tr("Back to the default: {0}").format(says))
        reset.clicked.connect(lambda: self._reset(name))
        self.resets[name] = reset
        words = column(label(says), label(does, "dim", wrap=True), spacing=2)
        line = row(words, field, reset, spacing=12)
        line.setStretch(0, 1)
        line.setAlignment(field, Qt.AlignmentFlag.AlignTop)
        line.setAlignment(reset, Qt.AlignmentFlag.AlignTop)
        holder = QWidget()
        holder.setLayout(line)
        return holder

    def _number(self, name: str) -> QWidget:
        reach = RANGES[name]
        if reach.step is None:
            whole = _Whole()
            whole.setRange(int(reach.least), int(reach.most))
            if name == "seed":
                whole.setSpecialValueText(self.tr("random"))
            if name == "dry_window_tokens":
                whole.setSpecialValueText(self.tr("all"))
            whole.valueChanged.connect(lambda: self._change(name))
            field = self.fields[name] = whole
        else:
            part = _Fraction()
            part.setRange(reach.least, reach.most)
            part.setSingleStep(reach.step)
            part.setDecimals(2)
            part.valueChanged.connect(lambda: self._change(name))
            field = self.fields[name] = part
        field.setKeyboardTracking(False)  # a number half typed is nobody's choice
        field.setFixedWidth(_FIELD)
        field.setAlignment(Qt.AlignmentFlag.AlignRight)
        field.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        return field

    def _change(self, name: str) -> None:
        number = self.fields[name].value()
        self._tell(name, None if name == "seed" and number == _RANDOM else _rounded(number))

    def _change_bias(self) -> None:
        found = {int(token): float(bias) for token, bias in _BIAS.findall(self.bias.text())}
        self._tell("logit_bias", found)

    def _change_breakers(self) -> None:
        self._tell("dry_breakers", tuple(map(_unescaped, self.breakers.text().split())))

    def _reset(self, name: str) -> None:
        self._tell(name, getattr(Sampling(), name))

    def _tell(self, name: str, value: object) -> None:
        if self._showing or value == getattr(self._sampling, name):
            return
        change: dict[str, Any] = {name: value}
        self.show_sampling(replace(self._sampling, **change))
        self.changed.emit(self._sampling)

    def _said(self) -> dict[str, tuple[str, str]]:
        """Of each knob its name, and what it does."""
        return {
            "temperature": (
                self.tr("Temperature"),
                self.tr("How bold the choice of words is: 0 always takes the likeliest. 0 to 5."),
            ),
            "top_k": (
                self.tr("Top K"),
                self.tr("Only so many of the likeliest tokens are considered. 0 is off."),
            ),
            "top_p": (
                self.tr("Top P"),
                self.tr("Only the likeliest tokens that make up this share. 1 is off."),
            ),
            "min_p": (
                self.tr("Min P"),
                self.tr("Only tokens at least this likely, beside the likeliest. 0 is off."),
            ),
            "repeat_penalty": (
                self.tr("Repeat penalty"),
                self.tr("Makes tokens that were just used less likely. 1 is off."),
            ),
            "presence_penalty": (
                self.tr("Presence penalty"),
                self.tr("Against tokens that occurred at all: new subjects. 0 is off; −2 to 2."),
            ),
            "frequency_penalty": (
                self.tr("Frequency penalty"),
                self.tr("Against tokens by how often they occurred. 0 is off; −2 to 2."),
            ),
            "penalty_window_tokens": (
                self.tr("Penalty window"),
                self.tr("How many of the last tokens the penalties look at. 0 to 8,192."),
            ),
            "seed": (
                self.tr("Seed"),
                self.tr("The same number draws the same answer again, as far as llama.cpp can."),
            ),
            "logit_bias": (
                self.tr("Logit bias"),
                self.tr("Makes single tokens likelier or less so, by their numbers: 42: -5."),
            ),
        }

    def _said_of_rare(self) -> dict[str, tuple[str, str]]:
        """Of those that few turn."""
        return {
            "typical_p": (
                self.tr("Typical P"),
                self.tr("Only tokens about as surprising as is usual here. 1 is off."),
            ),
            "top_n_sigma": (
                self.tr("Top n sigma"),
                self.tr("Only tokens within so many deviations of the likeliest. 0 is off."),
            ),
            "xtc_probability": (
                self.tr("XTC probability"),
                self.tr("How often the most obvious tokens are left out. 0 is off."),
            ),
            "xtc_threshold": (
                self.tr("XTC threshold"),
                self.tr("How likely a token must be to count as obvious. 0 to 0.5."),
            ),
            "dynamic_temperature_range": (
                self.tr("Dynamic temperature"),
                self.tr("How far the temperature moves with the model's certainty. 0 is off."),
            ),
            "dynamic_temperature_exponent": (
                self.tr("Dynamic temperature exponent"),
                self.tr("How steeply it moves: 1 is even. 0.1 to 10."),
            ),
            "mirostat": (
                self.tr("Mirostat"),
                self.tr("Keeps answers evenly surprising, by version 1 or 2. 0 is off."),
            ),
            "mirostat_tau": (
                self.tr("Mirostat tau"),
                self.tr("How surprising it keeps them. 0 to 20."),
            ),
            "mirostat_eta": (
                self.tr("Mirostat eta"),
                self.tr("How fast it gets there. 0 to 1."),
            ),
            "dry_multiplier": (
                self.tr("DRY multiplier"),
                self.tr("Against repeating whole sequences. 0 is off."),
            ),
            "dry_base": (
                self.tr("DRY base"),
                self.tr("How fast that grows with the length of what is repeated. 1 to 4."),
            ),
            "dry_allowed_length": (
                self.tr("DRY allowed length"),
                self.tr("Repeats up to so many tokens cost nothing."),
            ),
            "dry_window_tokens": (
                self.tr("DRY window"),
                self.tr("How many of the last tokens DRY looks at."),
            ),
            "dry_breakers": (
                self.tr("DRY breakers"),
                self.tr("Where a sequence ends, parted by spaces; \\n is a new line."),
            ),
        }


def _escaped(breaker: str) -> str:
    return (
        breaker.replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t").replace(" ", "\\s")
    )


def _unescaped(shown: str) -> str:
    known = {"\\n": "\n", "\\t": "\t", "\\s": " ", "\\\\": "\\"}
    return re.sub(r"\\[nts\\]", lambda found: known[found.group()], shown)


def _rounded(number: float) -> float:
    return number if isinstance(number, int) else round(number, 2)
