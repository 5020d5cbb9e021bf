"""Installs the build of llama.cpp that suits this machine, telling each choice and why.

    .venv/bin/python -m installers.install_engine [--cpu | --cuda] [--index URL]

Runs pip of the Python that runs it. A build that fails is told, and the next choice is tried.
"""

import argparse
import os
import subprocess
import sys
import time
from pathlib import Path

from installers import compiling
from installers.choose_build import INDEX, VERSION, Choice, Forced, Kind, choices
from installers.look import look
from installers.progress import Progress

REQUIREMENT = f"llama-cpp-python=={VERSION}"

# Run in a process of its own: a library that does not fit may end the process that loads it.
_TRIAL = """
import ctypes, glob, os, sysconfig
packages = sysconfig.get_path("purelib")
for name in ("libcudart.so.*", "libcublasLt.so.*", "libcublas.so.*"):
    for path in sorted(glob.glob(os.path.join(packages, "nvidia", "*", "lib", name))):
        ctypes.CDLL(path, mode=ctypes.RTLD_GLOBAL)
import llama_cpp
print(llama_cpp.__version__, "cards" if llama_cpp.llama_supports_gpu_offload() else "processor")
"""


def main(arguments: list[str] | None = None) -> int:
    """Install one build, best choice first; 0 if one is in place."""
    options = _options(arguments)
    found = look(options.forced)
    index: str = options.index.rstrip("/")
    log = Path(sys.prefix) / "engine-build.log"
    log.unlink(missing_ok=True)
    for choice in choices(found):
        if _failure_of(choice) is None:
            print(f"llama.cpp: what is here already works, as {_wanted(choice)}.", flush=True)
            return 0
        print(f"llama.cpp: {choice.kind}, because {choice.reason}.", flush=True)
        started = time.monotonic()
        failure = install(choice, index=index, log=log)
        if failure is None:
            print(f"llama.cpp is ready ({time.monotonic() - started:.0f} s).", flush=True)
            return 0
        print(f"That did not work: {failure}", flush=True)
    print(f"No build of llama.cpp could be installed. The whole story: {log}", file=sys.stderr)
    return 1


def install(choice: Choice, *, index: str, log: Path) -> str | None:
    """Install this build and try it. None if it works, else a sentence that says what failed."""
    if choice.kind in {Kind.CPU_SOURCE, Kind.CUDA_SOURCE}:
        print("It is compiled now, once: about 4 minutes on two cores.", flush=True)
    if choice.kind is Kind.CUDA_SOURCE:
        print("CUDA adds up to an hour of one core for each kind of card.", flush=True)
    for command in _commands(choice, index):
        status = _run_pip(command, _environment(choice), log)
        if status != 0:
            return f"pip ended with {status}: {_last_complaint(log)}"
    return _failure_of(choice)


def _commands(choice: Choice, index: str) -> list[list[str]]:
    """What to ask of pip, in order; the last brings what the library itself requires."""
    build = ["--force-reinstall", "--no-deps", REQUIREMENT]
    rest = [REQUIREMENT, *choice.libraries]
    match choice.kind:
        case Kind.CPU_SOURCE:
            return [build, rest]
        case Kind.CUDA_SOURCE:
            # pip's cache does not tell a CUDA build from another, so it is left out.
            return [["--no-cache-dir", *build], rest]
        case Kind.CPU_WHEEL | Kind.CUDA_WHEEL:
            # The wheels say no more about CUDA than the folder they lie in: only it is asked.
            place = ["--index-url", f"{index}/{choice.folder}", "--no-cache-dir"]
            return [[*place, "--only-binary", ":all:", *build], rest]


def _environment(choice: Choice) -> dict[str, str]:
    """What pip builds in, with the build's arguments after the person's own."""
    given = os.environ.get("CMAKE_ARGS", "")
    return {**compiling.environment(), "CMAKE_ARGS": " ".join([given, *choice.cmake_args]).strip()}


def _run_pip(arguments: list[str], environment: dict[str, str], log: Path) -> int:
    command = [sys.executable, "-m", "pip", "install", "--disable-pip-version-check", "-v"]
    progress = Progress(sys.stdout)
    with (
        log.open("a", encoding="utf-8") as record,
        subprocess.Popen(
            [*command, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            errors="replace",
            env=environment,
        ) as pip,
    ):
        assert pip.stdout is not None
        for line in pip.stdout:
            record.write(line)
            progress.saw(line)
    progress.end()
    return pip.returncode


def _failure_of(choice: Choice) -> str | None:
    """Load the installed library and ask what it was built for; None if it is this choice."""
    done = subprocess.run(
        [sys.executable, "-c", _TRIAL], capture_output=True, text=True, timeout=300, check=False
    )
    if done.returncode != 0:
        words = done.stderr.strip().splitlines() or [f"it ended with {done.returncode}"]
        return f"the library does not load: {words[-1]}"
    version, device = done.stdout.split()[-2:]
    if f"{version} for the {device}" != _wanted(choice):
        return f"the library is {version} for the {device}"
    return None


def _wanted(choice: Choice) -> str:
    on_cards = choice.kind in {Kind.CUDA_SOURCE, Kind.CUDA_WHEEL}
    return f"{VERSION} for the {'cards' if on_cards else 'processor'}"


def _last_complaint(log: Path) -> str:
    lines = [line.strip() for line in log.read_text("utf-8").splitlines() if line.strip()]
    complaints = [line for line in lines if "error" in line.lower()]
    return (complaints or lines or ["it said nothing"])[-1][:200]


class _Options(argparse.Namespace):
    forced: Forced | None = None
    index: str = INDEX


def _options(arguments: list[str] | None) -> _Options:
    parser = argparse.ArgumentParser(prog="install_engine", description=__doc__)
    forced = parser.add_mutually_exclusive_group()
    for name in Forced:
        forced.add_argument(
            f"--{name}", dest="forced", action="store_const", const=name, help=f"force {name}"
        )
    parser.add_argument("--index", help=f"where the prebuilt wheels lie (default: {INDEX})")
    parser.set_defaults(index=INDEX)
    return parser.parse_args(arguments, namespace=_Options())


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:  # whoever pressed Ctrl+C knows why
        sys.exit(130)
