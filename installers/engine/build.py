"""Builds llama.cpp for every processor, and its plugins for cards, into build/engine.

    .venv/bin/python -m installers.engine.build [--cuda] [--vulkan] [--alone] [--into FOLDER]

A plugin for each generation of processors, the best one picked when it starts: about 8 minutes on
two cores. `--cuda` adds NVIDIA's (nvcc 13 and cuBLAS must be there), about an hour of one core for
each architecture; `--vulkan` the way in for AMD and Intel (glslc, the headers of Vulkan and of
SPIR-V: on Debian `glslc libvulkan-dev spirv-headers`). With `--alone` only those plugins are
built, for a GPU pack: they fit any llama.cpp of these very sources.
The result goes on Python's path (PYTHONPATH=build/engine), into a bundle, or, of a plugin alone,
into a GPU pack.
"""

import argparse
import os
import platform
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

from installers import compiling
from installers.choose_build import VERSION
from installers.engine.flatten import flatten

LIBRARY = "llama_cpp/lib"
# Turing to Blackwell: real code for the cards people own, portable code for the others.
ARCHITECTURES = "75-virtual;80-virtual;86-real;89-real;90-virtual;120a-real"
_SHIM = Path(__file__).with_name("memory_shim.cpp")


def main(arguments: list[str] | None = None) -> int:
    """Build; 0 if everything asked for is there."""
    options = _options(arguments)
    into: Path = options.into.absolute()
    sources = _sources(into.with_name(f"{into.name}-source"))
    shutil.rmtree(into, ignore_errors=True)
    if options.alone:
        left = _build_plugins(sources, into / LIBRARY, options)
    else:
        left = _build_whole(sources, into, options)
    for path in left:
        print(f"{path.stat().st_size / 1e6:8.1f} MB  {path.name}")
    missing = _missing(left, options)
    if missing:
        print(f"Not built: {', '.join(missing)}. The lines above say why.", file=sys.stderr)
    return 1 if missing else 0


def _build_whole(sources: Path, into: Path, options: argparse.Namespace) -> list[Path]:
    """The binding with llama.cpp and all its plugins."""
    # pip's cache does not tell this build from the one for this machine.
    pip = [sys.executable, "-m", "pip", "install", "--disable-pip-version-check", "--no-cache-dir"]
    subprocess.run(
        [*pip, "--verbose", "--no-deps", "--target", str(into), str(sources)],
        check=True,
        env={**compiling.environment(), "CMAKE_ARGS": " ".join(_arguments(options))},
    )
    _build_shim(sources, into / LIBRARY)
    return flatten(into / "llama_cpp")


def _build_plugins(sources: Path, library: Path, options: argparse.Namespace) -> list[Path]:
    """Those plugins and what they are linked to, of which the plugins alone are kept."""
    build = sources.with_name("plugins")
    told = [argument.strip('"') for argument in _arguments(options)]
    told += ["-DCMAKE_BUILD_TYPE=Release", "-DBUILD_SHARED_LIBS=ON", "-DLLAMA_BUILD_COMMON=OFF"]
    # No processor's plugin; and no path of this machine in what others load.
    told += ["-DGGML_CPU_ALL_VARIANTS=OFF", "-DGGML_CPU=OFF", "-DCMAKE_SKIP_RPATH=ON"]
    configure = ["cmake", "-S", str(sources / "vendor" / "llama.cpp"), "-B", str(build), *told]
    subprocess.run(configure, check=True)
    jobs = os.environ.get("CMAKE_BUILD_PARALLEL_LEVEL") or str(os.cpu_count() or 1)
    command = ["cmake", "--build", str(build), "--config", "Release", "--parallel", jobs]
    subprocess.run([*command, "--target", *_plugins(options)], check=True)
    library.mkdir(parents=True)
    ending = ".dll" if sys.platform == "win32" else ".so"
    found = [
        file
        for name in _plugins(options)
        for file in build.rglob(f"*{name}{ending}")
        if file.is_file()
    ]
    return [Path(shutil.copy(file, library / file.name)) for file in found]


