"""Makes dist/fullbore-setup-VERSION-x64.exe of an assembled folder, with NSIS.

python -m installers.windows.setup [--payload build/windows/Fullbore] [--quick]
"""

import argparse
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

from installers.windows.icon import write_icon
from installers.windows.launchers import numbers

ROOT = Path(__file__).parents[2]
_USUAL = Path("C:/Program Files (x86)/NSIS/makensis.exe")


def main(arguments: list[str] | None = None) -> int:
    """Make the installer, and say where it is and how large."""
    options = _options(arguments)
    version = options.version or own_version()
    made: Path = options.into or ROOT / "dist" / f"fullbore-setup-{version}-x64.exe"
    made.parent.mkdir(parents=True, exist_ok=True)
    icon = ROOT / "build" / "windows" / "fullbore.ico"
    write_icon(ROOT / "assets" / "icons", icon)
    compiler = shutil.which("makensis") or (str(_USUAL) if _USUAL.exists() else None)
    if compiler is None:
        print("makensis is missing: apt-get install nsis, or choco install nsis.", file=sys.stderr)
        return 1
    defined = {
        "VERSION": version,
        "VERSION_NUMBERS": numbers(version),
        "PAYLOAD": str(options.payload.absolute() / "*.*"),
        "OUT": str(made.absolute()),
        "ICON": str(icon),
        **({"QUICK": "1"} if options.quick else {}),
    }
    command = [compiler, "-V2", "-WX", "-INPUTCHARSET", "UTF8"]
    # Debian's NSIS has 64-bit stubs, which a Wine without 32-bit parts needs; NSIS's own has not.
    command += ["-XTarget amd64-unicode"] if sys.platform != "win32" else []
    command += [f"-D{name}={value}" for name, value in defined.items()]
    subprocess.run([*command, str(Path(__file__).with_name("installer.nsi"))], check=True)
    print(f"{made} ({made.stat().st_size / 1e6:.1f} MB)")
    return 0


def own_version() -> str:
    """The version that pyproject.toml tells."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    return str(project["version"])


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m installers.windows.setup", description="Make the installer with NSIS."
    )
    assembled = ROOT / "build" / "windows" / "Fullbore"
    parser.add_argument("--payload", type=Path, default=assembled, metavar="FOLDER")
    parser.add_argument("--into", type=Path, metavar="FILE")
    parser.add_argument("--version", help="another than pyproject.toml's, to try an upgrade")
    parser.add_argument("--quick", action="store_true", help="pack faster, and larger")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
