"""The list of releases: what it may say, whether it is genuine, and which release is meant.

A manifest is JSON: `{"serial", "releases": [{"version", "day", "news", "assets": {SYSTEM: {"url",
"sha256", "size"}}}]}`. `serial` grows with each manifest, so that an old one is known as old. What
a later Fullbore adds to it is left unread.
"""

import base64
import binascii
import platform
import sys
from datetime import date
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from engine.errors import UpdateFailed
from engine.updates.values import Release

MOST_BYTES = 1 << 20


class Asset(BaseModel):
    """One file of a release."""

    model_config = ConfigDict(frozen=True)

    url: str = Field(pattern=r"^https://[^\s@]+$", max_length=2048)
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    size: int = Field(gt=0, lt=1 << 40)


class Entry(BaseModel):
    """One release, for every system."""

    model_config = ConfigDict(frozen=True)

    version: str = Field(max_length=64)
    day: date
    news: str = Field(default="", max_length=200_000)
    assets: dict[str, Asset] = Field(default_factory=dict[str, Asset])

    @field_validator("version")
    @classmethod
    def _is_version(cls, value: str) -> str:
        from packaging.version import Version  # noqa: PLC0415  (needed here alone)

        Version(value)  # its InvalidVersion is a ValueError
        return value


class Manifest(BaseModel):
    """All that is told."""

    model_config = ConfigDict(frozen=True)

    serial: int = Field(ge=0)
    releases: tuple[Entry, ...] = Field(max_length=1000)


def genuine(body: bytes, signature: bytes, key: bytes) -> Manifest:
    """The manifest in these bytes, which that key signed. Raises UpdateFailed.

    Nothing of the bytes is read before the signature over them was found right.
    """
    # 23 ms of import, for a question that is asked once a day.
    from cryptography.exceptions import InvalidSignature  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric.ed25519 import (  # noqa: PLC0415
        Ed25519PublicKey,
    )

    try:
        raw = base64.b64decode(signature.strip(), validate=True)
        Ed25519PublicKey.from_public_bytes(key).verify(raw, body)
    except (binascii.Error, InvalidSignature):
        raise UpdateFailed(
            "The list of releases is not signed by Fullbore's maintainers.",
            remedy="Nothing was taken from it. Check the address it came from.",
        ) from None
    try:
        return Manifest.model_validate_json(body)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise UpdateFailed(f"The list of releases cannot be read: {place or 'JSON'}.") from error


def newer(manifest: Manifest, than: str, system: str) -> Release | None:
    """The newest release above that version, with what it brings for that system; or None.

    Previews are offered only to those who run one. A version that is none (`0` of a checkout that
    is not installed, a local build) is below all.
    """
    from packaging.version import InvalidVersion, Version  # noqa: PLC0415  (as above)

    try:
        own = Version(than)
    except InvalidVersion:
        own = Version("0")
    offered = [
        entry
        for entry in manifest.releases
        if Version(entry.version) > own
        and (own.is_prerelease or not Version(entry.version).is_prerelease)
    ]
    if not offered:
        return None
    best = max(offered, key=lambda entry: Version(entry.version))
    asset = best.assets.get(system)
    return Release(
        version=best.version,
        day=best.day,
        news=best.news,
        asset=asset.url if asset else "",
        sha256=asset.sha256 if asset else "",
        size_bytes=asset.size if asset else 0,
    )


def this_system(executable: Path = Path(sys.executable)) -> str:
    """How manifests name this computer: `linux-x86_64`, `windows-x86_64`, `macos-arm64`.

    Who unpacked an archive, whose installer lies beside the program, is served from an archive
    again: `linux-x86_64-archive`.
    """
    system = {"win32": "windows", "darwin": "macos"}.get(sys.platform, sys.platform)
    machine = platform.machine().lower()
    same = {"amd64": "x86_64", "x64": "x86_64"}
    if system != "macos":
        same["arm64"] = "aarch64"
    unpacked = system == "linux" and executable.with_name("install.sh").exists()
    return f"{system}-{same.get(machine, machine)}{'-archive' if unpacked else ''}"
