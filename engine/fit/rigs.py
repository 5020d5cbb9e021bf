"""Rigs: this machine, or one that exists only in a sentence, as the planner sees it."""

import re
from collections.abc import Mapping
from dataclasses import replace
from statistics import median

from engine.errors import BadRequest
from engine.fit.rig import Board, Card, Rig
from engine.fit.speed import rates
from engine.hardware.calibration import BoardCalibration, Calibration, CardCalibration
from engine.hardware.catalogue import CardSpec, Catalogue, MemoryKind, memory_kind
from engine.hardware.machine import Gpu, Machine, Reading

_GIBIBYTE = 1 << 30
_MEBIBYTE = 1 << 20

# A desktop grows by some hundred MB while a model answers (a browser, a video); a card that only
# computes keeps a little for what no prediction sees.
DISPLAY_RESERVE_BYTES = 512 * _MEBIBYTE
HEADLESS_RESERVE_BYTES = 128 * _MEBIBYTE
# What a desktop holds of the card that shows it, where no reading tells.
_DISPLAY_USED_BYTES = 600 * _MEBIBYTE
_DISPLAY_SIGN_BYTES = 150 * _MEBIBYTE  # more than a driver takes for itself
# The driver's share of a process, measured on an H100: 558 to 590 MB after load, 645 to 806 MB in
# use (7B to 70B, experts on the card and in RAM).
RESIDUAL_LOADED_BYTES = 575_000_000
RESIDUAL_PEAK_BYTES = 780_000_000
# The driver reports a little less than was sold (RTX 5090: 32,607 of 32,768 MiB).
_REPORTED_SHARE = 0.995

_CAUTIOUS_MEMORY = MemoryKind(name="RAM", channels=2, bytes_per_second=2 * 8 * 3200e6)
# More than a desktop's board takes: a server with at least six channels.
_SERVER_MEMORY_BYTES = 288 * _GIBIBYTE
_CAUTIOUS_SERVER_MEMORY = MemoryKind(name="RAM", channels=6, bytes_per_second=6 * 8 * 2666e6)
_CAUTIOUS_DISK = 2.5e9  # a middling NVMe drive
_SYSTEM_BYTES = 3 * _GIBIBYTE  # what the system and a desktop keep of RAM
_DESKTOP_CORES, _SERVER_CORES = 8, 32
_SERVER_CHANNELS = 6
_CORE_WATTS, _PLATFORM_WATTS = 7.0, 45.0  # RAM, board and fans included: a rough figure


def rig_of(
    machine: Machine,
    reading: Reading | None,
    calibration: Calibration | None,
    catalogue: Catalogue,
    *,
    reserve_bytes: Mapping[int, int],
) -> Rig:
    """This machine. What was not calibrated comes from the catalogue, and RAM then from a guess.

    `reserve_bytes` by card number replaces the reserve that a card has by default. Cards whose
    memory the driver does not tell are left out.
    """
    used = {} if reading is None else {gpu.index: gpu.memory_used_bytes for gpu in reading.gpus}
    cards: list[Card] = []
    for gpu in machine.gpus:
        if gpu.memory_bytes is None:
            continue
        card = _card_of(gpu, gpu.memory_bytes, used.get(gpu.index), catalogue)
        known = _calibration_of(gpu, calibration)
        cards.append(_with_reserve(_calibrated(card, known), reserve_bytes))
    memory = machine.memory_bytes if reading is None else reading.memory_total_bytes
    taken = _SYSTEM_BYTES if reading is None else reading.memory_used_bytes
    board = _board(
        name=machine.cpu.name,
        cores=machine.cpu.physical_cores,
        memory_bytes=memory,
        kind=_guessed_memory(memory),
    )
    board = replace(board, free_bytes=max(0, memory - taken))
    if calibration is not None:
        board = _calibrated_board(board, calibration.board)
    return Rig(
        title=_title([card.name for card in cards], memory, None),
        cards=tuple(cards),
        board=board,
        corrections={} if calibration is None else dict(calibration.corrections),
        owned=True,
    )


