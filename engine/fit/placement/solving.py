"""A model, a rig and a wish → what the search found."""

from dataclasses import dataclass

from engine.config import LoadWish
from engine.fit.layout import Layout
from engine.fit.memory.footprint import footprint
from engine.fit.memory.kv import Cache
from engine.fit.memory.parts import Parts
from engine.fit.memory.sizes import Sizes
from engine.fit.placement.laying import Layer, Ram, Recipe
from engine.fit.placement.search import Found, Search
from engine.fit.placement.space import Space, reserved, space_of
from engine.fit.placement.stack import Stack, stack_of
from engine.fit.plan import Footprint
from engine.fit.rig import Rig
from engine.fit.speed.pace import Pacer


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
    sizes = parts.once(Sizes)
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
            stacks[cache] = stack_of(parts, sizes.caches(cache, on_card=True))
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
