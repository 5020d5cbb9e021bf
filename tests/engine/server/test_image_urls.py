"""Pictures in requests: how large, and from where."""

import asyncio
import base64
import json
import struct
from collections.abc import AsyncGenerator, Callable
from dataclasses import replace
from ipaddress import ip_address

import httpx
import pytest

from engine.config import EngineConfig
from engine.server.app import app_for
from engine.server.fetching import Address, Fetching, NotFetched, is_public
from engine.server.pictures import MOST_PICTURES, size_of
from engine.server.situation import Situation
from tests.support.answers import ScriptedAnswers

pytestmark = pytest.mark.anyio

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00\x00\x00\rIHDR" + struct.pack(">II", 3, 2) + b"rest"
HUGE = b"\x89PNG\r\n\x1a\n" + b"\x00\x00\x00\rIHDR" + struct.pack(">II", 60_000, 60_000)

Site = Callable[[str], bytes]


def found(kind: str, body: bytes) -> bytes:
    head = f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nConnection: close\r\n\r\n"
    return head.encode() + body


def led_to(place: str) -> bytes:
    return f"HTTP/1.1 302 Found\r\nLocation: {place}\r\nConnection: close\r\n\r\n".encode()


class Web:
    """A web of one server; every name leads to it unless `names` says otherwise."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.pages = dict[str, bytes]()
        self.hosts = list[str]()
        self.names = dict[str, tuple[str, ...]]()
        self.resolved = list[str]()

    def url(self, path: str, host: str = "pictures.example") -> str:
        return f"http://{host}:{self.port}{path}"

    async def resolve(self, host: str, _port: int) -> tuple[Address, ...]:
        self.resolved.append(host)
        return tuple(ip_address(one) for one in self.names.get(host, ("127.0.0.1",)))

    def fetching(self, *, most_bytes: int = 1000, seconds: float = 10) -> Fetching:
        """As the product's own, but that the server of the test may be visited."""
        here = ip_address("127.0.0.1")
        return Fetching(
            resolve=self.resolve,
            may_visit=lambda address: address == here or is_public(address),
            most_bytes=most_bytes,
            seconds=seconds,
        )


@pytest.fixture
async def web() -> AsyncGenerator[Web]:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        web.hosts += [line[6:] for line in head.split("\r\n") if line.lower().startswith("host:")]
        page = web.pages.get(head.split()[1])
        if page is None:
            await reader.read()  # says nothing until the client leaves
        else:
            writer.write(page)
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    web = Web(server.sockets[0].getsockname()[1])
    async with server:
        yield web


async def test_that_a_picture_is_fetched_from_the_address_that_was_checked(web: Web) -> None:
    web.pages["/a.png"] = found("image/png; x=y", PNG)
    assert await web.fetching().fetch(web.url("/a.png")) == (PNG, "image/png")
    assert web.hosts == [f"pictures.example:{web.port}"]
    assert web.resolved == ["pictures.example"]  # once: what was checked is what was visited


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.9.9.9", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254",
        "100.64.0.1", "100.100.100.200", "0.0.0.0", "224.0.0.1", "240.0.0.1", "255.255.255.255",
        "168.63.129.16", "192.0.2.1", "198.18.0.1", "::1", "::", "::ffff:127.0.0.1",
        "::ffff:8.8.8.8", "fe80::1", "fc00::1", "fd00:ec2::254", "fec0::1", "ff02::1",
        "64:ff9b::7f00:1", "2002:7f00:1::", "2001:0:7f00:1::", "2001:db8::1", "::127.0.0.1",
    ],
)  # fmt: skip
async def test_that_no_address_but_the_public_internet_s_is_visited(address: str) -> None:
    assert not is_public(ip_address(address))

    async def resolve(_host: str, _port: int) -> tuple[Address, ...]:
        return ip_address("93.184.215.14"), ip_address(address)

    with pytest.raises(NotFetched, match="not one of the public internet"):
        await Fetching(resolve=resolve).fetch("http://pictures.example/a.png")


