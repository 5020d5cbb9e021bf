"""A planner of few sums: every pin is honoured, and every byte adds up."""

from dataclasses import dataclass, replace

from engine.config import LoadWish
from engine.errors import BadRequest
from engine.fit.layout import Layout
from engine.fit.plan import CardBytes, Change, Footprint, HostBytes, Interval, Pace, Plan, Quality
from engine.fit.saying import Saying, say
from engine.hardware.machine import Gpu
from engine.library.shelf_model import ShelfModel
from engine.protocol.load import CacheType, CpuExperts, SplitMode

GIB = 2**30
CELL_BYTES = {CacheType.F16: 2.0, CacheType.Q8_0: 1.0625, CacheType.Q4_0: 0.5625}
EXPERT_SHARE = 0.85  # of a layer with experts


@dataclass(frozen=True, kw_only=True)
class PlannedMachine:
    """Cards as (name, memory, used), and RAM."""

    cards: tuple[tuple[str, int, int], ...] = (("Test card", 24 * GIB, 6 * GIB),)
    memory_bytes: int = 64 * GIB
    memory_used_bytes: int = 9 * GIB
    residual_bytes: int = 600 * 2**20
    kv_bytes_per_token: int = 64 * 1024  # of all layers, in f16
    tensor_refusal: Saying | None = None

    @property
    def gpus(self) -> tuple[Gpu, ...]:
        """As the engine's probe would list them."""
        return tuple(
            Gpu(
                index=number,
                name=name,
                uuid=f"GPU-{number}",
                memory_bytes=memory,
                compute_capability=(8, 9),
                pcie_generation=4,
                pcie_width=16,
                power_limit_watts=350.0,
            )
            for number, (name, memory, _) in enumerate(self.cards)
        )


def plan_by_arithmetic(
    model: ShelfModel, wish: LoadWish, machine: PlannedMachine, *, exact: bool
) -> Plan:
    """The plan for that wish, with one alternative and one change. Raises BadRequest."""
    layout = _layout(model, wish, machine)
    plan = _plan(model, wish, machine, layout)
    smaller = replace(layout, cache_type=CacheType.Q8_0, context_tokens=layout.context_tokens // 2)
    alternative = _plan(model, wish, machine, smaller)
    faster = plan.pace.decode_tps.expected * 1.4
    return replace(
        plan,
        exact=exact,
        alternatives=(alternative,),
        changes=(
            Change(what=say("one more {card}", card="RTX 3090"), decode_tps=faster, fits=True),
            Change(
                what=say("{size} GB more RAM", size=64),
                decode_tps=plan.pace.decode_tps.expected,
                fits=True,
            ),
        ),
    )


def _layout(model: ShelfModel, wish: LoadWish, machine: PlannedMachine) -> Layout:
    total = (model.layers or 0) + 1
    cards = tuple(range(len(machine.cards))) if wish.devices is None else wish.devices
    on_cards = total if wish.gpu_layers is None else min(total, wish.gpu_layers)
    counts = wish.layer_counts or _divided(on_cards, len(cards), wish.tensor_split)
    if len(counts) != len(cards):
        raise BadRequest("There is not one number of layers for each card.")
    mode = SplitMode(wish.split_mode or ("layer" if len(cards) > 1 else "none"))
    if mode is SplitMode.TENSOR:
        if machine.tensor_refusal is not None:
            raise BadRequest(str(machine.tensor_refusal))
        counts = (on_cards,) * len(cards)
    given = wish.tensor_split or (1.0,) * len(cards)
    experts = wish.cpu_experts or 0
    return Layout(
        cards=cards,
        split_mode=mode,
        layer_counts=counts,
        shares=tuple(share / sum(given) for share in given),
        cpu_experts=tuple(CpuExperts(layer=total - 2 - at) for at in range(experts)),
        context_tokens=wish.context_tokens or 8192,
        cache_type=CacheType(wish.cache_type or "f16"),
        micro_batch_tokens=wish.micro_batch_tokens or 512,
        batch_tokens=2048,
        streams=wish.streams or 4,
        unified_kv=True,
        memory_map=True,
    )


def _plan(model: ShelfModel, wish: LoadWish, machine: PlannedMachine, layout: Layout) -> Plan:
    total = (model.layers or 0) + 1
    layer_bytes = model.size_bytes // total
    expert_bytes = int(layer_bytes * EXPERT_SHARE) if model.experts else 0
    kv = layout.context_tokens * machine.kv_bytes_per_token * CELL_BYTES[layout.cache_type] / 2
    cards: list[CardBytes] = []
    kept = len(layout.cpu_experts) * expert_bytes
    for at, number in enumerate(layout.cards):
        name, memory, used = machine.cards[number]
        count = layout.layer_counts[at]
        part = layout.shares[at] if layout.split_mode is SplitMode.TENSOR else 1.0
        from_here = kept if at == len(layout.cards) - 1 else 0
        cards.append(
            CardBytes(
                number=number,
                name=name,
                weights=max(0, int(count * layer_bytes * part) - from_here),
                kv=int(kv * count / total * part),
                compute=layout.micro_batch_tokens * 2**20,
                residual_loaded=machine.residual_bytes,
                residual=machine.residual_bytes * 5 // 4,
                capacity=memory,
                used=used,
                reserve=wish.reserve_bytes.get(number, GIB // 2),
            )
        )
    in_ram = total - layout.gpu_layers
    weights = in_ram * layer_bytes + min(kept, layout.gpu_layers * expert_bytes)
    host = HostBytes(
        weights=weights,
        kv=int(kv * in_ram / total),
        compute=GIB // 4,
        mapped=weights,
        capacity=machine.memory_bytes,
        free=machine.memory_bytes - machine.memory_used_bytes,
    )
    footprint = Footprint(cards=tuple(cards), host=host)
    slow = sum(card.weights for card in cards) / 800e9 + weights / 40e9
    tps = 1 / (slow + 0.001)
    reasons = (say("All {layers} layers lie on the cards, with their cache.", layers=total),)
    if not footprint.fits:
        reasons = (
            say(
                "It does not fit: {needed:memory} must stay in RAM, and {free:memory} are free.",
                needed=99 * GIB,
                free=64 * GIB,
            ),
        )
    return Plan(
        model=model.id,
        machine="Test machine",
        quantization=model.quantization,
        fits=footprint.fits,
        layout=layout,
        footprint=footprint,
        pace=Pace(
            decode_tps=Interval(low=tps * 0.85, expected=tps, high=tps * 1.12),
            prompt_tps=Interval(low=tps * 20, expected=tps * 25, high=tps * 28),
            load_seconds=model.size_bytes / 2e9,
            joules_per_token=350 / tps if layout.cards else None,
        ),
        quality=Quality(
            bits_per_weight=4.8,
            divergence=0.02,
            perplexity_increase=0.011,
            source="test",
            warning=say("Below 3 bits it forgets.") if "IQ2" in model.id else None,
        ),
        reasons=reasons,
        tensor_refusal=machine.tensor_refusal,
    )


def _divided(layers: int, cards: int, shares: tuple[float, ...]) -> tuple[int, ...]:
    if not cards:
        return ()
    parts = shares if len(shares) == cards else (1.0,) * cards
    counts = [int(layers * part / sum(parts)) for part in parts]
    counts[-1] += layers - sum(counts)
    return tuple(counts)
