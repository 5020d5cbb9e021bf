"""What the question would take of the context, before it is asked."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QPushButton, QWidget

from app.presenters.chat.meter import Meter
from app.store.values import Overflow
from app.theme.stylesheet import set_dress
from app.theme.tokens import Tokens
from app.views import words
from app.widgets.arranging import column, label, row
from app.widgets.elided_label import ElidedLabel
from app.widgets.meter_bar import MeterBar, MeterPart

_HEIGHT = 4


class ContextMeter(QWidget):
    """A thin bar and its numbers; where the question does not fit, what can be done about it."""

    overflow_wanted = Signal(str)  # an Overflow

    def __init__(self, tokens: Tokens, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tokens = tokens
        self._meter: Meter | None = None
        self._overflow: Overflow = "refuse"
        self.bar = MeterBar(height=_HEIGHT)
        self._numbers = ElidedLabel()
        set_dress(self._numbers, "role", "faint")
        self._trouble = label("", "warn", wrap=True)
        self.choice = QPushButton()
        self.choice.setProperty("kind", "ghost")
        self.choice.setAutoDefault(False)
        self.choice.setAccessibleName(self.tr("What is done when it does not fit"))
        line = row(self.bar, self._numbers, spacing=10)
        line.setStretch(0, 1)
        trouble = row(self._trouble, self.choice)
        trouble.setStretch(0, 1)
        self.setLayout(column(line, trouble, spacing=4))
        self.setAccessibleName(self.tr("Context"))
        self.choice.clicked.connect(self._choose)
        self.show_meter(None, "refuse")

    @property
    def numbers(self) -> str:
        """What stands beside the bar."""
        return self._numbers.text()

    @property
    def trouble(self) -> str:
        """What is said where it does not fit, or where turns are left out."""
        return self._trouble.text()

    def set_tokens(self, tokens: Tokens) -> None:
        """Another look."""
        self._tokens = tokens
        self._paint()

    def show_meter(self, meter: Meter | None, overflow: Overflow) -> None:
        """Show that; None: nothing is known yet."""
        self._meter, self._overflow = meter, overflow
        self.setVisible(meter is not None)
        if meter is None:
            return
        self._paint()
        self._numbers.setText(self._said(meter))
        parts = "\n".join(self._parts_in_words(meter))
        self.setToolTip(parts)
        self.setAccessibleDescription(f"{self.numbers}. {parts}")
        says, offers = self._told(meter)
        self._trouble.setText(says)
        self._trouble.setVisible(bool(says))
        bad = bool(meter.refusal) or not meter.fits
        set_dress(self._trouble, "role", "warn" if bad else "faint")
        self.choice.setText(offers)
        self.choice.setVisible(bool(offers))

    def wait(self) -> None:
        """What is written now is counted later."""
        self._meter = None
        self.bar.set_parts(())
        self._numbers.setText(self.tr("Counted once the answer has ended"))
        self._trouble.hide()
        self.choice.hide()
        self.setToolTip("")

    def _choose(self) -> None:
        self.overflow_wanted.emit("refuse" if self._overflow == "drop_oldest" else "drop_oldest")

    def _said(self, meter: Meter) -> str:
        about = "≈ " if meter.estimated else ""
        total = about + words.count(meter.total)
        if meter.context_tokens is None or meter.answer is None:
            return self.tr("{0} tokens").format(total)
        says = self.tr("{0} of {1} tokens · {2} for the answer")
        return says.format(total, words.count(meter.context_tokens), words.count(meter.answer))

    def _parts_in_words(self, meter: Meter) -> list[str]:
        known = [
            (self.tr("System prompt and template: {0}"), meter.system),
            (self.tr("Conversation so far: {0}"), meter.history),
            (self.tr("Your question: {0}"), meter.question),
            (self.tr("Its files: {0}"), meter.attachments),
        ]
        said = [says.format(words.tokens(count)) for says, count in known]
        if meter.answer is not None:
            said.append(self.tr("Room for the answer: {0}").format(words.tokens(meter.answer)))
        if meter.estimated:
            said.append(self.tr("Estimated: no model counts at the moment."))
        return said

    def _told(self, meter: Meter) -> tuple[str, str]:
        """A sentence, and what the button beside it does; "" for none."""
        drops = self.tr("Leave out the oldest turns")
        refuses = self.tr("Leave nothing out")
        if meter.refusal:
            return meter.refusal, ""
        if not meter.fits and self._overflow == "refuse":
            says = self.tr("This does not fit the context, and would not be answered.")
            return says, drops if meter.history else ""
        if not meter.fits:
            return self.tr("This question alone does not fit the context. Make it shorter."), ""
        if meter.dropped:
            says = self.tr("Left out of the oldest turns: {0}.").format(meter.dropped)
            return says, refuses
        return "", ""

    def _paint(self) -> None:
        meter = self._meter
        if meter is None:
            return
        whole = max(1, meter.context_tokens or meter.total, meter.total)
        full = not meter.fits
        colours = (
            (meter.system, self._tokens.other),
            (meter.history, self._tokens.error if full else self._tokens.weights),
            (meter.question, self._tokens.error if full else self._tokens.compute),
            (meter.attachments, self._tokens.error if full else self._tokens.kv),
        )
        self.bar.set_parts(
            [
                MeterPart(fraction=count / whole, colour=QColor(colour))
                for count, colour in colours
                if count
            ]
        )
