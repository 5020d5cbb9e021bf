"""What the build of llama.cpp is asked for; the build itself takes its time elsewhere."""

from pathlib import Path

import pytest

from installers.engine.build import main


def test_that_alone_needs_a_plugin(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    into = tmp_path / "engine"
    with pytest.raises(SystemExit):
        main(["--alone", "--into", str(into)])
    assert "--alone needs --cuda, --vulkan or both" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())
