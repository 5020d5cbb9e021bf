"""Who stays loaded: for all constellations there may be."""

from collections.abc import Mapping
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.host.residency import Decision, Full, Go, Resident, Room, Wait, decide

WANTED = "wanted"


@dataclass(frozen=True, kw_only=True)
class Scene:
    """Models on cards of some room; what they take is all that a plan would go by."""

    residents: tuple[Resident, ...]
    sizes: Mapping[str, int]
    room: int
    most: int

    def room_without(self, leaving: frozenset[str]) -> Room:
        """WHOLE if all fits, LESS if half does."""
        taken = sum(size for model, size in self.sizes.items() if model not in leaving)
        free = self.room - taken
        if free >= 0:
            return Room.WHOLE
        return Room.LESS if free >= -self.sizes[WANTED] // 2 else Room.NONE

    def decided(self) -> Decision:
        deciding = decide(WANTED, self.residents, most=self.most)
        try:
            question = next(deciding)
            while True:
                assert WANTED not in question
                question = deciding.send(self.room_without(question))
        except StopIteration as end:
            decision: Decision = end.value
            return decision

    def those(self, **marks: bool) -> set[str]:
        return {
            one.model
            for one in self.residents
            if one.model != WANTED and all(getattr(one, mark) is is_ for mark, is_ in marks.items())
        }


@st.composite
def scenes(draw: st.DrawFn) -> Scene:
    names = draw(st.lists(st.sampled_from("abcdefg"), unique=True, max_size=6))
    if draw(st.booleans()):
        names.append(WANTED)
    replaced = draw(st.sampled_from([None, *names]))
    residents = tuple(
        Resident(
            model=name,
            busy=draw(st.booleans()),
            used_at_seconds=draw(st.integers(0, 100)),
            pinned=name != replaced and draw(st.booleans()),
            replaced=name == replaced,
        )
        for name in names
    )
    sizes = {name: draw(st.integers(1, 10)) for name in {*names, WANTED}}
    room = draw(st.integers(sizes[WANTED], 40))
    return Scene(residents=residents, sizes=sizes, room=room, most=draw(st.integers(1, 6)))


def evicted(scene: Scene) -> tuple[str, ...]:
    decision = scene.decided()
    return decision.evict if isinstance(decision, Go) else ()


@given(scenes())
def test_that_nobody_goes_who_answers_or_is_pinned(scene: Scene) -> None:
    gone = set(evicted(scene))
    assert not gone & scene.those(busy=True, replaced=False)
    assert not gone & scene.those(pinned=True)
    assert WANTED not in gone


@given(scenes())
def test_that_there_are_never_more_than_the_limit(scene: Scene) -> None:
    decision = scene.decided()
    if isinstance(decision, Go):
        assert len(scene.those() - set(decision.evict)) + 1 <= scene.most


@given(scenes())
def test_that_nobody_goes_needlessly(scene: Scene) -> None:
    gone = set(evicted(scene)) & scene.those(replaced=False)
    replaced = scene.those(replaced=True)
    room = scene.room_without(frozenset(replaced | gone))
    for model in gone:
        spared = gone - {model}
        staying = scene.those(replaced=False) - spared
        crowded = len(staying) + 1 > scene.most
        assert crowded or scene.room_without(frozenset(replaced | spared)) < room


@given(scenes())
def test_that_of_models_of_one_size_the_longest_unused_go(scene: Scene) -> None:
    same = Scene(
        residents=scene.residents,
        sizes=dict.fromkeys(scene.sizes, 5),
        room=max(5, scene.room),
        most=scene.most,
    )
    gone = set(evicted(same)) & same.those(replaced=False)
    might = [
        one
        for one in same.residents
        if one.model in same.those(busy=False, pinned=False, replaced=False)
    ]
    oldest = sorted(one.used_at_seconds for one in might)[: len(gone)]
    assert sorted(one.used_at_seconds for one in might if one.model in gone) == oldest


@given(scenes())
def test_that_who_waits_waits_for_somebody_and_who_is_refused_hears_by_whom(scene: Scene) -> None:
    decision = scene.decided()
    if isinstance(decision, Wait):
        assert scene.those(busy=True, pinned=False, replaced=False)
    if isinstance(decision, Full):
        assert set(decision.pinned) == scene.those(pinned=True, replaced=False)
        assert decision.pinned


@given(scenes())
def test_that_a_model_that_fits_beside_all_is_loaded_beside_all(scene: Scene) -> None:
    enough = Scene(residents=scene.residents, sizes=scene.sizes, room=1000, most=99)
    assert set(evicted(enough)) == enough.those(replaced=True)


def one(model: str, at: float, *, busy: bool = False, pinned: bool = False) -> Resident:
    return Resident(model=model, busy=busy, used_at_seconds=at, pinned=pinned)


@pytest.mark.parametrize(
    ("residents", "most", "decision"),
    [
        ((), 1, Go()),
        ((one("a", 2),), 1, Go(evict=("a",))),
        ((one("b", 1, busy=True),), 1, Wait()),
        ((one("a", 2), one("b", 1, busy=True)), 2, Go(evict=("a",))),
        ((one("a", 2), one("b", 1)), 2, Go(evict=("b",))),
        ((one("a", 2), one("b", 1)), 3, Go()),
        ((one("a", 2, pinned=True),), 1, Full(pinned=("a",), crowded=True)),
    ],
)
def test_that_the_limit_alone_decides_where_there_is_room(
    residents: tuple[Resident, ...], most: int, decision: Decision
) -> None:
    sizes: dict[str, int] = {"a": 1, "b": 1, WANTED: 1}
    assert Scene(residents=residents, sizes=sizes, room=10, most=most).decided() == decision


def test_that_nobody_is_waited_for_whose_end_gives_no_room() -> None:
    """It computes on the processor, say: the cards are full of pinned ones."""
    residents = (one("pinned", 1, pinned=True), one("busy", 2, busy=True))
    sizes = {"pinned": 8, "busy": 0, WANTED: 4}
    assert Scene(residents=residents, sizes=sizes, room=10, most=4).decided() == Go()


def test_that_a_person_does_not_wait_for_the_model_that_is_replaced() -> None:
    before = Resident(model="a", busy=True, used_at_seconds=1, replaced=True)
    sizes = {"a": 8, WANTED: 8}
    assert Scene(residents=(before,), sizes=sizes, room=10, most=4).decided() == Go(evict=("a",))
