"""`engine.worker --calibrate [FILE]`: measures the machine, part by part, and tells each figure.

A part that fails is told as missed, and the others go on. FILE is big and on the disk that is to
be measured.
"""

import os
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Literal

import psutil

from engine.protocol.calibrate import (
    GO,
    Board,
    CalibrationReport,
    CardFound,
    Done,
    Figure,
    Measured,
    Missed,
    Moved,
    Standing,
    calibration_frame,
)
from engine.protocol.library import LLAMA
from engine.worker.ggml import F32, Ggml
from engine.worker.kernels import (
    TYPES,
    Bench,
    CannotMeasure,
    Device,
    devices,
    typical_seconds,
)
from engine.worker.llama import Library
from engine.worker.placing import physical_cores, spare_some
from engine.worker.tiny import CELLS, CannotMake, TinyModel, TinyShape

BUDGET_SECONDS = 50.0
_PATIENCE = 1.3  # times what a step usually takes: the common types come first, rare ones may miss
_NO_TIME = "there was no time left"
_Q4_K = TYPES["Q4_K"]
_Q4_K_BYTES = 144 / 256  # a weight's
# Real widths: small matrices keep a card less busy than big ones, and that is a layer's cost too.
_DENSE = TinyShape(width=4096, inner=14336, heads=32, kv_heads=8, head=128)
_EXPERTS = TinyShape(
    width=2048, inner=768, heads=32, kv_heads=4, head=128, experts=64, experts_used=8
)
# On a processor reading dwarfs all else, so the layers must be small to show their fixed cost.
_SMALL = TinyShape(width=256, inner=768, heads=4, kv_heads=2, head=64)
# Few layers must still read more than a card's cache holds.
_FEW = {Figure.LAYER: 2, Figure.EXPERT_LAYER: 4}
_MANY = {Figure.LAYER: 10, Figure.EXPERT_LAYER: 12}
_SMALL_FEW, _SMALL_MANY = 4, 16
_NEARLY = 0.85  # of the best rate
_USUAL_LAYERS = 32  # over which a token's own fixed cost is spread
_CHUNK_TOKENS = 16
_PROMPT_TOKENS = 512
_DISK_BYTES, _DISK_SECONDS = 512 << 20, 3.0

