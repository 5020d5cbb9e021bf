"""Signing a list of releases, as those who release do it."""

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
