"""Keeper: what can be done with the models on the shelf, besides loading them."""

import asyncio
import logging
import os
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from send2trash import send2trash

from engine.config import Home
from engine.download.values import Download, DownloadPhase, Quantization
from engine.errors import BadRequest, DownloadError, EngineError, ModelError
from engine.host.hasher import hash_files
from engine.host.hashes import Hashes
from engine.host.settings import Settings
from engine.host.shelf import Shelf
from engine.library.files import Details, Folder, ForeignFolder, Origin, Soundness, Verified
from engine.library.folders import foreign_folders
from engine.library.hashing import mark_of
from engine.library.removal import removal_of
from engine.library.shelf import survey
from engine.library.shelf_model import ShelfModel

ORIGIN_NAMES = {
    Origin.FULLBORE: "Fullbore",
    Origin.FOLDER: "a folder of your own",
    Origin.HUGGING_FACE: "the Hugging Face cache",
    Origin.LM_STUDIO: "LM Studio",
    Origin.OLLAMA: "Ollama",
    Origin.JAN: "Jan",
    Origin.GPT4ALL: "GPT4All",
    Origin.KOBOLDCPP: "KoboldCpp",
    Origin.TEXT_GENERATION_WEBUI: "text-generation-webui",
}

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What the keeper asks of others.

    `loaded` are the models that run, `offers` what a repository has on the Hub now, and `discard`
    puts a file into the bin.
    """

    loaded: Callable[[], Collection[str]]
    offers: Callable[[str], Awaitable[Sequence[Quantization]]]
    discard: Callable[[Path], None] = send2trash


class Keeper:
    """Verifies, describes, compares and deletes models; chooses the folders they are found in."""

    def __init__(self, home: Home, shelf: Shelf, settings: Settings, around: Around) -> None:
        self._home = home
        self._shelf = shelf
        self._settings = settings
        self._around = around
        self._hashes = Hashes(home.state / "hashes.json")
        self._arriving: set[asyncio.Task[None]] = set()

    def hear(self, download: Download) -> None:
        """A transfer moved: one that is done has brought a model."""
        if download.phase is DownloadPhase.DONE:
            task = asyncio.create_task(self.arrived(download.id), name=f"arrival {download.id}")
            self._arriving.add(task)
            task.add_done_callback(self._arrived)

    async def close(self) -> None:
        """Wait for nothing more."""
        for task in self._arriving:
            task.cancel()
        await asyncio.gather(*self._arriving, return_exceptions=True)

    # --- one model -------------------------------------------------------------------------

    async def verify(self, model: str, progress: Callable[[float], None]) -> Verified:
        """Hash its files, and compare with what the Hub, or the files' own names, tell of them.

        Cancelling ends it. Raises ModelError.
        """
        chosen = await self._shelf.find(model)
        hashes = await self._measure(chosen, progress)
        told = await self._told(chosen)
        # Other bytes upstream may be a newer version: only equal ones say something.
        if None in told and await self._upstream(chosen) == hashes:
            told = hashes
        return Verified(model=chosen.id, soundness=_soundness(chosen, hashes, told), hashes=hashes)

    async def delete(self, model: str, *, sure: bool = False) -> None:
        """Put all its files into the bin. Raises ModelError, with the reason.

        Refused while it is loaded; what is not Fullbore's own goes only when `sure`.
        """
        chosen = await self._shelf.find(model)
        if chosen.id in self._around.loaded():
            raise ModelError(f"{chosen.id} is loaded.", remedy="Unload it, then delete it.")
        if chosen.origin is not Origin.FULLBORE and not sure:
            raise ModelError(
                f"{chosen.id} lies in {ORIGIN_NAMES[chosen.origin]}.",
                remedy="Delete it there, or confirm that it is to be deleted here.",
            )
        try:
            await asyncio.to_thread(self._remove, chosen)
        finally:
            await self._shelf.look()

    async def details(self, model: str) -> Details:
        """All that its headers tell. Raises ModelError."""
        return await self._shelf.describe(model)

    async def newer(self, model: str) -> bool | None:
        """Whether its repository has other bytes by now; None if that cannot be known."""
        chosen = await self._shelf.find(model)
        offer = await self._offer(chosen)
        if offer is None or chosen.broken is not None:
            return None
        if offer.size_bytes != chosen.size_bytes:
            return True
        try:
            known = await asyncio.to_thread(_each, self._known, chosen)
        except OSError:
            return None
        upstream = _hashes_for(chosen, offer)
        return None if None in known or None in upstream else known != upstream

    async def duplicates(self) -> tuple[tuple[str, ...], ...]:
        """Models whose files are the same bytes, in the shelf's order. Hard links are not counted.

        Cancelling ends it. Files that cannot be read are passed over.
        """
        same: dict[tuple[str, ...], list[str]] = defaultdict(list)
        for group in await asyncio.to_thread(_alike, self._shelf.models):
            for model in group:
                with suppress(ModelError):
                    same[await self._measured(model)].append(model.id)
        return tuple(tuple(ids) for ids in same.values() if len(ids) > 1)

    async def arrived(self, model: str) -> None:
        """It was downloaded: remember what the Hub says of its bytes, to verify it by later."""
        with suppress(EngineError):
            await self._shelf.look()
            chosen = await self._shelf.find(model)
            upstream = await self._upstream(chosen)
            for file, hash_ in zip(chosen.files, upstream, strict=False):
                if hash_ is not None:
                    await asyncio.to_thread(self._hashes.tell, file, hash_)

    # --- folders ---------------------------------------------------------------------------

    @property
    def folders(self) -> tuple[Path, ...]:
        """The folders of one's own, besides Fullbore's."""
        return self._settings.config.folders

    async def add_folder(self, path: Path) -> None:
        """Show the models in that folder, now and from now on. Raises EngineError."""
        folder = _absolute(path)
        if not await asyncio.to_thread(_readable, folder):
            raise BadRequest(
                f"{folder} is no folder that can be read.", remedy="Choose another folder."
            )
        if folder not in self.folders:
            await self._shelf.peek(Folder(path=folder))  # one that is too slow is not kept
            self._settings.change({"folders": (*self.folders, folder)})
        await self._shelf.look()

    async def remove_folder(self, path: Path) -> None:
        """Show its models no more; the files stay. Raises EngineError."""
        folder = _absolute(path)
        self._settings.change({"folders": tuple(one for one in self.folders if one != folder)})
        await self._shelf.look()

    async def foreign(self) -> tuple[ForeignFolder, ...]:
        """The folders of other programs that were found here, and what lies in them."""
        return await asyncio.to_thread(
            _foreign, self._home.environment, self._settings.config.foreign
        )

    async def use_foreign(self, origins: Sequence[Origin]) -> None:
        """Show the models of these programs, and of no others. Raises EngineError."""
        self._settings.change({"foreign": tuple(origin.value for origin in origins)})
        await self._shelf.look()

    # --- inside ----------------------------------------------------------------------------

    def _arrived(self, task: "asyncio.Task[None]") -> None:
        self._arriving.discard(task)
        if not task.cancelled() and (failure := task.exception()) is not None:
            _log.error("What arrived could not be looked at", exc_info=failure)

    async def _measure(
        self, model: ShelfModel, progress: Callable[[float], None]
    ) -> tuple[str, ...]:
        """Hash its files now, and keep what came out. Raises ModelError."""
        try:
            hashes = await hash_files(model.files, progress)
            for file, hash_ in zip(model.files, hashes, strict=True):
                await asyncio.to_thread(self._hashes.measure, file, hash_)
        except OSError as error:
            raise _unreadable(model, error) from error
        return hashes

    async def _measured(self, model: ShelfModel) -> tuple[str, ...]:
        """What its files were found to be, hashed now if that is not known. Raises ModelError."""
        try:
            known = await asyncio.to_thread(_each, self._hashes.measured, model)
        except OSError as error:
            raise _unreadable(model, error) from error
        whole = tuple(hash_ for hash_ in known if hash_ is not None)
        return whole if len(whole) == len(known) else await self._measure(model, _unheard)

    async def _told(self, model: ShelfModel) -> tuple[str | None, ...]:
        """What its files should be."""
        try:
            return await asyncio.to_thread(_each, self._hashes.told, model)
        except OSError as error:
            raise _unreadable(model, error) from error

    def _known(self, file: Path) -> str | None:
        return self._hashes.measured(file) or self._hashes.told(file)

    async def _upstream(self, model: ShelfModel) -> tuple[str | None, ...]:
        """The hashes of its files in its repository now; empty if nobody tells."""
        offer = await self._offer(model)
        return () if offer is None else _hashes_for(model, offer)

    async def _offer(self, model: ShelfModel) -> Quantization | None:
        """What its repository has under the same file names now."""
        repository = model.id.rpartition(":")[0]
        if "/" not in repository or model.origin is Origin.OLLAMA:
            return None
        try:
            offers = await self._around.offers(repository)
        except DownloadError:
            return None
        names = sorted(file.name for file in model.files)
        return next((one for one in offers if sorted(map(_last, one.files)) == names), None)

    def _remove(self, model: ShelfModel) -> None:
        """Raises ModelError; what is gone by then is said."""
        gone = 0
        try:
            removal = removal_of(model)
            locked = [one for one in (*removal.files, *removal.links) if not _may_remove(one)]
            if locked:
                raise PermissionError(None, "the folder is read-only", str(locked[0].parent))
            for file in removal.files:
                self._around.discard(file)
                self._hashes.forget(file)
                gone += 1
            for link in removal.links:
                link.unlink(missing_ok=True)
        except OSError as error:
            reason = (error.strerror or str(error) or type(error).__name__).rstrip(".")
            first = f"{gone} of its files are in the bin already. " if gone else ""
            raise ModelError(
                f"{model.id} could not be moved to the bin: {reason}.",
                remedy=f"{first}Close the programs that use it and check its folder's permissions.",
            ) from error
        _tidy(model, self._home.models)


def _foreign(environment: Mapping[str, str], used: Sequence[str]) -> tuple[ForeignFolder, ...]:
    found: list[ForeignFolder] = []
    for folder in foreign_folders(environment):
        models, size = survey(folder)
        found.append(
            ForeignFolder(
                origin=folder.origin,
                path=folder.path,
                models=models,
                size_bytes=size,
                used=folder.origin in used,
            )
        )
    return tuple(found)


def _soundness(model: ShelfModel, hashes: Sequence[str], told: Sequence[str | None]) -> Soundness:
    pairs = list(zip(hashes, told, strict=True))
    if model.broken is not None or any(hint not in {None, hash_} for hash_, hint in pairs):
        return Soundness.DAMAGED
    return Soundness.SOUND if None not in told else Soundness.UNKNOWN


def _hashes_for(model: ShelfModel, offer: Quantization) -> tuple[str | None, ...]:
    """In the order of the model's files; None for each that the Hub tells no hash of."""
    told = dict(zip(map(_last, offer.files), offer.hashes, strict=False))
    return tuple(told.get(file.name) for file in model.files)


