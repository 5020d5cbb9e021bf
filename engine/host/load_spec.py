"""A plan → the LoadSpec, and the order that says what of it may still change. Pure."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from engine.background.words import Placed
from engine.config import LoadWish
from engine.fit.layout import Layout
from engine.fit.placement.splits import tensor_shares
from engine.host.ladder import LoadOrder
from engine.protocol.load import Adapter, LoadSpec, Purpose

TEXTS_AT_ONCE = 32  # of a model that embeds or ranks

_SAME_KNOB = {"tensor_split": "gpu_layers", "layer_counts": "gpu_layers"}


def load_order(
    files: Sequence[Path],
    placed: Placed,
    wish: LoadWish,
    *,
    threads: int | None,
    draft: Path | None = None,
) -> LoadOrder:
    """How to load what was planned; what the person pinned, the ladder leaves alone."""
    writes = placed.purpose is Purpose.TEXT
    pinned = {
        _SAME_KNOB.get(knob, knob)
        for knob, value in wish.model_dump(exclude_defaults=True).items()
        if value is not None
    }
    return LoadOrder(
        spec=replace(
            load_spec(files, placed.plan.layout, threads=threads, purpose=placed.purpose),
            projector=placed.projector if writes else None,
            draft=str(draft) if draft and writes else None,
            adapters=tuple(
                Adapter(name=Path(path).stem, path=path, scale=scale)
                for path, scale in wish.adapters.items()
            ),
        ),
        layers=placed.layers,
        expert_layers=placed.expert_layers,
        pinned=frozenset(pinned),
    )


def load_spec(
    files: Sequence[Path],
    layout: Layout,
    *,
    threads: int | None,
    purpose: Purpose = Purpose.TEXT,
) -> LoadSpec:
    """The layout in llama.cpp's terms. For vectors, many texts share one step and its cells."""
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
        streams=layout.streams if purpose is Purpose.TEXT else TEXTS_AT_ONCE,
        unified_kv=layout.unified_kv or purpose is not Purpose.TEXT,
        purpose=purpose,
        threads=threads,
        memory_map=layout.memory_map,
        draft_tokens=layout.draft_tokens,
        shortlist=layout.shortlists and purpose is Purpose.TEXT,
    )