Tell = Callable[[CalibrationReport], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenTimes:
    """Seconds a token with few and with many layers of one shape."""

    few: int
    few_seconds: float
    many: int
    many_seconds: float

    def layer_seconds(self, layer_bytes: float, bytes_per_second: float) -> float:
        """A layer's cost beyond the reading of its weights.

        What a token costs without any layer is spread over as many as models usually have.
        """
        slope = (self.many_seconds - self.few_seconds) / (self.many - self.few)
        rest = max(0.0, self.few_seconds - slope * self.few)
        return max(0.0, slope - layer_bytes / bytes_per_second) + rest / _USUAL_LAYERS


def best_threads(rates: Mapping[int, float]) -> int:
    """The most threads that still read nearly as fast as any number does, within `spare_some`.

    Fewer may read as fast, but unpacking low-bit types and prompts want more.
    """
    most = spare_some(max(rates))
    counted = {count: rate for count, rate in rates.items() if count <= most}
    best = max(counted.values())
    return max(count for count, rate in counted.items() if rate >= _NEARLY * best)


def calibrate(
    pipe: BinaryIO,
    send: Callable[[bytes], None],
    file: Path | None,
    pack: Path | None = None,
) -> None:
    """Measure everything, in at most about a minute; ends the process when the pipe closes."""
    go = threading.Semaphore(0)
    threading.Thread(target=_listen, args=(pipe, go), name="pipe", daemon=True).start()

    def tell(report: CalibrationReport) -> None:
        send(calibration_frame(report))

    _Calibration(Library(pack), tell, lambda: go.acquire(timeout=5.0), file).run()
    tell(Done())


def _listen(pipe: BinaryIO, go: threading.Semaphore) -> None:
    while pipe.read(len(GO)) == GO:
        go.release()
    os._exit(0)


class _Calibration:
    def __init__(
        self, library: Library, tell: Tell, wait: Callable[[], bool], file: Path | None
    ) -> None:
        self._library = library
        self._tell = tell
        self._wait = wait
        self._file = file
        self._threads = physical_cores()
        self._ggml = Ggml()
        found = devices(self._ggml)
        self._cards = [device for device in found if device.is_card]
        self._board = next(device for device in found if not device.is_card)
        self._figures: dict[tuple[int | None, Figure, str], float] = {}
        self._times: dict[tuple[int, Figure], TokenTimes] = {}
        self._title, self._start, self._span, self._until = "", 0.0, 0.0, 0.0
        self._began = time.monotonic()

    def run(self) -> None:
        """All steps. The board comes first: a card's driver may end the process."""
        self._tell_board()
        for number, card in enumerate(self._cards):
            self._tell(
                CardFound(
                    number=number,
                    device=card.name,
                    name=card.description,
                    memory_bytes=card.memory_bytes,
                )
            )
        steps = self._steps()
        whole = sum(seconds for _, seconds, _ in steps)
        before = 0.0
        for title, seconds, step in steps:
            self._title, self._start, self._span = title, before / whole, seconds / whole
            self._until = time.monotonic() + seconds * _PATIENCE
            self._moved(0.0)
            before += seconds
            if time.monotonic() - self._began > BUDGET_SECONDS:
                self._tell(Missed(step=title, reason=_NO_TIME))
                continue
            try:
                step()
            except (CannotMeasure, CannotMake, OSError, MemoryError) as problem:
                self._tell(Missed(step=title, reason=str(problem) or type(problem).__name__))

    def _tell_board(self) -> None:
        self._tell(Board(threads=self._threads, library=LLAMA))

    def _moved(self, part: float) -> None:
        self._tell(Moved(step=self._title, fraction=self._start + part * self._span))

    def _steps(self) -> list[tuple[str, float, Callable[[], None]]]:
        """What is done, how many seconds it usually takes, and how."""
        steps: list[tuple[str, float, Callable[[], None]]] = [
            ("RAM", 2.0, self._read_ram),
            ("processor, types", 13.0, self._rate_board),
            ("processor, layers", 1.0, self._layers_on_board),
        ]
        if self._file is not None:
            steps.append(("disk", 0.5, self._read_disk))
        for number, card in enumerate(self._cards):
            # Models before kernels: what the bench allocates must not count as theirs.
            models = f"{card.description}, models"
            steps.append((models, 3.0, lambda n=number: self._models_on(n)))
        for number, card in enumerate(self._cards):
            steps.append((f"{card.description}, copies", 1.0, lambda n=number: self._copy_to(n)))
            seconds = 6.0 if self._twin(number) is None else 0.1
            steps.append(
                (f"{card.description}, types", seconds, lambda n=number: self._rate_card(n))
            )
        return steps

    # --- the board -------------------------------------------------------------------------

    def _read_ram(self) -> None:
        counts = [1]
        while counts[-1] * 2 < self._threads:
            counts.append(counts[-1] * 2)
        most = self._threads
        threads = tuple(sorted({*counts, max(1, most * 3 // 4), spare_some(most), most}))
        total = 1 << 30 if psutil.virtual_memory().available > 8 << 30 else 256 << 20
        bench = Bench(self._ggml, self._board)
        try:
            rates = bench.read_rates(F32, total, threads, 0.4)
        finally:
            bench.close()
        for count, rate in rates.items():
            self._note(None, Figure.READ_RATE, rate, str(count))
        self._threads = best_threads(rates)
        self._tell_board()

    def _rate_board(self) -> None:
        bench = Bench(self._ggml, self._board)
        bench.use_threads(self._threads)
        try:
            self._rate_types(None, bench, 256 << 20, 0.4)
            self._note(None, Figure.FLOPS, bench.flops(_Q4_K, 0.3))
        finally:
            bench.close()

    def _layers_on_board(self) -> None:
        few = self._token_seconds(_SMALL, _SMALL_FEW, None)
        many = self._token_seconds(_SMALL, _SMALL_MANY, None)
        times = TokenTimes(few=_SMALL_FEW, few_seconds=few, many=_SMALL_MANY, many_seconds=many)
        # These weights stay in the processor's caches: there is no reading to take off.
        self._note(None, Figure.LAYER, times.layer_seconds(0.0, 1.0))

    def _read_disk(self) -> None:
        assert self._file is not None
        with self._file.open("rb", buffering=0) as file:
            if not _forget(file.fileno()):
                raise CannotMeasure("the system does not let go of what it has read before")
            read, began, chunk = 0, time.perf_counter(), bytearray(8 << 20)
            while read < _DISK_BYTES and time.perf_counter() - began < _DISK_SECONDS:
                count = file.readinto(chunk)
                if not count:
                    break
                read += count
            taken = time.perf_counter() - began
        if read < 32 << 20:
            raise CannotMeasure("the file is too small")
        self._note(None, Figure.DISK, read / taken)

    # --- cards -----------------------------------------------------------------------------

    def _models_on(self, number: int) -> None:
        twin = self._twin(number)
        shapes = ((Figure.LAYER, _DENSE), (Figure.EXPERT_LAYER, _EXPERTS))
        for figure, shape in shapes:
            few, many = _FEW[figure], self._layers_that_fit(self._cards[number], figure, shape)
            many_seconds = self._token_seconds(shape, many, number)
            if twin is not None:
                continue
            few_seconds = self._token_seconds(shape, few, number, watched=False)
            self._times[number, figure] = TokenTimes(
                few=few, few_seconds=few_seconds, many=many, many_seconds=many_seconds
            )

    def _copy_to(self, number: int) -> None:
        bench = Bench(self._ggml, self._cards[number])
        try:
            for figure, pinned in ((Figure.PAGEABLE, False), (Figure.PINNED, True)):
                rate = bench.upload_rate(pinned=pinned, total_bytes=256 << 20, seconds=0.15)
                self._note(number, figure, rate)
        finally:
            bench.close()

    def _rate_card(self, number: int) -> None:
        if (twin := self._twin(number)) is not None:
            self._repeat(twin, number)
            return
        bench = Bench(self._ggml, self._cards[number])
        try:
            total = min(512 << 20, self._cards[number].free_bytes // 4)
            self._rate_types(number, bench, total, 0.12)
            self._note(number, Figure.FLOPS, bench.flops(_Q4_K, 0.2))
        finally:
            bench.close()
        for figure, shape in ((Figure.LAYER, _DENSE), (Figure.EXPERT_LAYER, _EXPERTS)):
            if (times := self._times.get((number, figure))) is not None:
                self._note_layer(number, figure, times, shape)

    def _twin(self, number: int) -> int | None:
        """A card of the same kind that was measured before."""
        for other in range(number):
            if self._cards[other].description == self._cards[number].description:
                return other
        return None

    def _repeat(self, twin: int, number: int) -> None:
        for (owner, figure, key), value in list(self._figures.items()):
            if owner == twin and figure not in {Figure.PINNED, Figure.PAGEABLE}:
                self._note(number, figure, value, key)

    def _layers_that_fit(self, card: Device, figure: Figure, shape: TinyShape) -> int:
        room = card.free_bytes // 2
        layers = min(_MANY[figure], int(room / (shape.layer_weights_held * _Q4_K_BYTES)))
        if layers <= _FEW[figure]:
            raise CannotMake("there is too little free memory on the card")
        return layers

    # --- both ------------------------------------------------------------------------------

    def _rate_types(self, owner: int | None, bench: Bench, total: int, seconds: float) -> None:
        for index, (name, kind) in enumerate(TYPES.items()):
            self._moved(index / len(TYPES))
            if time.monotonic() > self._until:
                self._tell(Missed(step=f"{self._title}: {name}", reason=_NO_TIME))
                continue
            try:
                rate = bench.read_rate(kind, total, seconds)
            except CannotMeasure as problem:
                self._tell(Missed(step=f"{self._title}: {name}", reason=str(problem)))
            else:
                self._note(owner, Figure.TYPE_RATE, rate, name)

    def _token_seconds(
        self, shape: TinyShape, layers: int, number: int | None, *, watched: bool = True
    ) -> float:
        device = None if number is None else self._cards[number]
        before = self._own_bytes(device)
        chunk = 2 if device is None else _CHUNK_TOKENS
        model = TinyModel(
            self._ggml,
            shape,
            layers,
            device=None if device is None else device.pointer,
            threads=self._threads,
        )
        try:
            own = self._own_bytes(device) - before
            if number is not None and watched:
                self._stand(number, "loaded", own)
            model.read(_PROMPT_TOKENS)

            def write() -> None:
                for _ in range(chunk):
                    model.write()

            # No more than the context holds.
            taken = typical_seconds(write, 0.4, most=(CELLS - _PROMPT_TOKENS) // chunk - 1)
            if number is not None and watched:
                self._stand(number, "used", own)
        finally:
            model.free()
        return taken / chunk

    def _own_bytes(self, device: Device | None) -> int:
        return 0 if device is None else self._library.log.device_bytes.get(device.name, 0)

    def _stand(self, number: int, stage: Literal["loaded", "used"], own: int) -> None:
        self._tell(Standing(number=number, stage=stage, own_bytes=own))
        self._wait()

    def _note_layer(self, owner: int, figure: Figure, times: TokenTimes, shape: TinyShape) -> None:
        rate = self._figures.get((owner, Figure.TYPE_RATE, "Q4_K"))
        if rate is None:
            raise CannotMeasure("the rate of its type is not known")
        seconds = times.layer_seconds(shape.layer_weights * _Q4_K_BYTES, rate)
        self._note(owner, figure, seconds)

    def _note(self, owner: int | None, figure: Figure, value: float, key: str = "") -> None:
        self._figures[owner, figure, key] = value
        self._tell(Measured(number=owner, figure=figure, key=key, value=value))


def _forget(descriptor: int) -> bool:
    """Have the system drop its copy of the file; False where it cannot be asked to."""
    if sys.platform == "win32" or not hasattr(os, "posix_fadvise"):
        return False
    os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
    return True
