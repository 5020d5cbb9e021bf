"""The catalogue: what data sheets say of cards and of memory, found by any of their names."""

import re
import tomllib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast

ASSETS = Path(__file__).parents[2] / "assets"  # the wheel and the bundle keep them there too

_GIBIBYTE = 1 << 30
# Words of a name that do not tell one card from another.
_IDLE_WORDS = {
    *("nvidia", "geforce", "tesla", "rtx", "gtx", "gpu", "graphics", "card", "cards", "edition"),
    *("generation", "workstation", "blackwell", "desktop", "design", "with", "hbm", "founders"),
}
# A name that leaves these out means the first card that has one of them.
_FORMS = {"sxm", "pcie", "nvl"}
_SPELLINGS = {
    "mobile": "laptop",
    "notebook": "laptop",
    "sxm2": "sxm",
    "sxm4": "sxm",
    "sxm5": "sxm",
    "hbm3": "sxm",  # "H100 80GB HBM3" is the SXM board
    "hbm2": "hbm",
    "hbm2e": "hbm",
    "hbm3e": "hbm",
}
_DEFAULT_CHANNELS = 2  # desktops and laptops
_WORDED_CHANNELS = {"single": 1, "dual": 2, "quad": 4, "hexa": 6, "octa": 8}
# The slow end of what each generation is sold at.
_CAUTIOUS_TRANSFERS = {"ddr3": 1600, "ddr4": 2666, "ddr5": 4800, "lpddr4": 3733, "lpddr5": 6400}


@dataclass(frozen=True, slots=True, kw_only=True)
class CardSpec:
    """One card's data sheet. `tensor_flops` is the dense FP16 rate; `hbm` tells stacked memory.

    An unknown card has `known` False: its numbers are the lowest of its kin, `source` says so.
    """

    name: str
    memory_bytes: int
    bytes_per_second: float
    tensor_flops: float
    compute_capability: tuple[int, int]
    pcie_generation: int
    pcie_width: int
    power_watts: float
    hbm: bool
    headless: bool
    source: str
    known: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class MemoryKind:
    """RAM: its peak rate in bytes a second is transfers × 8 bytes × channels."""

    name: str
    channels: int
    bytes_per_second: float


class Catalogue:
    """All cards, found by the driver's names and by people's."""

    def __init__(self, cards: tuple[CardSpec, ...]) -> None:
        self.cards = cards
        self._by_words: dict[frozenset[str], list[CardSpec]] = {}
        for card in cards:
            self._by_words.setdefault(_words(card.name), []).append(card)

    def find(self, name: str, *, memory_bytes: int | None = None) -> CardSpec | None:
        """The card of that name, None if there is none.

        `memory_bytes`, else an amount in the name, tells apart cards sold with several; a card
        with an amount never sold keeps everything else and gets that amount.
        """
        variants = self._variants(_words(name))
        if not variants:
            return None
        if memory_bytes is None:
            gigabytes = _gigabytes(name)
            if gigabytes is None:
                return variants[0]
            memory_bytes = gigabytes * _GIBIBYTE
        nearest = min(variants, key=lambda card: abs(card.memory_bytes - memory_bytes))
        if abs(nearest.memory_bytes - memory_bytes) <= 0.05 * nearest.memory_bytes:
            return nearest
        return replace(nearest, memory_bytes=memory_bytes)

    def estimate(
        self, name: str, *, memory_bytes: int, compute_capability: tuple[int, int] | None
    ) -> CardSpec:
        """A cautious stand-in for a card that is not here: the slowest of its generation that has
        about as much memory, or failing that of all cards."""
        kin = [
            card
            for card in self.cards
            if compute_capability is None or card.compute_capability[0] == compute_capability[0]
        ]
        alike = [card for card in kin if 2 / 3 <= card.memory_bytes / max(1, memory_bytes) <= 3 / 2]
        some = alike or kin or list(self.cards)
        slowest = min(some, key=lambda card: card.bytes_per_second)
        return replace(
            slowest,
            name=name,
            memory_bytes=memory_bytes,
            tensor_flops=min(card.tensor_flops for card in some),
            power_watts=max(card.power_watts for card in some),
            compute_capability=compute_capability or slowest.compute_capability,
            source=f"not in the catalogue; taken to be no faster than {slowest.name}",
            known=False,
        )

    def _variants(self, words: frozenset[str]) -> list[CardSpec]:
        if not words:
            return []
        exact = self._by_words.get(words)
        if exact:
            return exact
        return [
            card
            for known, cards in self._by_words.items()
            if words < known and known - words <= _FORMS
            for card in cards
        ]


