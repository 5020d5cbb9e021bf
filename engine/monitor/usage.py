"""What each card's memory is used for: claims on what the driver calls used, and the rest.

Nothing is a remainder but UNEXPLAINED. Every claim comes from who knows it: our own buffers from
llama.cpp, other programs' bytes from the driver, CUDA's share from the calibration (else the
planner's default), and what was there before any load from the readings of that time.

Claims may come to more than is used: the driver's share was measured at its most, another program
left, a reading is a moment older than a load. Then those that are known less well are cut, CUDA's
growth in use first and our own buffers last, so that the shares always sum to what is used. What
was cut of CUDA's share stands beside it, as the difference to its `planned_bytes`: a claim that was
too great can be seen as well as one that was too small.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from engine.fit.plan import CardBytes
from engine.fit.rig import Card
from engine.hardware.machine import GpuProcess, GpuReading, Reading
from engine.monitor.values import CardUsage, Purpose, Share
from engine.protocol.messages import DeviceBytes

# What a driver keeps of an empty card: 0.3 to 0.6 GB of 24 to 80. More than this share of it, and
# not told of any program, is something else.
_DRIVERS_OWN = 0.03
_MOST_NAMES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Idle:
    """A card's bytes while no worker was there, without what the driver tells it keeps for itself:
    all of them, and those of no program told."""

    used_bytes: int
    rest_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Tenant:
    """A model whose worker is on cards. `devices` is what llama.cpp says it took; empty while it
    loads and where that cannot be read: then `planned`, by card number, stands for it.

    `draft` are a guessing model's buffers beside it, `projector_bytes` by card number. `cells` of
    the cache are there for `streams` conversations, `cells_used` of them hold tokens. `working`: it
    has computed something since its load. `split`: cards share every tensor. `longer_bytes` is
    what twice the context would take more.
    """

    model: str
    loading: bool = False
    devices: tuple[DeviceBytes, ...] = ()
    draft: tuple[DeviceBytes, ...] = ()
    projector_bytes: Mapping[int, int] = field(default_factory=dict[int, int])
    planned: Mapping[int, CardBytes] = field(default_factory=dict[int, CardBytes])
    longer_bytes: Mapping[int, int] = field(default_factory=dict[int, int])
    cells: int = 0
    cells_used: int = 0
    streams: int = 1
    working: bool = False
    split: bool = False

    @property
    def cards(self) -> frozenset[int]:
        """The numbers of those it lies on."""
        held = {device.card for device in self.devices if device.card is not None}
        return frozenset(held if self.devices else self.planned)


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """All that claims are made from: our models and their processes, and by card number what the
    rig says of CUDA's share, and what the card held without us."""

    tenants: tuple[Tenant, ...] = ()
    pids: frozenset[int] = frozenset()
    cards: Mapping[int, Card] = field(default_factory=dict[int, Card])
    idle: Mapping[int, Idle] = field(default_factory=dict[int, Idle])


def idle_of(gpu: GpuReading) -> Idle | None:
    """A reading of a time when no worker was there; None where the driver does not tell."""
    if gpu.memory_used_bytes is None:
        return None
    used = max(0, gpu.memory_used_bytes - (gpu.memory_reserved_bytes or 0))
    told = sum(process.used_bytes or 0 for process in gpu.processes or ())
    return Idle(used_bytes=used, rest_bytes=max(0, used - told))


def usages(reading: Reading, known: Known) -> tuple[CardUsage, ...]:
    """Every card whose memory is told."""
    return tuple(
        _card_usage(gpu, used, total, known)
        for gpu in reading.gpus
        if (used := gpu.memory_used_bytes) is not None
        and (total := gpu.memory_total_bytes) is not None
    )


def overclaimed_bytes(card: CardUsage) -> int:
    """By how much CUDA was claimed to hold more than there is room for on that card."""
    return sum(
        max(0, share.planned_bytes - share.size_bytes)
        for share in card.shares
        if share.purpose is Purpose.DRIVER and share.planned_bytes is not None
    )


