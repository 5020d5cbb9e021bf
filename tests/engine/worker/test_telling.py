"""Where a card computes, a step's text is made and told beside the next one: nothing is lost."""

import os
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import ClassVar

import pytest

from engine.chat import StopReason
from engine.protocol.load import LoadSpec
from engine.protocol.messages import Cancel, Command, Generate, Part, Report, Step
from engine.worker.brake import Brake
from engine.worker.context import Context
from engine.worker.inbox import Inbox
from engine.worker.intake import Loaded
from engine.worker.llama import Library, Model
from engine.worker.loop import Loop
from engine.worker.threads import Threads
from tests.support.worker_pipe import chat, request

pytestmark = pytest.mark.journey


class Beside(Context):
    """As a card's: what it launched it goes on with by itself."""

    def wait(self) -> bool:
        super().wait()
        return True


class Counting(Context):
    """Notes on how many threads each step was computed, and of how many tokens it was."""

    steps: ClassVar[list[tuple[int, int]]] = []

    def launch(self) -> int:
        self.steps.append((self._threads, self._filled))
        return super().launch()


class Over(Exception):
    """All has been told that was asked for."""


@pytest.fixture(scope="module")
def loaded(model_file: Path) -> tuple[Library, Model, LoadSpec]:
    spec = LoadSpec(path=str(model_file), context_tokens=2048, streams=4, threads=1, gpu_layers=0)
    library = Library(None)
    return library, Model(library, spec, lambda _: True), spec


@contextmanager
def inbox() -> Generator[Inbox]:
    """One that nobody writes to from outside."""
    reading, writing = os.pipe()
    with os.fdopen(reading, "rb") as pipe:
        yield Inbox(pipe, Brake())
        os.close(writing)


def told(
    loaded: tuple[Library, Model, LoadSpec],
    kind: type[Context],
    asked: list[Generate],
    then: Callable[[Part], Command | None] = lambda _: None,
    threads: Threads | None = None,
) -> dict[int, list[Part]]:
    """What is told of each; `then` may answer a part with a command."""
    library, model, spec = loaded
    parts: dict[int, list[Part]] = {one.id: [] for one in asked}
    awaited = set(parts)
    with inbox() as box:
        loop: Loop | None = None

        def obey(command: Command) -> Callable[[], None]:
            return lambda: loop._obey(command)  # noqa: SLF001 # pyright: ignore

        def tell(report: Report) -> None:
            assert isinstance(report, Step)
            for part in report.parts:
                parts[part.id].append(part)
                command = then(part)
                if command is not None:
                    box.hand(obey(command))
                if part.reason is not None or isinstance(command, Cancel):
                    awaited.discard(part.id)
            if not awaited:
                raise Over

        context = kind(library, model, spec, Brake())
        loop = Loop(Loaded(model=model, context=context, threads=threads), box, Brake(), tell)
        for one in asked:
            box.hand(obey(one))
        with suppress(Over):
            loop.run()
    return parts


def test_that_the_number_of_threads_is_chosen_while_answers_are_written(
    loaded: tuple[Library, Model, LoadSpec],
) -> None:
    Counting.steps.clear()
    asked = [request(1, chat("Count to a hundred."), max_tokens=90, ignore_end=True)]
    (parts,) = told(loaded, Counting, asked, threads=Threads(1, 2)).values()
    assert sum(part.tokens for part in parts) == 90
    assert {count for count, tokens in Counting.steps if tokens > 1} == {1}  # the prompt
    assert {count for count, tokens in Counting.steps if tokens == 1} == {1, 2}


def text(parts: list[Part]) -> str:
    return "".join(part.answer for part in parts)


def test_that_what_is_told_is_the_same(loaded: tuple[Library, Model, LoadSpec]) -> None:
    asked = [
        request(1, chat("Count to twenty."), max_tokens=30),
        request(2, chat("Name three colours."), max_tokens=9),
        request(3, chat("Count to twenty."), max_tokens=40, stop=("t",)),
        request(4, chat("What is the capital of France?"), max_tokens=40),
    ]
    after, beside = told(loaded, Context, asked), told(loaded, Beside, asked)
    for number in after:
        assert text(beside[number]) == text(after[number])
        assert beside[number][-1].reason is after[number][-1].reason
        assert sum(part.tokens for part in beside[number]) == sum(
            part.tokens for part in after[number]
        )
        assert [part.prompt_tokens is not None for part in beside[number]].count(True) == 1
    assert beside[2][-1].reason is StopReason.LENGTH
    assert beside[3][-1].reason is StopReason.STOP
    assert "t" not in text(beside[3])
    assert beside[4][-1].reason is StopReason.END


def test_that_nothing_is_told_of_an_answer_after_it_was_cancelled(
    loaded: tuple[Library, Model, LoadSpec],
) -> None:
    since: list[int] = []

    def cancel_the_second(part: Part) -> Command | None:
        if part.id == 1 and since:
            since.append(1)
        if part.id == 2 and part.tokens and not since:
            since.append(2)
            return Cancel(id=2)
        return None

    asked = [
        request(1, chat("Count to a hundred."), max_tokens=20, ignore_end=True),
        request(2, chat("Name ten colours."), max_tokens=200, ignore_end=True),
    ]
    parts = told(loaded, Beside, asked, cancel_the_second)
    assert sum(part.tokens for part in parts[1]) == 20
    # One step was computing when it was cancelled: what had been written by then is told.
    assert 1 <= sum(part.tokens for part in parts[2]) <= 3
    assert parts[2][-1].reason is None
