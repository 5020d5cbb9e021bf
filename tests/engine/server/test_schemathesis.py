"""What the schema says, asked in thousands of ways: the port answers each as it promised.

A real port with a scripted engine; cases are drawn by schemathesis, the same in every run. That
wrong cases are refused is not asked: readers take more than the schema shows.
"""
# schemathesis leaves its generic types open.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportUnknownParameterType=false

import asyncio
import multiprocessing
import threading
import traceback
from collections import Counter
from collections.abc import Generator, Iterable
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, cast

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import Case, CheckFunction, GenerationMode
from schemathesis.checks import CHECKS
from schemathesis.core.result import Ok
from schemathesis.schemas import APIOperation

from engine.server.description.routes import document
from engine.server.port import Port
from tests.support.answers import ScriptedAnswers

SECONDS = 10.0  # nothing here takes so long: whatever does hangs
WANTED = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
    "response_headers_conformance",
)
# Refused on purpose with 501, which says what clients of Ollama need to know.
REFUSED = {path for path, told in document()["paths"].items() if "501" in str(told)}

Operation = APIOperation[Any, Any, Any, Any]


@dataclass
class Asked:
    """A port, and what it answered."""

    address: str
    session: requests.Session = field(default_factory=requests.Session)
    statuses: Counter[int] = field(default_factory=Counter[int])

    def send(self, case: Case[Any]) -> None:
        answer = case.call(base_url=self.address, session=self.session, timeout=SECONDS)
        self.statuses[answer.status_code] += 1
        checks = cast("list[CheckFunction]", [CHECKS.get_one(name) for name in WANTED])
        if answer.status_code == 501 and case.operation.path in REFUSED:
            checks = checks[1:]
        case.validate_response(answer, checks=checks)


@contextmanager
def open_port() -> Generator[str]:
    """A port on a loop of its own: those who ask here wait for their answers."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()

    async def opened() -> tuple[Port, str]:
        port = Port(ScriptedAnswers())
        return port, await port.open("127.0.0.1", 0, explicit=True)

    port, address = asyncio.run_coroutine_threadsafe(opened(), loop).result(60)
    try:
        yield address
    finally:
        asyncio.run_coroutine_threadsafe(port.close(), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()


def operations() -> list[Operation]:
    schema = schemathesis.openapi.from_dict(document())
    found = [each.ok() for each in schema.get_all_operations() if isinstance(each, Ok)]
    assert len(found) == sum(len(told) for told in document()["paths"].values())
    return found


def ask(asked: Asked, operation: Operation, mode: GenerationMode, count: int) -> None:
    @settings(
        max_examples=count,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=cast("list[HealthCheck]", list(HealthCheck)),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def one(case: Case[Any]) -> None:
        asked.send(case)

    one()


@dataclass(frozen=True, kw_only=True)
class Work:
    """So many cases of one operation."""

    label: str
    mode: GenerationMode
    count: int


def work_of(count: int) -> list[Work]:
    """So many cases, of all operations, some of them wrong on purpose."""
    every = operations()
    right = [(each, GenerationMode.POSITIVE) for each in every]
    wrong = [(each, GenerationMode.NEGATIVE) for each in every if each.body or each.query]
    share = max(1, count // (len(right) + len(wrong)))
    return [Work(label=each.label, mode=mode, count=share) for each, mode in (*right, *wrong)]


def done(works: Iterable[Work]) -> Counter[int]:
    """What a port answered to all of it."""
    every = {each.label: each for each in operations()}
    with open_port() as address:
        asked = Asked(address)
        for work in works:
            ask(asked, every[work.label], work.mode, work.count)
    return asked.statuses


def done_apart(work: Work) -> Counter[int] | str:
    """The same in a process of its own; or what failed, as words: its like cannot be pickled."""
    try:
        return done([work])
    except BaseException:  # noqa: BLE001 whatever it is, the test tells it
        return traceback.format_exc()


@pytest.mark.timeout(300)
def test_that_the_port_answers_as_its_schema_says() -> None:
    statuses = done(work_of(450))
    assert statuses[200] > 50
    assert statuses[400] > 50


@pytest.mark.soak
@pytest.mark.timeout(7200)
def test_that_thousands_of_cases_are_answered_as_the_schema_says() -> None:
    """Nearly all of the time goes into making the cases up: every processor does its part."""
    statuses, failures = Counter[int](), list[str]()
    with ProcessPoolExecutor(mp_context=multiprocessing.get_context("spawn")) as processes:
        for one in processes.map(done_apart, work_of(12_000)):
            if isinstance(one, str):
                failures.append(one)
            else:
                statuses += one
    print(f"{statuses.total()} cases: {dict(sorted(statuses.items()))}")
    assert not failures, "\n".join(failures)
    assert statuses.total() >= 5_000
