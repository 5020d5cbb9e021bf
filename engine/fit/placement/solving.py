"""A model, a rig and a wish → what the search found."""

from dataclasses import dataclass

from engine.config import LoadWish
from engine.fit.layout import Layout
from engine.fit.memory.footprint import footprint
from engine.fit.memory.kv import Cache, cache_bytes
from engine.fit.memory.parts import Parts
from engine.fit.placement.laying import Layer, Ram, Recipe
from engine.fit.placement.search import Found, Search
from engine.fit.placement.space import Space, reserved, space_of
from engine.fit.placement.stack import Stack, stack_of
from engine.fit.plan import Footprint
from engine.fit.rig import Rig
from engine.fit.speed.pace import Pacer
from engine.gguf.shape import Shape


@dataclass(frozen=True, slots=True, kw_only=True)
class Solved:
    """The answer, with all that is needed to ask further."""

    parts: Parts
    rig: Rig  # its reserves as wished
    wish: LoadWish
    streams: int
    space: Space
    search: Search
    found: Found


def solve(parts: Parts, rig: Rig, wish: LoadWish, streams: int) -> Solved:
    """Search under this wish."""
    rig = reserved(rig, wish)
    space = space_of(parts.shape, rig, wish, streams)
    stacks: dict[Cache, Stack] = {}

    def stack_for(recipe: Recipe) -> Stack:
        cache = Cache(
            context_tokens=recipe.context_tokens,
            streams=recipe.streams,
            unified=recipe.unified_kv,
            cache_type=recipe.cache_type,
            micro_batch_tokens=recipe.micro_batch_tokens,
        )
        if cache not in stacks:
            stacks[cache] = stack_of(parts, _by_layer(parts.shape, len(parts.layers), cache))
        return stacks[cache]

    def footprint_of(layout: Layout) -> Footprint:
        return footprint(parts, layout, rig)

    pacer = Pacer(parts, rig)
    ram = Ram(free_bytes=rig.board.free_bytes, entry_bytes=parts.input.size_bytes)
    layer = Layer(stack_for, footprint_of, space.pins, ram)
    search = Search(space, layer, pacer.pace)
    return Solved(
        parts=parts,
        rig=rig,
        wish=wish,
        streams=streams,
        space=space,
        search=search,
        found=search.run(),
    )


def _by_layer(shape: Shape, layers: int, cache: Cache) -> list[int]:
    """The cache of each layer on a card; layers alike are reckoned once."""
    kinds: dict[tuple[object, ...], int] = {}
    sizes: list[int] = []
    for layer in range(layers):
        kind = (
            shape.kv_heads[layer],
            layer < shape.kv_layers,
            shape.window is not None and shape.window.layers[layer],
            shape.recurrent is not None and shape.recurrent.layers[layer],
            shape.indexer is not None and shape.indexer.layers[layer],
            shape.compress_ratios[layer] if shape.compress_ratios else 0,
        )
        if kind not in kinds:
            kinds[kind] = cache_bytes(shape, layer, cache, on_card=True)
        sizes.append(kinds[kind])
    return sizes
