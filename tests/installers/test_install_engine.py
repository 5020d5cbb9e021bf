"""The installer against a local index, with real pip in a Python environment of its own."""

import functools
import http.server
import shutil
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]


class QuietPages(http.server.SimpleHTTPRequestHandler):
    """Files of a folder over HTTP, without a log on stderr."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


def put_wheel(index: Path, folder: str, *, offload: bool) -> None:
    """A wheel in the index that says of itself what the real one would."""
    place = index / folder / "llama-cpp-python"
    place.mkdir(parents=True)
    name = "llama_cpp_python-0.3.36"
    with zipfile.ZipFile(place / f"{name}-py3-none-any.whl", "w") as wheel:
        wheel.writestr(
            "llama_cpp/__init__.py",
            f"__version__ = '0.3.36'\ndef llama_supports_gpu_offload(): return {offload}\n",
        )
        about = f"{name}.dist-info"
        wheel.writestr(
            f"{about}/METADATA", "Metadata-Version: 2.1\nName: llama-cpp-python\nVersion: 0.3.36\n"
        )
        wheel.writestr(
            f"{about}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        wheel.writestr(f"{about}/RECORD", "")
    (place / "index.html").write_text(f'<a href="{name}-py3-none-any.whl">{name}</a>', "utf-8")


@pytest.fixture
def index(tmp_path: Path) -> Iterator[tuple[Path, str]]:
    """An index: its folder and its address."""
    folder = tmp_path / "index"
    folder.mkdir()
    pages = functools.partial(QuietPages, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), pages) as server:
        thread = threading.Thread(target=server.serve_forever, name="local index")
        thread.start()
        yield folder, f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def pattern(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh environment, to be copied: making one takes seconds."""
    place = tmp_path_factory.mktemp("pattern") / "environment"
    subprocess.run([sys.executable, "-m", "venv", str(place)], check=True)
    return place


@pytest.fixture
def environment(pattern: Path, tmp_path: Path) -> Path:
    """A fresh environment's Python, with pip."""
    place = shutil.copytree(pattern, tmp_path / "environment", symlinks=True)
    return place / "bin" / "python"


def install(python: Path, address: str, log: Path) -> str:
    """Install the CUDA wheel by that Python; what `install` returned and printed."""
    program = (
        "from pathlib import Path\n"
        "from installers.choose_build import Choice, Kind\n"
        "from installers.install_engine import install\n"
        "choice = Choice(kind=Kind.CUDA_WHEEL, reason='it is a test', folder='cu130')\n"
        f"print('returned', install(choice, index={address!r}, log=Path({str(log)!r})))\n"
    )
    done = subprocess.run(
        [str(python), "-c", program], cwd=REPOSITORY, capture_output=True, text=True, check=True
    )
    return done.stdout


@pytest.mark.timeout(180)
def test_that_a_wheel_of_the_index_is_installed_and_kept(
    index: tuple[Path, str], environment: Path, tmp_path: Path
) -> None:
    folder, address = index
    put_wheel(folder, "cu130", offload=True)
    first = install(environment, address, tmp_path / "log")
    assert first.endswith("returned None\n")
    assert "Successfully installed llama-cpp-python-0.3.36" in first
    again = [str(environment), "-m", "installers.install_engine", "--cuda"]
    second = subprocess.run(
        [*again, "--index", "http://127.0.0.1:9"],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=True,
    )
    assert second.stdout == "llama.cpp: what is here already works, as 0.3.36 for the cards.\n"


@pytest.mark.timeout(180)
def test_that_a_wheel_without_cuda_is_refused_and_a_missing_one_told(
    index: tuple[Path, str], environment: Path, tmp_path: Path
) -> None:
    folder, address = index
    missing = install(environment, address, tmp_path / "log")
    assert "returned pip ended with 1: ERROR: No matching distribution found" in missing
    put_wheel(folder, "cu130", offload=False)
    wrong = install(environment, address, tmp_path / "log")
    assert wrong.endswith("returned the library is 0.3.36 for the processor\n")