def _plugins(options: argparse.Namespace) -> list[str]:
    asked = {"ggml-cuda": options.cuda, "ggml-vulkan": options.vulkan}
    return [name for name, wanted in asked.items() if wanted]


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m installers.engine.build",
        description="Build llama.cpp for every processor, and its plugins for cards.",
    )
    parser.add_argument("--into", type=Path, default=Path("build/engine"), metavar="FOLDER")
    parser.add_argument("--cuda", action="store_true", help="with NVIDIA's plugin")
    parser.add_argument("--vulkan", action="store_true", help="with AMD's and Intel's plugin")
    parser.add_argument("--alone", action="store_true", help="those plugins and nothing else")
    parser.add_argument("--architectures", default=ARCHITECTURES, help="of the CUDA plugin")
    options = parser.parse_args(arguments)
    if options.alone and not _plugins(options):
        parser.error("--alone needs --cuda, --vulkan or both")
    return options


def _arguments(options: argparse.Namespace) -> list[str]:
    """What cmake is told."""
    told = [
        *("-DGGML_BACKEND_DL=ON", "-DGGML_NATIVE=OFF", "-DLLAMA_OPENSSL=OFF"),
        # Plugins would land in site-packages/bin otherwise, where nothing looks for them.
        *(f"-DCMAKE_INSTALL_{kind}={LIBRARY}" for kind in ("BINDIR", "LIBDIR")),
        "-DCMAKE_INSTALL_INCLUDEDIR=llama_cpp/include",
    ]
    if platform.machine() in {"x86_64", "AMD64"}:
        told.append("-DGGML_CPU_ALL_VARIANTS=ON")
    if options.cuda:
        told += [
            *("-DGGML_CUDA=ON", "-DGGML_CUDA_NCCL=OFF"),
            f'"-DCMAKE_CUDA_ARCHITECTURES={options.architectures}"',
        ]
    if options.vulkan:
        told.append("-DGGML_VULKAN=ON")
    return told


def _sources(folder: Path) -> Path:
    """The binding's sources, with llama.cpp's in them, unpacked."""
    folder.mkdir(parents=True, exist_ok=True)
    unpacked = folder / f"llama_cpp_python-{VERSION}"
    if not (unpacked / "pyproject.toml").exists():
        pip = [sys.executable, "-m", "pip", "download", "--disable-pip-version-check", "--no-deps"]
        subprocess.run(
            [*pip, "--no-binary", ":all:", f"--dest={folder}", f"llama-cpp-python=={VERSION}"],
            check=True,
        )
        with tarfile.open(folder / f"llama_cpp_python-{VERSION}.tar.gz") as archive:
            archive.extractall(folder, filter="data")
    return unpacked


def _build_shim(sources: Path, library: Path) -> None:
    """The small library that tells what a context holds; see memory_shim.cpp."""
    llama = sources / "vendor" / "llama.cpp"
    headers = [llama / "include", llama / "src", llama / "ggml" / "include"]
    if sys.platform == "win32":
        command = ["cl", "/nologo", "/std:c++17", "/EHsc", "/O2", "/MD", "/LD", str(_SHIM)]
        command += [f"/I{header}" for header in headers]
        command += [f"/Fe:{library / 'fullbore-memory.dll'}", str(library / "llama.lib")]
    else:
        ending = "dylib" if sys.platform == "darwin" else "so"
        origin = "@loader_path" if sys.platform == "darwin" else "$ORIGIN"
        command = ["c++", "-std=c++17", "-O2", "-fPIC", "-shared", str(_SHIM)]
        command += [f"-I{header}" for header in headers]
        command += [f"-L{library}", "-lllama", f"-Wl,-rpath,{origin}"]
        command += ["-o", str(library / f"libfullbore-memory.{ending}")]
    subprocess.run(command, check=True)


def _missing(left: list[Path], options: argparse.Namespace) -> list[str]:
    names = {path.name for path in left}
    whole = [] if options.alone else ["ggml-cpu", "fullbore-memory", "llama", "mtmd"]
    wanted = whole + _plugins(options)
    return [want for want in wanted if not any(want in name for name in names)]


if __name__ == "__main__":
    sys.exit(main())
