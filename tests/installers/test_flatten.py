"""A build of llama.cpp is tidied: one file a library, each by the name it is asked for."""

from pathlib import Path

from installers.engine.flatten import flatten

LINKED = ("libggml", "libggml-base")
OPENED = ("libllama", "libmtmd")


def built(folder: Path) -> Path:
    """As a wheel brings it: each library under three names, as copies."""
    package = folder / "llama_cpp"
    library = package / "lib"
    for name in ("cmake/llama", "pkgconfig"):
        (library / name).mkdir(parents=True)
    (package / "include").mkdir()
    for stem in (*LINKED, *OPENED, "libllama-common"):
        for ending in (".so", ".so.0", ".so.0.9.4"):
            (library / f"{stem}{ending}").write_text(stem)
    for plugin in ("libggml-cpu-zen4.so", "libggml-cpu-x64.so", "libggml-cuda.so"):
        (library / plugin).write_text(plugin)
    (library / "libfullbore-memory.so").write_text("shim")
    return package


def test_that_each_library_is_left_once_by_the_name_it_is_asked_for(tmp_path: Path) -> None:
    left = flatten(built(tmp_path))
    assert {path.name: path.read_text() for path in left} == {
        "libllama.so": "libllama",
        "libmtmd.so": "libmtmd",
        "libggml.so.0": "libggml",
        "libggml-base.so.0": "libggml-base",
        "libggml-cpu-zen4.so": "libggml-cpu-zen4.so",
        "libggml-cpu-x64.so": "libggml-cpu-x64.so",
        "libggml-cuda.so": "libggml-cuda.so",
        "libfullbore-memory.so": "shim",
    }


def test_that_what_only_compilers_read_is_gone(tmp_path: Path) -> None:
    package = built(tmp_path)
    flatten(package)
    assert [path.name for path in package.rglob("*") if path.is_dir()] == ["lib"]


def test_that_links_stand_for_one_file(tmp_path: Path) -> None:
    library = tmp_path / "llama_cpp" / "lib"
    library.mkdir(parents=True)
    (library / "libggml.so.0.9.4").write_text("real")
    (library / "libggml.so.0").symlink_to("libggml.so.0.9.4")
    (library / "libggml.so").symlink_to("libggml.so.0")
    left = flatten(tmp_path / "llama_cpp")
    assert [(path.name, path.read_text()) for path in left] == [("libggml.so.0", "real")]


def test_that_a_second_time_changes_nothing(tmp_path: Path) -> None:
    package = built(tmp_path)
    assert flatten(package) == flatten(package)


def test_that_names_of_windows_and_macos_stay(tmp_path: Path) -> None:
    library = tmp_path / "llama_cpp" / "lib"
    library.mkdir(parents=True)
    for name in ("llama.dll", "ggml-base.dll", "libllama.dylib"):
        (library / name).write_text(name)
    assert [path.name for path in flatten(tmp_path / "llama_cpp")] == [
        "ggml-base.dll",
        "libllama.dylib",
        "llama.dll",
    ]
