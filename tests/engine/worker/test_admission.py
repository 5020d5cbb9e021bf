"""A pure model of the memory: cells are counted, tokens are numbers, nothing is computed."""

from dataclasses import dataclass, field

from hypothesis import given
from hypothesis import strategies as st

from engine.worker.admission import Waiting, claim, may_enter, set_aside, worth_waiting
from engine.worker.scheduler import share_out

BATCH, MICRO_BATCH = 64, 16


@dataclass(slots=True, kw_only=True, eq=False)
class Story:
    """An answer: its token number n is n, if nothing was lost and nothing told twice."""

    id: int
    prompt: list[int]
    length: int
    told: list[int] = field(default_factory=list[int])
    held: list[int] = field(default_factory=list[int])
    unread: int = 0
    asides: int = 0
    waited: int = 0

    @property
    def readable(self) -> int:
        return self.unread


@dataclass(slots=True)
class Memory:
    """What the loop does, with numbers for tokens."""

    cells: int
    slots: int
    waiting: Waiting[Story] = field(default_factory=Waiting[Story])
    inside: list[Story] = field(default_factory=list[Story])
    finished: list[Story] = field(default_factory=list[Story])

    def turn(self) -> None:
        self.admit()
        shares = share_out(self.inside, BATCH, MICRO_BATCH)
        if self.used() + sum(tokens for _, tokens in shares) > self.cells:
            youngest = set_aside(self.inside)
            assert youngest is not None, "one alone fits: stories are shorter than the memory"
            assert youngest is not min(self.inside, key=lambda one: one.id)
            self.inside.remove(youngest)
            youngest.held, youngest.asides = [], youngest.asides + 1
            self.waiting.add(youngest)
            return
        assert not shares or sum(tokens for _, tokens in shares) <= BATCH
        for story, tokens in shares:
            self.step(story, tokens)

    def admit(self) -> None:
        for story in self.waiting:
            inside = (self.claim(other) for other in self.inside)
            if not may_enter(self.claim(story), inside, self.cells):
                return
            if len(self.inside) == self.slots:
                return
            self.waiting.remove(story)
            story.unread = len(story.prompt) + len(story.told)
            self.inside.append(story)

    def step(self, story: Story, tokens: int) -> None:
        if story.unread:
            whole = [*story.prompt, *story.told]
            start = len(story.held)
            story.held.extend(whole[start : start + tokens])
            story.unread -= tokens
        else:
            story.held.append(story.told[-1])
        assert story.held == [*story.prompt, *story.told][: len(story.held)]
        if story.unread == 0:
            story.told.append(len(story.told))
        if len(story.told) == story.length:
            self.inside.remove(story)
            self.finished.append(story)

    def claim(self, story: Story) -> int:
        length = len(story.prompt) + len(story.told)
        return claim(length, story.length - len(story.told), self.cells)

    def used(self) -> int:
        return sum(len(story.held) for story in self.inside)


@st.composite
def memories(draw: st.DrawFn) -> tuple[Memory, list[tuple[int, Story]]]:
    cells = draw(st.integers(40, 400))
    memory = Memory(cells, draw(st.integers(1, 6)))
    shapes = draw(
        st.lists(
            st.tuples(st.integers(1, cells // 2), st.integers(1, cells // 2), st.integers(0, 40)),
            min_size=1,
            max_size=8,
        )
    )
    stories = [
        (at, Story(id=number, prompt=[-1] * prompt, length=length))
        for number, (prompt, length, at) in enumerate(shapes)
    ]
    return memory, stories


@given(memories())
def test_that_every_answer_is_whole_however_little_memory_there_is(
    case: tuple[Memory, list[tuple[int, Story]]],
) -> None:
    memory, arrivals = case
    turns = 0
    while len(memory.finished) < len(arrivals):
        for at, story in arrivals:
            if at == turns:
                memory.waiting.add(story)
        memory.turn()
        assert memory.used() <= memory.cells
        turns += 1
        assert turns < 40_000, "they hold each other up"
    for _, story in arrivals:
        assert story.told == list(range(story.length))


@given(memories())
def test_that_the_oldest_inside_moves_on_every_turn(
    case: tuple[Memory, list[tuple[int, Story]]],
) -> None:
    memory, arrivals = case
    for _, story in arrivals:
        memory.waiting.add(story)
    still, before = 0, (0, 0)
    for _ in range(40_000):
        if len(memory.finished) == len(arrivals):
            return
        memory.turn()
        if not memory.inside:
            continue
        oldest = min(memory.inside, key=lambda one: one.id)
        now = (oldest.id, len(oldest.held) + len(oldest.told))
        # Some turns only set others aside; each of them at most once before somebody computes.
        still = still + 1 if now == before else 0
        before = now
        assert still <= 8


def test_that_one_set_aside_waits_before_those_that_came_later() -> None:
    waiting = Waiting[Story]()
    for number in (3, 7, 5):
        waiting.add(Story(id=number, prompt=[1], length=1))
    assert [story.id for story in waiting] == [3, 5, 7]
    assert len(waiting) == 3


def test_that_a_claim_counts_some_of_the_answer_and_never_more_than_there_is() -> None:
    assert claim(100, None, 4096) == 356
    assert claim(100, 10, 4096) == 110
    assert claim(4000, None, 4096) == 4096
    assert may_enter(5000, (), 4096), "alone, it is let in, to be told what is wrong with it"
    assert not may_enter(2, (4095,), 4096)
    assert may_enter(1, (4095,), 4096)


def test_that_one_alone_gives_way_to_nobody() -> None:
    alone = Story(id=1, prompt=[1], length=1)
    assert set_aside([alone]) is None
    assert set_aside([]) is None


def test_that_one_waits_for_a_beginning_that_another_is_reading() -> None:
    assert worth_waiting(shared=500, held=0, read=0)
    assert worth_waiting(shared=5000, held=2048, read=2048)
    assert worth_waiting(shared=500, held=30, read=0)


def test_that_nobody_waits_for_little_or_for_what_is_there() -> None:
    assert not worth_waiting(shared=63, held=0, read=0)
    assert not worth_waiting(shared=500, held=450, read=450)
    assert not worth_waiting(shared=500, held=500, read=500)


def test_that_nobody_waits_longer_than_reading_it_would_take() -> None:
    assert not worth_waiting(shared=5064, held=5000, read=100)
