"""Settings: what the engine goes by, and what `engine.toml` keeps of it."""

from collections.abc import Mapping
from pathlib import Path

from pydantic import ValidationError

from engine.config import EngineConfig, LoadWish, read_config, write_config
from engine.download.downloads import Downloads
from engine.errors import BadRequest, unsaved


class Settings:
    """The one writer of `engine.toml`.

    The file is read again before each change: what the command line asked of this run alone is
    not to be kept.
    """

    def __init__(self, path: Path, config: EngineConfig) -> None:
        self._path = path
        self.config = config

    def wish_for(self, model: str) -> LoadWish:
        """What was last wished for that model; all automatic if nothing was."""
        return self.config.loads.get(model, LoadWish())

    def remember(self, model: str, wish: LoadWish) -> None:
        """Keep what led to a loaded model. Raises DiskFull or SettingsBroken."""
        self.config = _with_wish(self.config, model, wish)
        self._write(_with_wish(read_config(self._path), model, wish))

    def suppose(self, model: str, wish: LoadWish) -> None:
        """Go by that wish until the end of this run."""
        self.config = _with_wish(self.config, model, wish)

    def change(self, changes: Mapping[str, object]) -> EngineConfig:
        """Keep these and go by them. Raises BadRequest, DiskFull or SettingsBroken."""
        changed = _changed(self.config, changes)
        self._write(_changed(read_config(self._path), changes))
        self.config = changed
        return changed

    def _write(self, config: EngineConfig) -> None:
        try:
            write_config(self._path, config)
        except OSError as error:
            raise unsaved(self._path.name, error) from error


def direct(downloads: Downloads, config: EngineConfig) -> None:
    """Have the downloads go by these settings."""
    downloads.set_endpoint(config.hub_endpoint)
    downloads.set_second_source(config.second_source)
    downloads.set_limit(config.download_bytes_per_second)
    downloads.set_at_once(config.downloads_at_once)


def _with_wish(config: EngineConfig, model: str, wish: LoadWish) -> EngineConfig:
    return config.model_copy(update={"loads": {**config.loads, model: wish}})


def _changed(config: EngineConfig, changes: Mapping[str, object]) -> EngineConfig:
    try:
        return EngineConfig.model_validate({**config.model_dump(), **changes})
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        name = ".".join(str(part) for part in first["loc"])
        raise BadRequest(
            f"{name} cannot be set so: {first['msg']}.", remedy="Choose another value."
        ) from error
