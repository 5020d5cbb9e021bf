"""Doctor: the desk that examines this machine."""

import asyncio
import getpass
import os
import socket
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Protocol

import psutil

from engine.config import EngineConfig, Home
from engine.doctor.facts import Asked
from engine.doctor.gathering import Gathering, Proving
from engine.doctor.judge import judge
from engine.doctor.report import Private, report
from engine.doctor.steps import ALL, QUICK
from engine.host.children import EngineParts
from engine.library.shelf_model import ShelfModel
from engine.monitor.values import Check

# About how many seconds each step takes, for a bar that moves evenly; others are done at once.
_SECONDS = {"driver": 0.5, "opening": 0.5, "reading": 2.0, "proof": 2.5}
_AT_ONCE = 0.1

Progress = Callable[[float], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """What was found, and the same as an English text to be pasted anywhere."""

    checks: tuple[Check, ...]
    report: str


class Patient(Protocol):
    """What is examined: an Engine, or what a terminal knows without one."""

    @property
    def config(self) -> EngineConfig: ...
    @property
    def address(self) -> str | None: ...
    def models(self) -> tuple[ShelfModel, ...]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Resting:
    """Of a home whose Engine is not asked."""

    config: EngineConfig
    shelf: tuple[ShelfModel, ...]
    address: str | None = None

    def models(self) -> tuple[ShelfModel, ...]:
        """What lies on the shelf."""
        return self.shelf


class Doctor:
    """Examines, as often as asked; nothing is changed and nothing kept."""

    def __init__(self, home: Home, parts: EngineParts, patient: Patient) -> None:
        self._home = home
        self._parts = parts
        self._patient = patient

    async def examine(
        self, progress: Progress | None = None, /, *, quick: bool = False
    ) -> Findings:
        """All checks, in some seconds; `quick` reads no files and computes nothing.

        `progress` is told what fraction is done. Cancelling ends every child at once.
        """
        steps = QUICK if quick else ALL
        whole = (*steps, "proof")
        asked = await asyncio.to_thread(self._asked, steps)

        def moved(step: str) -> None:
            before = sum(_SECONDS.get(one, _AT_ONCE) for one in whole[: whole.index(step)])
            if progress is not None:
                progress(before / sum(_SECONDS.get(one, _AT_ONCE) for one in whole))

        facts = await Gathering(self._parts.doctor).gather(asked, moved)
        moved("proof")
        library = await Proving(self._parts.worker).prove(quick=quick)
        checks = judge(facts, library, own_port=self._patient.address is not None)
        if progress is not None:
            progress(1.0)
        about = f"Fullbore {_version()}"
        text = await asyncio.to_thread(lambda: report(checks, about, self.private()))
        return Findings(checks=checks, report=text)

    def private(self) -> Private:
        """What of this machine is nobody's business."""
        home = self._home
        places = {str(path): f"({name})" for name, path in self._folders().items()}
        for number, folder in enumerate(self._patient.config.folders, start=1):
            places[str(folder)] = f"(folder {number})"
        return Private(
            home=str(Path.home()),
            user=_user(),
            host=socket.gethostname(),
            places={**places, str(home.root): "(home)"},
        )

    def _folders(self) -> dict[str, Path]:
        home, chosen = self._home, self._patient.config.models_folder
        folders = {
            "home": home.root,
            "models": home.models,
            "state": home.state,
            "cache": home.cache,
            "logs": home.logs,
        }
        if chosen is not None and chosen != home.models:  # it was away at the start
            folders["downloads"] = chosen
        return folders

    def _asked(self, steps: tuple[str, ...]) -> Asked:
        home, config = self._home, self._patient.config
        secrets = [home.root / "engine.door.json", home.root / "keys.json", home.lock]
        if config.api_key:
            secrets.append(home.engine_toml)
        own = psutil.Process()
        return Asked(
            folders={name: str(path) for name, path in self._folders().items()},
            secrets=tuple(str(path) for path in secrets if path.exists()),
            host=config.host,
            port=config.port,
            file=_biggest(file for model in self._patient.models() for file in model.files),
            own_pids=(os.getpid(), *(child.pid for child in own.children(recursive=True))),
            steps=steps,
        )


def _biggest(files: Iterable[Path]) -> str | None:
    sizes: dict[str, int] = {}
    for file in files:
        try:
            sizes[str(file)] = file.stat().st_size
        except OSError:
            continue
    return max(sizes, key=lambda file: sizes[file], default=None)


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # nobody by that number
        return ""


def _version() -> str:
    try:
        return version("fullbore")
    except PackageNotFoundError:
        return "0"
