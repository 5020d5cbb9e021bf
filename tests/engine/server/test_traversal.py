"""No path of this computer in any answer, and no way to a file by a path."""

import getpass
import tempfile
from collections.abc import AsyncGenerator
from pathlib import Path

import httpx
import pytest

from engine.errors import (
    BadRequest,
    DiskFull,
    EngineError,
    LoadFailed,
    NotAModel,
    OutOfMemory,
    SettingsBroken,
    TemplateFailed,
    WorkerDied,
)
from engine.server.port import Port
from engine.server.private import without_paths
from tests.support.answers import ScriptedAnswers

pytestmark = pytest.mark.anyio

HOMES = "/" + "home"  # written apart: no file here names a place of one machine

GOOD = {"model": None, "messages": [{"role": "user", "content": "Hi"}], "max_tokens": 9}
ASKED = [
    ("/v1/chat/completions", GOOD),
    ("/v1/chat/completions", {**GOOD, "stream": True}),
    ("/v1/completions", {"prompt": "Hi"}),
    ("/v1/embeddings", {"input": "Hi"}),
    ("/v1/rerank", {"query": "a", "documents": ["b"]}),
    ("/v1/responses", {"input": "Hi"}),
    ("/v1/responses", {"input": "Hi", "stream": True}),
    ("/v1/messages", {**GOOD, "model": "owner/quiet:Q4_K_M"}),
    ("/v1/messages", {**GOOD, "model": "owner/quiet:Q4_K_M", "stream": True}),
    ("/api/chat", {**GOOD, "model": "owner/quiet:Q4_K_M"}),
    ("/api/chat", {**GOOD, "model": "owner/quiet:Q4_K_M", "stream": False}),
    ("/api/generate", {"model": "owner/quiet:Q4_K_M", "prompt": "Hi"}),
    ("/api/embed", {"model": "owner/quiet:Q4_K_M", "input": "Hi"}),
    ("/api/show", {"model": "owner/quiet:Q4_K_M"}),
]


@pytest.fixture
async def http(answers: ScriptedAnswers) -> AsyncGenerator[httpx.AsyncClient]:
    port = Port(answers)
    address = await port.open("127.0.0.1", 0, explicit=True)
    async with httpx.AsyncClient(base_url=address, timeout=20) as http:
        yield http
    await port.close()


def failures(home: Path) -> list[Exception]:
    file = home / "models" / "my model.gguf"
    words = f"{file} could not be read: error loading model from '{file}' ({home}/cache)."
    kinds: list[type[EngineError]] = [
        BadRequest,
        DiskFull,
        LoadFailed,
        NotAModel,
        OutOfMemory,
        SettingsBroken,
        TemplateFailed,
    ]
    told: list[Exception] = [kind(words, remedy=f"Look at {file}.") for kind in kinds]
    return [
        *told,
        WorkerDied(words, last_words=words),
        EngineError("It failed.", remedy=f"Delete “{file}”."),
        RuntimeError(words),
        OSError(2, "No such file", str(file)),
    ]


@pytest.mark.parametrize("fail_after", [0, 2])
async def test_that_no_failure_tells_where_anything_lies(
    http: httpx.AsyncClient, answers: ScriptedAnswers, fail_after: int, tmp_path: Path
) -> None:
    home = tmp_path / "Ann Lee" / "fullbore"
    never = [str(tmp_path), "Ann Lee", tempfile.gettempdir(), str(Path.home()), str(Path.cwd())]
    if len(getpass.getuser()) > 4:
        never.append(getpass.getuser())
    answers.fail_after = fail_after
    failed = 0
    for failure in failures(home):
        answers.failure = failure
        for path, body in ASKED:
            answer = await http.post(path, json=body)
            failed += answer.status_code >= 400 or "error" in answer.text
            for secret in never:
                assert secret not in answer.text, (path, failure)
                assert all(secret not in value for value in answer.headers.values())
    assert failed > 50


@pytest.mark.parametrize(
    "path",
    [
        "/../../etc/passwd",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/v1/models/..%2f..%2f..%2fetc%2fpasswd",
        "/v1/models/%2Fetc%2Fpasswd",
        "/docs/../../../etc/passwd",
        "/docs/..%5c..%5cwindows%5cwin.ini",
        "/v1/responses/..%2f..%2fetc%2fpasswd",
        "/api/blobs/sha256:..%2f..%2fetc%2fpasswd",
        "/v1/models/a%00b",
    ],
)
async def test_that_no_path_leads_to_a_file(http: httpx.AsyncClient, path: str) -> None:
    url = httpx.URL(http.base_url).copy_with(raw_path=path.encode())
    answer = await http.get(url)
    assert answer.status_code in {400, 404, 405, 501}
    assert "root:" not in answer.text
    assert "Traceback" not in answer.text


@pytest.mark.parametrize(
    ("sentence", "told"),
    [
        (f"{HOMES}/ann/models/x.gguf is broken.", "x.gguf is broken."),
        (f"“{HOMES}/Ann Lee/My Models/x y.gguf” is broken.", "“x y.gguf” is broken."),
        (r"Failed: C:\Users\Ann Lee\models\x.gguf: no", "Failed: x.gguf: no"),
        ("c:/models/x.gguf", "x.gguf"),
        (r"\\nas\share\x.gguf is gone", "x.gguf is gone"),
        ("file:///srv/models/x.gguf", "x.gguf"),
        ("~/models/x.gguf (~/cache/y)", "x.gguf (y)"),
        (f"{HOMES}/ann", "…"),
        ("/Users/ann/", "…"),
        (r"C:\Users\ann", "…"),
        ("/tmp/pytest/a: denied ('/var/log/x.log')", "a: denied ('x.log')"),
        # These are no paths.
        (
            "See https://huggingface.co/owner/name/tree.",
            "See https://huggingface.co/owner/name/tree.",
        ),
        ("No model is called owner/name:Q4.", "No model is called owner/name:Q4."),
        ("text/plain or 3 / 4 tokens/s", "text/plain or 3 / 4 tokens/s"),
        ("Ask /api with it.", "Ask /api with it."),
    ],
)
def test_that_paths_are_told_as_names(sentence: str, told: str) -> None:
    assert without_paths(sentence) == told


def test_that_no_dialect_tells_a_sentence_past_the_filter() -> None:
    server = Path(__file__).parents[3] / "engine" / "server"
    past = [
        file.name
        for dialect in ("openai", "anthropic", "ollama", "texts")
        for file in (server / dialect).glob("*.py")
        if ".sentence" in file.read_text("utf-8")
    ]
    assert past == []
