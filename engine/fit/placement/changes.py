"""What to free, add or buy, and what each would give: the plan again, on a changed rig or wish."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from engine.config import LoadWish
from engine.fit.memory.parts import Parts
from engine.fit.placement.search import Trial
from engine.fit.placement.solving import Solved, solve
from engine.fit.plan import Change
from engine.fit.rig import Card, Rig
from engine.fit.rigs import parse_rig
from engine.fit.saying import Saying, say
from engine.hardware.catalogue import Catalogue
from engine.protocol.load import CacheType

WORTH = 1.10  # a change must quicken answers by so much, or make the model fit
BRISK = 20.0  # tokens a second: all on cards and faster than one reads, nothing needs a change
USABLE = 0.5  # tokens a second: what stays below is no advice
MOST = 6
UPGRADES = ("RTX 3090", "RTX 4090", "RTX 5090", "RTX PRO 6000")
_GIBIBYTE = 1 << 30
_STEPS_OF_RAM = (16, 32, 64, 128, 256, 512, 1024)  # as memory is sold, in GB
_NOTABLE_BYTES = 300_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class _Idea:
    what: Saying
    rig: Rig
    wish: LoadWish


def changes_for(solved: Solved) -> tuple[Change, ...]:
    """Worthwhile changes that need no catalogue, those that cost nothing first."""
    now = solved.found.best
    if _is_fine(now):
        return ()
    ideas = (*_freed(solved, now), *_added(solved, now))
    return _worthwhile(solved, ideas)[:MOST]


def upgrade_cards(catalogue: Catalogue) -> tuple[Card, ...]:
    """Cards that people buy for this, new and used, as they run with nothing else on them."""
    return tuple(parse_rig(f"{name}, 64 GB", catalogue).cards[0] for name in UPGRADES)


def replacements(
    parts: Parts, rig: Rig, wish: LoadWish, streams: int, upgrades: Sequence[Card]
) -> tuple[Change, ...]:
    """The same for cards that could be bought: `upgrades`, empty, as they would run on this rig."""
    solved = solve(parts, rig, wish, streams)
    if _is_fine(solved.found.best):
        return ()
    ideas = _replaced(solved, solved.found.best, upgrades)
    return _worthwhile(solved, ideas)


def _is_fine(now: Trial) -> bool:
    return now.fits and not now.in_ram and now.decode >= BRISK


def _worthwhile(solved: Solved, ideas: Iterable[_Idea]) -> tuple[Change, ...]:
    now = solved.found.best
    found: list[Change] = []
    for idea in ideas:
        then = solve(solved.parts, idea.rig, idea.wish, solved.streams).found.best
        worth = not now.fits or then.decode >= max(WORTH * now.decode, USABLE)
        if then.fits and worth:
            found.append(Change(what=idea.what, decode_tps=then.decode, fits=True))
    return tuple(found)


def electricity_per_million(joules_per_token: float, price_per_kwh: float) -> float:
    """What a million tokens cost in electricity, in the currency of the price."""
    return joules_per_token * 1_000_000 / 3_600_000 * price_per_kwh


def _freed(solved: Solved, now: Trial) -> Iterator[_Idea]:
    if now.fits and not now.in_ram:
        return
    wish, rig = _settled(solved.wish, now), solved.rig
    context = now.recipe.context_tokens
    if context >= 8192:
        half = context // 2
        yield _Idea(
            what=say("context {now:tokens} → {then:tokens}", now=context, then=half),
            rig=rig,
            wish=wish.model_copy(update={"context_tokens": half}),
        )
    if now.recipe.cache_type is CacheType.F16 and CacheType.Q8_0 in solved.space.caches:
        yield _Idea(
            what=say("q8_0 KV cache"),
            rig=rig,
            wish=wish.model_copy(update={"cache_type": "q8_0"}),
        )
    used = sum(card.used_bytes for card in rig.cards)
    if used >= _NOTABLE_BYTES:
        emptied = tuple(replace(card, used_bytes=0) for card in rig.cards)
        yield _Idea(
            what=say("close other programs ({used:memory})", used=used),
            rig=replace(rig, cards=emptied),
            wish=wish,
        )


def _added(solved: Solved, now: Trial) -> Iterator[_Idea]:
    rig = solved.rig
    wish = _open(_settled(solved.wish, now))
    host = now.footprint.host
    if host.over:
        step = next((size for size in _STEPS_OF_RAM if size * _GIBIBYTE >= host.over), None)
        if step is not None:
            more = step * _GIBIBYTE
            board = replace(
                rig.board,
                memory_bytes=rig.board.memory_bytes + more,
                free_bytes=rig.board.free_bytes + more,
            )
            yield _Idea(
                what=say("{size} GB more RAM", size=step), rig=replace(rig, board=board), wish=wish
            )
    best = max(rig.cards, key=_worth, default=None)
    if best is not None and len(now.recipe.cards) == len(rig.cards):
        twin = replace(
            best,
            number=1 + max(card.number for card in rig.cards),
            used_bytes=0,
            drives_display=False,
        )
        yield _Idea(
            what=say("one more {card}", card=best.name),
            rig=replace(rig, cards=(*rig.cards, twin)),
            wish=wish.model_copy(update={"devices": (*now.layout.cards, twin.number)}),
        )


def _replaced(solved: Solved, now: Trial, upgrades: Sequence[Card]) -> Iterator[_Idea]:
    rig = solved.rig
    wish = _open(_settled(solved.wish, now))
    best = max(rig.cards, key=_worth, default=None)
    for card in upgrades:
        if best is None:
            one = replace(card, number=0)
            wish = wish.model_copy(update={"devices": (0,)})
            yield _Idea(
                what=say("one {card}", card=card.name), rig=replace(rig, cards=(one,)), wish=wish
            )
        elif _worth(card) > _worth(best):
            worst = min(rig.cards, key=_worth)
            one = replace(card, number=worst.number)
            cards = tuple(one if old is worst else old for old in rig.cards)
            wish = wish.model_copy(update={"devices": None})
            what = say("{card} in place of {worst}", card=card.name, worst=worst.name)
            yield _Idea(what=what, rig=replace(rig, cards=cards), wish=wish)


def _settled(wish: LoadWish, now: Trial) -> LoadWish:
    """The same context and cache, so that speeds compare."""
    return wish.model_copy(
        update={
            "prefer": None,
            "context_tokens": now.recipe.context_tokens,
            "cache_type": now.recipe.cache_type.value,
            "micro_batch_tokens": now.recipe.micro_batch_tokens,
            "devices": now.layout.cards or None,
        }
    )


def _open(wish: LoadWish) -> LoadWish:
    """Without the pins that mean the layers' places now."""
    return wish.model_copy(
        update={
            "gpu_layers": None,
            "split_mode": None,
            "tensor_split": (),
            "layer_counts": (),
            "cpu_experts": None,
        }
    )


def _worth(card: Card) -> tuple[float, int]:
    return card.bytes_per_second, card.memory_bytes