def _card_usage(gpu: GpuReading, used: int, total: int, known: Known) -> CardUsage:
    here = [own for tenant in known.tenants if (own := _own(tenant, gpu.index)) is not None]
    others = _others(gpu, known, ours_here=bool(here))
    card = known.cards.get(gpu.index)
    steady = [own for own in here if not own.tenant.loading]
    coming = [own for own in here if own.tenant.loading]
    claims = [
        *(share for own in steady for share in own.shares),
        Share(purpose=Purpose.DRIVER, size_bytes=gpu.memory_reserved_bytes or 0),
        *others.named,
        *(_loaded(own.tenant, card) for own in steady),
        *others.idle(known.idle.get(gpu.index), total),
        *(_grown(own.tenant, card) for own in steady),
        # llama.cpp takes memory in this order.
        *(share for own in coming for share in (_loaded(own.tenant, card), *own.shares)),
    ]
    ready = [own for own in steady if own.kv_bytes is not None]
    longer = [size for own in ready if (size := own.tenant.longer_bytes.get(gpu.index)) is not None]
    return CardUsage(
        index=gpu.index,
        name=gpu.name,
        total_bytes=total,
        used_bytes=used,
        shares=_merged(_allotted(claims, used)),
        next_chat_bytes=sum(own.next_chat_bytes for own in ready) if ready else None,
        longer_bytes=sum(longer) if longer else None,
    )


