"""The port with a certificate of its own."""

import ssl
from pathlib import Path

import httpx
import pytest

from engine.config import EngineConfig
from engine.errors import BadCertificate
from engine.server.port import Port
from engine.server.tls import tls_context
from tests.support.answers import ScriptedAnswers
from tests.support.certificates import certificate

pytestmark = pytest.mark.anyio


async def test_that_a_port_with_a_certificate_speaks_https_alone(
    answers: ScriptedAnswers, tmp_path: Path
) -> None:
    file, key = certificate(tmp_path)
    config = EngineConfig(tls_certificate=file, tls_key=key)
    port = Port(answers, config=lambda: config)
    address = await port.open("127.0.0.1", 0, explicit=True)
    try:
        assert address.startswith("https://127.0.0.1:")
        trusting = ssl.create_default_context(cafile=str(file))
        async with httpx.AsyncClient(verify=trusting, timeout=20) as http:
            assert (await http.get(f"{address}/health")).status_code == 200
            body = {"stream": True, "messages": [{"role": "user", "content": "Hi"}]}
            answer = await http.post(f"{address}/v1/chat/completions", json=body)
            assert answer.text.endswith("data: [DONE]\n\n")
        async with httpx.AsyncClient(timeout=20) as http:
            with pytest.raises(httpx.ConnectError):
                await http.get(f"{address}/health")  # nobody vouches for it
            with pytest.raises(httpx.TransportError):
                await http.get(f"{address}/health".replace("https", "http"))
    finally:
        await port.close()


def test_that_without_a_certificate_there_is_no_https() -> None:
    assert tls_context(None, None) is None


def test_that_a_certificate_that_cannot_be_used_is_a_failure_with_a_remedy(tmp_path: Path) -> None:
    file, key = certificate(tmp_path)
    _, other = certificate(tmp_path, "other")
    hidden_file, hidden = certificate(tmp_path, "hidden", password="sesame")
    broken = tmp_path / "broken.crt"
    broken.write_text("-----BEGIN CERTIFICATE-----\nno\n", "utf-8")
    cases = [
        (file, None, "`tls_key` is not set"),
        (None, key, "`tls_certificate` is not set"),
        (file, tmp_path / "gone.key", "gone.key could not be read"),
        (tmp_path, key, "could not be read"),
        (file, other, "other.key does not belong to the certificate port.crt"),
        (hidden_file, hidden, "hidden.key is encrypted with a password"),
        (broken, key, "broken.crt and port.key are no certificate and its key"),
        (key, file, "are no certificate and its key"),
    ]
    for first, second, complaint in cases:
        with pytest.raises(BadCertificate, match=complaint) as raised:
            tls_context(first, second)
        assert str(tmp_path) not in raised.value.sentence
        assert len(raised.value.remedy) > 10


async def test_that_a_port_whose_certificate_is_broken_does_not_open(
    answers: ScriptedAnswers, tmp_path: Path
) -> None:
    config = EngineConfig(tls_certificate=tmp_path / "no.crt", tls_key=tmp_path / "no.key")
    with pytest.raises(BadCertificate, match=r"no\.crt could not be read"):
        await Port(answers, config=lambda: config).open("127.0.0.1", 0, explicit=True)
