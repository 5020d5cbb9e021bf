"""What a writer chooses for many sequences at once: what each chain would choose alone."""

from dataclasses import dataclass, replace
from typing import cast

import numpy as np
import pytest

from engine.chat import Sampling
from engine.protocol.messages import Generate
from engine.worker.candidates import Logits
from engine.worker.chains import Chains
from engine.worker.context import Context
from engine.worker.llama import Model
from engine.worker.samplers import Sampler
from engine.worker.sampling import stages
from engine.worker.sequence import Prompt, Sequence
from engine.worker.shortlist import KEPT, Left
from engine.worker.writer import Writer
from tests.support.logits import left_of

VOCABULARY = 20_011
PLAIN = Sampling(temperature=0.8, top_k=40, top_p=0.95, min_p=0.05)
WISHES = {
    "all plain": [PLAIN],
    "a few plain": [PLAIN] + [replace(PLAIN, repeat_penalty=1.2)] * 5,
    "none plain": [replace(PLAIN, typical_p=0.8)],
    "of every kind": [
        PLAIN,
        replace(PLAIN, temperature=0.0),
        replace(PLAIN, top_k=0),
        replace(PLAIN, top_k=3000),
        replace(PLAIN, logit_bias={17: 4.0}),
        replace(PLAIN, mirostat=2),
    ],
}


@dataclass
class Logs:
    """In the place of a context and its model: their logits."""

    held: Logits
    shorts: frozenset[int] = frozenset()  # slots whose rows a device cuts down
    sequences: int = 16

    def rows(self, count: int) -> Logits:
        return self.held[:count]

    def short(self, slot: int) -> bool:
        return slot in self.shorts

    def left(self, count: int, index: int, number: int) -> Left:
        assert index == number  # every token of these batches has an output
        return left_of(self.held[:count])

    def ends(self, token: int) -> bool:
        return token < 0


def logits(count: int, seed: int) -> Logits:
    return np.random.default_rng(seed).normal(0, 3, (count, VOCABULARY)).astype(np.float32)


def sampler(wish: Sampling, seed: int) -> Sampler:
    seeded = replace(wish, seed=seed)
    return Sampler(Chains(None, VOCABULARY), stages(seeded, VOCABULARY, 4096))


@pytest.mark.parametrize("device", ["cuts none", "cuts one", "cuts what it may"])
@pytest.mark.parametrize("guesses", [0, 2])
@pytest.mark.parametrize("kind", WISHES)
def test_that_each_gets_the_tokens_of_its_own_chain(kind: str, guesses: int, device: str) -> None:
    wishes = [WISHES[kind][n % len(WISHES[kind])] for n in range(16)]
    alone = [sampler(wish, n) for n, wish in enumerate(wishes)]
    together = [
        Sequence(Generate(id=n, prompt="", sampling=wish), Prompt(tokens=[0]), sampler(wish, n))
        for n, wish in enumerate(wishes)
    ]
    for slot, sequence in enumerate(together):
        sequence.slot = slot
    may = [one.slot for one in together if one.sampler.looks_at <= KEPT]
    many = {"cuts none": 0, "cuts one": 1, "cuts what it may": len(may)}[device]
    each = 1 + guesses
    logs = Logs(held=logits(16 * each, 0), shorts=frozenset(may[:many]))
    writer = Writer(cast("Context", logs), cast("Model", logs))
    for turn in range(4):
        logs.held = logits(16 * each, turn)
        expected: list[list[int | None]] = []
        for n, (one, sequence) in enumerate(zip(alone, together, strict=True)):
            # The first guess is right for every other sequence, the second never.
            first = one.choose(logs.held[n * each])
            right = guesses > 0 and n % 2 == 0
            expected.append([first, one.choose(logs.held[n * each + 1])] if right else [first])
            wrong = -7
            sequence.draft = [first or 0 if right else wrong, wrong][:guesses]
        outputs = [(one, n * each + guesses) for n, one in enumerate(together)]
        assert writer.choose(outputs) == expected


@pytest.mark.parametrize("count", [1, 8])
@pytest.mark.parametrize("device", ["cuts none", "cuts all"])
def test_that_logits_that_are_no_numbers_break_an_answer_off(count: int, device: str) -> None:
    held = logits(count, 0)
    held[-1] = np.nan
    shorts = frozenset(range(count)) if device == "cuts all" else frozenset[int]()
    logs = Logs(held=held, shorts=shorts)
    sequences = [
        Sequence(Generate(id=n, prompt="", sampling=PLAIN), Prompt(tokens=[0]), sampler(PLAIN, n))
        for n in range(count)
    ]
    for slot, sequence in enumerate(sequences):
        sequence.slot = slot
    writer = Writer(cast("Context", logs), cast("Model", logs))
    tokens = writer.choose([(sequence, n) for n, sequence in enumerate(sequences)])
    assert [sequence.broken for sequence in sequences] == [False] * (count - 1) + [True]
    assert tokens[-1] == [None]
