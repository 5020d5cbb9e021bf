import csv
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.fit.layout import Layout
from engine.fit.memory.footprint import footprint
from engine.fit.memory.parts import Parts, parts_of
from engine.fit.rig import Board, Card, Rig
from engine.gguf.blueprint import Blueprint
from engine.gguf.reader import read_header
from engine.gguf.shape import shape_of
from engine.protocol.load import CacheType, CpuExperts, ExpertGroup, SplitMode
from tests.support.ghosts import write_ghost

_GB = 1 << 30


def _card(number: int) -> Card:
    return Card(
        number=number,
        name="card",
        memory_bytes=80 * _GB,
        used_bytes=0,
        reserve_bytes=0,
        bytes_per_second=1e12,
        flops=1e14,
        link_bytes_per_second=1e10,
        layer_seconds=0,
        expert_layer_seconds=0,
        residual_loaded_bytes=500_000_000,
        residual_peak_bytes=600_000_000,
        power_watts=None,
        compute_capability=None,
        drives_display=False,
        measured=True,
    )


_RIG = Rig(
    title="two cards",
    cards=(_card(0), _card(1)),
    board=Board(
        name="board",
        threads=8,
        memory_bytes=512 * _GB,
        free_bytes=500 * _GB,
        bytes_per_second=1e11,
        type_rates={},
        flops=1e12,
        layer_seconds=0,
        disk_bytes_per_second=1e9,
        power_watts=None,
        measured=True,
    ),
    corrections={},
    owned=True,
)


def _parts(shape: str, folder: Path) -> Parts:
    path = folder / f"{shape}.gguf"
    write_ghost(shape, path, whole=False)
    size = path.stat().st_size
    with path.open("rb") as source:
        header = read_header(source, size_bytes=size)
    path.unlink()
    return parts_of(
        Blueprint(
            label=None,
            name=None,
            shape=shape_of(header),
            tensors=header.tensors,
            file_bytes=size,
            files=1,
        )
    )


@dataclass(frozen=True)
class _Row:
    layout: Layout
    shape: str
    card: int
    weights: int
    kv: int
    compute: int


def _experts(text: str) -> tuple[CpuExperts, ...]:
    found: list[CpuExperts] = []
    for run in filter(None, text.split(";")):
        layers, groups = run.split(":")
        first, last = (int(number) for number in layers.split("-"))
        kept = tuple(ExpertGroup(group) for group in groups.split())
        found += [CpuExperts(layer=layer, groups=kept) for layer in range(first, last + 1)]
    return tuple(found)


def _layer_counts(parts: Parts, gpu_layers: int, shares: Sequence[float]) -> list[int]:
    """Which card llama.cpp gives each layer (get_layer_buft_list in llama-model.cpp)."""
    blocks = parts.shape.layers + 1
    first, active = max(0, blocks - gpu_layers), min(gpu_layers, blocks)
    ends = [sum(shares[: card + 1]) / sum(shares) for card in range(len(shares))]
    counts = [0] * len(shares)
    nextn = range(len(parts.layers), parts.shape.layers)
    for layer in range(first, blocks):
        place = (layer - first) / active
        card = next((card for card, end in enumerate(ends) if place < end - 1e-7), -1)
        counts[card] += layer not in nextn
    return counts


def _row(line: dict[str, str], parts: Parts) -> _Row:
    shares = [float(share) for share in line["shares"].split()]
    counts = _layer_counts(parts, int(line["gpu_layers"]), shares)
    mode = SplitMode(line["split_mode"])
    if mode is SplitMode.TENSOR:
        counts = [sum(counts)] * len(shares)
    layout = Layout(
        cards=tuple(range(len(shares))),
        split_mode=mode,
        layer_counts=tuple(counts),
        shares=tuple(share / sum(shares) for share in shares),
        cpu_experts=_experts(line["cpu_experts"]),
        context_tokens=int(line["context_tokens"]),
        cache_type=CacheType(line["cache_type"]),
        micro_batch_tokens=int(line["micro_batch_tokens"]),
        batch_tokens=int(line["batch_tokens"]),
        streams=int(line["streams"]),
        unified_kv=line["unified"] == "1",
        memory_map=False,
    )
    return _Row(
        layout=layout,
        shape=line["shape"],
        card=int(line["card"]),
        weights=int(line["weights"]),
        kv=int(line["kv"]),
        compute=int(line["compute"]),
    )


def _whole_on_each(parts: Parts) -> int:
    layers = [weights for one in parts.layers for weights in (one.dense, *one.experts.values())]
    return sum(weights.on_card - weights.split for weights in (parts.output, *layers))


