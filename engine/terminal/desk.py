"""The shelf and its keeper for one verb, beside an Engine that may be running."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress

from engine.background.background import Background
from engine.config import EngineConfig, Home
from engine.download.downloads import Downloads
from engine.download.values import Download
from engine.engine import own_parts
from engine.errors import EngineError
from engine.handover.lock import is_owned
from engine.handover.visitor import Visitor
from engine.host.keeper import Around, Keeper
from engine.host.settings import Settings
from engine.host.shelf import Shelf
from engine.host.uses import Uses
from engine.library.folders import shelf_folders


@asynccontextmanager
async def keeping(home: Home, config: EngineConfig) -> AsyncGenerator[tuple[Shelf, Keeper]]:
    """A shelf that was looked at, and its keeper. Raises EngineError.

    What a running Engine has loaded counts as loaded.
    """
    loaded = (await Visitor(home).attach()).loaded if is_owned(home) else ()
    parts = own_parts()
    background = Background(parts.background)
    downloads = Downloads(
        config.hub_endpoint, home.models, _unheard, cache=home.cache, command=parts.download
    )
    shelf = Shelf(
        background,
        lambda: shelf_folders(home, config),
        Uses(home.state),
        lambda: None,
    )
    around = Around(loaded=lambda: loaded, offers=downloads.quantizations)
    keeper = Keeper(home, shelf, Settings(home.engine_toml, config), around)
    try:
        await shelf.look()
        yield shelf, keeper
    finally:
        await keeper.close()
        await downloads.close()
        await background.close()


async def let_owner_look(home: Home) -> None:
    """Files came or went: a running Engine looks at its shelf again."""
    if is_owned(home):
        with suppress(EngineError, TimeoutError):
            await Visitor(home).refresh()


def _unheard(_: Download) -> None:
    """No transfer is begun here."""
