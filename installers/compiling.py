"""What compilers are told besides, wherever llama.cpp is built from its sources."""

import os
import platform
import sys
from pathlib import Path

HEADER = Path(__file__).with_name("amx_tiles.h")


def environment() -> dict[str, str]:
    """This process's, with what sets right how GCC lays out AMX's tiles."""
    if sys.platform != "linux" or platform.machine() != "x86_64":
        return {**os.environ}
    flags = f'{os.environ.get("CXXFLAGS", "")} -include "{HEADER}"'
    return {**os.environ, "CXXFLAGS": flags.strip()}
