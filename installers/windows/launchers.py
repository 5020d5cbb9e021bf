"""Compiles the two launchers with MinGW, which is in Debian's packages and on GitHub's Windows."""

import shutil
import subprocess
from pathlib import Path

from installers.windows.icon import write_icon

HERE = Path(__file__).parent
LAUNCHERS = {
    "fullbore.exe": ("-mconsole",),
    "fullbore-window.exe": ("-mwindows", "-DWINDOW"),
}


def build_launchers(version: str, *, into: Path, work: Path) -> None:
    """Put both launchers into that folder; `work` keeps what is made on the way."""
    write_icon(HERE.parents[1] / "assets" / "icons", work / "fullbore.ico")
    compiler, resources = tool("gcc"), tool("windres")
    for name, flags in LAUNCHERS.items():
        told, described = work / f"{name}.rc", work / f"{name}.res"
        told.write_text(description(name, version), "ascii")
        subprocess.run(
            [
                *(resources, "-O", "coff", f"-I{HERE}", f"-I{work}"),
                *(str(told), str(described)),
            ],
            check=True,
        )
        subprocess.run(
            [
                *(compiler, "-municode", "-static", "-Os", "-s", "-Wall", "-Wextra", "-Werror"),
                *(*flags, str(HERE / "launcher.c"), str(described), "-o", str(into / name)),
            ],
            check=True,
        )


def description(name: str, version: str) -> str:
    """What app.rc is told. Not by options: each version of windres quotes those differently."""
    return (
        f"#define VERSION_NUMBERS {numbers(version).replace('.', ',')}\n"
        f'#define VERSION "{version}"\n'
        f'#define NAME "{name}"\n'
        '#include "app.rc"\n'
    )


def numbers(version: str) -> str:
    """A version as Windows wants it: four numbers."""
    found = [part for part in version.split(".") if part.isdigit()]
    return ".".join([*found, "0", "0", "0", "0"][:4])


def tool(name: str) -> str:
    """MinGW's tool of that name, for Windows on x86-64."""
    for candidate in (f"x86_64-w64-mingw32-{name}", name):
        found = shutil.which(candidate)
        if found:
            return found
    raise SystemExit(f"{name} of MinGW is missing: apt-get install gcc-mingw-w64-x86-64-posix")
