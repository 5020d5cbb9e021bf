"""What the cards and the computer do, as last read, and the energy it took."""

from collections.abc import Callable, Iterator, Mapping

from prometheus_client.metrics_core import Metric

from engine.events import Event, MachineRead, RatesRead, UsageRead
from engine.hardware.machine import GpuReading, Reading
from engine.monitor.values import CardUsage, Rates
from engine.server.metrics.series import Count, gauge

# Between readings further apart the machine slept: no energy is known.
_LONGEST_GAP_SECONDS = 5.0
_CARD = ("gpu", "name")

# Name, what it says, and what of a card's reading it is.
_OF_CARDS: tuple[tuple[str, str, Callable[[GpuReading], float | None]], ...] = (
    ("memory_used_bytes", "Memory in use, by whomever.", lambda card: card.memory_used_bytes),
    ("memory_total_bytes", "Memory there is.", lambda card: card.memory_total_bytes),
    ("utilization_ratio", "Share of time with a kernel at work.", lambda card: card.utilization),
    ("power_watts", "Power drawn.", lambda card: card.power_watts),
    ("power_limit_watts", "Power it may draw.", lambda card: card.power_limit_watts),
    ("temperature_celsius", "Its core's temperature.", lambda card: card.temperature_celsius),
    ("clock_mhz", "Its cores' clock.", lambda card: card.graphics_clock_mhz),
    ("fan_ratio", "Its fan's speed.", lambda card: card.fan),
    ("ecc_errors", "Memory errors not corrected.", lambda card: card.ecc_errors),
)


class MachineMeters:
    """Keeps the last reading; adds up the cards' energy."""

    def __init__(self) -> None:
        self._reading: Reading | None = None
        self._usage: tuple[CardUsage, ...] = ()
        self._rates = Rates()
        self._joules = Count(
            "fullbore_gpu_energy_joules", "Energy drawn since the port opened.", _CARD
        )

    def hear(self, event: Event) -> None:
        """A fact; those about other things are let pass."""
        match event:
            case MachineRead(reading=reading):
                self._spend(reading)
                self._reading = reading
            case UsageRead(cards=cards):
                self._usage = cards
            case RatesRead(rates=rates):
                self._rates = rates
            case _:
                pass

    def collect(self) -> Iterator[Metric]:
        """Every family."""
        gpus = () if self._reading is None else self._reading.gpus
        for name, help_, read in _OF_CARDS:
            values = [(_card(gpu), read(gpu)) for gpu in gpus]
            yield gauge(f"fullbore_gpu_{name}", help_, values, _CARD)
        yield self._joules.family()
        yield gauge(
            "fullbore_gpu_memory_purpose_bytes",
            "What a card's memory is used for.",
            self._purposes().items(),
            ("gpu", "purpose"),
        )
        yield from self._lately()
        yield from self._computer()

    # --- inside ------------------------------------------------------------------------------

    def _spend(self, reading: Reading) -> None:
        before = self._reading
        passed = 0.0 if before is None else reading.at_seconds - before.at_seconds
        if before is None or not 0 < passed <= _LONGEST_GAP_SECONDS:
            return
        drew = {gpu.index: gpu.power_watts for gpu in before.gpus}
        for gpu in reading.gpus:
            then, now = drew.get(gpu.index), gpu.power_watts
            if then is not None and now is not None:
                self._joules.add(*_card(gpu), amount=passed * (then + now) / 2)

    def _purposes(self) -> Mapping[tuple[str, ...], float]:
        sizes: dict[tuple[str, ...], float] = {}
        for card in self._usage:
            for share in card.shares:  # without names: other programs have any
                key = (str(card.index), share.purpose.value)
                sizes[key] = sizes.get(key, 0.0) + share.size_bytes
        return sizes

    def _lately(self) -> Iterator[Metric]:
        rates = self._rates
        for name, help_, value in (
            ("streams", "Answers being written.", rates.streams),
            ("cache_reuse_ratio", "Share of prompts' tokens not read anew, lately.", rates.reuse),
            ("speculation_accepted_ratio", "Share of guesses that held.", rates.acceptance),
            ("energy_joules_per_token", "Energy per token, lately.", rates.joules_per_token),
            ("prompt_tokens_per_second", "Speed of reading prompts, lately.", rates.prompt_tps),
        ):
            yield gauge(f"fullbore_{name}", help_, [((), value)])

    def _computer(self) -> Iterator[Metric]:
        read = self._reading
        for name, help_, value in (
            ("cpu_ratio", "Share of all cores at work.", read and read.cpu),
            ("memory_used_bytes", "RAM in use.", read and read.memory_used_bytes),
            ("memory_total_bytes", "RAM there is.", read and read.memory_total_bytes),
        ):
            yield gauge(f"fullbore_host_{name}", help_, [((), value)])
        workers = () if read is None else read.workers
        yield gauge(
            "fullbore_worker_memory_bytes",
            "RAM of the processes that run models, together.",
            [((), float(sum(worker.memory_bytes for worker in workers)))],
        )


def _card(gpu: GpuReading) -> tuple[str, str]:
    return str(gpu.index), gpu.name