def _last(file: str) -> str:
    return file.rpartition("/")[2]


def _each(ask: Callable[[Path], str | None], model: ShelfModel) -> tuple[str | None, ...]:
    return tuple(ask(file) for file in model.files)


def _same_place(model: ShelfModel) -> tuple[tuple[int, int], ...]:
    found = [file.stat() for file in model.files]
    return tuple((one.st_dev, one.st_ino) for one in found)


def _mark(model: ShelfModel) -> tuple[object, ...]:
    return tuple((file.stat().st_size, mark_of(file)) for file in model.files)


def _alike(models: Sequence[ShelfModel]) -> list[list[ShelfModel]]:
    """Groups that may be the same bytes. Looks at sizes first, then at both ends of the files."""
    sizes = Counter((model.size_bytes, len(model.files)) for model in models)
    groups: dict[tuple[object, ...], dict[object, ShelfModel]] = defaultdict(dict)
    for model in models:
        if sizes[model.size_bytes, len(model.files)] > 1:
            with suppress(OSError):
                groups[_mark(model)].setdefault(_same_place(model), model)
    return [list(group.values()) for group in groups.values() if len(group) > 1]


def _may_remove(path: Path) -> bool:
    return os.access(path.parent, os.W_OK)


def _tidy(model: ShelfModel, models: Path) -> None:
    """Take away Fullbore's own folders that were left empty."""
    folder = model.files[0].parent
    while model.origin is Origin.FULLBORE and models in folder.parents:
        try:
            folder.rmdir()
        except OSError:
            return
        folder = folder.parent


def _readable(folder: Path) -> bool:
    return folder.is_dir() and os.access(folder, os.R_OK | os.X_OK)


def _unreadable(model: ShelfModel, error: OSError) -> ModelError:
    reason = error.strerror or type(error).__name__
    return ModelError(
        f"{model.id} could not be read: {reason}.",
        remedy="Check that its disk is there and its permissions, then refresh the library.",
    )


def _unheard(_: float) -> None:
    """Nobody watches."""


def _absolute(path: Path) -> Path:
    return path.expanduser().absolute()