def parse_rig(text: str, catalogue: Catalogue) -> Rig:
    """A machine in words: "2x RTX 4090, 128 GB DDR5-5600", "3090 + 3060 12GB, 64 GB DDR4-3200",
    "no gpu, 32 GB". Also understood: "8 channels", "PCIe 3.0 x8", "16 cores", "disk 7 GB/s".

    Raises BadRequest that names what was not understood.
    """
    said = _Said()
    pieces = [piece.strip() for piece in re.split(r"[,;+&\n]|\band\b|\bwith\b", text)]
    for piece in pieces:
        if piece:
            _understand(piece, said, catalogue)
    if not said.cards and said.memory_bytes is None:
        raise BadRequest(
            "No machine was named.", remedy='Name cards and RAM: "2x RTX 4090, 128 GB DDR5-5600".'
        )
    return said.rig()


class _Said:
    """What the words of a machine have told so far."""

    def __init__(self) -> None:
        self.cards: list[CardSpec] = []
        self.memory_bytes: int | None = None
        self.memory_text = ""
        self.cores: int | None = None
        self.processor = ""
        self.disk = _CAUTIOUS_DISK
        self.link: tuple[int, int] | None = None

    def rig(self) -> Rig:
        """The machine they describe."""
        cards = [self._card(number, spec) for number, spec in enumerate(self.cards)]
        memory = 32 * _GIBIBYTE if self.memory_bytes is None else self.memory_bytes
        kind = memory_kind(self.memory_text)
        cautious = kind or _guessed_memory(memory)
        servers = cautious.channels >= _SERVER_CHANNELS
        cores = self.cores or (_SERVER_CORES if servers else _DESKTOP_CORES)
        board = _board(
            name=self.processor or f"{cores} cores", cores=cores, memory_bytes=memory, kind=cautious
        )
        title = _title([card.name for card in cards], memory, kind)
        if self.memory_bytes is None:
            title += " (assumed)"
        return Rig(
            title=title,
            cards=tuple(cards),
            board=replace(
                board,
                free_bytes=max(0, memory - _SYSTEM_BYTES),
                disk_bytes_per_second=self.disk,
            ),
            corrections={},
            owned=False,
        )

    def _card(self, number: int, spec: CardSpec) -> Card:
        display = number == 0 and not spec.headless
        if self.link is not None:
            generation = min(self.link[0], spec.pcie_generation)
            width = min(self.link[1], spec.pcie_width)
            spec = replace(spec, pcie_generation=generation, pcie_width=width)
        card = _card(spec, number=number, display=display)
        return replace(
            card,
            memory_bytes=int(spec.memory_bytes * _REPORTED_SHARE),
            used_bytes=_DISPLAY_USED_BYTES if display else 0,
        )


_AMOUNT = re.compile(r"(\d+(?:\.\d+)?)\s*(t|g)i?b\b(?!\s*/)", re.IGNORECASE)
_MEMORY_WORDS = re.compile(
    r"^(?:\s|of|ram|memory|system|ecc|r?dimms?|(?:lp)?ddr\d?x?(?:[\s-]*\d+)?|mt/s|mhz"
    r"|\d{1,2}[\s-]*(?:x|ch(?:annels?)?)|(?:single|dual|quad|hexa|octa)[\s-]*ch(?:annels?)?|@|\(|\))*$",
    re.IGNORECASE,
)
_PROCESSORS = re.compile(r"ryzen|epyc|threadripper|xeon|core|intel|amd|i[3579]-|cpu", re.IGNORECASE)


def _understand(piece: str, said: _Said, catalogue: Catalogue) -> None:
    if re.fullmatch(r"(?:no|without(?: a)?|0) (?:gpus?|cards?)|cpu only", piece, re.IGNORECASE):
        return
    if _is_fact(piece, said):
        return
    amount = _AMOUNT.search(piece)
    if _MEMORY_WORDS.match(_AMOUNT.sub(" ", piece)):
        if amount is not None:
            unit = 1024 if amount[2].lower() == "t" else 1
            said.memory_bytes = int(float(amount[1]) * unit * _GIBIBYTE)
        said.memory_text += f" {piece}"
        return
    counted = re.match(r"(\d{1,2})\s*[x×*]\s*(.+)", piece, re.IGNORECASE)
    count, name = (int(counted[1]), counted[2]) if counted else (1, piece)
    spec = catalogue.find(name)
    if spec is not None:
        said.cards += [spec] * count
    elif _PROCESSORS.search(piece):
        said.processor = piece
    else:
        raise BadRequest(
            f'"{piece}" is neither a known card nor an amount of memory.',
            remedy='Write a machine like "2x RTX 4090, 128 GB DDR5-5600".',
        )


