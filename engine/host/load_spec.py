"""A plan → the LoadSpec, and the order that says what of it may still change. Pure."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from engine.background.words import Placed
from engine.config import LoadWish
from engine.fit.layout import Layout
from engine.fit.placement.splits import tensor_shares
from engine.host.ladder import LoadOrder
from engine.protocol.load import LoadSpec

_SAME_KNOB = {"tensor_split": "gpu_layers", "layer_counts": "gpu_layers"}


def load_order(
    files: Sequence[Path], placed: Placed, wish: LoadWish, *, threads: int | None
) -> LoadOrder:
    """How to load what was planned; what the person pinned, the ladder leaves alone."""
    pinned = {
        _SAME_KNOB.get(knob, knob)
        for knob, value in wish.model_dump(exclude_defaults=True).items()
        if value is not None
    }
    return LoadOrder(
        spec=replace(
            load_spec(files, placed.plan.layout, threads=threads), projector=placed.projector
        ),
        layers=placed.layers,
        expert_layers=placed.expert_layers,
        pinned=frozenset(pinned),
    )


def load_spec(files: Sequence[Path], layout: Layout, *, threads: int | None) -> LoadSpec:
    """The layout in llama.cpp's terms."""
    return LoadSpec(
        path=str(files[0]),
        gpu_layers=layout.gpu_layers,
        devices=layout.cards,
        split_mode=layout.split_mode,
        tensor_split=tensor_shares(layout) if len(layout.cards) > 1 else (),
        cpu_experts=layout.cpu_experts,
        context_tokens=layout.context_tokens,
        cache_type=layout.cache_type,
        batch_tokens=max(layout.batch_tokens, layout.micro_batch_tokens),
        micro_batch_tokens=layout.micro_batch_tokens,
        streams=layout.streams,
        unified_kv=layout.unified_kv,
        threads=threads,
        memory_map=layout.memory_map,
        draft_tokens=layout.draft_tokens,
    )