def test_that_closed_forms_come_close_to_every_dry_run_on_a_card(tmp_path: Path) -> None:
    known: dict[str, Parts] = {}
    wrong: list[str] = []
    lines = (Path(__file__).parent / "dry_runs.csv").read_text("utf-8").splitlines()
    for line in csv.DictReader(lines):
        name = line["shape"]
        parts = known.get(name) or known.setdefault(name, _parts(name, tmp_path))
        row = _row(line, parts)
        mine = footprint(parts, row.layout, _RIG).cards[row.card]
        tensor = row.layout.split_mode is SplitMode.TENSOR
        # The dry run tells one sum of all cards there, with what each holds whole counted once.
        share = row.layout.shares[row.card]
        repeated = round(_whole_on_each(parts) * (1 - share)) if tensor else 0
        weights = row.weights + repeated
        total = weights + row.kv + row.compute
        off = mine.weights + mine.kv + mine.compute - total
        exact = tensor or (mine.weights, mine.kv) == (weights, row.kv)
        if not exact or abs(off) > max(0.04 * total, 300_000_000):
            wrong.append(f"{off / total:+.1%} {off:+} {line}")
    assert not wrong, "\n".join(wrong)


@pytest.fixture(scope="module", name="experts")
def _mixture(tmp_path_factory: pytest.TempPathFactory) -> Parts:
    return _parts("tiny-moe", tmp_path_factory.mktemp("ghost"))


@pytest.fixture(scope="module", name="dense")
def _dense(tmp_path_factory: pytest.TempPathFactory) -> Parts:
    return _parts("tiny-dense", tmp_path_factory.mktemp("ghost"))


def _layout(parts: Parts, **changed: object) -> Layout:
    layout = Layout(
        cards=(0,),
        split_mode=SplitMode.LAYER,
        layer_counts=(len(parts.layers) + 1,),
        shares=(1.0,),
        cpu_experts=(),
        context_tokens=8192,
        cache_type=CacheType.F16,
        micro_batch_tokens=512,
        batch_tokens=2048,
        streams=1,
        unified_kv=True,
        memory_map=True,
    )
    return replace(layout, **changed)  # pyright: ignore[reportArgumentType]


def test_that_every_byte_of_weights_lies_somewhere(experts: Parts) -> None:
    half = footprint(experts, _layout(experts, layer_counts=(2,)), _RIG)
    whole = footprint(experts, _layout(experts), _RIG)
    layers = sum(
        weights.size_bytes
        for layer in experts.layers
        for weights in (layer.dense, *layer.experts.values())
    )
    assert whole.cards[0].weights >= layers + experts.output.size_bytes
    assert whole.host.weights == experts.input.size_bytes
    assert half.host.weights > whole.host.weights
    assert half.cards[0].weights < whole.cards[0].weights


def test_that_experts_in_ram_leave_the_card(experts: Parts) -> None:
    moved = tuple(CpuExperts(layer=layer) for layer in range(len(experts.layers)))
    with_all = footprint(experts, _layout(experts), _RIG)
    without = footprint(experts, _layout(experts, cpu_experts=moved), _RIG)
    gone = with_all.cards[0].weights - without.cards[0].weights
    arrived = without.host.weights - with_all.host.weights
    # Rows on a card are padded.
    assert arrived <= gone <= 1.01 * arrived
    # Of what is fetched for a prompt at least one tensor must have room.
    assert without.cards[0].compute >= experts.layers[0].experts[ExpertGroup.UP].largest


def test_that_without_a_card_all_is_in_ram(dense: Parts) -> None:
    alone = footprint(dense, _layout(dense, cards=(), layer_counts=(), shares=()), _RIG)
    assert alone.cards == ()
    assert alone.host.kv > 0
    assert alone.host.mapped == alone.host.weights


def test_that_a_companion_adds_its_bytes_but_not_the_drivers_share_again(dense: Parts) -> None:
    one = footprint(dense, _layout(dense), _RIG)
    both = footprint(dense, _layout(dense), _RIG, companions=(one,))
    assert both.cards[0].total - one.cards[0].total == (
        one.cards[0].weights + one.cards[0].kv + one.cards[0].compute
    )
    assert both.host.total == 2 * one.host.total


_changes = st.fixed_dictionaries(
    {
        "context_tokens": st.integers(256, 1 << 17),
        "micro_batch_tokens": st.sampled_from([64, 128, 256, 512, 1024, 2048]),
        "cache_type": st.sampled_from(CacheType),
        "streams": st.integers(1, 8),
        "unified_kv": st.booleans(),
    }
)


@given(_changes, st.integers(1, 1 << 15))
def test_that_more_context_never_needs_less(
    experts: Parts, changes: dict[str, object], more: int
) -> None:
    shorter = _layout(experts, **changes)
    longer = replace(shorter, context_tokens=shorter.context_tokens + more)
    before, after = (footprint(experts, one, _RIG) for one in (shorter, longer))
    assert after.cards[0].total >= before.cards[0].total
    assert after.host.total >= before.host.total


@given(_changes)
def test_that_a_larger_micro_batch_never_needs_less(
    dense: Parts, changes: dict[str, object]
) -> None:
    small = _layout(dense, **changes)
    large = replace(small, micro_batch_tokens=2 * small.micro_batch_tokens, batch_tokens=4096)
    before, after = (footprint(dense, one, _RIG) for one in (small, large))
    assert after.cards[0].total >= before.cards[0].total