def _is_fact(piece: str, said: _Said) -> bool:
    """Cores, channels, links and disks."""
    link = re.fullmatch(
        r"pcie?[\s-]*(?:gen)?\s*(\d)(?:\.0)?\s*(?:x\s*(\d{1,2}))?", piece, re.IGNORECASE
    )
    cores = re.fullmatch(r"(\d{1,3})[\s-]*cores?(?:\s.*)?", piece, re.IGNORECASE)
    disk = re.fullmatch(
        r"(?:(?:nvme|ssd|disk|drive)\s*)+(\d+(?:\.\d+)?)\s*gb/s|(\d+(?:\.\d+)?)\s*gb/s"
        r"\s*(?:nvme|ssd|disk|drive).*",
        piece,
        re.IGNORECASE,
    )
    if link:
        said.link = (int(link[1]), int(link[2] or 16))
    elif cores:
        said.cores = max(1, int(cores[1]))
    elif disk:
        said.disk = max(0.05, float(disk[1] or disk[2])) * 1e9
    return bool(link or cores or disk)


def _card_of(gpu: Gpu, memory_bytes: int, used_bytes: int | None, catalogue: Catalogue) -> Card:
    spec = catalogue.find(gpu.name, memory_bytes=memory_bytes)
    if spec is None:
        spec = catalogue.estimate(
            gpu.name, memory_bytes=memory_bytes, compute_capability=gpu.compute_capability
        )
    spec = replace(
        spec,
        pcie_generation=gpu.pcie_generation or spec.pcie_generation,
        pcie_width=gpu.pcie_width or spec.pcie_width,
        power_watts=gpu.power_limit_watts or spec.power_watts,
        compute_capability=gpu.compute_capability or spec.compute_capability,
    )
    used = used_bytes or 0
    display = not spec.headless and used >= _DISPLAY_SIGN_BYTES
    card = _card(spec, number=gpu.index, display=display)
    return replace(
        card, name=gpu.name, memory_bytes=memory_bytes, used_bytes=used, listed=spec.known
    )


def _card(spec: CardSpec, *, number: int, display: bool) -> Card:
    """A card out of the catalogue: its data sheet times what kernels reach of it."""
    efficiency = rates.HBM_EFFICIENCY if spec.hbm else rates.GDDR_EFFICIENCY
    rate = spec.bytes_per_second * efficiency
    lane = rates.LANE_BYTES_PER_SECOND.get(spec.pcie_generation, 0.985e9)
    flops = _flops_efficiency(spec.compute_capability)
    layer_seconds, expert_layer_seconds = _layer_seconds(spec)
    return Card(
        number=number,
        name=spec.name,
        memory_bytes=spec.memory_bytes,
        used_bytes=0,
        reserve_bytes=DISPLAY_RESERVE_BYTES if display else HEADLESS_RESERVE_BYTES,
        bytes_per_second=rate,
        flops=spec.tensor_flops * flops,
        link_bytes_per_second=lane * max(1, spec.pcie_width) * rates.LINK_EFFICIENCY,
        layer_seconds=layer_seconds,
        expert_layer_seconds=expert_layer_seconds,
        residual_loaded_bytes=RESIDUAL_LOADED_BYTES,
        residual_peak_bytes=RESIDUAL_PEAK_BYTES,
        power_watts=spec.power_watts,
        compute_capability=spec.compute_capability,
        drives_display=display,
        measured=False,
        type_rates={kind: rate * share for kind, share in rates.TYPE_SHARES.items()},
        cache_share=rates.HBM_CACHE_SHARE if spec.hbm else rates.GDDR_CACHE_SHARE,
    )


def _layer_seconds(spec: CardSpec) -> tuple[float, float]:
    if spec.hbm:
        return rates.HBM_LAYER_SECONDS, rates.HBM_EXPERT_LAYER_SECONDS
    if spec.compute_capability >= rates.FAST_CLOCK_CAPABILITY:
        return rates.FAST_LAYER_SECONDS, rates.FAST_EXPERT_LAYER_SECONDS
    return rates.LAYER_SECONDS, rates.EXPERT_LAYER_SECONDS


def _flops_efficiency(capability: tuple[int, int]) -> float:
    if capability < (7, 5):
        return rates.FLOPS_EFFICIENCY_BEFORE
    return rates.FLOPS_EFFICIENCY.get(capability, rates.FLOPS_EFFICIENCY_ELSE)


