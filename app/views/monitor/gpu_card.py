"""One card of the machine: its memory by purpose, charts, and what it says of itself."""

from collections.abc import Mapping

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QFrame, QGridLayout, QWidget

from app.lists.sizes import decimal_text
from app.presenters.monitor import series
from app.presenters.monitor.presenter import CardShown, MonitorPresenter
from app.theme.stylesheet import set_dress
from app.theme.tokens import Tokens
from app.views import words
from app.views.monitor import purposes
from app.views.monitor.chart_set import ChartSet, Line
from app.widgets.arranging import column, label, row
from app.widgets.elided_label import ElidedLabel
from app.widgets.stacked_bar import BarPart, StackedBar
from app.widgets.swatches import Swatches
from engine.hardware.machine import GpuReading

_TALL, _LOW = 52, 34
_HOTTEST = 100.0
_GIB = 2**30


class GpuCard(QFrame):
    """Shows what it is told."""

    def __init__(
        self, monitor: MonitorPresenter, card: CardShown, tokens: Tokens, *, compact: bool
    ) -> None:
        super().__init__()
        self.setProperty("kind", "card")
        self._tokens, self._shown = tokens, card
        self._charts = ChartSet(monitor, tokens)
        self._badges = [label("", "badge") for _ in range(3)]
        self._bar = StackedBar(QColor(tokens.error))
        self._caption = label("", "dim")
        self._hints = label("", "faint", wrap=True)
        self._legend = Swatches()
        self._quiet = label("", "faint", wrap=True)
        self._slowed = label("", "warn", wrap=True)
        name = ElidedLabel()
        name.setText(purposes.short_card(card.name))
        name.setToolTip(card.name)
        set_dress(name, "role", "dim")
        title = self.tr("GPU {0}").format(card.index)
        self.setAccessibleName(f"{title} {card.name}")
        self._bar.setAccessibleName(self.tr("Memory of {0}").format(title))
        head = row(label(title, "title"), name, spacing=8)
        head.setStretch(1, 1)
        for badge in self._badges:
            head.addWidget(badge)
        grid = QGridLayout()
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(4)
        for place, chart in enumerate(self._add_charts(card.index)):
            grid.addWidget(chart, place // 2, place % 2)
            grid.setColumnStretch(place % 2, 1)
        self._charts.set_height(_LOW if compact else _TALL)
        parts = (head, self._bar, row(self._caption, None), self._legend, self._hints, grid)
        foot = (self._slowed, self._quiet)
        self.setLayout(column(*parts, *foot, margins=(14, 12, 14, 12), spacing=7))
        self.show_card(card)

    @property
    def charts(self) -> ChartSet:
        """Memory, utilisation, power and heat."""
        return self._charts

    @property
    def words(self) -> str:
        """Everything it says, but for the charts."""
        said = [*self._badges, self._caption, self._hints, self._slowed, self._quiet]
        texts = [one.text() for one in said if not one.isHidden() and one.text()]
        return "\n".join((self.accessibleName(), *texts, self._legend.words))

    def push(self, at: float, values: Mapping[str, float | None]) -> None:
        """What was just measured, for the charts."""
        self._charts.push(at, values)

    def show_card(self, card: CardShown) -> None:
        """What it says now."""
        self._shown = card
        reading, usage = card.reading, card.usage
        self._show_badges(reading)
        total = reading.memory_total_bytes if reading else None
        used = reading.memory_used_bytes if reading else None
        if usage is not None:
            self._bar.show_parts(purposes.parts(usage, self._tokens), usage.total_bytes)
            self._legend.show_entries(purposes.legend(usage, self._tokens))
            total, used = usage.total_bytes, usage.used_bytes
        else:
            says = self.tr("In use {0}").format(words.memory(used))
            part = BarPart(size=used or 0, colour=QColor(self._tokens.weights), says=says)
            self._bar.show_parts((part,) if used else (), total or 1)
            self._legend.show_entries(())
        self._caption.setText(self._memory_told(used, total, reading))
        told = purposes.hints(usage) if usage else ""
        self._hints.setText(told)
        self._hints.setVisible(bool(told))
        slowed = reading.throttles if reading else None
        self._slowed.setText(words_joined([purposes.throttle_name(why) for why in slowed or ()]))
        self._slowed.setVisible(bool(slowed))
        self._quiet.setText(self._quiet_told(reading))

    def wear(self, tokens: Tokens) -> None:
        """Another look."""
        self._tokens = tokens
        self._bar.set_over(QColor(tokens.error))
        self._charts.wear(tokens)
        self.show_card(self._shown)

    def _show_badges(self, reading: GpuReading | None) -> None:
        told = ["", "", ""]
        if reading is not None:
            if reading.utilization is not None:
                told[0] = words.percent(reading.utilization)
            if reading.temperature_celsius is not None:
                told[1] = _celsius(reading.temperature_celsius)
            if reading.power_watts is not None:
                told[2] = _watts(reading.power_watts)
        for badge, text in zip(self._badges, told, strict=True):
            badge.setText(text)
            badge.setVisible(bool(text))

    def _memory_told(self, used: int | None, total: int | None, reading: GpuReading | None) -> str:
        if reading is None:
            return self.tr("The driver no longer lists this card")
        if used is None or total is None:
            return self.tr("Memory: not reported")
        told = words.memory_of(used, total)
        free = self.tr("{0} free").format(words.memory(max(0, total - used)))
        if reading.spilled_bytes:
            spilled = self.tr("{0} spilled to RAM").format(words.memory(reading.spilled_bytes))
            return f"{told} · {free} · {spilled}"
        return f"{told} · {free}"

    def _quiet_told(self, reading: GpuReading | None) -> str:
        if reading is None:
            return ""
        clocks = _pair(reading.graphics_clock_mhz, reading.memory_clock_mhz, "MHz")
        link = None
        if reading.pcie_generation is not None and reading.pcie_width is not None:
            link = f"{reading.pcie_generation}.0 ×{reading.pcie_width}"
            if reading.pcie_received_bps is not None and reading.pcie_sent_bps is not None:
                received = words.pace(reading.pcie_received_bps)
                link += f" (↓ {received}, ↑ {words.pace(reading.pcie_sent_bps)})"
        limit = reading.power_limit_watts
        told = [
            (self.tr("Clocks"), clocks),
            (self.tr("Fan"), None if reading.fan is None else words.percent(reading.fan)),
            (self.tr("PCIe"), link),
            (self.tr("Power limit"), None if limit is None else _watts(limit)),
        ]
        if reading.ecc_errors:
            told.append((self.tr("Memory errors"), str(reading.ecc_errors)))
        missing = self.tr("not reported")
        return " · ".join(f"{name} {value or missing}" for name, value in told)

    def _add_charts(self, index: int) -> list[QWidget]:
        def key(name: str) -> str:
            return series.of_card(index, name)

        memory = Line(
            key=key(series.MEMORY), name="", colour=lambda t: t.weights, says=_memory_short
        )
        busy = Line(
            key=key(series.UTILIZATION),
            name=self.tr("cores"),
            colour=lambda t: t.compute,
            says=words.percent,
        )
        controller = Line(
            key=key(series.CONTROLLER),
            name=self.tr("memory"),
            colour=lambda t: t.kv,
            says=words.percent,
        )
        power = Line(key=key(series.POWER), name="", colour=lambda t: t.other, says=_watts)
        heat = Line(key=key(series.HEAT), name="", colour=lambda t: t.error, says=_celsius)
        reading = self._shown.reading
        total = reading.memory_total_bytes if reading else None
        limit = reading.power_limit_watts if reading else None
        return [
            self._charts.add(self.tr("Memory"), memory, ceiling=total, least=_GIB),
            self._charts.add(self.tr("Utilisation"), busy, controller, ceiling=1.0),
            self._charts.add(self.tr("Power"), power, ceiling=limit, least=50.0),
            self._charts.add(self.tr("Temperature"), heat, ceiling=_HOTTEST),
        ]


def words_joined(told: list[str]) -> str:
    """With a capital at the begin."""
    joined = ", ".join(sorted(told))
    return joined[:1].upper() + joined[1:]


def _pair(first: float | None, second: float | None, unit: str) -> str | None:
    if first is None and second is None:
        return None
    told = " / ".join("–" if one is None else f"{one:.0f}" for one in (first, second))
    return f"{told} {unit}"


def _memory_short(size_bytes: float) -> str:
    return f"{decimal_text(size_bytes / _GIB, 1)} GB"


def _watts(watts: float) -> str:
    return f"{watts:.0f} W"


def _celsius(degrees: float) -> str:
    return QCoreApplication.translate("monitor", "{0} °C").format(f"{degrees:.0f}")
