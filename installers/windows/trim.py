"""What of Qt and of the wheels a desktop program never loads on Windows."""

import re
import shutil
from pathlib import Path

# What app/ imports, and what those need; tests/installers/test_windows.py holds it to app/.
QT_MODULES = {"Core", "Gui", "Widgets", "Network", "Svg"}
QT_PLUGINS = {"platforms", "styles", "imageformats", "iconengines", "tls"}
QT_PLATFORMS = {"qwindows.dll", "qoffscreen.dll"}
QT_WORDS = {"qtbase_en.qm", "qtbase_zh_CN.qm"}
_QT_FOLDERS = ("plugins", "translations")
_UNUSED_PICTURES = {"qicns.dll", "qtga.dll", "qtiff.dll", "qwbmp.dll", "qpdf.dll"}
# Tests of other projects, and what only compilers and type checkers read.
_UNUSED_FOLDERS = {"tests", "__pycache__", "include", "f2py"}
_UNUSED_RUNTIME = {"vcamp140.dll", "vccorlib140.dll"}  # C++ AMP and C++/CX
_UNUSED_ENDINGS = {".pyi", ".lib", ".h", ".pxd", ".pyx", ".c", ".pdb"}


def trim(packages: Path) -> None:
    """Remove it from that folder of packages."""
    if (packages / "PySide6").is_dir():
        _trim_qt(packages / "PySide6")
    shutil.rmtree(packages / "bin", ignore_errors=True)  # console scripts, for no one
    for folder in sorted(packages.rglob("*"), reverse=True):
        if folder.is_dir() and folder.name in _UNUSED_FOLDERS:
            shutil.rmtree(folder)
    for path in packages.rglob("*"):
        unused = path.suffix in _UNUSED_ENDINGS or path.name in _UNUSED_RUNTIME
        if unused and path.is_file():
            path.unlink()


def _trim_qt(qt: Path) -> None:
    for path in qt.iterdir():
        if path.is_dir() and path.name not in _QT_FOLDERS:
            shutil.rmtree(path)
        elif path.is_file() and not _is_wanted(path.name):
            path.unlink()
    _keep(qt / "plugins", QT_PLUGINS)
    _keep(qt / "plugins" / "platforms", QT_PLATFORMS)
    _keep(qt / "translations", QT_WORDS)
    for name in _UNUSED_PICTURES:
        (qt / "plugins" / "imageformats" / name).unlink(missing_ok=True)


def _is_wanted(name: str) -> bool:
    library = re.fullmatch(r"Qt6?(\w+)\.(dll|pyd)", name)
    if library:
        return library[1] in QT_MODULES
    if name.endswith(".dll"):
        # The C++ runtime lies here too, and Python's side of Qt; these are for QML and films.
        return not re.match(r"pyside6qml|opengl32sw|av|sw|d3dcompiler", name)
    return name.endswith(".py")


def _keep(folder: Path, names: set[str]) -> None:
    for path in folder.iterdir() if folder.is_dir() else ():
        if path.name in names:
            continue
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()
