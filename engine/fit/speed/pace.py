"""Pace: decode, prompt, load and energy of a layout, with an interval."""

from engine.fit.layout import Layout
from engine.fit.memory.parts import Parts
from engine.fit.plan import Interval, Pace
from engine.fit.rig import Rig
from engine.fit.speed.decode import Decode, Step
from engine.fit.speed.placed import Placed, placed
from engine.fit.speed.prompt import Prompt
from engine.fit.speed.rates import (
    BUSY_POWER,
    START_SECONDS,
    TENSOR_LOAD_FACTOR,
    UPLOAD_BYTES_PER_SECOND,
    WAITING_POWER,
)

# How far down the interval reaches, in shares of the speed: see `decode_width`.
_MEASURED_WIDTH = 0.10
_CATALOGUE_WIDTH = 0.22
_MEASURED_RAM_WIDTH = 0.15
_CATALOGUE_RAM_WIDTH = 0.30
_DISK_WIDTH = 0.5
_PROMPT_FACTOR = 1.5  # prompts are told less exactly
_UPWARD = 0.7  # machines disappoint more often than they surprise: throttling, other programs


def pace(parts: Parts, layout: Layout, rig: Rig) -> Pace:
    """How fast that layout will run. For many layouts of one model on one rig use `Pacer`."""
    return Pacer(parts, rig).pace(layout)


class Pacer:
    """Paces of one model on one rig; what does not depend on the layout is summed once."""

    def __init__(self, parts: Parts, rig: Rig) -> None:
        self._parts = parts
        self._rig = rig
        self._by_number = {card.number: card for card in rig.cards}
        self._decode = Decode(parts, rig)
        self._prompt = Prompt(parts, rig)

    def pace(self, layout: Layout) -> Pace:
        """One layout's. `decode_tps` is that of one stream with no other at work."""
        place = placed(self._parts, layout)
        step = self._decode.step(layout, place)
        correction = self._rig.corrections.get(place.kind, 1.0)
        width = self._width(layout, place, step)
        return Pace(
            decode_tps=_interval(correction / step.seconds, width),
            prompt_tps=_interval(
                self._prompt.tokens_per_second(layout, place), min(0.8, width * _PROMPT_FACTOR)
            ),
            load_seconds=self._load_seconds(place),
            joules_per_token=self._joules(layout, step, correction),
        )

    def decode_tps(self, layout: Layout, *, busy: int = 1) -> float:
        """Tokens a second of all streams together with so many at work."""
        place = placed(self._parts, layout)
        step = self._decode.step(layout, place, busy=busy)
        return busy * self._rig.corrections.get(place.kind, 1.0) / step.seconds

    def _width(self, layout: Layout, place: Placed, step: Step) -> float:
        cards = [self._by_number[number] for number in layout.cards[: len(place.spans)]]
        return decode_width(
            step,
            cards_measured=all(card.measured for card in cards),
            board_measured=self._rig.board.measured,
        )

    def _load_seconds(self, place: Placed) -> float:
        """From a file that is not in the page cache yet."""
        board = self._rig.board
        on_cards = self._decode.weights_on_cards(place)
        slowest = min(
            (card.link_bytes_per_second for card in self._rig.cards),
            default=UPLOAD_BYTES_PER_SECOND,
        )
        upload = on_cards / min(UPLOAD_BYTES_PER_SECOND, slowest)
        factor = TENSOR_LOAD_FACTOR if place.tensor else 1.0
        read = self._parts.file_bytes / board.disk_bytes_per_second
        return START_SECONDS + read + factor * upload

    def _joules(self, layout: Layout, step: Step, correction: float) -> float | None:
        seconds = step.seconds / correction
        total = 0.0
        known = False
        for number, busy in zip(layout.cards, step.cards, strict=False):
            watts = self._by_number[number].power_watts
            if watts is not None:
                known = True
                at_work = seconds if step.together else min(seconds, busy / correction)
                total += watts * (BUSY_POWER * at_work + WAITING_POWER * (seconds - at_work))
        if self._rig.board.power_watts is not None:
            known = True
            at_work = min(seconds, step.processor / correction)
            total += self._rig.board.power_watts * (
                BUSY_POWER * at_work + WAITING_POWER * (seconds - at_work)
            )
        return total if known else None


def decode_width(step: Step, *, cards_measured: bool, board_measured: bool) -> float:
    """How far below the expected speed the interval reaches, each device's part weighed by the
    time it takes; it reaches 0.7 of that above.

    From the residuals of `tests/benches/speed_points.py`: on rows not used for constants about
    four of five lie inside with 22 % for cards out of the catalogue and 30 % for RAM. Measured
    rates leave what an H100 showed between placements and depths, within 5 %, here 10 %; for RAM
    15 %. What comes from disk is told by half.
    """
    whole = step.seconds
    if whole <= 0:
        return _DISK_WIDTH
    on_cards = _MEASURED_WIDTH if cards_measured else _CATALOGUE_WIDTH
    in_ram = _MEASURED_RAM_WIDTH if board_measured else _CATALOGUE_RAM_WIDTH
    cards = whole - step.processor - step.disk
    return min(0.8, (cards * on_cards + step.processor * in_ram + step.disk * _DISK_WIDTH) / whole)


def _interval(expected: float, width: float) -> Interval:
    return Interval(
        low=expected * (1.0 - width), expected=expected, high=expected * (1.0 + _UPWARD * width)
    )
