from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from engine.worker.scheduler import Turns, share_out


@dataclass(frozen=True, slots=True, kw_only=True)
class Someone:
    id: int
    unread: int

    @property
    def readable(self) -> int:
        return self.unread


sequences = st.lists(st.integers(0, 600), max_size=12).map(
    lambda unread: [Someone(id=number, unread=tokens) for number, tokens in enumerate(unread)]
)
budgets = st.integers(1, 1024)


@given(sequences, budgets, budgets)
def test_that_a_step_never_exceeds_the_batch(
    them: list[Someone], budget: int, prompt_budget: int
) -> None:
    shares = share_out(them, budget, prompt_budget)
    assert sum(tokens for _, tokens in shares) <= budget
    assert all(1 <= tokens <= max(1, someone.unread) for someone, tokens in shares)
    assert len({someone.id for someone, _ in shares}) == len(shares)


@given(sequences, st.integers(12, 1024), budgets)
def test_that_every_writer_gets_its_token(
    them: list[Someone], budget: int, prompt_budget: int
) -> None:
    served = {someone.id: tokens for someone, tokens in share_out(them, budget, prompt_budget)}
    assert all(served.get(someone.id) == 1 for someone in them if someone.unread == 0)


@given(sequences, budgets, budgets)
def test_that_nobody_idles_while_there_is_room(
    them: list[Someone], budget: int, prompt_budget: int
) -> None:
    shares = share_out(them, budget, prompt_budget)
    assert bool(shares) == bool(them)
    writing = sum(1 for someone, _ in shares if someone.unread == 0)
    wanted = sum(someone.unread for someone in them)
    read = sum(tokens for someone, tokens in shares if someone.unread)
    room = budget - writing
    if writing:
        assert min(room, prompt_budget, wanted) <= read <= min(room, 4 * prompt_budget)
    else:
        assert read == min(room, wanted)


def test_that_few_writers_wait_for_no_more_than_the_usual_part_of_a_prompt() -> None:
    readers = [Someone(id=number, unread=600) for number in range(10, 30)]
    for writers in range(1, 4):
        them = [*(Someone(id=number, unread=0) for number in range(writers)), *readers]
        shares = share_out(them, 2048, 512)
        assert sum(tokens for someone, tokens in shares if someone.unread) == 512


def test_that_prompts_get_more_where_several_write_and_more_read() -> None:
    read: list[int] = []
    for writers in (4, 8, 10, 16, 20, 28):
        them = [Someone(id=number, unread=0) for number in range(writers)]
        them += [Someone(id=number, unread=600) for number in range(writers, 32)]
        shares = share_out(them, 2080, 512)
        read.append(sum(tokens for someone, tokens in shares if someone.unread))
    assert read == [2048, 2048, 1536, 1024, 512, 512]


@given(sequences, budgets, budgets)
def test_that_older_prompts_are_read_first(
    them: list[Someone], budget: int, prompt_budget: int
) -> None:
    served = {someone.id: tokens for someone, tokens in share_out(them, budget, prompt_budget)}
    readers = [someone for someone in them if someone.unread]
    got = [served.get(someone.id, 0) / someone.unread for someone in readers]
    assert got == sorted(got, reverse=True)
    assert sum(1 for share in got if 0 < share < 1) <= 1


@given(st.lists(st.integers(1, 3000), min_size=1, max_size=10), st.integers(1, 8), budgets)
def test_that_no_prompt_starves_beside_writers(
    prompts: list[int], writers: int, prompt_budget: int
) -> None:
    """With writers that never end, every prompt is read after as many steps as its share says."""
    budget = 1024
    left = dict(enumerate(prompts, writers))
    steps = 0
    while any(left.values()):
        them = [Someone(id=number, unread=0) for number in range(writers)]
        them += [Someone(id=number, unread=tokens) for number, tokens in left.items() if tokens]
        for someone, tokens in share_out(them, budget, prompt_budget):
            if someone.unread:
                left[someone.id] -= tokens
        steps += 1
    assert steps <= -(-sum(prompts) // min(budget - writers, prompt_budget))


@dataclass(frozen=True)
class Adapted:
    group: tuple[float, ...]


def test_that_a_step_is_of_one_group_and_none_waits_for_ever() -> None:
    one, other, third = Adapted((0.0,)), Adapted((0.5,)), Adapted((1.0,))
    turns = Turns()
    steps = [turns.next([one, other, third, one]) for _ in range(30)]
    assert all(len({each.group for each in step}) == 1 for step in steps)
    assert steps[0] == [one, one]
    assert {step[0] for step in steps} == {one, other, third}
    assert turns.next([other]) == [other]
    nobody: list[Adapted] = []
    assert list(turns.next(nobody)) == []
