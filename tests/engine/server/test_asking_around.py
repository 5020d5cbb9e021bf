"""Beside the answers: what a body weighs, which field made it too long, models by their aliases."""

import httpx
import openai
import pytest

from engine.config import EngineConfig
from engine.errors import ContextExceeded
from engine.server.port import Port
from tests.support.answers import QUIET_MODEL, ScriptedAnswers

pytestmark = pytest.mark.anyio


async def test_that_a_response_is_weighed_before_it_is_asked(address: str) -> None:
    async with openai.AsyncOpenAI(base_url=f"{address}/v1", api_key="unused") as client:
        counted = await client.responses.input_tokens.count(
            input="three small words", instructions="Be brief."
        )
    assert (counted.object, counted.input_tokens) == ("response.input_tokens", 5)


@pytest.mark.parametrize("streams", [False, True])
@pytest.mark.parametrize(
    ("path", "field", "asked"),
    [
        ("chat/completions", "messages", [{"role": "user", "content": "Hi"}]),
        ("completions", "prompt", "Hi"),
        ("responses", "input", "Hi"),
    ],
)
async def test_that_too_long_a_prompt_is_told_of_by_its_field(
    address: str, answers: ScriptedAnswers, path: str, field: str, asked: object, *, streams: bool
) -> None:
    answers.failure = ContextExceeded(5000, 4096)
    async with httpx.AsyncClient(base_url=address, timeout=20) as http:
        refused = await http.post(f"/v1/{path}", json={field: asked, "stream": streams})
    error = refused.json()["error"]
    assert refused.status_code == 400
    assert (error["code"], error["param"]) == ("context_length_exceeded", field)


@pytest.mark.parametrize("headers", [{}, {"anthropic-version": "2023-06-01"}])
async def test_that_a_model_is_shown_by_its_alias_and_listed_once(
    answers: ScriptedAnswers, headers: dict[str, str]
) -> None:
    port = Port(answers, config=lambda: EngineConfig(aliases={"gpt-4o": QUIET_MODEL.id}))
    address = await port.open("127.0.0.1", 0, explicit=True)
    async with httpx.AsyncClient(base_url=address, headers=headers, timeout=20) as http:
        assert (await http.get("/v1/models/gpt-4o")).json()["id"] == QUIET_MODEL.id
        assert (await http.get("/v1/models/gpt-5")).status_code == 404
        listed = (await http.get("/v1/models")).json()["data"]
    assert "gpt-4o" not in {each["id"] for each in listed}
    await port.close()
