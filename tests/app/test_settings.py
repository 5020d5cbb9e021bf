from pathlib import Path

import pytest

from app.settings import (
    SettingsFile,
    UiSettings,
    WindowState,
    read_window_state,
    write_window_state,
)
from engine.errors import SettingsBroken, Unwritable


def test_that_settings_come_back_after_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "ui.toml"
    file = SettingsFile(path)
    assert file.settings == UiSettings()
    assert file.trouble is None
    chosen = UiSettings(theme="dark", language="zh_CN", last_model="someone/tiny:Q4_1")
    file.change(chosen)
    assert SettingsFile(path).settings == chosen
    assert [left.name for left in tmp_path.iterdir()] == ["ui.toml"]


@pytest.mark.parametrize("body", [b"theme = ", b'theme = "pink"', b"\xff\xfe"])
def test_that_a_broken_file_is_told_and_kept_aside_before_it_is_replaced(
    tmp_path: Path, body: bytes
) -> None:
    path = tmp_path / "ui.toml"
    path.write_bytes(body)
    file = SettingsFile(path)
    assert isinstance(file.trouble, SettingsBroken)
    assert "ui.toml could not be read" in file.trouble.sentence
    assert file.settings == UiSettings()
    assert path.read_bytes() == body  # reading alone changes nothing
    file.change(UiSettings(theme="light"))
    (aside,) = tmp_path.glob("ui.broken-*.toml")
    assert aside.read_bytes() == body
    assert SettingsFile(path).settings.theme == "light"
    assert file.trouble is None


def test_that_what_a_later_version_added_costs_no_other_setting(tmp_path: Path) -> None:
    path = tmp_path / "ui.toml"
    body = b'theme = "dark"\ncolour = 3\nlast_model = "tiny"\n'
    path.write_bytes(body)
    file = SettingsFile(path)
    assert file.settings == UiSettings(theme="dark", last_model="tiny")
    assert isinstance(file.trouble, SettingsBroken)
    assert "colour" in str(file.trouble)
    assert file.trouble.remedy.startswith("The others hold")
    file.change(file.settings.model_copy(update={"theme": "light"}))
    (aside,) = tmp_path.glob("ui.broken-*.toml")
    assert aside.read_bytes() == body
    assert SettingsFile(path).settings == UiSettings(theme="light", last_model="tiny")


def test_that_a_change_that_cannot_be_written_holds_for_this_run(tmp_path: Path) -> None:
    file = SettingsFile(tmp_path / "missing" / "ui.toml")
    with pytest.raises(Unwritable, match="could not be saved"):
        file.change(UiSettings(theme="dark"))
    assert file.settings.theme == "dark"


def test_that_the_window_s_state_comes_back_and_a_broken_one_is_forgotten(tmp_path: Path) -> None:
    path = tmp_path / "state" / "window.json"
    assert read_window_state(path) == WindowState()
    write_window_state(path, WindowState(geometry="AdnQ", chat=7))
    assert read_window_state(path) == WindowState(geometry="AdnQ", chat=7)
    path.write_text("{", "utf-8")
    assert read_window_state(path) == WindowState()
