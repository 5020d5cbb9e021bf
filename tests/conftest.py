"""What every test may ask for: a home of its own, and the real small model."""

import gc
import os
import sys
from collections.abc import Generator
from pathlib import Path

import pytest
from hypothesis import settings

from engine.config import Home

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
# The same examples in every run, and no clock: a shared machine may stop for a moment.
settings.register_profile("steady", derandomize=True, deadline=None)
settings.load_profile("steady")


def pytest_sessionfinish() -> None:
    """The offscreen platform frees its clipboard after Qt itself is gone, and crashes."""
    if "PySide6.QtGui" in sys.modules:
        from PySide6.QtGui import QGuiApplication  # noqa: PLC0415

        if QGuiApplication.instance() is not None:
            QGuiApplication.clipboard().clear()


@pytest.fixture(scope="module")
def few_objects() -> Generator[None]:
    """What earlier tests left is not looked through while this module measures what things cost."""
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """An empty home under the test's own folder."""
    home = Home(tmp_path / "home")
    home.make()
    return home


@pytest.fixture(scope="session")
def model_file() -> Path:
    """SmolLM2-135M-Instruct Q4_1, the starter model; `installers/test.sh` puts it there."""
    named = os.environ.get("FULLBORE_TEST_MODEL")
    if named:
        return Path(named)
    starter = Path(__file__).parent.parent / "models" / "SmolLM2-135M-Instruct.Q4_1.gguf"
    if not starter.exists():
        pytest.fail("The starter model is missing; `sh installers/test.sh` fetches it.")
    return starter