# --- our own -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class _Own:
    """One of our models on one card."""

    tenant: Tenant
    shares: tuple[Share, ...]
    kv_bytes: int | None  # None: not told

    @property
    def next_chat_bytes(self) -> int:
        """What of the cache one more conversation fills: an even part, if so much is empty.

        The card gives nothing more for it: llama.cpp takes a cache whole, at the load.
        """
        kv = self.kv_bytes or 0
        return min(kv // max(1, self.tenant.streams), kv - _filled(kv, self.tenant))


def _own(tenant: Tenant, number: int) -> _Own | None:
    """What the model holds of that card; None if it is not there."""
    planned = tenant.planned.get(number)
    held = _sum(tenant.devices, number)
    if not tenant.devices and planned is not None:
        held = planned.weights, planned.kv, planned.compute
    drafting = sum(_sum(tenant.draft, number))
    seeing = tenant.projector_bytes.get(number, 0)
    if not (any(held) or drafting or seeing):
        return None
    weights, kv, compute = held
    filled = _filled(kv, tenant)
    foretold = None if planned is None else _filled(planned.kv, tenant)
    shares = (
        _share(Purpose.WEIGHTS, tenant, weights, planned and planned.weights),
        _share(Purpose.KV_USED, tenant, filled, foretold),
        _share(
            Purpose.KV_RESERVED,
            tenant,
            kv - filled,
            None if planned is None or foretold is None else planned.kv - foretold,
        ),
        _share(Purpose.COMPUTE, tenant, compute, planned and planned.compute),
        _share(Purpose.PROJECTOR, tenant, seeing, seeing or None),
        _share(Purpose.DRAFT, tenant, drafting, None),
    )
    return _Own(tenant=tenant, shares=shares, kv_bytes=None if tenant.loading else kv)


def _sum(devices: Sequence[DeviceBytes], number: int) -> tuple[int, int, int]:
    here = [device for device in devices if device.card == number]
    weights = sum(device.weights for device in here)
    kv = sum(device.kv for device in here)
    return weights, kv, sum(device.compute for device in here)


def _filled(kv_bytes: int, tenant: Tenant) -> int:
    if tenant.cells <= 0:
        return 0
    return kv_bytes * min(max(0, tenant.cells_used), tenant.cells) // tenant.cells


def _share(purpose: Purpose, tenant: Tenant, size: int, planned: int | None) -> Share:
    return Share(purpose=purpose, size_bytes=size, name=tenant.model, planned_bytes=planned)


def _loaded(tenant: Tenant, card: Card | None) -> Share:
    """CUDA's share of the model's process, as it is right after a load."""
    size = _residual(card, tenant.split)[0]
    return _share(Purpose.DRIVER, tenant, size, size)


def _grown(tenant: Tenant, card: Card | None) -> Share:
    """What comes to it with the first computation."""
    loaded, peak = _residual(card, tenant.split)
    size = max(0, peak - loaded) if tenant.working else 0
    return _share(Purpose.DRIVER, tenant, size, size)


def _residual(card: Card | None, split: bool) -> tuple[int, int]:  # noqa: FBT001
    if card is None:
        return 0, 0
    loaded, peak = card.residual_loaded_bytes, card.residual_peak_bytes
    if split:
        loaded += card.tensor_residual_loaded_bytes
        peak += card.tensor_residual_peak_bytes
    return loaded, peak


# --- others --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class _Others:
    """Programs that are not ours. `listed`: the driver's list of programs can be gone by, and
    tells the bytes of every one; `sizeless` are the names of those without. `reserved`: it tells
    what it keeps for itself, too."""

    named: tuple[Share, ...]
    listed: bool
    trusted: bool
    sizeless: tuple[str, ...]
    reserved: bool

    def idle(self, idle: Idle | None, total: int) -> tuple[Share, ...]:
        """What was there before us, of no program told by name: the driver's own, if it may be."""
        if idle is None:
            return ()
        rest = idle.rest_bytes if self.trusted else idle.used_bytes
        if self.listed and not self.reserved and rest <= total * _DRIVERS_OWN:
            return (Share(purpose=Purpose.DRIVER, size_bytes=rest),)
        return (Share(purpose=Purpose.OTHER, size_bytes=rest, name=_names(self.sizeless)),)


def _others(gpu: GpuReading, known: Known, *, ours_here: bool) -> _Others:
    """A list without our own process, though it holds memory here, counts processes otherwise
    than we do, as in a container: then ours may be in it under another number."""
    told = gpu.processes
    trusted = told is not None and (
        not ours_here or any(process.pid in known.pids for process in told)
    )
    foreign = _foreign(told or (), known.pids) if trusted else ()
    sizes: dict[str, int] = {}
    for process in foreign:
        if process.used_bytes is not None:
            name = process.name or str(process.pid)
            sizes[name] = sizes.get(name, 0) + max(0, process.used_bytes)
    sizeless = tuple(process.name for process in foreign if process.used_bytes is None)
    named = tuple(
        Share(purpose=Purpose.OTHER, size_bytes=size, name=name) for name, size in sizes.items()
    )
    listed = trusted and not sizeless
    return _Others(
        named=named,
        listed=listed,
        trusted=trusted,
        sizeless=sizeless,
        reserved=gpu.memory_reserved_bytes is not None,
    )


def _foreign(told: Iterable[GpuProcess], ours: frozenset[int]) -> tuple[GpuProcess, ...]:
    return tuple(process for process in told if process.pid not in ours)


def _names(names: Iterable[str]) -> str:
    different = sorted({name for name in names if name})
    more = " …" if len(different) > _MOST_NAMES else ""
    return ", ".join(different[:_MOST_NAMES]) + more


# --- sharing out ---------------------------------------------------------------------------


def _allotted(claims: Iterable[Share], used: int) -> list[Share]:
    """Each claim as far as something is left for it; what is left over is unexplained."""
    given: list[Share] = []
    left = used
    for claim in claims:
        size = min(max(0, claim.size_bytes), left)
        left -= size
        given.append(replace(claim, size_bytes=size))
    return [*given, Share(purpose=Purpose.UNEXPLAINED, size_bytes=left)]


def _merged(shares: Iterable[Share]) -> tuple[Share, ...]:
    """One share for each purpose and name, in the purposes' order; none that says nothing."""
    found: dict[tuple[Purpose, str], Share] = {}
    for share in shares:
        known = found.setdefault((share.purpose, share.name), share)
        if known is not share:
            planned = [one for one in (known.planned_bytes, share.planned_bytes) if one is not None]
            found[share.purpose, share.name] = replace(
                known,
                size_bytes=known.size_bytes + share.size_bytes,
                planned_bytes=sum(planned) if planned else None,
            )
    order = list(Purpose)
    telling = [one for one in found.values() if one.size_bytes or one.planned_bytes]
    return tuple(sorted(telling, key=lambda one: order.index(one.purpose)))
