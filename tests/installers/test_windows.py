"""Windows' folder: its requirements by Windows' conditions, its libraries by what they ask for."""

import plistlib
import re
import struct
import tomllib
import zipfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from app.autostart import RUN_VALUE
from app.main import DESKTOP_FILE
from installers.macos.property_list import property_list
from installers.windows.assemble import PATHS, missing_parts, unpack
from installers.windows.icon import write_icon
from installers.windows.imports import NotAProgram, imports_of, missing_libraries
from installers.windows.launchers import description, numbers
from installers.windows.trim import QT_MODULES, trim
from installers.windows.wheels import PYTHON, PYTHON_SHA256, PYTHON_URL, applying, requirements_in

REPOSITORY = Path(__file__).parents[2]
NSIS = (REPOSITORY / "installers" / "windows" / "installer.nsi").read_text("utf-8")
BASE = 0x1000
PE, OPTIONAL = 0x40, 0xF0


def library(*asked: str) -> bytes:
    """A library for Windows that has an import table and nothing else."""
    names, entries = b"", b""
    start = BASE + 20 * (len(asked) + 1)
    for name in asked:
        entries += struct.pack("<IIIII", 0, 0, 0, start + len(names), 0)
        names += name.encode() + b"\0"
    table = entries + bytes(20) + names
    head = b"MZ" + bytes(0x3A) + struct.pack("<I", PE)
    head += b"PE\0\0" + struct.pack("<HHIIIHH", 0x8664, 1, 0, 0, 0, OPTIONAL, 0x2022)
    optional = struct.pack("<H", 0x20B) + bytes(110) + bytes(8) + struct.pack("<II", BASE, 40)
    head += optional.ljust(OPTIONAL, b"\0")
    raw = len(head) + 40
    head += b".idata\0\0" + struct.pack("<IIII", len(table), BASE, len(table), raw) + bytes(16)
    return head + table


def put(folder: Path, place: str, *asked: str) -> None:
    path = folder / place
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(library(*asked))


def test_that_conditions_are_judged_as_on_windows() -> None:
    assert list(
        applying(
            [
                'pywin32-ctypes>=0.2 ; sys_platform == "win32"',
                'SecretStorage>=3 ; sys_platform == "linux"',
                "colorama ; platform_system == 'Windows'",
                'importlib-metadata>=4 ; python_version < "3.12"',
                'pytest ; extra == "test"',
                "httpx[http2]>=0.28,<1",
            ]
        )
    ) == ["pywin32-ctypes>=0.2", "colorama", "httpx[http2]<1,>=0.28"]


def test_that_a_distribution_tells_its_requirements() -> None:
    told = "Metadata-Version: 2.1\nName: x\nRequires-Dist: numpy>=2\nRequires-Dist: jinja2\n\nText"
    assert requirements_in(told) == ["numpy>=2", "jinja2"]


def test_that_python_is_pinned() -> None:
    assert f"/{PYTHON}/python-{PYTHON}-embed-amd64.zip" in PYTHON_URL
    assert re.fullmatch(r"[0-9a-f]{64}", PYTHON_SHA256)
    assert PATHS.splitlines() == ["python313.zip", ".", "..\\lib"]


def test_that_a_library_s_wishes_are_read(tmp_path: Path) -> None:
    put(tmp_path, "one.dll", "KERNEL32.dll", "llama.dll")
    assert imports_of(tmp_path / "one.dll") == {"kernel32.dll", "llama.dll"}
    put(tmp_path, "none.dll")
    assert imports_of(tmp_path / "none.dll") == set()


@pytest.mark.parametrize("content", [b"", b"MZ", b"\x7fELF" * 40, library("a.dll")[:0x120]])
def test_that_what_is_no_library_is_told(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "odd.dll").write_bytes(content)
    with pytest.raises(NotAProgram, match=r"odd\.dll"):
        imports_of(tmp_path / "odd.dll")


def test_that_libraries_are_looked_for_where_windows_looks(tmp_path: Path) -> None:
    put(tmp_path, "python/python313.dll", "kernel32.dll", "api-ms-win-crt-heap-l1-1-0.dll")
    put(tmp_path, "python/msvcp140.dll")
    put(tmp_path, "lib/llama_cpp/lib/llama.dll", "ggml.dll", "msvcp140.dll")
    put(tmp_path, "lib/llama_cpp/lib/ggml.dll")
    put(tmp_path, "lib/PySide6/plugins/platforms/qwindows.dll", "qt6gui.dll", "qt6dbus.dll")
    put(tmp_path, "lib/PySide6/Qt6Gui.dll", "shiboken6.abi3.dll")
    put(tmp_path, "lib/shiboken6/shiboken6.abi3.dll")
    put(tmp_path, "lib/numpy/core.pyd", "openblas.dll", "llama.dll", "python313.dll")
    put(tmp_path, "lib/numpy.libs/openblas.dll")
    assert missing_libraries(tmp_path) == {
        "qt6dbus.dll": {"qwindows.dll"},
        "llama.dll": {"core.pyd"},  # that is another package's
    }


def test_that_an_empty_folder_misses_everything(tmp_path: Path) -> None:
    (tmp_path / "lib").mkdir()
    told = "\n".join(missing_parts(tmp_path, without_python=False))
    for name in ("fullbore-window.exe", "python/pythonw.exe", "llama.dll", "ggml-cpu*.dll"):
        assert name in told


