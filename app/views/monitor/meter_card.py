"""A card for one thing that is measured: its name, badges, a bar, a caption and a line."""

from collections.abc import Sequence

from PySide6.QtWidgets import QFrame, QLabel, QWidget

from app.theme.stylesheet import set_dress
from app.widgets.arranging import column, label, row
from app.widgets.elided_label import ElidedLabel
from app.widgets.meter_bar import MeterBar, MeterPart
from app.widgets.sparkline import Sparkline
from app.widgets.swatches import Swatch, Swatches


class MeterCard(QFrame):
    """Shows what it is told."""

    def __init__(
        self,
        title: str,
        *,
        ceiling: float | None = 1.0,
        line: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setProperty("kind", "card")
        self._title = label(title, "title")
        self._name = ElidedLabel()
        set_dress(self._name, "role", "dim")
        self._badges = [label("", "badge") for _ in range(3)]
        self._bar = MeterBar(height=12)
        self._caption = label("", "dim")
        self._aside = label("", "faint")
        self._legend = Swatches()
        self._line = Sparkline(ceiling=ceiling)
        self._line.setVisible(line)
        self._name_title(title)
        head = row(self._title, self._name, spacing=8)
        head.setStretch(1, 1)
        for badge in self._badges:
            badge.hide()
            head.addWidget(badge)
        self.setLayout(
            column(
                head,
                self._bar,
                row(self._caption, None, self._aside),
                self._legend,
                self._line,
                margins=(12, 11, 12, 11),
            )
        )

    def show_name(self, name: str) -> None:
        """What exactly is measured, after the title."""
        self._name.setText(name)
        self._name_title(f"{self._title.text()} {name}")

    def show_badges(self, badges: Sequence[str]) -> None:
        """Up to three short numbers at the right of the title; empty ones are left out."""
        texts = [*badges, "", "", ""]
        for badge, text in zip(self._badges, texts, strict=False):
            badge.setText(text)
            badge.setVisible(bool(text))

    def show_bar(self, parts: Sequence[MeterPart], caption: str, aside: str = "") -> None:
        """The bar, and below it what it says in words."""
        self._bar.set_parts(parts)
        self._caption.setText(caption)
        self._aside.setText(aside)
        self.setAccessibleDescription(caption)

    def show_legend(self, entries: Sequence[Swatch]) -> None:
        """What the colours of the bar stand for."""
        self._legend.show_entries(entries)

    def push(self, value: float) -> None:
        """Add the newest value of the line."""
        self._line.push(value)

    @property
    def words(self) -> str:
        """Everything it says, for those who read instead of look."""
        labels: list[QLabel] = [self._title, self._name, *self._badges, self._caption, self._aside]
        texts = [said.text() for said in labels if said.text()]
        return " ".join((*texts, self._legend.words)).strip()

    def _name_title(self, name: str) -> None:
        self.setAccessibleName(name)
        self._bar.setAccessibleName(name)
