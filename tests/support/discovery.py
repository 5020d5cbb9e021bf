"""A Hub that is not there: repositories, pages and plans, on the engine's loop."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace

from engine.background.words import Placed, Planned, Unplanned
from engine.config import LoadWish, RankWish
from engine.download.values import (
    Advised,
    Curated,
    Quantization,
    RepositoryHit,
    RepositoryPage,
    Role,
    SearchWish,
    SortBy,
)
from engine.errors import EngineError, GatedRepository, RepositoryNotFound
from engine.fit.plan import Plan
from engine.library.shelf_model import ShelfModel
from engine.planner.estimate import Fit
from tests.support.hub_access import FakeHubAccess
from tests.support.plans import GIB, PlannedMachine, plan_by_arithmetic
from tests.support.things import shelf_model

BITS = {"F16": 16.0, "Q8_0": 8.5, "Q6_K": 6.6, "Q4_K_M": 4.8, "IQ2_XS": 2.4}
LEAKS = {"F16": 0.0, "Q8_0": 0.001, "Q6_K": 0.005, "Q4_K_M": 0.03, "IQ2_XS": 0.45}
CARD = "# Tiny\n\nA [small](https://example.org/tiny) model. ![a picture](https://x.org/p.png)\n"

STARTER = Curated(
    id="someone/starter-GGUF",
    title="Starter",
    why="Here at once.",
    parameters=135_000_000,
    active_parameters=135_000_000,
    size_bytes=200 * 2**20,
    date="2026-03-01",
    source="test",
    starter=True,
)


def hit(name: str, *, gated: bool = False, parameters: int = 8_000_000_000) -> RepositoryHit:
    """One repository."""
    return RepositoryHit(
        id=name,
        downloads=1200,
        likes=3,
        gated=gated,
        updated="2026-03-01T10:00:00Z",
        architecture="llama",
        parameters=parameters,
        trained_context_tokens=32_768,
        license="apache-2.0",
        base_models=("someone/tiny",),
    )


def quantization(label: str, size_bytes: int) -> Quantization:
    """One file of it."""
    return Quantization(label=label, files=(f"tiny-{label}.gguf",), size_bytes=size_bytes)


def page(found: RepositoryHit, offered: Sequence[Quantization]) -> RepositoryPage:
    """A page of a repository that has a projector as well."""
    return RepositoryPage(
        hit=found,
        commit="a" * 40,
        card=CARD,
        tags=("gguf",),
        quantizations=tuple(offered),
        projectors=(quantization("mmproj-F16", GIB),),
    )


def eight_billion() -> tuple[Quantization, ...]:
    """What people offer of a model with 8B parameters."""
    return tuple(quantization(label, int(bits * 10**9)) for label, bits in BITS.items())


class FakeDiscovery(FakeHubAccess):
    """Satisfies `app.surface.DiscoverySurface`."""

    def __init__(self, rig: Callable[[], PlannedMachine]) -> None:
        super().__init__()
        self.pages = {
            "someone/tiny-GGUF": page(hit("someone/tiny-GGUF"), eight_billion()),
            "someone/gated-GGUF": page(hit("someone/gated-GGUF", gated=True), eight_billion()),
            "someone/huge-GGUF": page(
                hit("someone/huge-GGUF", parameters=10**12), (quantization("Q4_K_M", 600 * GIB),)
            ),
        }
        self.known = (
            Curated(
                id="someone/tiny-GGUF",
                title="Tiny",
                why="Small, and answers at once.",
                parameters=8_000_000_000,
                active_parameters=8_000_000_000,
                size_bytes=5 * GIB,
                date="2026-03-01",
                source="test",
            ),
            Curated(
                id="someone/huge-GGUF",
                title="Huge",
                why="Knows more than fits.",
                parameters=10**12,
                active_parameters=32 * 10**9,
                size_bytes=600 * GIB,
                date="2026-03-01",
                source="test",
            ),
        )
        # Has a page, and is in no search: those are counted.
        self.unlisted = {STARTER.id: page(hit(STARTER.id), (quantization("Q4_0", 200 * 2**20),))}
        self.first: Curated | None = STARTER
        self.failure: EngineError | None = None  # of every question to the Hub
        self.refusals = dict[str, str]()  # by label: its header cannot be read
        self.search_holds = False
        self.rank_holds = False  # after two headers
        self.needs_token = False  # gated pages are refused without one
        self.searched: list[SearchWish] = []
        self.ranked: list[tuple[str, LoadWish, str | None]] = []
        self.projectors: list[int] = []  # bytes of those that each ranking was asked to count
        self.given_up = 0
        self._rig = rig

    async def search(self, wish: SearchWish, /) -> tuple[RepositoryHit, ...]:
        self.searched.append(wish)
        try:
            while self.search_holds:
                await asyncio.sleep(0.001)
        except asyncio.CancelledError:
            self.given_up += 1
            raise
        self._refuse()
        hits = [one.hit for one in self.pages.values() if wish.words.lower() in one.hit.id.lower()]
        if wish.sort is SortBy.UPDATED:
            hits.reverse()
        return tuple(
            one
            for one in hits
            if wish.most_parameters is None or (one.parameters or 0) <= wish.most_parameters
        )

    async def page(self, repository: str, /) -> RepositoryPage:
        await asyncio.sleep(0)
        self._refuse()
        found = self.pages.get(repository) or self.unlisted.get(repository)
        if found is None:
            raise RepositoryNotFound(f"There is no repository {repository}.")
        if found.hit.gated and self.needs_token and self.token is None:
            raise GatedRepository(f"{repository} asks for a login.")
        return found

    def curated(self) -> tuple[Curated, ...]:
        return self.known

    def advised(self, disk_bytes: int, /) -> tuple[Advised, ...]:
        """In these roles, one after the other, as far as there is room."""
        fitting = [one for one in self.known if one.size_bytes <= disk_bytes]
        return tuple(
            Advised(role=role, curated=one, on_cards=True, decode_tps=40.0)
            for role, one in zip((Role.BEST, Role.BIG, Role.QUICK), fitting, strict=False)
        )

    def starter(self) -> Curated | None:
        return self.first

    async def rank(
        self,
        repository: str,
        quantizations: Sequence[Quantization],
        wish: RankWish,
        *,
        on_header: Callable[[int, int], None] | None = None,
    ) -> Planned:
        machine = wish.machine
        self.ranked.append((repository, wish.load, machine))
        self.projectors.append(wish.projector_bytes)
        if on_header is not None:
            on_header(2, len(quantizations))
        while self.rank_holds:
            await asyncio.sleep(0.001)
        self._refuse()
        rig = self._rig()
        if machine is not None:
            rig = PlannedMachine(cards=((machine.split(",")[0], 48 * GIB, 0),))
        placed = tuple(
            self._placed(repository, one, wish.load, rig)
            for one in quantizations
            if one.label not in self.refusals
        )
        fitting = [one for one in placed if one.plan.fits]
        advised = next((one for one in fitting if (one.plan.quality.divergence or 0) > 0.02), None)
        return Planned(
            placed=placed,
            unplanned=tuple(
                Unplanned(id=f"{repository}:{label}", code="not_a_model", sentence=sentence)
                for label, sentence in self.refusals.items()
            ),
            advised=advised.plan.model if advised else None,
            advice="It is the best." if advised else None,
        )

    def estimate(self, size_bytes: int, /) -> Fit:
        if size_bytes < 20 * GIB:
            return Fit.CARDS
        return Fit.RAM if size_bytes < 60 * GIB else Fit.NEITHER

    def _refuse(self) -> None:
        if self.failure is not None:
            raise self.failure

    def _placed(
        self, repository: str, one: Quantization, wish: LoadWish, rig: PlannedMachine
    ) -> Placed:
        known = _model(f"{repository}:{one.label}", one.size_bytes)
        plan = plan_by_arithmetic(known, wish, rig, exact=False)
        return Placed(
            plan=_with_quality(plan, one.label),
            kind="gpu",
            decode_at_start=plan.pace.decode_tps.expected,
            layers=30,
            expert_layers=(),
        )


def _model(name: str, size_bytes: int) -> ShelfModel:
    return replace(shelf_model(name), size_bytes=size_bytes, quantization=name.split(":")[1])


def _with_quality(plan: Plan, label: str) -> Plan:
    quality = replace(
        plan.quality, bits_per_weight=BITS.get(label, 4.8), divergence=LEAKS.get(label, 0.03)
    )
    return replace(plan, quality=quality)
