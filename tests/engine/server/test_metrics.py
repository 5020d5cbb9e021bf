"""GET /metrics: what a request leaves there, and what the engine's facts do."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncGenerator, Iterable
from dataclasses import replace
from datetime import UTC, datetime
from typing import cast

import httpx
import pytest
from prometheus_client.metrics_core import Metric
from prometheus_client.openmetrics import parser as openmetrics
from prometheus_client.parser import text_string_to_metric_families as families_of

from engine.chat import ChatRequest, Finished, Piece, StopReason, Timings
from engine.errors import WorkerDied
from engine.events import AlertMoved, Event, MachineRead, RatesRead, UsageRead
from engine.fit.saying import say
from engine.hardware.machine import GpuReading, Reading
from engine.host.facts import AnswerEnded, ModelMoved, Phase, StreamsMoved, WorkerEnded
from engine.monitor.values import Alert, AlertKind, CardUsage, Purpose, Rates, Share
from engine.server.metrics.requests import RequestMeters
from engine.server.metrics.series import Bins, Count, Spread
from engine.server.observer import Call
from tests.support.answers import QUIET_MODEL, ScriptedAnswers
from tests.support.pace import allowed, spent

pytestmark = pytest.mark.anyio

MODEL = QUIET_MODEL.id
CARD = GpuReading(
    index=0,
    name="Card",
    memory_total_bytes=80,
    memory_used_bytes=60,
    utilization=0.5,
    temperature_celsius=55.0,
    power_watts=100.0,
    power_limit_watts=300.0,
)
READING = Reading(
    at_seconds=10.0, cpu=0.25, memory_total_bytes=1000, memory_used_bytes=400, gpus=(CARD,)
)
TIMINGS = Timings(
    prompt_tokens=30,
    reused_tokens=10,
    answer_tokens=20,
    queue_seconds=0.01,
    prompt_seconds=0.2,
    decode_seconds=0.5,
    drafted_tokens=8,
    accepted_tokens=6,
)
ALERT = Alert(
    kind=AlertKind.HOT,
    sentence=say("It is hot."),
    remedy=say("Cool it."),
    began_at=datetime(2026, 1, 1, tzinfo=UTC),
    card=0,
)
FACTS: tuple[Event, ...] = (
    ModelMoved(model=MODEL, phase=Phase.LOADING),
    ModelMoved(model=MODEL, phase=Phase.READY, fraction=1.0, context_tokens=4096),
    StreamsMoved(
        model=MODEL, streams=2, decode_tps=50.0, context_used_tokens=90, context_tokens=4096
    ),
    AnswerEnded(model=MODEL, timings=TIMINGS),
    AnswerEnded(model=MODEL, timings=None, failed=True),
    WorkerEnded(model=MODEL, sentence="It died.", last_words=""),
    AlertMoved(alert=ALERT),
    MachineRead(reading=READING),
    MachineRead(reading=replace(READING, at_seconds=12.0)),
    UsageRead(
        cards=(
            CardUsage(
                index=0,
                name="Card",
                total_bytes=80,
                used_bytes=60,
                shares=(Share(purpose=Purpose.WEIGHTS, size_bytes=40, name=MODEL),),
            ),
        )
    ),
    RatesRead(rates=Rates(streams=2, reuse=0.3, acceptance=0.75, joules_per_token=1.5)),
)


@pytest.fixture
async def http(address: str) -> AsyncGenerator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=address) as client:
        yield client


async def samples(http: httpx.AsyncClient) -> dict[tuple[str, frozenset[tuple[str, str]]], float]:
    """Every number of /metrics, by its name and labels."""
    answer = await http.get("/metrics")
    assert answer.status_code == 200
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in families_of(answer.text)
        for sample in family.samples
    }


def at(
    found: dict[tuple[str, frozenset[tuple[str, str]]], float], name: str, /, **labels: str
) -> float | None:
    return found.get((f"fullbore_{name}", frozenset(labels.items())))


def _read_open(text: str) -> Iterable[Metric]:
    read = openmetrics.text_string_to_metric_families  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
    return cast("Iterable[Metric]", read(text))


async def chat(http: httpx.AsyncClient, **fields: object) -> httpx.Response:
    body = {"messages": [{"role": "user", "content": "Hi"}], **fields}
    return await http.post("/v1/chat/completions", json=body)


async def test_that_a_request_is_counted_by_its_route_and_code(http: httpx.AsyncClient) -> None:
    await chat(http)
    await chat(http, stream=True)
    await chat(http, model="no such thing")
    await http.get("/v1/models/some/where")
    await http.get("/nothing/here")
    await http.get("/v1/chat/completions")
    found = await samples(http)
    route = "/v1/chat/completions"
    assert at(found, "requests_total", route=route, method="POST", code="200") == 2
    assert at(found, "requests_total", route=route, method="POST", code="404") == 1
    assert at(found, "requests_total", route=route, method="GET", code="405") == 1
    assert at(found, "requests_total", route="other", method="GET", code="404") == 1
    assert at(found, "requests_total", route="/v1/models/{model}", method="GET", code="404") == 1
    assert at(found, "errors_total", code="model_not_found") == 2
    assert at(found, "errors_total", code="unknown_url") == 1
    assert at(found, "errors_total", code="method_not_allowed") == 1
    assert at(found, "requests_in_flight") == 1  # this one
    assert at(found, "request_seconds_count", route=route) == 4


async def test_that_nothing_a_client_writes_becomes_a_label(http: httpx.AsyncClient) -> None:
    await chat(http, model="secret-words")
    await http.get("/secret-words?and=secret-words")
    await http.request("SECRET-WORDS", "/health")
    await http.get("/v1/models/secret-words")
    text = (await http.get("/metrics")).text
    assert "secret" not in text.lower()
    assert 'method="other"' in text


async def test_that_first_and_further_tokens_are_spread_by_model(http: httpx.AsyncClient) -> None:
    await chat(http, stream=True)
    await chat(http, n=2)
    found = await samples(http)
    assert at(found, "time_to_first_token_seconds_count", model=MODEL) == 3
    assert at(found, "inter_token_seconds_count", model=MODEL) == 9  # three gaps in each answer
    assert at(found, "inter_token_seconds_bucket", model=MODEL, le="+Inf") == 9


async def test_that_vectors_tokens_are_counted(http: httpx.AsyncClient) -> None:
    await http.post("/v1/embeddings", json={"input": ["one two", "three"]})
    assert at(await samples(http), "text_tokens_total", model=MODEL) == 3


async def test_that_a_stream_that_breaks_is_seen_though_its_status_was_200(
    http: httpx.AsyncClient, answers: ScriptedAnswers
) -> None:
    answers.failure, answers.fail_after = WorkerDied("It died."), 1
    assert (await chat(http, stream=True)).status_code == 200
    found = await samples(http)
    assert at(found, "streams_broken_total", route="/v1/chat/completions") == 1
    assert at(found, "errors_total", code="worker_died") == 1


async def test_that_the_engine_s_facts_are_told(
    http: httpx.AsyncClient, answers: ScriptedAnswers
) -> None:
    for fact in FACTS:
        answers.listeners.tell(fact)
    answers.alerts.raised = (ALERT,)
    async with asyncio.timeout(5):
        while at(found := await samples(http), "speculation_accepted_ratio") is None:
            pass
    assert at(found, "answers_total", model=MODEL, outcome="finished") == 1
    assert at(found, "answers_total", model=MODEL, outcome="failed") == 1
    assert at(found, "prompt_tokens_total", model=MODEL) == 30
    assert at(found, "reused_tokens_total", model=MODEL) == 10
    assert at(found, "answer_tokens_total", model=MODEL) == 20
    assert at(found, "drafted_tokens_total", model=MODEL) == 8
    assert at(found, "accepted_tokens_total", model=MODEL) == 6
    assert at(found, "queue_seconds_count", model=MODEL) == 1
    assert at(found, "loads_total", model=MODEL, outcome="ready") == 1
    assert at(found, "worker_restarts_total", model=MODEL) == 1
    assert at(found, "alerts_raised_total", kind="hot") == 1
    assert at(found, "alert_active", kind="hot", gpu="0") == 1
    assert at(found, "decode_tokens_per_second", model=MODEL) == 50
    assert at(found, "energy_joules_per_token") == 1.5
    card = {"gpu": "0", "name": "Card"}
    assert at(found, "gpu_memory_used_bytes", **card) == 60
    assert at(found, "gpu_memory_total_bytes", **card) == 80
    assert at(found, "gpu_utilization_ratio", **card) == 0.5
    assert at(found, "gpu_power_watts", **card) == 100
    assert at(found, "gpu_temperature_celsius", **card) == 55
    assert at(found, "gpu_energy_joules_total", **card) == 200
    assert at(found, "gpu_fan_ratio", **card) is None  # not reported is not zero
    assert at(found, "gpu_memory_purpose_bytes", gpu="0", purpose="weights") == 40
    assert at(found, "queue_depth", model=MODEL) == 0
    assert at(found, "model_loaded", model=MODEL) == 1


async def test_that_an_alert_that_is_over_is_not_active(
    http: httpx.AsyncClient, answers: ScriptedAnswers
) -> None:
    answers.alerts.raised = (ALERT,)
    assert at(await samples(http), "alert_active", kind="hot", gpu="0") == 1
    answers.alerts.raised = ()
    assert at(await samples(http), "alert_active", kind="hot", gpu="0") is None


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("", "text/plain; version=0.0.4"),
        ("*/*", "text/plain; version=0.0.4"),
        ("text/plain;version=nonsense", "text/plain; version=0.0.4"),
        ("application/openmetrics-text;version=nonsense", "application/openmetrics-text"),
        (
            "application/openmetrics-text;version=1.0.0;q=0.5,text/plain;q=0.2",
            "application/openmetrics-text; version=1.0.0",
        ),
    ],
)
async def test_that_the_format_is_the_one_asked_for(
    http: httpx.AsyncClient, accept: str, kind: str
) -> None:
    await chat(http)
    answer = await http.get("/metrics", headers={"accept": accept})
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith(kind)
    read = _read_open if "openmetrics" in kind else families_of
    assert "fullbore_requests" in {family.name for family in read(answer.text)}


async def test_that_a_client_that_leaves_is_told_apart(
    http: httpx.AsyncClient, answers: ScriptedAnswers
) -> None:
    answers.pause_after = 1
    leaving = asyncio.create_task(chat(http))
    await answers.pausing.wait()
    leaving.cancel()
    await asyncio.wait({leaving})
    route = {"route": "/v1/chat/completions", "method": "POST"}
    async with asyncio.timeout(5):
        while at(await samples(http), "requests_total", code="499", **route) != 1:
            pass


def test_that_bins_add_up() -> None:
    bins = Bins((1.0, 2.0))
    for value in (0.5, 1.0, 1.5, 3.0):
        bins.note(value)
    bins.note(2.0, 2)
    assert bins.buckets() == [("1.0", 2), ("2.0", 5), ("+Inf", 6)]
    assert bins.total == 10.0


def test_that_labels_keep_apart_what_is_counted() -> None:
    count, spread = Count("c", "C.", ("x",)), Spread("s", "S.", (1.0,), ("x",))
    count.add("a", amount=2)
    count.add("b")
    spread.bins("a").note(0.5)
    assert {s.labels["x"]: s.value for s in count.family().samples} == {"a": 2, "b": 1}
    assert {s.labels["x"] for s in spread.family().samples} == {"a"}


def test_that_a_token_costs_next_to_nothing() -> None:
    meters = RequestMeters(lambda _: MODEL)
    call = Call({"path": "/", "method": "POST"}, "openai")
    meters.began(call)
    meters.asked(call, 0, ChatRequest(messages=()))
    call.questions = 1
    pieces = [Piece(text="word", tokens=1)] * 10_000

    def write() -> None:
        for piece in pieces:
            meters.delta(call, 0, piece)

    assert spent(write) < allowed(10_000 * 5e-6)
    meters.delta(call, 0, Finished(reason=StopReason.END, timings=TIMINGS))
    call.status = 200
    meters.ended(call)


def test_that_metrics_cost_no_import_before_the_port_opens() -> None:
    code = "import sys, engine.engine; print('prometheus_client' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "False"
