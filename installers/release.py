"""What who releases needs: a key, and a signature over the list of releases.

    python installers/release.py key FILE             a new private key, for the releaser alone
    python installers/release.py sign MANIFEST --key FILE    writes MANIFEST.sig beside it
    python installers/release.py check MANIFEST       against the key in the source

The public half stands in engine/updates/places.py; the private half is never committed.
"""

import argparse
import base64
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

ROOT = Path(__file__).parents[1]
if str(ROOT) not in sys.path:  # run as a script
    sys.path.insert(0, str(ROOT))

from engine.errors import EngineError  # noqa: E402
from engine.updates.manifest import MOST_BYTES, genuine  # noqa: E402
from engine.updates.places import PUBLIC_KEY, SIGNATURE_SUFFIX  # noqa: E402


def main(arguments: Sequence[str] | None = None) -> int:
    """0, or 1 with a sentence."""
    asked = _parser().parse_args(arguments)
    try:
        match asked.verb:
            case "key":
                public = make_key(asked.file)
                print(f"{asked.file} is the private key. PUBLIC_KEY is {public}")
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


def sign(manifest: Path, key: Path) -> None:
    """Sign these exact bytes, once they are known to be a manifest. Raises EngineError, OSError."""
    private = serialization.load_pem_private_key(key.read_bytes(), password=None)
    if not isinstance(private, Ed25519PrivateKey):
        raise TypeError(f"{key} is no Ed25519 key")
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


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="Keys and signatures of releases")
    verbs = parser.add_subparsers(dest="verb", required=True)
    verbs.add_parser("key").add_argument("file", type=Path)
    signing = verbs.add_parser("sign")
    signing.add_argument("manifest", type=Path)
    signing.add_argument("--key", type=Path, required=True)
    verbs.add_parser("check").add_argument("manifest", type=Path)
    return parser


if __name__ == "__main__":
    sys.exit(main())