async def test_that_the_public_internet_is_public() -> None:
    assert is_public(ip_address("93.184.215.14"))
    assert is_public(ip_address("2606:2800:21f:cb07:6820:80da:af6b:8b2c"))


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/a.png",
        "http://[::1]/a.png",
        "http://[::ffff:127.0.0.1]/a.png",
        "http://2130706433/a.png",
        "http://0x7f.1/a.png",
        "http://localhost/a.png",
    ],
)
async def test_that_every_way_to_write_this_computer_is_refused(url: str) -> None:
    with pytest.raises(NotFetched):
        await Fetching().fetch(url)


@pytest.mark.parametrize(
    ("url", "complaint"),
    [
        ("file:///etc/passwd", "must begin with https"),
        ("ftp://a.example/x", "must begin with https"),
        ("http://", "must begin with https"),
        ("http://me:secret@a.example/x", "must not hold a name or a password"),
        ("http://a.example:99999/x", "cannot be read"),
        ("http://[", "cannot be read"),
        ("http://a.example/" + "x" * 3000, "must begin with https"),
    ],
)
async def test_that_an_odd_address_is_refused(web: Web, url: str, complaint: str) -> None:
    with pytest.raises(NotFetched, match=complaint):
        await web.fetching().fetch(url)
    assert web.resolved == []


async def test_that_each_hop_is_checked_and_few_are_followed(web: Web) -> None:
    web.names["inside.example"] = ("192.168.1.1",)
    web.pages["/inside"] = led_to("http://inside.example/a.png")
    web.pages["/file"] = led_to("file:///etc/passwd")
    web.pages["/round"] = led_to("/round")
    web.pages["/a"] = led_to(web.url("/b", "other.example"))
    web.pages["/b"] = led_to("/c")
    web.pages["/c"] = led_to("c.png")
    web.pages["/c.png"] = found("image/png", PNG)
    assert await web.fetching().fetch(web.url("/a")) == (PNG, "image/png")
    for path, complaint in (
        ("/inside", "public internet"),
        ("/file", "must begin with"),
        ("/round", "leads on more than 3 times"),
    ):
        with pytest.raises(NotFetched, match=complaint):
            await web.fetching().fetch(web.url(path))


async def test_that_too_much_too_slow_and_no_picture_are_refused(web: Web) -> None:
    web.pages["/page"] = found("text/html", b"<p>")
    web.pages["/large"] = found("image/png", PNG + b"x" * 5000)
    web.pages["/gone"] = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
    web.pages["/junk"] = b"junk\r\n\r\n"
    for path, complaint in (
        ("/page", "is no picture"),
        ("/large", "is larger than"),
        ("/gone", "could not be fetched"),
        ("/junk", "could not be fetched"),
    ):
        with pytest.raises(NotFetched, match=complaint):
            await web.fetching().fetch(web.url(path))
    with pytest.raises(NotFetched, match=r"within 0\.2 seconds"):
        await web.fetching(seconds=0.2).fetch(web.url("/silence"))


def asking(answers: ScriptedAnswers, web: Web | None, **settings: object) -> httpx.AsyncClient:
    config = EngineConfig.model_validate(settings)
    situation = Situation(answers=answers, fingerprint="test", config=lambda: config)
    if web is not None:
        situation = replace(situation, fetching=web.fetching())
    transport = httpx.ASGITransport(app_for(situation, host="localhost"))
    return httpx.AsyncClient(transport=transport, base_url="http://localhost", timeout=20)


def openai_body(url: str) -> dict[str, object]:
    part = {"type": "image_url", "image_url": {"url": url}}
    return {"messages": [{"role": "user", "content": [part]}]}


def anthropic_body(source: dict[str, str]) -> dict[str, object]:
    content = [{"type": "image", "source": source}]
    model = "owner/quiet:Q4_K_M"
    return {"model": model, "max_tokens": 9, "messages": [{"role": "user", "content": content}]}


async def test_that_pictures_are_not_fetched_unless_the_person_says_so(
    answers: ScriptedAnswers, web: Web
) -> None:
    async with asking(answers, web) as http:
        url = web.url("/a.png")
        openai = await http.post("/v1/chat/completions", json=openai_body(url))
        anthropic = await http.post(
            "/v1/messages", json=anthropic_body({"type": "url", "url": url})
        )
    assert openai.json()["error"]["code"] == "image_urls_off"
    assert openai.json()["error"]["param"] == "messages[0].content[0].image_url.url"
    for answer in (openai, anthropic):
        assert answer.status_code == 400
        assert "`image_urls`" in answer.text
    assert (web.resolved, answers.requests) == ([], [])


