"""What a move of the hand means for the wish: from wish and layout to the next wish."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Literal

from engine.config import LoadWish
from engine.fit.layout import Layout

Knob = Literal[
    "prefer",
    "devices",
    "gpu_layers",
    "split_mode",
    "tensor_split",
    "cpu_experts",
    "context_tokens",
    "cache_type",
    "micro_batch_tokens",
    "streams",
]

TENSOR = "tensor"  # the value of SplitMode.TENSOR, in words the wish shares
_SHARE_DIGITS = 4


def is_pinned(wish: LoadWish, knob: Knob) -> bool:
    """Whether the person chose it; layers are also pinned by their numbers on each card."""
    if knob == "gpu_layers":
        return wish.gpu_layers is not None or bool(wish.layer_counts)
    if knob == "tensor_split":
        return bool(wish.tensor_split)
    return getattr(wish, knob) is not None


def pin_count(wish: LoadWish) -> int:
    """How many choices are the person's."""
    return sum(1 for name in LoadWish.model_fields if getattr(wish, name) not in (None, (), {}))


def pinned(wish: LoadWish, knob: Knob, value: object) -> LoadWish:
    """The wish with that value; None leaves the choice to Fullbore.

    Raises pydantic's ValidationError for a value out of its range.
    """
    change: dict[str, object] = {knob: value}
    match knob:
        case "gpu_layers":
            change["layer_counts"] = ()
        case "devices":  # shares and numbers were for other cards
            change |= {"layer_counts": (), "tensor_split": ()}
        case "split_mode" if value == TENSOR:
            change["layer_counts"] = ()
        case "tensor_split":
            change = {knob: value or (), "layer_counts": ()}
        case _:
            pass
    return _changed(wish, change)


def value_of(layout: Layout, knob: Knob) -> object:
    """What the planner chose for it, as a pin would say it; None if a layout does not say."""
    match knob:
        case "prefer":
            return None
        case "devices":
            return layout.cards
        case "tensor_split":
            return _rounded(layout.shares)
        case "cpu_experts":
            return len(layout.cpu_experts)
        case "split_mode" | "cache_type":
            return str(getattr(layout, knob))
        case _:
            return getattr(layout, knob)


def with_reserve(wish: LoadWish, number: int, size_bytes: int | None) -> LoadWish:
    """Keep that much of the card free; None as Fullbore does by itself."""
    rest = {card: kept for card, kept in wish.reserve_bytes.items() if card != number}
    if size_bytes is not None:
        rest[number] = size_bytes
    return _changed(wish, {"reserve_bytes": rest})


def laid(wish: LoadWish, layout: Layout, *, cards_on_machine: int) -> LoadWish:
    """The wish that pins the layers, or in tensor split the shares, as this layout has them."""
    if layout.split_mode == TENSOR:
        return _changed(
            wish,
            {
                "devices": layout.cards,
                "split_mode": TENSOR,
                "gpu_layers": layout.gpu_layers,
                "layer_counts": (),
                "tensor_split": _rounded(layout.shares),
            },
        )
    used = [
        (card, count)
        for card, count in zip(layout.cards, layout.layer_counts, strict=True)
        if count > 0
    ]
    devices = tuple(card for card, _ in used)
    several = len(used) > 1
    free = not used or (cards_on_machine == 1 and not wish.devices)
    return _changed(
        wish,
        {
            "devices": wish.devices if free else devices,
            "split_mode": wish.split_mode if several and wish.split_mode == "layer" else None,
            "gpu_layers": None if several else layout.gpu_layers,
            "layer_counts": tuple(count for _, count in used) if several else (),
            "tensor_split": (),
        },
    )


def adopted(wish: LoadWish, now: Layout, then: Layout, *, cards_on_machine: int) -> LoadWish:
    """The wish that asks for `then`: what differs from `now` becomes a pin."""
    knobs: tuple[Knob, ...] = ("context_tokens", "cache_type", "micro_batch_tokens", "streams")
    for knob in knobs:
        if value_of(then, knob) != value_of(now, knob):
            wish = pinned(wish, knob, value_of(then, knob))
    if _place(then) != _place(now):
        wish = laid(wish, then, cards_on_machine=cards_on_machine)
        if len(then.cards) > 1:
            wish = _changed(wish, {"split_mode": str(then.split_mode)})
    if len(then.cpu_experts) != len(now.cpu_experts):
        wish = pinned(wish, "cpu_experts", len(then.cpu_experts))
    return wish


def with_boundary(layout: Layout, boundary: int, position: int, *, total: int) -> Layout:
    """Move whole layers over one boundary, as a sketch until the planner answers.

    Boundary 0 lies between RAM and the first card, boundary n before the card n of the layout;
    `position` is how many of all `total` layers, the output included, lie before it. In tensor
    split the boundaries between cards count percents of the shares instead.
    """
    if layout.split_mode == TENSOR:
        return _with_share(layout, boundary, position, total=total)
    edges = edges_of(layout, total=total)
    least, most = edges[boundary], edges[boundary + 2]
    edges[boundary + 1] = max(least, min(most, position))
    counts = tuple(after - before for before, after in pairwise(edges[1:]))
    return replace(layout, layer_counts=counts)


def with_idle_cards(layout: Layout, allowed: Sequence[int]) -> Layout:
    """Cards that could be used and are not join with no layer, so that some can be moved there."""
    idle = [number for number in allowed if number not in layout.cards]
    if not idle or layout.split_mode == TENSOR:
        return layout
    counts = dict(zip(layout.cards, layout.layer_counts, strict=True)) | dict.fromkeys(idle, 0)
    in_order = list(layout.cards) == sorted(layout.cards)
    cards = tuple(sorted(counts) if in_order else counts)
    shares = dict(zip(layout.cards, layout.shares, strict=False))
    return replace(
        layout,
        cards=cards,
        layer_counts=tuple(counts[card] for card in cards),
        shares=tuple(shares.get(card, 0.0) for card in cards),
    )


def edges_of(layout: Layout, *, total: int) -> list[int]:
    """Where the places begin and end, in layers: RAM's begin, then one edge for each place."""
    edges = [0, max(0, total - layout.gpu_layers)]
    for count in layout.layer_counts:
        edges.append(edges[-1] + count)
    return edges


def percents_of(layout: Layout) -> list[int]:
    """Where the cards' shares end, in percents; the last is 100."""
    ends, so_far = list[int](), 0.0
    for share in layout.shares:
        so_far += share * 100
        ends.append(round(so_far))
    return ends


def _with_share(layout: Layout, boundary: int, position: int, *, total: int) -> Layout:
    if boundary == 0:
        count = total - max(0, min(total, position))
        return replace(layout, layer_counts=(count,) * len(layout.cards))
    ends = [0, *percents_of(layout)]
    ends[boundary] = max(ends[boundary - 1] + 1, min(ends[boundary + 1] - 1, position))
    shares = tuple((after - before) / 100 for before, after in pairwise(ends))
    return replace(layout, shares=shares)


def _place(layout: Layout) -> tuple[object, ...]:
    return (layout.cards, str(layout.split_mode), layout.layer_counts, _rounded(layout.shares))


def _rounded(shares: tuple[float, ...]) -> tuple[float, ...]:
    return tuple(round(share, _SHARE_DIGITS) for share in shares)


def _changed(wish: LoadWish, change: dict[str, object]) -> LoadWish:
    return LoadWish.model_validate(wish.model_dump() | change)