def test_that_the_parts_of_qt_that_the_app_imports_are_kept() -> None:
    imported = set[str]()
    for path in (REPOSITORY / "app").rglob("*.py"):
        imported |= set(re.findall(r"from PySide6\.Qt(\w+) import", path.read_text("utf-8")))
    assert imported
    assert imported <= QT_MODULES


def test_that_trimming_keeps_what_runs(tmp_path: Path) -> None:
    kept = [
        "PySide6/Qt6Core.dll",
        "PySide6/QtWidgets.pyd",
        "PySide6/pyside6.abi3.dll",
        "PySide6/msvcp140.dll",
        "PySide6/plugins/platforms/qwindows.dll",
        "PySide6/translations/qtbase_zh_CN.qm",
        "numpy/core.pyd",
        "app/theme/marks/tick.svg",
    ]
    dropped = [
        "PySide6/Qt6Quick.dll",
        "PySide6/QtQml.pyd",
        "PySide6/qml/a.qml",
        "PySide6/designer.exe",
        "PySide6/plugins/sqldrivers/qsqlite.dll",
        "PySide6/plugins/platforms/qdirect2d.dll",
        "PySide6/translations/qtbase_de.qm",
        "numpy/core/tests/test_all.py",
        "numpy/core.pyi",
        "bin/tool.exe",
    ]
    for place in (*kept, *dropped):
        path = tmp_path / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")
    trim(tmp_path)
    left = {p.relative_to(tmp_path).as_posix() for p in tmp_path.rglob("*") if p.is_file()}
    assert left == set(kept)


def test_that_a_wheel_is_unpacked_as_an_installation_would(tmp_path: Path) -> None:
    wheel = tmp_path / "a-1-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("a/__init__.py", "")
        archive.writestr("a-1.data/platlib/a/core.pyd", "")
        archive.writestr("a-1.data/scripts/a.exe", "")
        archive.writestr("../outside.py", "")
    unpack(wheel, tmp_path / "lib")
    assert sorted(p.name for p in (tmp_path / "lib").rglob("*")) == ["__init__.py", "a", "core.pyd"]
    assert not (tmp_path / "outside.py").exists()


def test_that_the_icon_has_every_size(tmp_path: Path) -> None:
    write_icon(REPOSITORY / "assets" / "icons", tmp_path / "fullbore.ico")
    content = (tmp_path / "fullbore.ico").read_bytes()
    (count,) = struct.unpack_from("<4xH", content)
    for n in range(count):
        width, length, at = struct.unpack_from("<B7xII", content, 6 + 16 * n)
        (real,) = struct.unpack_from(">16xI", content, at)
        assert real == (width or 256)
        assert at + length <= len(content)


def test_that_a_version_has_four_numbers() -> None:
    assert [numbers(v) for v in ("0.1.0", "1.2.3.4", "2")] == ["0.1.0.0", "1.2.3.4", "2.0.0.0"]


def test_that_a_launcher_is_told_its_version_and_its_name() -> None:
    assert description("fullbore.exe", "1.2").splitlines() == [
        "#define VERSION_NUMBERS 1,2,0,0",
        '#define VERSION "1.2"',
        '#define NAME "fullbore.exe"',
        '#include "app.rc"',
    ]


def test_that_the_window_s_button_is_the_start_menu_s_entry() -> None:
    assert f'!define APP "{DESKTOP_FILE}"' in NSIS
    assert "NAME_FOR_TASKBAR" in NSIS


def test_that_every_requirement_is_looked_up_by_windows_own_conditions() -> None:
    """The list is pyproject.toml's: one that is added there is fetched here without a word."""
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text("utf-8"))["project"]
    names = {Requirement(text).name for text in applying(project["dependencies"])}
    assert names >= {"PySide6-Essentials", "prometheus-client", "cryptography", "packaging"}


def test_that_the_uninstaller_knows_the_names_others_write() -> None:
    assert f'DeleteRegValue HKCU "${{RUN}}" "{RUN_VALUE}"' in NSIS


def test_that_every_sentence_of_the_installer_is_in_both_languages() -> None:
    english = re.findall(r"LangString (\w+) \$\{LANG_ENGLISH\}", NSIS)
    assert english
    assert english == re.findall(r"LangString (\w+) \$\{LANG_SIMPCHINESE\}", NSIS)
    assert set(re.findall(r"\$\(([A-Z_]+)\)", NSIS)) == set(english)


def test_that_every_key_the_installer_writes_is_removed() -> None:
    removed = re.findall(r'DeleteReg(?:Key|Value)(?: /ifempty)? HKCU "([^"]+)"', NSIS)
    for key in re.findall(r'WriteReg\w+ HKCU "([^"]+)"', NSIS):
        assert any(key == gone or key.startswith(f"{gone}\\") for gone in removed), key


def test_that_macos_is_told_of_files_links_and_its_oldest_system() -> None:
    told = plistlib.loads(plistlib.dumps(property_list("0.1.0")))
    assert told["CFBundleURLTypes"][0]["CFBundleURLSchemes"] == ["fullbore"]
    kind = told["CFBundleDocumentTypes"][0]["LSItemContentTypes"]
    assert kind == [told["UTImportedTypeDeclarations"][0]["UTTypeIdentifier"]]
    assert told["LSMinimumSystemVersion"] == "13.0"
    assert told["NSHighResolutionCapable"] is True
    plistlib.loads((REPOSITORY / "installers" / "macos" / "entitlements.plist").read_bytes())