async def test_that_both_dialects_fetch_pictures_once_they_may(
    answers: ScriptedAnswers, web: Web
) -> None:
    web.pages["/a.png"] = found("image/png", PNG)
    async with asking(answers, web, image_urls=True) as http:
        url = web.url("/a.png")
        bodies = (
            ("/v1/chat/completions", openai_body(url)),
            ("/v1/messages", anthropic_body({"type": "url", "url": url})),
        )
        for path, body in bodies:
            answer = await http.post(path, json=body)
            assert answer.status_code == 200, answer.text
            assert answers.requests[-1].messages[-1].images == (PNG,)


async def test_that_a_picture_that_unpacks_to_too_much_is_refused_in_every_dialect(
    answers: ScriptedAnswers,
) -> None:
    text = base64.b64encode(HUGE).decode()
    source = {"type": "base64", "media_type": "image/png", "data": text}
    said = {"role": "user", "content": "Hi", "images": [text]}
    item = {"type": "input_image", "image_url": f"data:image/png;base64,{text}"}
    async with asking(answers, None) as http:
        for path, body in (
            ("/v1/chat/completions", openai_body(f"data:image/png;base64,{text}")),
            ("/v1/responses", {"input": [{"role": "user", "content": [item]}]}),
            ("/v1/messages", anthropic_body(source)),
            ("/api/chat", {"model": "owner/quiet:Q4_K_M", "messages": [said]}),
            ("/api/generate", {"model": "owner/quiet:Q4_K_M", "prompt": "", "images": [text]}),
        ):
            answer = await http.post(path, json=body)
            assert answer.status_code == 400
            assert "60,000 × 60,000 points" in answer.text
        ollama = {"model": "owner/quiet:Q4_K_M"}
        beside = {"type": "image_url", "image_url": {"url": "x"}, **said}
        without_base64 = {**said, "images": [f"data:image/png,{text}"]}
        hidden = json.dumps({**ollama, "messages": [said]}).replace("images", "im\\u0061ges")
        for content in (
            json.dumps({**ollama, "messages": [beside]}),
            json.dumps({**ollama, "messages": [without_base64]}),
            hidden,
        ):
            answer = await http.post(
                "/api/chat", content=content, headers={"content-type": "application/json"}
            )
            assert "60,000 × 60,000 points" in answer.text
        parts = [{"type": "image_url", "image_url": {"url": "data:image/png;base64,iVBORw0KGgo="}}]
        many = {"messages": [{"role": "user", "content": parts * (MOST_PICTURES + 1)}]}
        answer = await http.post("/v1/chat/completions", json=many)
        assert "64 pictures at most" in answer.text
        other = base64.b64encode(b"RIFF\x00\x00\x00\x00WEBP").decode()
        odd = await http.post(
            "/v1/chat/completions", json=openai_body(f"data:image/png;base64,{other}")
        )
        assert "no PNG, JPEG, GIF or BMP" in odd.text
    assert not answers.requests


@pytest.mark.parametrize(
    ("picture", "size"),
    [
        (PNG, (3, 2)),
        (b"GIF89a" + struct.pack("<HH", 5, 4), (5, 4)),
        (b"BM" + bytes(12) + struct.pack("<Iii", 40, 7, -6), (7, 6)),
        (b"BM" + bytes(12) + struct.pack("<IHH", 12, 7, 6), (7, 6)),
        (
            b"\xff\xd8\xff\xe0\x00\x04\xff\xc0\xff\xff\xc2\x00\x11\x08" + struct.pack(">HH", 9, 8),
            (8, 9),
        ),
        (b"\xff\xd8\xff\xda\x00\x02", None),
        (b"\xff\xd8", (0, 0)),
        (PNG[:17], (0, 0)),
        (b"8BPS", None),
        (b"", None),
    ],
)
async def test_that_a_picture_s_size_is_read_from_its_first_bytes(
    picture: bytes, size: tuple[int, int] | None
) -> None:
    assert size_of(picture) == size
