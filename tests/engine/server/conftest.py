"""A real port with a scripted engine behind it."""

from collections.abc import AsyncGenerator

import pytest

from engine.server.port import Port
from tests.support.answers import ScriptedAnswers


@pytest.fixture
def answers() -> ScriptedAnswers:
    return ScriptedAnswers()


@pytest.fixture
async def address(answers: ScriptedAnswers) -> AsyncGenerator[str]:
    port = Port(answers)
    yield await port.open("127.0.0.1", 0, explicit=True)
    await port.close()
