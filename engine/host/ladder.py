"""What to try next where the memory did not suffice. Pure."""

from dataclasses import dataclass, replace

from engine.fit.saying import Saying, say
from engine.protocol.load import CacheType, CpuExperts, LoadSpec, SplitMode

_LEAST_MICRO_BATCH = 128
_LEAST_CONTEXT = 2048
_STEPS = 8  # an eighth of the layers moves at a time
_SMALLER = {CacheType.F16: CacheType.Q8_0, CacheType.Q8_0: CacheType.Q4_0}


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadOrder:
    """A load, and what may be changed about it: knobs in `pinned` (LoadWish's names) may not.

    `layers` counts all that llama.cpp places, without the output layer; `expert_layers` are those
    that have routed experts. `size_bytes` is what the model's files take.
    """

    spec: LoadSpec
    layers: int
    expert_layers: tuple[int, ...] = ()
    pinned: frozenset[str] = frozenset()
    size_bytes: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Rung:
    """A smaller order, and what was changed."""

    order: LoadOrder
    change: Saying

    @property
    def sentence(self) -> str:
        """What is tried."""
        return str(say("Trying again with {what}.", what=self.change))


def next_rung(order: LoadOrder) -> Rung | None:
    """The next smaller load; None at the ladder's foot.

    First what costs least speed: the micro-batch, then the cache's type; then layers or experts
    leave the cards, up to half of them, then the context shrinks, then the other half goes.
    """
    half = order.layers // 2
    experts_left = len(order.expert_layers) - len(order.spec.cpu_experts)
    steps = (
        _smaller_micro_batch(order),
        _smaller_cache(order),
        _experts_to_ram(order) if experts_left > len(order.expert_layers) // 2 else None,
        _layers_to_ram(order) if _on_cards(order) > half else None,
        _shorter_context(order),
        _experts_to_ram(order),
        _layers_to_ram(order),
    )
    return next((step for step in steps if step is not None), None)


def _smaller_micro_batch(order: LoadOrder) -> Rung | None:
    now = order.spec.micro_batch_tokens
    if "micro_batch_tokens" in order.pinned or now <= _LEAST_MICRO_BATCH:
        return None
    smaller = max(_LEAST_MICRO_BATCH, now // 4)
    return _changed(
        replace(order, spec=replace(order.spec, micro_batch_tokens=smaller)),
        say("a micro-batch of {then} tokens instead of {now}", then=smaller, now=now),
    )


def _smaller_cache(order: LoadOrder) -> Rung | None:
    smaller = _SMALLER.get(order.spec.cache_type)
    if "cache_type" in order.pinned or smaller is None:
        return None
    return _changed(
        replace(order, spec=replace(order.spec, cache_type=smaller)),
        say(
            "a {then} KV cache instead of {now}",
            then=smaller.value,
            now=order.spec.cache_type.value,
        ),
    )


def _experts_to_ram(order: LoadOrder) -> Rung | None:
    spec = order.spec
    whole = {one.layer for one in spec.cpu_experts if one == CpuExperts(layer=one.layer)}
    left = [layer for layer in order.expert_layers if layer not in whole]
    if "cpu_experts" in order.pinned or not left or not _on_cards(order):
        return None
    if spec.split_mode is SplitMode.TENSOR:  # llama.cpp would compute them where they lie, slowly
        return None
    moved = left[-max(1, len(order.expert_layers) // _STEPS) :]
    experts = tuple(CpuExperts(layer=layer) for layer in sorted((*whole, *moved)))
    partial = tuple(one for one in spec.cpu_experts if one.layer not in {*whole, *moved})
    return _changed(
        replace(order, spec=replace(spec, cpu_experts=(*partial, *experts))),
        say("the experts of {count} layers in RAM", count=len(experts)),
    )


def _layers_to_ram(order: LoadOrder) -> Rung | None:
    now = _on_cards(order)
    if order.pinned & {"gpu_layers", "layer_counts"} or now == 0:
        return None
    fewer = max(0, now - max(1, order.layers // _STEPS))
    return _changed(
        replace(order, spec=replace(order.spec, gpu_layers=fewer)),
        say("{then} instead of {now} layers on the cards", then=fewer, now=now),
    )


def _shorter_context(order: LoadOrder) -> Rung | None:
    now = order.spec.context_tokens
    if "context_tokens" in order.pinned or now <= _LEAST_CONTEXT:
        return None
    shorter = max(_LEAST_CONTEXT, now // 2)
    return _changed(
        replace(order, spec=replace(order.spec, context_tokens=shorter)),
        say("a context of {then:,} tokens instead of {now:,}", then=shorter, now=now),
    )


def _on_cards(order: LoadOrder) -> int:
    return order.layers + 1 if order.spec.gpu_layers is None else order.spec.gpu_layers


def _changed(order: LoadOrder, change: Saying) -> Rung:
    return Rung(order=order, change=change)