def read_catalogue(path: Path = ASSETS / "cards.toml") -> Catalogue:
    """The catalogue in that file."""
    content = tomllib.loads(path.read_text("utf-8"))
    groups = cast("list[dict[str, Any]]", content["group"])
    return Catalogue(tuple(_spec({**group, **row}) for group in groups for row in group["cards"]))


def memory_kind(text: str) -> MemoryKind | None:
    """The kind of RAM a text names ("DDR5-5600", "8ch DDR4-3200", "12-channel DDR5-6400").

    Without a speed it is the slow end of that generation; None if no kind is named.
    """
    found = re.search(r"\b((?:lp)?ddr[345])x?(?:[\s-]*(\d{4,5}))?\b", text, re.IGNORECASE)
    if found is None:
        return None
    kind, speed = found[1].lower(), found[2]
    transfers = int(speed) if speed else _CAUTIOUS_TRANSFERS[kind]
    channels = _channels(text)
    rate = transfers * 1e6 * 8 * channels
    return MemoryKind(name=f"{kind.upper()}-{transfers}", channels=channels, bytes_per_second=rate)


def _channels(text: str) -> int:
    counted = re.search(r"\b(\d{1,2})[\s-]*ch(?:annels?)?\b", text, re.IGNORECASE)
    if counted:
        return max(1, int(counted[1]))
    worded = re.search(r"\b(single|dual|quad|hexa|octa)[\s-]*ch", text, re.IGNORECASE)
    return _WORDED_CHANNELS[worded[1].lower()] if worded else _DEFAULT_CHANNELS


def _spec(row: dict[str, Any]) -> CardSpec:
    generation, width = row["pcie"]
    major, minor = row["compute_capability"]
    return CardSpec(
        name=row["name"],
        memory_bytes=row["gb"] * _GIBIBYTE,
        bytes_per_second=row["bandwidth"] * 1e9,
        tensor_flops=row["tflops"] * 1e12,
        compute_capability=(major, minor),
        pcie_generation=generation,
        pcie_width=width,
        power_watts=float(row["watts"]),
        hbm=row.get("hbm", False),
        headless=row.get("headless", False),
        source=row["source"],
    )


def _gigabytes(name: str) -> int | None:
    found = re.search(r"\b(\d{1,3})\s*g(?:i?b)?\b", name, re.IGNORECASE)
    return int(found[1]) if found else None


def _words(name: str) -> frozenset[str]:
    """What tells a card from the others: "rtx4070tis", "NVIDIA A100-SXM4-80GB" → {a100, sxm}."""
    text = re.sub(r"\bmax[\s-]?q\b", "maxq", name.lower())
    text = re.sub(r"\b\d{1,3}\s*g(?:i?b)?\b", " ", text)  # memory
    text = re.sub(r"\b(rtx|gtx)(?=[a-z]?\d)", " ", text)
    text = re.sub(r"\b(\d{4})\s*(ti|super|tis|d|m|s)\b", r"\1 \2", text)
    found: list[str] = re.findall(r"[a-z0-9]+", text)
    words = {_SPELLINGS.get(word, word) for word in found}
    if "tis" in words:
        words = (words - {"tis"}) | {"ti", "super"}
    if "s" in words:
        words = (words - {"s"}) | {"super"}
    if "m" in words or ("maxq" in words and "pro" not in words):
        words = (words - {"m", "maxq"}) | {"laptop"}
    return frozenset(words - _IDLE_WORDS)
