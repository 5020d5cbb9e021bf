"""What compilers are told besides, where llama.cpp is built."""

import os
import platform
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from installers.compiling import HEADER, environment

# What llama.cpp does, with a size that is not known before; %dil is where it comes in.
_TILES = """
#include <immintrin.h>
void configure(int rows) {
    alignas(64) unsigned char config[64] = {};
    config[0] = 1;
    config[48] = rows;
    _tile_loadconfig(config);
}
"""
_HERE = sys.platform == "linux" and platform.machine() == "x86_64"


@pytest.mark.skipif(not _HERE, reason="AMX is for Linux on x86-64 here")
@pytest.mark.skipif(shutil.which("g++") is None, reason="there is no g++")
def test_that_sizes_of_tiles_are_written_before_they_are_loaded(tmp_path: Path) -> None:
    source = tmp_path / "tiles.cpp"
    source.write_text(_TILES)
    flags = shlex.split(environment()["CXXFLAGS"])
    command = ["g++", "-O3", "-mamx-tile", "-S", "-o", "-", *flags, str(source)]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    before, loads, _ = told.partition("ldtilecfg")
    assert loads
    assert "%dil" in "".join(line for line in before.splitlines() if line.startswith("\tmov"))


@pytest.mark.skipif(not _HERE, reason="AMX is for Linux on x86-64 here")
def test_that_a_persons_own_flags_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CXXFLAGS", "-O2 -g")
    assert shlex.split(environment()["CXXFLAGS"]) == ["-O2", "-g", "-include", str(HEADER)]
    assert os.environ["CXXFLAGS"] == "-O2 -g"
