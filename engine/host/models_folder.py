"""Where downloads go, as a person chose it."""

import asyncio
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path

from engine.config import Home
from engine.download.downloads import Downloads
from engine.download.values import DownloadPhase
from engine.errors import BadRequest
from engine.host.settings import Settings
from engine.library.files import Folder
from engine.library.shelf import survey


class ModelsFolder:
    """Nothing is moved when it changes: models in the folder before stay on the shelf."""

    def __init__(
        self,
        home: Home,
        settings: Settings,
        downloads: Downloads,
        look: Callable[[], Awaitable[object]],
    ) -> None:
        """`look` looks at the shelf again."""
        self._home, self._settings, self._downloads, self._look = home, settings, downloads, look
        self._go()

    @property
    def path(self) -> Path:
        """The folder; its disk is the one that fills."""
        return self._home.models

    async def change(self, path: Path) -> None:
        """Downloads go there, now and from now on. Raises EngineError."""
        folder, before = _absolute(path), self.path
        if folder == before:
            return
        self._refuse_midway()
        try:
            await asyncio.to_thread(_try_to_write, folder)
        except OSError as error:
            raise BadRequest(
                f"Nothing can be written into {folder}: {error.strerror or error}.",
                remedy="Choose another folder.",
            ) from error
        kept = [one for one in self._settings.config.folders if one != folder]
        if before not in kept and (await asyncio.to_thread(survey, Folder(path=before)))[0]:
            kept.append(before)
        self._refuse_midway()  # one may have begun meanwhile
        chosen = None if folder == self._home.own_models else folder
        self._settings.change({"models_folder": chosen, "folders": tuple(kept)})
        self._go()
        await self._look()

    def _go(self) -> None:
        self._home.bring_models_to(self._settings.config.models_folder)
        self._downloads.models = self._home.models

    def _refuse_midway(self) -> None:
        """What has arrived of a download lies in the present folder, and is found there."""
        if any(one.phase is not DownloadPhase.DONE for one in self._downloads.all()):
            raise BadRequest(
                "Downloads are on their way to the present folder.",
                remedy="Wait until they are done, or remove them, then choose the folder again.",
            )


def _absolute(path: Path) -> Path:
    return path.expanduser().absolute()


def _try_to_write(folder: Path) -> None:
    """Raises OSError. Rights alone do not tell: a disk may be mounted for reading."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryFile(dir=folder):
        pass
