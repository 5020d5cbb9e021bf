"""What the person chose for the window (`ui.toml`), and the window's disposable state.

`SettingsFile` holds the current settings and writes each change whole or not at all. A file that
cannot be read is told once, and kept aside before anything is written in its place.
"""

import json
import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import tomli_w
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from engine.errors import SettingsBroken, unsaved
from engine.replacing import put_in_place

Theme = Literal["system", "light", "dark"]
Language = Literal["system", "en", "zh_CN"]
Accent = Literal["blue", "amber", "green", "violet", "rose", "graphite"]
SendKey = Literal["enter", "ctrl_enter"]
Motion = Literal["system", "full", "reduced"]


class UiSettings(BaseModel):
    """The window's settings, with the defaults of a first start."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    theme: Theme = "system"
    language: Language = "system"
    last_model: str | None = None
    calibration_declined: bool = False  # the offer to measure the machine was sent away
    accent: Accent = "blue"
    text_percent: int = Field(default=100, ge=80, le=200)
    motion: Motion = "system"
    send_key: SendKey = "enter"
    show_statistics: bool = True
    open_reasoning: bool = False  # show what a model thinks without a click
    wrap_code: bool = False
    make_titles: bool = True  # the model names a chat after its first answer
    overflow: Literal["refuse", "drop_oldest"] = "refuse"
    system_prompt: str = ""  # of new chats
    preset: int | None = None  # of new chats, by the store's number
    daily_backup: bool = True
    price_per_kwh: float = Field(default=0.30, ge=0, le=100)  # in the person's own money
    spell_out_answers: bool = True  # a screen reader is told of finished answers
    notify: bool = True  # the desktop tells of alerts while the window is not looked at
    tray: bool = False  # closing the window leaves Fullbore there
    tray_told: bool = False  # what that means was said once
    seen_version: str = ""  # whose news were shown last
    guide_done: bool = False  # the first run's guide was gone through, or sent away


class SettingsFile:
    """The settings now, and the file they come from. `trouble` is what was wrong with the file;
    `is_first` says that there was none: nobody has chosen anything yet.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self.is_first = False
        self.trouble: SettingsBroken | None = None
        self.settings = self._read()

    def change(self, settings: UiSettings) -> None:
        """Make these the settings, and write them. Raises DiskFull or Unwritable.

        The settings hold for this run even where writing fails.
        """
        self.settings = settings
        body = tomli_w.dumps(settings.model_dump(mode="json", exclude_none=True))
        try:
            if self.trouble is not None:
                self._keep_aside()
            _replace(self._path, body)
        except OSError as error:
            raise unsaved(self._path.name, error) from error

    def _read(self) -> UiSettings:
        try:
            return self._known(tomllib.loads(self._path.read_text("utf-8")))
        except FileNotFoundError:
            self.is_first = True
            return UiSettings()
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, ValidationError) as error:
            reason = " ".join(str(error).split())[:160].rstrip(".")
            self.trouble = SettingsBroken(
                f"{self._path.name} could not be read: {reason}.",
                remedy="The defaults are used; the file is kept aside when a setting changes.",
            )
            return UiSettings()

    def _known(self, document: dict[str, object]) -> UiSettings:
        """What a later version added is told of and passed over; the rest holds."""
        unknown = [name for name in document if name not in UiSettings.model_fields]
        if unknown:
            self.trouble = SettingsBroken(
                f"{self._path.name} has settings that this Fullbore does not know, perhaps those"
                f" of a later version: {', '.join(unknown[:5])}.",
                remedy="The others hold; the file is kept aside before a setting changes.",
            )
        known = {name: value for name, value in document.items() if name not in unknown}
        return UiSettings.model_validate(known)

    def _keep_aside(self) -> None:
        moment = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
        if self._path.exists():
            self._path.replace(self._path.with_name(f"{self._path.stem}.broken-{moment}.toml"))
        self.trouble = None


class WindowState(BaseModel):
    """Where the window was. Losing it costs nothing, so a broken one is silently forgotten.

    `recent` are the commands that were used last, by their keys, the newest first.
    `geometry` and `splitter` are Qt's own bytes in base64.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    geometry: str | None = None
    splitter: str | None = None
    chat: int | None = None
    recent: tuple[str, ...] = ()
    mini: tuple[int, int] | None = None  # where the small window was
    mini_shown: bool = False


def read_window_state(path: Path) -> WindowState:
    """The state in that file, or an empty one."""
    try:
        return WindowState.model_validate(json.loads(path.read_text("utf-8")))
    except (OSError, ValueError):
        return WindowState()


def write_window_state(path: Path, state: WindowState) -> None:
    """Replace the file. Raises DiskFull or Unwritable."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _replace(path, state.model_dump_json(exclude_none=True))
    except OSError as error:
        raise unsaved(path.name, error) from error


def _replace(path: Path, body: str) -> None:
    draft = path.with_suffix(".new")
    draft.write_text(body, "utf-8")
    put_in_place(draft, path)
