"""Other places than huggingface.co: how they answer, and what is told when they do not."""

import json
import socket
from collections.abc import Generator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
from typing_extensions import override

from engine.download import mirrors
from engine.errors import DownloadError, HubUnreachable, RepositoryNotFound
from tests.support.gguf_bytes import gguf_bytes
from tests.support.hub import Hub

LISTED = {
    "Code": 200,
    "Data": {
        "Files": [
            {"Type": "tree", "Path": "sub", "Size": 0, "Sha256": ""},
            {"Type": "blob", "Path": "sub/m.gguf", "Size": 10, "Sha256": "AB" * 32},
            {"Type": "blob", "Path": "README.md", "Size": 3, "Sha256": None},
        ]
    },
}


class ModelScope(BaseHTTPRequestHandler):
    """As ModelScope lists the files of a repository."""

    @override
    def log_message(self, format: str, *args: Any) -> None:
        """Silent."""

    def do_GET(self) -> None:
        found = self.path.startswith("/api/v1/models/owner/name/repo/files?")
        body = json.dumps(LISTED if found else {"Code": 404}).encode()
        self.send_response(200 if found else 404)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture
def modelscope() -> Generator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), ModelScope)
    thread = Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def hub() -> Generator[Hub]:
    with Hub() as hub:
        hub.add("owner/tiny-GGUF", {"tiny.gguf": gguf_bytes()})
        yield hub


def closed_port() -> int:
    with socket.socket() as chosen:
        chosen.bind(("127.0.0.1", 0))
        return int(chosen.getsockname()[1])


def test_that_an_endpoint_that_speaks_as_the_hub_is_told_with_its_time(hub: Hub) -> None:
    tried = mirrors.test_endpoint(f"{hub.address}/")
    assert tried.host == "127.0.0.1"
    assert tried.milliseconds >= 0
    assert not tried.modelscope
    assert hub.authorizations == [None]


def test_that_a_page_in_its_place_is_no_hub(hub: Hub) -> None:
    hub.faults.page = b"<html>Welcome to our hotel"
    with pytest.raises(DownloadError, match="not as the Hub does") as refused:
        mirrors.test_endpoint(hub.address)
    assert mirrors.MIRROR in refused.value.remedy


def test_that_nobody_there_is_told_with_another_endpoint() -> None:
    with pytest.raises(HubUnreachable, match="does not answer") as refused:
        mirrors.test_endpoint(f"http://127.0.0.1:{closed_port()}")
    assert mirrors.HUB in refused.value.remedy


@pytest.mark.parametrize(
    "address", ["", "ftp://files.example", "https://", "https://a:b@c", "h ://"]
)
def test_that_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(DownloadError, match="is not the address of a server"):
        mirrors.test_endpoint(address)


def test_that_a_mirror_is_offered_where_the_hub_fails_and_the_hub_where_a_mirror_does() -> None:
    assert mirrors.MIRROR in mirrors.offer(None)
    assert mirrors.MIRROR in mirrors.offer("https://huggingface.co")
    assert mirrors.HUB in mirrors.offer(mirrors.MIRROR)


def test_that_modelscope_lists_files_with_their_hashes(modelscope: str) -> None:
    files = mirrors.offered(modelscope, "owner/name")
    assert set(files) == {"sub/m.gguf", "README.md"}
    assert files["sub/m.gguf"].sha256 == "ab" * 32
    assert files["README.md"].sha256 is None
    with pytest.raises(RepositoryNotFound):
        mirrors.offered(modelscope, "owner/other")


def test_that_a_second_source_is_held_to_the_first_ones_hashes(modelscope: str) -> None:
    file = mirrors.offered(modelscope, "owner/name")["sub/m.gguf"]
    mirrors.check_same(file, 10, "ab" * 32)
    mirrors.check_same(file, 10, None)
    for size, sha256 in ((11, "ab" * 32), (10, "cd" * 32)):
        with pytest.raises(DownloadError, match="another file of that name"):
            mirrors.check_same(file, size, sha256)
    with pytest.raises(RepositoryNotFound):
        mirrors.check_same(None, 10, None)


def test_that_files_have_their_addresses_in_both_dialects() -> None:
    commit = "c" * 40
    hub = mirrors.file_url("https://hf-mirror.com/", "o/n", "a b/m.gguf", commit)
    assert hub == f"https://hf-mirror.com/o/n/resolve/{commit}/a%20b/m.gguf"
    other = mirrors.file_url(mirrors.MODELSCOPE, "o/n", "m.gguf", commit)
    assert other == "https://www.modelscope.cn/models/o/n/resolve/master/m.gguf"


def test_that_the_systems_proxy_is_used_and_its_exceptions_kept(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", hub.address)  # the test Hub answers as a proxy would
    monkeypatch.setenv("http_proxy", hub.address)
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    assert mirrors.test_endpoint("http://hub.invalid").host == "hub.invalid"
    assert hub.paths[-1].startswith("http://hub.invalid/api/models?")
    monkeypatch.setenv("NO_PROXY", "hub.invalid")
    with pytest.raises(HubUnreachable):
        mirrors.test_endpoint("http://hub.invalid")
