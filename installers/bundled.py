"""The bundle's one program, under two names: `fullbore`, and `fullbore-window`.

Both names are the same file, so that what they share lies on the disk once.
"""

import os
import sys
from pathlib import Path


def main() -> int:
    """What the name stands for; 0 when all went well."""
    # PyInstaller's loader finds the bundle's libraries by this; a browser or a file manager that
    # is started from here must not take them for its own.
    before = os.environ.pop("LD_LIBRARY_PATH_ORIG", None)
    os.environ.pop("LD_LIBRARY_PATH", None)
    if before:
        os.environ["LD_LIBRARY_PATH"] = before
    # Our own children are to find them anew: the loader would else trust what it set for us.
    os.environ["PYINSTALLER_RESET_ENVIRONMENT"] = "1"
    if Path(sys.executable).name.startswith("fullbore-window"):
        from app.__main__ import main as window  # noqa: PLC0415 (a terminal needs no Qt)

        return window()
    from engine.__main__ import main as terminal  # noqa: PLC0415

    return terminal()


if __name__ == "__main__":
    sys.exit(main())
