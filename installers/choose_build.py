"""Which build of llama.cpp suits this machine: a function from what was found to what to try.

Nothing here looks at the machine; `look.py` does. Standard library only: it runs before anything
is installed. Rules of NVIDIA's drivers: CUDA 12.x runs from driver 525 on, CUDA 13.x from 580 on
(docs.nvidia.com, "CUDA compatibility"); a driver compiles PTX only of its own CUDA or older.
"""

from dataclasses import dataclass
from enum import StrEnum

VERSION = "0.3.36"
INDEX = "https://abetlen.github.io/llama-cpp-python/whl"

# The prebuilt wheels carry machine code for these compute capabilities, and PTX for newer cards.
OLDEST_PREBUILT = (7, 5)
# The driver that is as new as each folder of the index, newest first.
FOLDERS = ((580, "cu130"), (555, "cu125"), (550, "cu124"), (545, "cu123"), (535, "cu122"))
OLDEST_DRIVER, OLDEST_FOLDER = 525, "cu121"
DRIVER_OF_CUDA_13 = 580


class Kind(StrEnum):
    """How a build comes to this machine."""

    CPU_SOURCE = "cpu-source"
    CPU_WHEEL = "cpu-wheel"
    CUDA_SOURCE = "cuda-source"
    CUDA_WHEEL = "cuda-wheel"


class Forced(StrEnum):
    """What the person asked for, if anything."""

    CPU = "cpu"
    CUDA = "cuda"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What this machine has.

    `driver` is the NVIDIA driver's version, None without one; `capabilities` are its cards'
    compute capabilities; `nvcc` is the CUDA compiler's version, None without one. `platform` is
    as in `linux-x86_64`.
    """

    platform: str
    driver: tuple[int, ...] | None = None
    capabilities: tuple[tuple[int, int], ...] = ()
    nvcc: tuple[int, int] | None = None
    forced: Forced | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One build to try, and the sentence that says why.

    `folder` is the index's folder for wheels; `cmake_args` are for a build from source;
    `libraries` are the requirements that bring CUDA's own libraries.
    """

    kind: Kind
    reason: str
    folder: str | None = None
    cmake_args: tuple[str, ...] = ()
    libraries: tuple[str, ...] = ()


def choices(found: Found) -> tuple[Choice, ...]:
    """The builds to try, best first; the last ones are what to fall back on."""
    match found.forced:
        case Forced.CPU:
            return _on_cpu("--cpu was given")
        case Forced.CUDA:
            return _on_cards(found)
        case None:
            refusal = _why_not_cards(found)
            if refusal:
                return _on_cpu(refusal)
            return (*_on_cards(found), *_on_cpu("no CUDA build could be installed"))


def _why_not_cards(found: Found) -> str | None:
    if found.driver is None:
        return "no NVIDIA driver answers on this machine"
    if found.driver[0] < OLDEST_DRIVER:
        have = _dotted(found.driver)
        return f"the NVIDIA driver {have} is older than {OLDEST_DRIVER}; update it for CUDA"
    if not _on_cards(found):
        if not found.platform.endswith("x86_64"):
            return f"there is no CUDA build for {found.platform} and no fitting nvcc to make one"
        return "the prebuilt CUDA wheels begin at compute capability 7.5 and no nvcc fits the card"
    return None


def _on_cards(found: Found) -> tuple[Choice, ...]:
    wheel, source = _cuda_wheel(found), _cuda_source(found)
    return tuple(choice for choice in (wheel, source) if choice is not None)


def _cuda_wheel(found: Found) -> Choice | None:
    oldest = min(found.capabilities, default=OLDEST_PREBUILT)
    if found.platform != "linux-x86_64" or oldest < OLDEST_PREBUILT:
        return None
    if found.driver is None:
        folder, why = "cu125", "--cuda was given; without a driver to ask, CUDA 12.5 is the choice"
    else:
        folder = _folder_for(found.driver[0])
        why = f"the NVIDIA driver {_dotted(found.driver)} runs CUDA {folder[2:4]}.{folder[4:]}"
    return Choice(
        kind=Kind.CUDA_WHEEL, reason=why, folder=folder, libraries=_cuda_libraries(folder)
    )


def _cuda_source(found: Found) -> Choice | None:
    nvcc = found.nvcc
    if nvcc is None:
        return None
    too_new = found.driver is not None and nvcc[0] >= 13 and found.driver[0] < DRIVER_OF_CUDA_13
    too_old_card = nvcc[0] >= 13 and min(found.capabilities, default=(7, 5)) < (7, 5)
    if too_new or too_old_card:
        return None
    return Choice(
        kind=Kind.CUDA_SOURCE,
        reason=f"nvcc {_dotted(nvcc)} is here, so it is built for these very cards",
        cmake_args=(
            "-DGGML_CUDA=ON",
            "-DGGML_CUDA_NCCL=OFF",
            f"-DCMAKE_CUDA_ARCHITECTURES={_architectures(found.capabilities, nvcc)}",
        ),
    )


def _on_cpu(why: str) -> tuple[Choice, ...]:
    # Prebuilt CPU wheels leave AVX out and are several times slower: the last resort.
    return (
        Choice(kind=Kind.CPU_SOURCE, reason=f"{why}, so it is built for this processor"),
        Choice(
            kind=Kind.CPU_WHEEL,
            reason="it could not be built here; the prebuilt one is slower but runs",
            folder="cpu",
        ),
    )


def _folder_for(driver: int) -> str:
    fitting = (folder for oldest, folder in FOLDERS if driver >= oldest)
    return next(fitting, OLDEST_FOLDER)


def _cuda_libraries(folder: str) -> tuple[str, ...]:
    """The wheels leave cudart and cuBLAS out; NVIDIA's own packages bring them."""
    if folder.startswith("cu13"):
        return ("nvidia-cuda-runtime==13.0.96", "nvidia-cublas==13.0.2.14")
    return ("nvidia-cuda-runtime-cu12==12.8.90", "nvidia-cublas-cu12==12.8.4.1")


def _architectures(capabilities: tuple[tuple[int, int], ...], nvcc: tuple[int, int]) -> str:
    """Machine code for the cards that this nvcc knows; PTX of the newest it knows for the rest."""
    newest = (12, 1) if nvcc >= (12, 9) else (12, 0) if nvcc >= (12, 8) else (9, 0)
    names: list[str] = []
    for capability in sorted(set(capabilities)):
        known = capability <= newest
        major, minor = capability if known else newest
        names.append(f"{major}{minor}-{'real' if known else 'virtual'}")
    return ";".join(names) or "75-virtual;80-virtual;86-real;89-real;90-virtual"


def _dotted(version: tuple[int, ...]) -> str:
    return ".".join(str(part) for part in version)
