"""A later version's engine.toml: what is known of it holds, the rest is told, nothing is lost."""

from pathlib import Path

import pytest

from engine.config import EngineConfig, read_config, unknown_settings, write_config
from engine.errors import SettingsBroken
from engine.host.settings import Settings

LATER = """
port = 12000
telepathy = true
[loads."tiny"]
context_tokens = 4096
mood = "good"
[alerts.hot]
threshold = 7
colour = "red"
"""


def test_that_it_is_read_as_far_as_it_is_known(tmp_path: Path) -> None:
    path = tmp_path / "engine.toml"
    path.write_text(LATER, "utf-8")
    config = read_config(path)
    assert config.port == 12000
    assert config.loads["tiny"].context_tokens == 4096
    assert config.alerts.hot.threshold == 7
    told = unknown_settings(path)
    assert told is not None
    for name in ("telepathy", "loads.tiny.mood", "alerts.hot.colour"):
        assert name in str(told)
    assert "kept aside" in told.remedy
    assert path.read_text("utf-8") == LATER  # reading alone changes nothing


def test_that_it_is_kept_aside_before_it_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "engine.toml"
    path.write_text(LATER, "utf-8")
    settings = Settings(path, read_config(path))
    settings.change({"streams": 3})
    (aside,) = tmp_path.glob("engine.newer-*.toml")
    assert aside.read_text("utf-8") == LATER
    assert unknown_settings(path) is None
    assert (read_config(path).port, read_config(path).streams) == (12000, 3)
    settings.change({"streams": 4})
    assert len(list(tmp_path.glob("engine.newer-*.toml"))) == 1


@pytest.mark.parametrize("body", ["port = 0\nmore = 1", "port = ", 'alerts = "all"'])
def test_that_a_wrong_value_is_still_refused(tmp_path: Path, body: str) -> None:
    path = tmp_path / "engine.toml"
    path.write_text(body, "utf-8")
    with pytest.raises(SettingsBroken, match=r"engine\.toml could not be read"):
        read_config(path)
    assert unknown_settings(path) is None


def test_that_a_known_file_has_nothing_to_tell(tmp_path: Path) -> None:
    path = tmp_path / "engine.toml"
    assert unknown_settings(path) is None
    write_config(path, EngineConfig(port=12000))
    assert unknown_settings(path) is None
