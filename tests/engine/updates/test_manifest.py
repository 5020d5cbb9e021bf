"""What a list of releases means, and which lists are believed."""

import base64
import json
import sys
from datetime import date
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import UpdateFailed
from engine.updates.manifest import Manifest, genuine, newer, this_system
from engine.updates.places import PUBLIC_KEY
from tests.support.releases import release

PRIVATE = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
KEY = PRIVATE.public_key().public_bytes_raw()
BODY = json.dumps({"serial": 3, "releases": [release("0.2.0")]}).encode()
SIGNATURE = base64.b64encode(PRIVATE.sign(BODY))


def told(*releases: dict[str, object]) -> Manifest:
    return Manifest.model_validate({"serial": 1, "releases": releases})


def signed(body: bytes) -> Manifest:
    return genuine(body, base64.b64encode(PRIVATE.sign(body)), KEY)


def test_that_a_manifest_that_was_signed_is_believed() -> None:
    manifest = genuine(BODY, SIGNATURE + b"\n", KEY)
    assert manifest.serial == 3
    found = newer(manifest, "0.1.0", "linux-x86_64")
    assert found is not None
    assert (found.version, found.day, found.asset) == ("0.2.0", date(2026, 12, 1), "")


@given(at=st.integers(0, len(BODY) - 1), bit=st.integers(0, 7))
def test_that_one_other_bit_spoils_it(at: int, bit: int) -> None:
    spoiled = bytearray(BODY)
    spoiled[at] ^= 1 << bit
    with pytest.raises(UpdateFailed, match="not signed by Fullbore's maintainers"):
        genuine(bytes(spoiled), SIGNATURE, KEY)


@pytest.mark.parametrize(
    "signature",
    [b"", b"%%%", SIGNATURE[:-8], base64.b64encode(bytes(64)), b"\xff\xfe", SIGNATURE * 2],
)
def test_that_another_signature_is_refused(signature: bytes) -> None:
    with pytest.raises(UpdateFailed, match="not signed"):
        genuine(BODY, signature, KEY)


def test_that_another_s_key_is_refused() -> None:
    with pytest.raises(UpdateFailed, match="not signed"):
        genuine(BODY, SIGNATURE, PUBLIC_KEY)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"not JSON",
        b"[]",
        b"{}",
        b'{"serial": -1, "releases": []}',
        b'{"serial": 1, "releases": [{"version": "newest", "day": "2026-12-01"}]}',
        b'{"serial": 1, "releases": [{"version": "1.0", "day": "soon"}]}',
        json.dumps(
            {
                "serial": 1,
                "releases": [
                    release(
                        "1.0",
                        assets={"x": {"url": "http://a.b/c", "sha256": "0" * 64, "size": 1}},
                    )
                ],
            }
        ).encode(),
    ],
)
def test_that_one_that_cannot_be_read_is_told_though_it_is_signed(body: bytes) -> None:
    with pytest.raises(UpdateFailed, match="cannot be read"):
        signed(body)


def test_that_what_a_later_one_adds_is_left_unread() -> None:
    body = json.dumps(
        {"serial": 1, "colour": "red", "releases": [release("1.0", mood="good")]}
    ).encode()
    assert signed(body).releases[0].version == "1.0"


@pytest.mark.parametrize(
    ("own", "there", "offered"),
    [
        ("0.9.0", ["0.10.0", "0.9.1"], "0.10.0"),  # numbers, not letters
        ("0.10.0", ["0.10.0", "0.9.9"], None),
        ("1.0", ["1.0.0"], None),
        ("0.1.0", ["0.2.0rc1"], None),  # previews are for those who run one
        ("0.2.0rc1", ["0.2.0rc2"], "0.2.0rc2"),
        ("0.2.0rc1", ["0.2.0"], "0.2.0"),
        ("0", ["0.1.0"], "0.1.0"),
        ("a checkout", ["0.1.0"], "0.1.0"),
        ("0.1.0", [], None),
    ],
)
def test_that_the_newest_above_this_one_is_offered(
    own: str, there: list[str], offered: str | None
) -> None:
    found = newer(told(*(release(version) for version in there)), own, "linux-x86_64")
    assert (found.version if found else None) == offered


def test_that_a_release_brings_the_file_of_its_system() -> None:
    file = {"url": "https://a.example/f.deb", "sha256": "ab" * 32, "size": 7}
    found = newer(told(release("2", assets={"linux-x86_64": file})), "1", "linux-x86_64")
    assert found is not None
    assert (found.asset, found.sha256, found.size_bytes) == (file["url"], "ab" * 32, 7)
    other = newer(told(release("2", assets={"linux-x86_64": file})), "1", "macos-arm64")
    assert other is not None
    assert other.asset == ""


def test_that_this_computer_has_a_name() -> None:
    system, _, machine = this_system().partition("-")
    assert system in {"linux", "windows", "macos"}
    assert machine in {"x86_64", "aarch64", "arm64"}


@pytest.mark.skipif(sys.platform != "linux", reason="Elsewhere there is one file for all.")
def test_that_who_unpacked_an_archive_gets_an_archive_again(tmp_path: Path) -> None:
    program = tmp_path / "fullbore"
    assert not this_system(program).endswith("-archive")
    (tmp_path / "install.sh").touch()
    assert this_system(program) == f"{this_system()}-archive"


def test_that_the_key_in_the_source_is_one() -> None:
    assert len(PUBLIC_KEY) == 32
    with pytest.raises(UpdateFailed):
        genuine(b"{}", base64.b64encode(bytes(64)), PUBLIC_KEY)
