"""What the bundle must hold, as far as it can be known without building it."""

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from engine.host.children import CHILDREN, own_parts

REPOSITORY = Path(__file__).parents[2]
LINUX = REPOSITORY / "installers" / "linux"


def test_that_a_bundle_can_become_every_child() -> None:
    ways_in = {f"engine.{path.parent.name}" for path in REPOSITORY.glob("engine/*/__main__.py")}
    assert ways_in <= set(CHILDREN.values())
    assert all(importlib.util.find_spec(module) for module in CHILDREN.values())


@pytest.mark.parametrize("frozen", [False, True])
def test_that_children_are_started_by_what_the_program_understands(*, frozen: bool) -> None:
    parts = own_parts(executable="/opt/fullbore/fullbore-window", frozen=frozen)
    started = (parts.worker, parts.background, parts.download, parts.doctor, parts.clients)
    assert {words[-1] for words in started} == set(CHILDREN if frozen else CHILDREN.values())


@pytest.mark.parametrize("word", sorted(CHILDREN))
def test_that_both_ways_in_become_a_child_without_the_window(word: str) -> None:
    # stdin is at its end at once: a child that waits for its parent's words ends by itself.
    for way_in in ("app", "engine"):
        done = subprocess.run(
            [
                *(sys.executable, "-X", "importtime", "-m", way_in, word),
                *(["--help"] if word == "--examine" else []),
            ],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            cwd=REPOSITORY,
            timeout=60,
            check=False,
        )
        assert b"usage: fullbore" not in done.stderr
        assert b"PySide6" not in done.stderr


def test_that_the_entries_and_the_types_agree() -> None:
    entry = (LINUX / "io.github.fullbore.Fullbore.desktop").read_text("utf-8")
    assert "MimeType=application/x-gguf;x-scheme-handler/fullbore;\n" in entry
    assert "Exec=fullbore-window %U\n" in entry
    types = (LINUX / "io.github.fullbore.Fullbore.xml").read_text("utf-8")
    assert '<mime-type type="application/x-gguf">' in types


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """The scripts and what they read, beside a bundle of two programs that tell their names."""
    for place in ("installers/linux", "assets/icons"):
        shutil.copytree(REPOSITORY / place, tmp_path / place)
    for place in ("pyproject.toml", "CHANGELOG.md", "LICENSE"):
        shutil.copy(REPOSITORY / place, tmp_path)
    bundle = tmp_path / "dist" / "fullbore"
    bundle.mkdir(parents=True)
    for name in ("fullbore", "fullbore-window"):
        (bundle / name).write_text(f'#!/bin/sh\necho {name} "$@"\n', "utf-8")
        (bundle / name).chmod(0o755)
    return tmp_path


def build(repository: Path, script: str, *words: str) -> None:
    subprocess.run(["sh", repository / "installers" / "linux" / script, *words], check=True)


needs_dpkg = pytest.mark.skipif(shutil.which("dpkg-deb") is None, reason="Debian's own tool")


@pytest.mark.parametrize("moment", ["preinst upgrade 0.0.1", "prerm remove", "preinst install"])
def test_that_dpkg_is_stopped_while_the_program_runs(moment: str, tmp_path: Path) -> None:
    program = tmp_path / "fullbore-window"
    shutil.copy("/bin/sleep", program)
    script, *words = moment.split()
    told = (LINUX / "maintain.sh").read_text("utf-8").replace("/opt/fullbore", str(tmp_path))
    (tmp_path / script).write_text(told, "utf-8")
    command = ["sh", tmp_path / script, *words]
    with subprocess.Popen([program, "60"]) as running:
        refused = subprocess.run(command, capture_output=True, text=True, check=False)
        running.kill()
    assert refused.returncode == 1
    assert refused.stderr.startswith("Fullbore is running for: ")
    subprocess.run(command, check=True)


@needs_dpkg
def test_that_the_package_brings_what_a_desktop_reads(repository: Path) -> None:
    build(repository, "build.sh", "--packed", "--deb")
    (package,) = (repository / "dist").glob("*.deb")
    control, root = repository / "control", repository / "root"
    subprocess.run(["dpkg-deb", "--control", package, control], check=True)
    assert all(os.access(control / moment, os.X_OK) for moment in ("preinst", "prerm"))
    subprocess.run(["dpkg-deb", "--extract", package, root], check=True)
    files = {str(path.relative_to(root)) for path in root.rglob("*") if not path.is_dir()}
    name = "io.github.fullbore.Fullbore"
    assert files >= {
        *("usr/bin/fullbore", "usr/bin/fullbore-window", "opt/fullbore/fullbore"),
        *(f"usr/share/applications/{name}.desktop", f"usr/share/mime/packages/{name}.xml"),
        *(f"usr/share/metainfo/{name}.metainfo.xml", "usr/lib/systemd/user/fullbore.service"),
        *(
            "usr/share/icons/hicolor/scalable/apps/" + name + ".svg",
            "usr/share/doc/fullbore/copyright",
        ),
    }
    assert "opt/fullbore/install.sh" not in files
    assert (root / "usr/bin/fullbore").readlink() == Path("../../opt/fullbore/fullbore")


def test_that_an_appimage_starts_the_window_and_by_its_name_the_terminal(repository: Path) -> None:
    build(repository, "build.sh", "--packed", "--tar")  # it furnishes the bundle
    build(repository, "appimage/build.sh", "--directory")
    image = repository / "build" / "AppDir"
    for called, program in (("/x/Fullbore.AppImage", "fullbore-window"), ("fullbore", "fullbore")):
        said = subprocess.run(
            [image / "AppRun", "a b"],
            env={**os.environ, "ARGV0": called},
            capture_output=True,
            text=True,
            check=True,
        )
        assert said.stdout == f"{program} a b\n"
    assert (image / ".DirIcon").resolve(strict=True).suffix == ".png"
    entry = (image / "io.github.fullbore.Fullbore.desktop").read_text("utf-8")
    assert "TryExec" not in entry  # it would look outside of the image
