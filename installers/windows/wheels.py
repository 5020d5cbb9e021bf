"""The wheels that Fullbore requires on Windows, also where this is not Windows.

pip judges a requirement's conditions by the machine it runs on. So they are judged here, and pip
is asked again while something is missing that Windows needs, or has too much of what it does not.
"""

import subprocess
import sys
import zipfile
from collections.abc import Iterable, Mapping
from email.parser import HeaderParser
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name, parse_wheel_filename

PYTHON = "3.13.11"
PYTHON_URL = f"https://www.python.org/ftp/python/{PYTHON}/python-{PYTHON}-embed-amd64.zip"
PYTHON_SHA256 = "1ec066fb61ba5e8c73e29e048cd07c26850f74585e3a116005135b31b8004890"
PLATFORM = "win_amd64"
_SHORT = ".".join(PYTHON.split(".")[:2])
_TRIES = 5
CONDITIONS: Mapping[str, str] = {
    "implementation_name": "cpython",
    "implementation_version": PYTHON,
    "os_name": "nt",
    "platform_machine": "AMD64",
    "platform_python_implementation": "CPython",
    "platform_release": "10",
    "platform_system": "Windows",
    "platform_version": "10.0.17763",
    "python_full_version": PYTHON,
    "python_version": _SHORT,
    "sys_platform": "win32",
    "extra": "",
}


def wheels_for(requirements: Iterable[str], *, folder: Path) -> list[Path]:
    """Fetch these and what they lead to; gives the wheels that Windows needs."""
    asked = list(applying(requirements))
    for _ in range(_TRIES):
        _download(asked, folder)
        there = _by_name(folder)
        needed, missing = _followed(asked, there)
        if not missing:
            return [there[name] for name in sorted(needed)]
        asked += missing
    raise SystemExit(f"pip does not bring what Windows needs: {', '.join(asked)}")


def applying(requirements: Iterable[str]) -> Iterable[str]:
    """Those that hold on Windows, without their conditions."""
    for text in requirements:
        wanted = Requirement(text)
        if wanted.marker is None or wanted.marker.evaluate(dict(CONDITIONS)):
            extras = f"[{','.join(sorted(wanted.extras))}]" if wanted.extras else ""
            yield f"{wanted.name}{extras}{wanted.specifier}"


def _followed(asked: list[str], there: Mapping[str, Path]) -> tuple[set[str], list[str]]:
    """The names that these requirements lead to, and what of it is not there."""
    waiting, needed, missing = list(asked), set[str](), list[str]()
    while waiting:
        text = waiting.pop()
        name = canonicalize_name(Requirement(text).name)
        if name not in there:
            missing.append(text)
        elif name not in needed:
            needed.add(name)
            waiting += applying(_requirements_of(there[name]))
    return needed, missing


def _requirements_of(wheel: Path) -> list[str]:
    with zipfile.ZipFile(wheel) as archive:
        place = next(n for n in archive.namelist() if n.endswith(".dist-info/METADATA"))
        return requirements_in(archive.read(place).decode("utf-8"))


def requirements_in(metadata: str) -> list[str]:
    """What a distribution's METADATA says that it requires."""
    return [str(line) for line in HeaderParser().parsestr(metadata).get_all("Requires-Dist") or []]


def _by_name(folder: Path) -> dict[str, Path]:
    """The newest wheel of each name: an earlier run's may lie beside it."""
    newest: dict[str, Path] = {}
    for wheel in sorted(folder.glob("*.whl"), key=lambda path: parse_wheel_filename(path.name)[1]):
        newest[parse_wheel_filename(wheel.name)[0]] = wheel
    return newest


def _download(requirements: list[str], folder: Path) -> None:
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"]
    command += ["--platform", PLATFORM, "--python-version", _SHORT, "--implementation", "cp"]
    command += ["--only-binary=:all:", "--dest", str(folder), *requirements]
    subprocess.run(command, check=True)
