"""A pack made for a release is what the app takes in."""

import hashlib
from pathlib import Path

from engine.pack.catalogue import Recipe, pack_name, plugin_part
from engine.pack.place import this_version
from engine.pack.unpack import Archive, unpack
from engine.pack.values import PackKind
from installers.engine.pack import main

RECIPE = Recipe(kind=PackKind.CUDA_13, system="linux", plugin_bytes=1, plugin_unpacked_bytes=1)


def build(folder: Path) -> Path:
    library = folder / "llama_cpp" / "lib"
    library.mkdir(parents=True)
    (library / "libggml-cuda.so").write_bytes(b"a plugin" * 1000)
    (library / "libllama.so").write_bytes(b"not of the pack")
    return folder


def test_that_what_is_packed_is_what_is_unpacked(tmp_path: Path) -> None:
    source, into = build(tmp_path / "engine"), tmp_path / "dist"
    assert main(["cuda13", "linux", "--from", str(source), "--into", str(into)]) == 0
    name = pack_name(PackKind.CUDA_13, "linux")
    text = (into / f"{name}.json").read_text("utf-8")
    part = plugin_part(text, "https://source.example", RECIPE, this_version())
    archive = into / f"{name}.tar.xz"
    assert part.url == f"https://source.example/{archive.name}"
    assert part.sha256 == hashlib.sha256(archive.read_bytes()).hexdigest()
    unpack([Archive(file=archive, members=part.members)], tmp_path / "pack", lambda _: True)
    assert (tmp_path / "pack" / "libggml-cuda.so").read_bytes() == b"a plugin" * 1000
    assert len(list((tmp_path / "pack").iterdir())) == 1


def test_that_the_same_plugin_makes_the_same_bytes(tmp_path: Path) -> None:
    source = build(tmp_path / "engine")
    archives: list[bytes] = []
    for into in (tmp_path / "a", tmp_path / "b"):
        main(["cuda13", "linux", "--from", str(source), "--into", str(into)])
        archives.append((into / f"{pack_name(PackKind.CUDA_13, 'linux')}.tar.xz").read_bytes())
    assert archives[0] == archives[1]


def test_that_a_build_without_the_plugin_is_told(tmp_path: Path) -> None:
    source = build(tmp_path / "engine")
    assert main(["vulkan", "linux", "--from", str(source), "--into", str(tmp_path)]) == 1
