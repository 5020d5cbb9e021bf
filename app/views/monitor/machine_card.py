"""The computer around the cards: processor, memory, disk, and what the workers take of them."""

from collections.abc import Mapping

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QFrame, QGridLayout

from app.lists.sizes import decimal_text
from app.presenters.monitor import series
from app.presenters.monitor.presenter import MonitorPresenter
from app.theme.tokens import Tokens
from app.views import words
from app.views.monitor.chart_set import ChartSet, Line
from app.widgets.arranging import column, label, row
from app.widgets.core_bars import CoreBars
from engine.hardware.machine import Reading

_GIB = 2**30


class MachineCard(QFrame):
    """Shows what it is told."""

    def __init__(self, monitor: MonitorPresenter, tokens: Tokens) -> None:
        super().__init__()
        self.setProperty("kind", "card")
        self.setAccessibleName(self.tr("Processor and memory"))
        self._charts = ChartSet(monitor, tokens)
        self._badge = label("", "badge")
        self._cores = CoreBars(self.tr("Cores"))
        self._told = label("", "dim", wrap=True)
        self._ours = label("", "faint", wrap=True)
        busy = Line(key=series.CPU, name="", colour=lambda look: look.accent, says=words.percent)
        memory = Line(
            key=series.RAM, name=self.tr("RAM"), colour=lambda look: look.weights, says=_gigabytes
        )
        workers = Line(
            key=series.WORKERS_RAM,
            name=self.tr("models"),
            colour=lambda look: look.compute,
            says=_gigabytes,
        )
        disk = Line(key=series.DISK, name="", colour=lambda look: look.other, says=words.pace)
        swap = Line(key=series.SWAP, name="", colour=lambda look: look.error, says=_gigabytes)
        reading = monitor.moment.reading
        total = reading.memory_total_bytes if reading else None
        self._memory = self._charts.add(
            self.tr("Memory"), memory, workers, ceiling=total, least=_GIB
        )
        charts = (
            self._charts.add(self.tr("All cores"), busy, ceiling=1.0),
            self._memory,
            self._charts.add(self.tr("Read from disk"), disk, least=1e7),
            self._charts.add(self.tr("Swap"), swap, least=_GIB / 4),
        )
        grid = QGridLayout()
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(4)
        for place, chart in enumerate(charts):
            grid.addWidget(chart, place // 2, place % 2)
            grid.setColumnStretch(place % 2, 1)
        head = row(label(self.tr("Processor and memory"), "title"), None, self._badge)
        parts = (head, self._cores, self._told, grid, self._ours)
        self.setLayout(column(*parts, margins=(14, 12, 14, 12), spacing=7))

    @property
    def charts(self) -> ChartSet:
        """Cores, memory, disk and swap."""
        return self._charts

    @property
    def words(self) -> str:
        """Everything it says, but for the charts."""
        return "\n".join(one.text() for one in (self._badge, self._told, self._ours))

    def push(self, at: float, values: Mapping[str, float | None]) -> None:
        """What was just measured, for the charts."""
        self._charts.push(at, values)

    def show_reading(self, reading: Reading | None) -> None:
        """What it says now."""
        self._badge.setVisible(reading is not None)
        if reading is None:
            self._told.setText(self.tr("Nothing was measured yet"))
            return
        self._memory.set_ceiling(float(max(1, reading.memory_total_bytes)))
        self._badge.setText(words.percent(reading.cpu))
        self._cores.show_shares(reading.cores)
        told = [
            self.tr("Memory {0}").format(
                words.memory_of(reading.memory_used_bytes, reading.memory_total_bytes)
            ),
            self.tr("Swap {0}").format(
                words.memory_of(reading.swap_used_bytes, reading.swap_total_bytes)
            ),
        ]
        self._told.setText(" · ".join(told))
        cores = sum(worker.cpu for worker in reading.workers)
        held = sum(worker.memory_bytes for worker in reading.workers)
        says = self.tr("Loaded models keep {0} cores busy and hold {1} of memory")
        self._ours.setText(says.format(decimal_text(cores, 1), words.memory(held)))
        self._ours.setVisible(bool(reading.workers))


def _gigabytes(size_bytes: float) -> str:
    return QCoreApplication.translate("monitor", "{0} GB").format(
        decimal_text(size_bytes / _GIB, 1)
    )
