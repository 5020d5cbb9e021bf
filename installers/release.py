"""What who releases needs: a key, the list of releases, and a signature over it.

    python installers/release.py key FILE       a new private key, for the releaser alone
    python installers/release.py put FILE       writes its public half into the source
    python installers/release.py list FOLDER --address URL [--before MANIFEST]
                                                writes FOLDER/manifest.json about the files in it
    python installers/release.py sign MANIFEST --key FILE    writes MANIFEST.sig beside it
    python installers/release.py check MANIFEST       against the key in the source

The public half stands in engine/updates/places.py; the private half is never committed. Needs
cryptography, packaging, platformdirs, pydantic and tomli-w.
"""

import argparse
import base64
import hashlib
import json
import os
import re
import sys
import time
import tomllib
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

ROOT = Path(__file__).parents[1]
if str(ROOT) not in sys.path:  # run as a script
    sys.path.insert(0, str(ROOT))

from engine.errors import EngineError  # noqa: E402
from engine.updates.manifest import MOST_BYTES, Manifest, genuine  # noqa: E402
from engine.updates.places import PUBLIC_KEY, SIGNATURE_SUFFIX  # noqa: E402

PLACES = ROOT / "engine" / "updates" / "places.py"
CHANGELOG = ROOT / "CHANGELOG.md"
LIST = "manifest.json"
# Who has one of them is offered its like again.
_FILES = {
    "linux-x86_64": "fullbore_{0}_amd64.deb",
    "linux-x86_64-archive": "fullbore-{0}-linux-x86_64.tar.xz",
    "windows-x86_64": "fullbore-setup-{0}-x64.exe",
    "macos-arm64": "fullbore-{0}-macos-arm64.dmg",
}
_KEY_LINE = re.compile(r'^PUBLIC_KEY = base64\.b64decode\("[^"]*"\)$', re.MULTILINE)


def main(arguments: Sequence[str] | None = None) -> int:
    """0, or 1 with a sentence."""
    asked = _parser().parse_args(arguments)
    try:
        match asked.verb:
            case "key":
                public = make_key(asked.file)
                print(f"{asked.file} is the private key. PUBLIC_KEY is {public}")
            case "put":
                print(f"{PLACES.name} has the public half: {put_key(asked.file)}")
            case "list":
                print(f"{write_list(asked.folder, asked.address, asked.before)} is written")
            case "sign":
                sign(asked.manifest, asked.key)
                print(f"{signature_of(asked.manifest)} is written")
            case _:
                check(asked.manifest)
                print(f"{asked.manifest} is genuine")
    except (EngineError, OSError, TypeError, ValueError) as failure:
        print(f"release: {failure}", file=sys.stderr)
        return 1
    return 0


def make_key(file: Path) -> str:
    """Write a new private key that only its owner reads; the public half in base64.

    Raises OSError, also if the file is there already.
    """
    private = Ed25519PrivateKey.generate()
    words = private.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as kept:
        kept.write(words)
    return base64.b64encode(private.public_key().public_bytes_raw()).decode()


def put_key(file: Path, source: Path = PLACES) -> str:
    """Have Fullbore believe this key from now on: its public half goes into the source.

    Raises OSError, TypeError or ValueError; then the source is as it was.
    """
    public = base64.b64encode(_private(file).public_key().public_bytes_raw()).decode()
    text, count = _KEY_LINE.subn(
        f'PUBLIC_KEY = base64.b64decode("{public}")', source.read_text("utf-8")
    )
    if count != 1:
        raise ValueError(f"{source} has no line for PUBLIC_KEY")
    source.write_text(text, "utf-8")
    return public


def write_list(folder: Path, address: str, before: Path | None = None) -> Path:
    """Tell of this version's files in that folder, which people will find below that address.

    What `before` told of stays told of. Raises OSError or ValueError.
    """
    version = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    told = Manifest.model_validate_json(before.read_bytes()) if before else None
    day, news = _news(CHANGELOG.read_text("utf-8"), version)
    entry = {
        "version": version,
        "day": day or datetime.now(UTC).date().isoformat(),
        "news": news,
        "assets": {
            system: _asset(folder / name.format(version), address.rstrip("/"))
            for system, name in _FILES.items()
            if (folder / name.format(version)).exists()
        },
    }
    if not entry["assets"]:
        raise ValueError(f"{folder} holds no package of {version}")
    older = [old for old in told.releases if old.version != version] if told else []
    body = {
        # Greater with each list, whoever makes it, so that an old one is known as old.
        "serial": max(told.serial + 1 if told else 0, int(time.time())),
        "releases": [entry, *(old.model_dump(mode="json") for old in older)],
    }
    made = folder / LIST
    text = json.dumps(body, indent=1, ensure_ascii=False) + "\n"
    Manifest.model_validate_json(text)
    made.write_text(text, "utf-8")
    return made


def _asset(file: Path, address: str) -> dict[str, object]:
    with file.open("rb") as content:
        digest = hashlib.file_digest(content, "sha256").hexdigest()
    return {"url": f"{address}/{file.name}", "sha256": digest, "size": file.stat().st_size}


def _news(changelog: str, version: str) -> tuple[str, str]:
    """The day and the text of that version's section. Raises ValueError where there is none."""
    head = re.search(rf"^## \[{re.escape(version)}\](?: - (\S+))?$", changelog, re.MULTILINE)
    if head is None:
        raise ValueError(f"CHANGELOG.md has no section for {version}")
    text = re.split(r"^## ", changelog[head.end() :], maxsplit=1, flags=re.MULTILINE)[0]
    return head[1] or "", text.strip()


def sign(manifest: Path, key: Path) -> None:
    """Sign these exact bytes, once they are known to be a manifest. Raises EngineError, OSError."""
    private = _private(key)
    body = manifest.read_bytes()
    if len(body) > MOST_BYTES:
        raise ValueError(f"{manifest} is larger than Fullbore reads")
    signature = base64.b64encode(private.sign(body)) + b"\n"
    genuine(body, signature, private.public_key().public_bytes_raw())
    signature_of(manifest).write_bytes(signature)


def check(manifest: Path, key: bytes = PUBLIC_KEY) -> None:
    """Raises EngineError unless Fullbore would believe it."""
    genuine(manifest.read_bytes(), signature_of(manifest).read_bytes(), key)


def signature_of(manifest: Path) -> Path:
    """Where its signature lies."""
    return manifest.with_name(manifest.name + SIGNATURE_SUFFIX)


def _private(file: Path) -> Ed25519PrivateKey:
    key = serialization.load_pem_private_key(file.read_bytes(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise TypeError(f"{file} is no Ed25519 key")
    return key


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="Keys, lists and signatures of releases")
    verbs = parser.add_subparsers(dest="verb", required=True)
    verbs.add_parser("key").add_argument("file", type=Path)
    verbs.add_parser("put").add_argument("file", type=Path)
    listing = verbs.add_parser("list")
    listing.add_argument("folder", type=Path)
    listing.add_argument("--address", required=True, help="where the folder's files will be")
    listing.add_argument("--before", type=Path, help="the list so far")
    signing = verbs.add_parser("sign")
    signing.add_argument("manifest", type=Path)
    signing.add_argument("--key", type=Path, required=True)
    verbs.add_parser("check").add_argument("manifest", type=Path)
    return parser


if __name__ == "__main__":
    sys.exit(main())
