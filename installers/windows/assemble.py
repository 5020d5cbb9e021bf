"""Lays out Fullbore's folder for Windows, on any system: build/windows/Fullbore.

    python -m installers.windows.assemble [--engine build/engine] [--python ZIP | --without-python]

    fullbore-window.exe  fullbore.exe   the launchers
    python/   CPython as python.org gives it to embed, and the C++ runtime beside it
    lib/      Fullbore, what it requires, llama_cpp with its libraries

`--engine` is what installers/engine/build.py made; `--libraries` names another folder for its
DLLs, where the build was for another system. What is missing at the end is told, and fails, unless
`--trial` is given.
"""

import argparse
import ast
import hashlib
import os
import shutil
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path

from installers.windows.imports import missing_libraries
from installers.windows.launchers import build_launchers
from installers.windows.trim import trim
from installers.windows.wheels import PYTHON, PYTHON_SHA256, requirements_in, wheels_for

ROOT = Path(__file__).parents[2]
ENGINE = "llama-cpp-python"
_TAG = "python" + "".join(PYTHON.split(".")[:2])
PATHS = f"{_TAG}.zip\n.\n..\\lib\n"
LIBRARIES = ("llama.dll", "ggml.dll", "ggml-base.dll", "mtmd.dll", "fullbore-memory.dll")
PARTS = (
    *("fullbore.exe", "fullbore-window.exe", "LICENSE.txt", "lib/app/__main__.py"),
    *("lib/engine/worker/__main__.py", "lib/assets/cards.toml", "lib/assets/icons"),
    *("lib/llama_cpp/llama_cpp.py", "lib/PySide6/QtWidgets.pyd"),
    *("lib/PySide6/plugins/platforms/qwindows.dll", "lib/PySide6/plugins/tls"),
)
PYTHON_PARTS = ("python/python.exe", "python/pythonw.exe", f"python/{_TAG}.zip")
_RUNTIME = ("msvcp140", "vcruntime140", "vcomp140", "concrt140")
# Not for Windows, or asked for under a condition and done without.
_ABSENT = {"pwd", "PyInstaller"}


def main(arguments: list[str] | None = None) -> int:
    """Lay the folder out; 0 if nothing is missing in it."""
    options = _options(arguments)
    into: Path = options.into.absolute()
    work = into.parent
    shutil.rmtree(into, ignore_errors=True)
    packages = into / "lib"
    packages.mkdir(parents=True)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    _put_engine(options.engine, options.libraries or options.engine / "llama_cpp/lib", packages)
    for wheel in [*_wheels(project["dependencies"], packages, work), _own_wheel(work)]:
        unpack(wheel, packages)
    trim(packages)
    build_launchers(str(project["version"]), into=into, work=work)
    shutil.copy(ROOT / "LICENSE", into / "LICENSE.txt")
    _put_notices(packages)
    (into / "python").mkdir()
    if not options.without_python:
        _put_python(options.python, into / "python")
    _put_runtime(into)
    if sys.platform == "win32" and not options.without_python:
        _compile(into)
    return _tell(into, options)


def unpack(wheel: Path, packages: Path) -> None:
    """Put a wheel's files where an installation would; its scripts are for no one here."""
    with zipfile.ZipFile(wheel) as archive:
        for member in archive.infolist():
            parts = Path(member.filename).parts
            if parts[0].endswith(".data"):
                if parts[1] not in {"purelib", "platlib"}:
                    continue
                parts = parts[2:]
            if ".." in parts or member.is_dir():
                continue
            place = packages.joinpath(*parts)
            place.parent.mkdir(parents=True, exist_ok=True)
            with archive.open(member) as source, place.open("wb") as target:
                shutil.copyfileobj(source, target)


def missing_parts(folder: Path, *, without_python: bool) -> Iterator[str]:
    """What a complete folder would have, one sentence each."""
    for part in (*PARTS, *(() if without_python else PYTHON_PARTS)):
        if not (folder / part).exists():
            yield f"{part} is missing."
    libraries = {path.name for path in (folder / "lib/llama_cpp/lib").glob("*.dll")}
    for name in LIBRARIES:
        if name not in libraries:
            yield f"llama.cpp's {name} is missing."
    if not any(name.startswith("ggml-cpu") for name in libraries):
        yield "llama.cpp's part for processors, ggml-cpu*.dll, is missing."
    for name in sorted(_imported(folder / "lib") - _importable(folder / "lib")):
        yield f"Python's package {name} is imported, and missing."
    for name, asking in sorted(missing_libraries(folder).items()):
        if not (without_python and name.startswith(("python3", *_RUNTIME))):
            yield f"{name} is missing, for {', '.join(sorted(asking)[:3])}."


