"""What the machine does: the answers in progress, memory, processor and every card."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.presenters.machine import MachinePresenter
from app.presenters.monitor.presenter import MonitorPresenter
from app.theme.tokens import Tokens
from app.views import words
from app.views.monitor import purposes
from app.views.monitor.meter_card import MeterCard
from app.widgets.arranging import column
from app.widgets.meter_bar import MeterPart
from engine.hardware.machine import GpuReading, Reading
from engine.host.facts import StreamsMoved


class MachinePanel(QWidget):
    """One card for the answers, one for each GPU with its memory by purpose, two for the rest."""

    def __init__(
        self,
        machine: MachinePresenter,
        monitor: MonitorPresenter,
        tokens: Tokens,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._machine, self._monitor, self._tokens = machine, monitor, tokens
        self._answers = MeterCard(self.tr("Answer"), ceiling=None)
        self._memory = MeterCard(self.tr("Memory"), line=False)
        self._processor = MeterCard(self.tr("Processor"))
        self._cards: dict[int, MeterCard] = {}
        self._layout: QVBoxLayout = column(self._answers, self._memory, self._processor, spacing=12)
        self.setLayout(self._layout)
        for reading in machine.history:
            self._show_reading(reading)
        self._last = machine.reading
        self._show_streams(machine.streams)
        machine.changed.connect(self._show)
        monitor.changed.connect(self._show_usage)
        self._show_usage()

    @property
    def words(self) -> str:
        """Everything the cards say."""
        cards = [self._answers, self._memory, self._processor, *self._cards.values()]
        return "\n".join(shown.words for shown in cards)

    def wear(self, tokens: Tokens) -> None:
        """Another look."""
        self._tokens = tokens
        self._show_usage()

    def _show(self) -> None:
        reading = self._machine.reading
        if reading is not None and reading is not self._last:
            self._last = reading
            self._show_reading(reading)
        self._show_streams(self._machine.streams)

    def _show_streams(self, streams: StreamsMoved | None) -> None:
        if streams is None:
            self._answers.show_badges(())
            self._answers.show_bar((), self.tr("Nothing is being answered"))
            return
        used, total = streams.context_used_tokens, streams.context_tokens
        badges = [words.speed(streams.decode_tps)] if streams.streams else []
        if streams.streams > 1:
            badges.append(self.tr("{0} at once").format(streams.streams))
        self._answers.show_badges(badges)
        self._answers.show_bar(
            (MeterPart(fraction=used / total if total else 0.0),),
            self.tr("Context {0} / {1}").format(words.count(used), words.count(total)),
        )
        self._answers.push(streams.decode_tps)

    def _show_reading(self, reading: Reading) -> None:
        share = reading.memory_used_bytes / max(1, reading.memory_total_bytes)
        self._memory.show_badges([words.percent(share)])
        self._memory.show_bar(
            (MeterPart(fraction=share),),
            words.memory_of(reading.memory_used_bytes, reading.memory_total_bytes),
        )
        self._memory.push(share)
        self._processor.show_badges([words.percent(reading.cpu)])
        self._processor.show_bar((MeterPart(fraction=reading.cpu),), self.tr("All cores"))
        self._processor.push(reading.cpu)
        for gpu in reading.gpus:
            self._show_gpu(gpu)

    def _show_gpu(self, gpu: GpuReading) -> None:
        shown = self._cards.get(gpu.index)
        if shown is None:
            shown = MeterCard(self.tr("GPU {0}").format(gpu.index))
            shown.show_name(purposes.short_card(gpu.name))
            shown.setToolTip(gpu.name)
            self._cards[gpu.index] = shown
            self._layout.insertWidget(len(self._cards), shown)
        badges: list[str] = []
        if gpu.utilization is not None:
            badges.append(words.percent(gpu.utilization))
        if gpu.temperature_celsius is not None:
            badges.append(f"{gpu.temperature_celsius:.0f} °C")
        shown.show_badges(badges)
        self._show_memory(gpu)
        if gpu.utilization is not None:
            shown.push(gpu.utilization)

    def _show_memory(self, gpu: GpuReading) -> None:
        used, total = gpu.memory_used_bytes, gpu.memory_total_bytes
        share = used / total if used is not None and total else 0.0
        parts = self._parts(gpu.index) or (MeterPart(fraction=share),)
        self._cards[gpu.index].show_bar(parts, words.memory_of(used, total), _power_words(gpu))

    def _show_usage(self) -> None:
        usage = self._monitor.live.usage
        for index, shown in self._cards.items():
            known = usage.get(index)
            shown.show_legend(purposes.short_legend(known, self._tokens) if known else ())
        for gpu in self._last.gpus if self._last else ():
            self._show_memory(gpu)

    def _parts(self, index: int) -> tuple[MeterPart, ...]:
        usage = self._monitor.live.usage.get(index)
        if usage is None:
            return ()
        return tuple(
            MeterPart(
                fraction=share.size_bytes / max(1, usage.total_bytes),
                colour=purposes.quiet_colour(self._tokens, share.purpose),
            )
            for share in usage.shares
            if share.size_bytes > 0
        )


def _power_words(gpu: GpuReading) -> str:
    if gpu.power_watts is None:
        return ""
    if gpu.power_limit_watts is None:
        return f"{gpu.power_watts:.0f} W"
    return f"{gpu.power_watts:.0f} / {gpu.power_limit_watts:.0f} W"
