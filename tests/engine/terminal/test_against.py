"""The bench's clients and their arithmetic."""

import sys
from pathlib import Path

import pytest

from engine.errors import BadRequest
from engine.server.port import Port
from engine.terminal.clients import ClientsFailed, Errand, Heard, ask
from engine.terminal.paces import pace_of, rate_between
from engine.terminal.rivals import Rivals
from tests.support.answers import ScriptedAnswers

CLIENTS = (sys.executable, "-m", "engine.terminal.clients")


def steady(first: float, step: float, tokens: int = 101) -> Heard:
    stamps = tuple(first + step * index for index in range(tokens))
    return Heard(stamps=stamps, prompt_tokens=10, answer_tokens=tokens, engine_tps=1 / step)


def test_that_a_pace_counts_what_all_write_together() -> None:
    pace = pace_of([steady(0.5, 0.01), steady(1.0, 0.01)])
    assert pace.decode_tps == pytest.approx(200, rel=0.03)
    assert pace.stream_tps == pytest.approx(200)
    assert pace.first_token_ms == pytest.approx(750)
    assert pace.slowest_first_token_ms == pytest.approx(1000)
    assert pace.engine_tps == pytest.approx(100)


def test_that_streams_that_never_write_together_are_told_by_their_own_rates() -> None:
    pace = pace_of([steady(0.5, 0.01), steady(3.0, 0.01)])
    assert pace.decode_tps == pytest.approx(200)


def test_that_the_ends_of_a_long_answer_have_rates_of_their_own() -> None:
    quick, slow = [0.01 * i for i in range(100)], [1.0 + 0.02 * i for i in range(100)]
    answer = Heard(stamps=(*quick, *slow), prompt_tokens=1, answer_tokens=200)
    assert rate_between(answer, 0, 100) == pytest.approx(100, rel=0.02)
    assert rate_between(answer, 100, 200) == pytest.approx(50, rel=0.02)


@pytest.mark.anyio
async def test_that_clients_hear_a_port_and_its_refusals() -> None:
    port = Port(ScriptedAnswers())
    number = int((await port.open("127.0.0.1", 0, explicit=True)).rpartition(":")[2])
    body: dict[str, object] = {
        "prompt": "Once",
        "stream": True,
        "stream_options": {"include_usage": True},
    }
    try:
        errand = Errand(port=number, path="/v1/completions", bodies=(body, body))
        answers = await ask(CLIENTS, errand)
        assert [answer.text for answer in answers] == ["Hello, world!"] * 2
        assert [len(answer.stamps) for answer in answers] == [4, 4]
        assert [answer.answer_tokens for answer in answers] == [4, 4]
        bad = Errand(port=number, path="/v1/completions", bodies=({"prompt": 7},))
        with pytest.raises(ClientsFailed, match="refused"):
            await ask(CLIENTS, bad)
    finally:
        await port.close()


def test_that_a_folder_without_llama_bench_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadRequest, match="no llama-bench"):
        Rivals(tmp_path, tmp_path / "a.gguf", {})
