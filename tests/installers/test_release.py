"""Signing a list of releases, as those who release do it."""

import hashlib
import json
import stat
import sys
from pathlib import Path

import pytest

from engine.errors import UpdateFailed
from engine.updates.manifest import genuine
from installers import release
from tests.support.releases import release as told


@pytest.fixture
def manifest(tmp_path: Path) -> Path:
    path = tmp_path / "manifest.json"
    path.write_text(json.dumps({"serial": 1, "releases": [told("0.2.0")]}), "utf-8")
    return path


def test_that_a_new_key_signs_and_its_public_half_checks(
    manifest: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    key = tmp_path / "private.pem"
    assert release.main(["key", str(key)]) == 0
    public = capsys.readouterr().out.rpartition(" ")[2].strip()
    assert release.main(["sign", str(manifest), "--key", str(key)]) == 0
    release.check(manifest, key=release.base64.b64decode(public))
    if sys.platform != "win32":
        assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert release.main(["key", str(key)]) == 1  # an old one is not overwritten
    with pytest.raises(UpdateFailed, match="not signed"):
        release.check(manifest)  # it is not the maintainers'
    assert release.main(["check", str(manifest)]) == 1


def test_that_the_public_half_goes_into_the_source(tmp_path: Path) -> None:
    key, source = tmp_path / "private.pem", tmp_path / "places.py"
    before = release.PLACES.read_text("utf-8")
    source.write_text(before, "utf-8")
    public = release.make_key(key)
    assert release.put_key(key, source) == public
    now = source.read_text("utf-8")
    changed = [line for line in now.splitlines() if line not in before.splitlines()]
    assert changed == [f'PUBLIC_KEY = base64.b64decode("{public}")']
    source.write_text("nothing of the kind", "utf-8")
    with pytest.raises(ValueError, match="PUBLIC_KEY"):
        release.put_key(key, source)


def test_that_the_list_tells_of_the_files_and_keeps_what_was_told(
    manifest: Path, tmp_path: Path
) -> None:
    version = release.tomllib.loads((release.ROOT / "pyproject.toml").read_text("utf-8"))[
        "project"
    ]["version"]
    folder, key = tmp_path / "release", tmp_path / "private.pem"
    folder.mkdir()
    words = ["list", str(folder), "--address", "https://example.org/v/"]
    assert release.main(words) == 1  # there is nothing to tell of
    package = folder / f"fullbore_{version}_amd64.deb"
    package.write_bytes(b"a package")
    (folder / "SHA256SUMS").write_bytes(b"another file")
    assert release.main([*words, "--before", str(manifest)]) == 0
    made = folder / "manifest.json"
    public = release.base64.b64decode(release.make_key(key))
    release.sign(made, key)
    found = genuine(made.read_bytes(), release.signature_of(made).read_bytes(), public)
    assert found.serial > 1
    assert [entry.version for entry in found.releases] == [version, "0.2.0"]
    (system, asset), *others = found.releases[0].assets.items()
    assert (system, others) == ("linux-x86_64", [])
    assert asset.url == f"https://example.org/v/{package.name}"
    assert (asset.sha256, asset.size) == (hashlib.sha256(b"a package").hexdigest(), 9)
    assert found.releases[0].news


def test_that_what_fullbore_could_not_read_is_not_signed(manifest: Path, tmp_path: Path) -> None:
    key = tmp_path / "private.pem"
    release.make_key(key)
    manifest.write_text("{}", "utf-8")
    assert release.main(["sign", str(manifest), "--key", str(key)]) == 1
    assert not release.signature_of(manifest).exists()
    assert release.main(["sign", str(manifest), "--key", str(manifest)]) == 1


def test_that_one_changed_letter_is_seen(manifest: Path, tmp_path: Path) -> None:
    key = tmp_path / "private.pem"
    public = release.base64.b64decode(release.make_key(key))
    release.sign(manifest, key)
    body = manifest.read_bytes()
    signature = release.signature_of(manifest).read_bytes()
    assert genuine(body, signature, public).releases[0].version == "0.2.0"
    with pytest.raises(UpdateFailed, match="not signed"):
        genuine(body.replace(b"0.2.0", b"0.3.0"), signature, public)
