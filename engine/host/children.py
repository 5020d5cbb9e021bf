"""How the children of this program are started."""

import sys
from dataclasses import dataclass

_CLIENTS = "engine.terminal.clients"


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineParts:
    """How the Engine's children are started, and whether a window can take handed files."""

    worker: tuple[str, ...]
    background: tuple[str, ...]
    download: tuple[str, ...]
    doctor: tuple[str, ...] = ()
    clients: tuple[str, ...] = ()  # of the bench
    window: bool = True


def own_parts(*, executable: str = sys.executable, frozen: bool | None = None) -> EngineParts:
    """The children of this program: modules of it, or a frozen bundle's executable itself."""
    if frozen is None:
        frozen = bool(getattr(sys, "frozen", False))

    def command(room: str) -> tuple[str, ...]:
        return (executable, f"--{room}") if frozen else (executable, "-m", f"engine.{room}")

    return EngineParts(
        worker=command("worker"),
        background=command("background"),
        download=command("download"),
        doctor=command("examine") if frozen else (executable, "-m", "engine.doctor"),
        clients=(executable, "--clients") if frozen else (executable, "-m", _CLIENTS),
    )
