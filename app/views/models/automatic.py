"""Fields that choose by themselves until the person does."""

from PySide6.QtWidgets import QComboBox, QSpinBox, QWidget
from typing_extensions import override


class AutomaticSpin(QSpinBox):
    """A number from `least` on; one step below it stands for automatic."""

    def __init__(
        self, automatic: str, *, least: int, most: int, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setRange(least - 1, most)
        self.setSpecialValueText(automatic)
        self.setGroupSeparatorShown(True)
        self.lineEdit().setTextMargins(8, 0, 0, 0)
        self.choose(None)

    @property
    def chosen(self) -> int | None:
        """The number; None: automatic."""
        return None if self.value() == self.minimum() else self.value()

    def choose(self, number: int | None) -> None:
        """Show that number, or automatic."""
        self.setValue(self.minimum() if number is None else number)


class AutomaticContext(AutomaticSpin):
    """A context's length, which steps by doubling."""

    @override
    def stepBy(self, steps: int) -> None:
        value = self.chosen
        for _ in range(abs(steps)):
            if steps > 0:
                value = 2048 if value is None else value * 2
            else:
                value = None if value is None or value // 2 <= self.minimum() else value // 2
        self.choose(None if value is None else min(value, self.maximum()))


class AutomaticChoice(QComboBox):
    """One of a few words; the first stands for automatic."""

    def __init__(
        self, automatic: str, words: dict[str, str], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.addItem(automatic, None)
        for value, said in words.items():
            self.addItem(said, value)

    @property
    def chosen(self) -> str | None:
        """The value behind the word; None: automatic."""
        value = self.currentData()
        return value if isinstance(value, str) else None

    def choose(self, value: str | None) -> None:
        """Show that value, or automatic."""
        self.setCurrentIndex(max(0, self.findData(value)))