def _with_reserve(card: Card, reserve_bytes: Mapping[int, int]) -> Card:
    return replace(card, reserve_bytes=reserve_bytes.get(card.number, card.reserve_bytes))


def _calibration_of(gpu: Gpu, calibration: Calibration | None) -> CardCalibration | None:
    if calibration is None:
        return None
    for card in calibration.cards:
        if card.uuid == gpu.uuid if card.uuid and gpu.uuid else card.name == gpu.name:
            return card
    return None


def _calibrated(card: Card, known: CardCalibration | None) -> Card:
    if known is None:
        return card
    loaded, peak = known.residual_loaded_bytes, known.residual_peak_bytes
    split = known.tensor_residual_loaded_bytes, known.tensor_residual_peak_bytes
    return replace(
        card,
        bytes_per_second=known.bytes_per_second,
        type_rates=dict(known.type_rates),
        flops=known.flops,
        token_layer_seconds=rates.TOKEN_LAYER_BYTES / known.bytes_per_second,
        link_bytes_per_second=known.link_bytes_per_second,
        pageable_bytes_per_second=known.pageable_bytes_per_second,
        layer_seconds=known.layer_seconds,
        expert_layer_seconds=known.expert_layer_seconds,
        residual_loaded_bytes=card.residual_loaded_bytes if loaded is None else loaded,
        residual_peak_bytes=card.residual_peak_bytes if peak is None else peak,
        tensor_residual_loaded_bytes=(
            card.tensor_residual_loaded_bytes if split[0] is None else split[0]
        ),
        tensor_residual_peak_bytes=(
            card.tensor_residual_peak_bytes if split[1] is None else split[1]
        ),
        measured=True,
    )


def _board(*, name: str, cores: int, memory_bytes: int, kind: MemoryKind) -> Board:
    cores = max(1, cores)
    return Board(
        name=name,
        threads=cores,
        memory_bytes=memory_bytes,
        free_bytes=memory_bytes,
        bytes_per_second=kind.bytes_per_second * rates.MEMORY_EFFICIENCY,
        type_rates={kind: rate * cores for kind, rate in rates.CORE_TYPE_RATES.items()},
        flops=rates.CORE_FLOPS * cores,
        layer_seconds=rates.BOARD_LAYER_SECONDS,
        disk_bytes_per_second=_CAUTIOUS_DISK,
        power_watts=_PLATFORM_WATTS + _CORE_WATTS * cores,
        measured=False,
        step_seconds=rates.STEP_SECONDS,
        logit_seconds=rates.LOGIT_SECONDS,
    )


def _guessed_memory(memory_bytes: int) -> MemoryKind:
    return _CAUTIOUS_SERVER_MEMORY if memory_bytes > _SERVER_MEMORY_BYTES else _CAUTIOUS_MEMORY


def _calibrated_board(board: Board, known: BoardCalibration) -> Board:
    fastest = max(known.read_rates.values(), default=board.bytes_per_second)
    # What ggml's kernels reach bounds each type; untimed types are taken as middling.
    bounds = {kind: min(fastest, rate) for kind, rate in known.type_rates.items()}
    middling = median(bounds.values()) if bounds else fastest
    missing = {kind: middling for kind in rates.CORE_TYPE_RATES if kind not in bounds}
    return replace(
        board,
        threads=known.threads,
        bytes_per_second=fastest,
        type_rates=bounds | missing,
        flops=known.flops * rates.BOARD_PROMPT_IN_PLACE,
        turns_share=rates.TURNS_IN_PLACE,
        layer_seconds=known.layer_seconds,
        disk_bytes_per_second=known.disk_bytes_per_second or board.disk_bytes_per_second,
        measured=True,
    )


def _title(cards: list[str], memory_bytes: int, kind: MemoryKind | None) -> str:
    counts: dict[str, int] = {}
    for name in cards:
        counts[name] = counts.get(name, 0) + 1
    words = [name if count == 1 else f"{count} × {name}" for name, count in counts.items()]
    memory = f"{round(memory_bytes / _GIBIBYTE)} GB {kind.name if kind else 'RAM'}"
    if kind is not None and kind.channels != 2:
        memory += f" × {kind.channels} channels"
    return ", ".join([*(words or ["no card"]), memory])
