"""What was found, before it is judged. None: the system does not tell."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the gathering child is to look at. Times of the machine come from the parent."""

    folders: dict[str, str]  # name → path; "models" is one of them
    secrets: tuple[str, ...]  # files that nobody else should read
    host: str
    port: int
    file: str | None  # a big model, to be read
    own_pids: tuple[int, ...]
    steps: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CardFacts:
    """One NVIDIA card, as its driver tells."""

    index: int
    name: str
    memory_bytes: int | None = None
    used_bytes: int | None = None
    bar1_bytes: int | None = None
    capability: tuple[int, int] | None = None
    generation: int | None = None
    most_generation: int | None = None
    width: int | None = None
    most_width: int | None = None
    limit_watts: float | None = None
    default_watts: float | None = None
    persistence: bool | None = None
    ecc_errors: int | None = None
    display: bool | None = None
    links: int | None = None  # NVLinks that are up
    holders: tuple[tuple[str, int | None], ...] = ()  # other programs' names and bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class PairFacts:
    """Whether two cards reach each other's memory; `why` is what stands against it."""

    first: int
    second: int
    reach: bool
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DriverFacts:
    """NVIDIA's driver: `answers` is whether NVML opened, `device` whether a card is in the
    machine at all, driver or not."""

    answers: bool
    device: bool | None = None
    driver: str | None = None
    cuda: tuple[int, int] | None = None
    cards: tuple[CardFacts, ...] = ()
    pairs: tuple[PairFacts, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemFacts:
    """The operating system, Python, the clock (seconds since 1970) and the environment."""

    system: str
    glibc: tuple[int, int] | None
    python: str
    machine: str
    bundle: bool
    now: float
    variables: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class MemoryFacts:
    """RAM and swap; `modules` are the bars' sizes and speeds (MT/s), in slots order."""

    total_bytes: int
    free_bytes: int
    swap_bytes: int
    swap_used_bytes: int
    modules: tuple[tuple[int, int | None], ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FolderFacts:
    """One folder of the home."""

    name: str
    path: str
    there: bool
    writable: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FoldersFacts:
    """The folders, files that others can read though they should not, and the models' disk."""

    folders: tuple[FolderFacts, ...]
    open_secrets: tuple[str, ...]
    free_bytes: int | None
    total_bytes: int | None
    file_system: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PortFacts:
    """The local port: whether it can be had, and else whether what holds it is like ours."""

    port: int
    free: bool
    answers: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgramsFacts:
    """Other programs that run models, by name, and the RAM they hold."""

    programs: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingFacts:
    """How fast the models' disk is read. `cold` is whether the system had let go of it."""

    bytes_per_second: float
    cold: bool
    written: bool  # it was a file made for it, no model


@dataclass(frozen=True, slots=True, kw_only=True)
class OpeningFacts:
    """A model's first part, twice: mapped as llama.cpp does it, and read plainly after that."""

    open_seconds: float
    mapped_seconds: float
    plain_seconds: float
    size_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceFacts:
    """A device llama.cpp sees, and what came of the proof; `failure`: what was in its way.

    `died` is whether the process ended or hung with it.
    """

    name: str
    description: str
    is_card: bool
    memory_bytes: int
    error: float | None = None
    flops: float | None = None
    failure: str = ""
    died: bool = False
    is_integrated: bool = False  # inside the processor, with no memory of its own


@dataclass(frozen=True, slots=True, kw_only=True)
class LibraryFacts:
    """The installed llama.cpp; `failure` is why it could not be asked, with no devices then, and
    `pack_skipped` why the GPU pack could not be loaded."""

    library: str = ""
    features: str = ""
    cuda: tuple[int, int] | None = None
    devices: tuple[DeviceFacts, ...] = ()
    failure: str = ""
    tried: bool = True
    pack_skipped: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lost:
    """A step of the gathering that did not answer."""

    step: str
    how: str  # "hung", "died" or "failed"


Fact = (
    DriverFacts
    | SystemFacts
    | MemoryFacts
    | FoldersFacts
    | PortFacts
    | ProgramsFacts
    | ReadingFacts
    | OpeningFacts
    | Lost
)
