"""A worker with a GPU pack beside its library: what can be loaded is, what cannot is left out."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from engine.doctor.facts import LibraryFacts
from engine.doctor.gathering import Proving
from engine.worker.pack import pack_and_rest, plug_in

pytestmark = pytest.mark.anyio

ROOT = Path(__file__).parents[3]


def garbage_pack(folder: Path) -> Path:
    folder.mkdir(parents=True)
    for name in ("libcudart.so.13", "libcublas.so.13", "libcublasLt.so.13", "libggml-cuda.so"):
        (folder / name).write_bytes(b"no library at all")
    return folder


def test_that_the_pack_is_told_before_all_other_words(tmp_path: Path) -> None:
    assert pack_and_rest(["--prove", "1"]) == (None, ["--prove", "1"])
    assert pack_and_rest(["--pack", str(tmp_path), "--prove"]) == (tmp_path, ["--prove"])
    assert pack_and_rest(["--pack", str(tmp_path), "--pack", "", "--prove"]) == (None, ["--prove"])
    assert pack_and_rest(["--pack", str(tmp_path / "nothing")]) == (None, [])
    assert pack_and_rest(["--pack"]) == (None, ["--pack"])


def test_that_a_mark_names_the_pack_beside_it(tmp_path: Path) -> None:
    mark = tmp_path / "0.1.0.ready"
    (tmp_path / "cuda13-0.1.0").mkdir()
    mark.write_text("cuda13-0.1.0", "utf-8")
    assert pack_and_rest(["--pack", str(mark)])[0] == tmp_path / "cuda13-0.1.0"
    for odd in ("", "gone", "../elsewhere", ".."):
        mark.write_text(odd, "utf-8")
        assert pack_and_rest(["--pack", str(mark)])[0] is None


def test_that_a_plugin_that_is_none_is_never_handed_to_llama_cpp(tmp_path: Path) -> None:
    handed: list[bytes] = []
    why = plug_in(garbage_pack(tmp_path / "pack"), handed.append)
    assert "libggml-cuda.so" in why
    assert not handed
    (tmp_path / "empty").mkdir()
    assert plug_in(tmp_path / "empty", handed.append)


async def test_that_a_pack_that_cannot_be_loaded_is_left_out_and_the_processor_computes(
    tmp_path: Path,
) -> None:
    pack = garbage_pack(tmp_path / "ein Ordner mit Bär 图形")
    worker = (sys.executable, "-m", "engine.worker", "--pack", str(pack))
    found = await Proving(worker).prove(quick=False)
    assert not found.failure
    assert found.devices
    assert all(device.error is not None for device in found.devices if not device.is_card)
    if not any(device.is_card for device in found.devices):
        assert "libggml-cuda.so" in found.pack_skipped


@pytest.mark.journey
def test_that_a_worker_of_the_dynamic_build_loads_a_plugin_of_the_pack(tmp_path: Path) -> None:
    """The build for every processor stands in for a card: one of its plugins is the pack's."""
    build = ROOT / "build" / "engine"
    plugins = sorted((build / "llama_cpp" / "lib").glob("libggml-cpu-x64.so"))
    if not plugins:
        pytest.skip("build/engine was not built: python -m installers.engine.build")
    pack = tmp_path / "pack"
    pack.mkdir()
    (pack / "libggml-cuda.so").write_bytes(plugins[0].read_bytes())
    script = (
        "from pathlib import Path; from engine.worker.llama import Library;"
        "from engine.worker.kernels import devices; from engine.worker.ggml import Ggml;"
        f"library = Library(Path({str(pack)!r}));"
        "print(repr(library.pack_skipped), [one.name for one in devices(Ggml())])"
    )
    ran = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, "PYTHONPATH": f"{build}{os.pathsep}{ROOT}"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.startswith("''")
    assert "CPU" in ran.stdout


def test_that_the_facts_tell_of_no_pack_where_there_is_none() -> None:
    assert LibraryFacts().pack_skipped == ""