def _put_engine(engine: Path, libraries: Path, packages: Path) -> None:
    for source in (engine / "llama_cpp").rglob("*.py"):
        place = packages / source.relative_to(engine)
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source, place)
    for told in engine.glob("llama_cpp_python-*.dist-info"):
        shutil.copytree(told, packages / told.name)
    place = packages / "llama_cpp" / "lib"
    place.mkdir(exist_ok=True)
    for library in libraries.glob("*.dll"):
        shutil.copy(library, place)


def _wheels(dependencies: list[str], packages: Path, work: Path) -> list[Path]:
    """All but the engine itself; its own requirements are told by its build."""
    asked = [text for text in dependencies if not text.startswith(ENGINE)]
    for told in packages.glob("llama_cpp_python-*.dist-info/METADATA"):
        asked += requirements_in(told.read_text("utf-8"))
    folder = work / "wheels"
    folder.mkdir(parents=True, exist_ok=True)
    return wheels_for(asked, folder=folder)


def _own_wheel(work: Path) -> Path:
    """Fullbore as pyproject.toml says that it is installed."""
    folder = work / "own"
    shutil.rmtree(folder, ignore_errors=True)
    pip = [sys.executable, "-m", "pip", "wheel", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "--no-deps", f"--wheel-dir={folder}", str(ROOT)], check=True)
    return next(folder.glob("fullbore-*.whl"))


def _put_notices(packages: Path) -> None:
    """Everybody's licences and the list of parts, for About; refuses what may not be given away."""
    script = [sys.executable, str(ROOT / "installers" / "notices.py")]
    place = packages / "assets" / "notices"
    about = ["--site", str(packages), "--platform", "win32", "--machine", "AMD64"]
    subprocess.run([*script, str(place), *about], check=True)


def _put_python(archive: Path, into: Path) -> None:
    found = hashlib.sha256(archive.read_bytes()).hexdigest()
    if found != PYTHON_SHA256:
        raise SystemExit(f"{archive} is not Python {PYTHON} to embed: its SHA-256 is {found}.")
    with zipfile.ZipFile(archive) as opened:
        opened.extractall(into)
    # Nothing but the bundle's own folders: no other Python's packages, no environment variable.
    (into / f"{_TAG}._pth").write_text(PATHS, "ascii")


def _put_runtime(into: Path) -> None:
    """The C++ runtime beside python.exe, where every library finds it: Qt's wheel brings it."""
    places = [into / "lib" / "PySide6", into / "lib" / "shiboken6"]
    if sys.platform == "win32":
        places.append(Path(os.environ["SYSTEMROOT"]) / "System32")
    for name in missing_libraries(into):
        if name.startswith(_RUNTIME):
            found = next((p / name for p in places if (p / name).exists()), None)
            if found is not None and not (into / "python" / name).exists():
                shutil.copy(found, into / "python" / name)


def _compile(into: Path) -> None:
    """Bytecode that stays valid when an installer gives the files other times."""
    python = into / "python" / "python.exe"
    command = [str(python), "-m", "compileall", "-q", "-j", "0", "--invalidation-mode"]
    subprocess.run([*command, "unchecked-hash", str(into / "lib")], check=True)


def _imported(packages: Path) -> set[str]:
    """The foreign packages that Fullbore's own modules name."""
    found = set[str]()
    for room in ("app", "engine"):
        for path in (packages / room).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Import):
                    found |= {alias.name.split(".")[0] for alias in node.names}
                elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                    found.add(node.module.split(".")[0])
    return found - set(sys.stdlib_module_names) - _ABSENT


def _importable(packages: Path) -> set[str]:
    return {path.name.split(".")[0] for path in packages.iterdir()}


def _tell(into: Path, options: argparse.Namespace) -> int:
    size = sum(path.stat().st_size for path in into.rglob("*") if path.is_file())
    missing = list(missing_parts(into, without_python=options.without_python))
    for sentence in missing:
        print(sentence, file=sys.stderr)
    print(f"{into} ({size / 1e6:.0f} MB){', without Python' if options.without_python else ''}")
    return 1 if missing and not options.trial else 0


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m installers.windows.assemble",
        description="Lay out Fullbore's folder for Windows.",
    )
    parser.add_argument("--engine", type=Path, default=ROOT / "build/engine", metavar="FOLDER")
    parser.add_argument("--libraries", type=Path, metavar="FOLDER", help="with llama.cpp's DLLs")
    parser.add_argument("--into", type=Path, default=ROOT / "build/windows/Fullbore")
    python = parser.add_mutually_exclusive_group(required=True)
    python.add_argument("--python", type=Path, metavar="ZIP", help="python.org's, to embed")
    python.add_argument("--without-python", action="store_true", help="to look at the rest")
    parser.add_argument("--trial", action="store_true", help="what is missing is no failure")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
