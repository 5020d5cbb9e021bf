"""What the schema says, asked in thousands of ways: the port answers each as it promised.

A real port with a scripted engine; cases are drawn by schemathesis, the same in every run. That
wrong cases are refused is not asked: readers take more than the schema shows.
"""
# schemathesis leaves its generic types open.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportUnknownParameterType=false

import asyncio
import threading
from collections import Counter
from collections.abc import Generator
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


def ask_all(count: int) -> Counter[int]:
    """So many cases, of all operations, some of them wrong on purpose."""
    every = operations()
    asking = [each for each in every if each.body or each.query]
    each_count = max(1, count // (len(every) + len(asking)))
    with open_port() as address:
        asked = Asked(address)
        for operation in every:
            ask(asked, operation, GenerationMode.POSITIVE, each_count)
            if operation in asking:
                ask(asked, operation, GenerationMode.NEGATIVE, each_count)
    print(f"{asked.statuses.total()} cases: {dict(sorted(asked.statuses.items()))}")
    return asked.statuses


@pytest.mark.timeout(300)
def test_that_the_port_answers_as_its_schema_says() -> None:
    statuses = ask_all(450)
    assert statuses[200] > 50
    assert statuses[400] > 50


@pytest.mark.soak
@pytest.mark.timeout(7200)
def test_that_thousands_of_cases_are_answered_as_the_schema_says() -> None:
    assert ask_all(12_000).total() >= 5_000
