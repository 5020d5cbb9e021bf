"""What every test may ask for: a home of its own, and the real small model."""

import os
from pathlib import Path

import pytest

from engine.config import Home

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


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
