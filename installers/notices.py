"""Collects the licences of all that a bundle holds, and its list of parts (SBOM, CycloneDX 1.6).

    python installers/notices.py [OUT] [--site FOLDER … --platform win32 --machine AMD64]

Writes THIRD_PARTY_NOTICES.txt, sbom.cdx.json, and what the window's About reads (notices.json and
the changelog) into OUT (build/notices), which the freeze takes in as assets/notices. Fails where a
licence is not known, may not be passed on, or has no text. `--site` looks at packages that were
laid into folders for another system, instead of those that are installed here.
"""

import argparse
import hashlib
import json
import shutil
import sys
import tomllib
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
if str(ROOT) not in sys.path:  # run as a script
    sys.path.insert(0, str(ROOT))

from app.text.licence_names import is_expression, may_be_passed_on  # noqa: E402
from app.text.notices import NOTICES, Part, as_json, as_text, collected  # noqa: E402

TEXT = "THIRD_PARTY_NOTICES.txt"
SBOM = "sbom.cdx.json"
CHANGELOG = "CHANGELOG.md"  # what About shows as news
_OS_NAMES = {"win32": "nt"}
_SYSTEMS = {"win32": "Windows", "darwin": "Darwin", "linux": "Linux"}


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the three files; 1 with the reasons where that may not be given away."""
    asked = _parser().parse_args(arguments)
    parts = collected(
        ROOT / "assets", site=asked.site, system=_markers(asked.platform, asked.machine)
    )
    troubles = [*objections(parts), *missing(parts)]
    for trouble in troubles:
        print(f"notices: {trouble}", file=sys.stderr)
    if troubles:
        return 1
    asked.out.mkdir(parents=True, exist_ok=True)
    (asked.out / TEXT).write_text(as_text(parts), "utf-8")
    (asked.out / NOTICES).write_text(as_json(parts), "utf-8")
    (asked.out / SBOM).write_text(json.dumps(sbom(parts, own_version()), indent=1), "utf-8")
    shutil.copyfile(ROOT / CHANGELOG, asked.out / CHANGELOG)
    print(f"{len(parts)} parts, their licences and their list are in {asked.out}")
    return 0


def objections(parts: Sequence[Part]) -> list[str]:
    """Why these may not be given away together."""
    found = list[str]()
    for part in parts:
        if not part.licence:
            found.append(f"nobody knows the licence of {part.name}; say it in licence_names.py")
        elif not may_be_passed_on(part.licence):
            found.append(f"{part.name} is under {part.licence}, which a bundle cannot be")
        if not part.text:
            found.append(f"{part.name} has no text of its licence; put one into assets/licences")
    return found


def missing(parts: Sequence[Part]) -> list[str]:
    """What Fullbore asks for everywhere and was not found."""
    there = {_plain(part.name) for part in parts}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    names = [
        _plain(wish.split(";")[0].split("=")[0].split(">")[0].split("<")[0].split("[")[0])
        for wish in project["dependencies"]
        if ";" not in wish
    ]
    return [f"{name} is asked for and not installed" for name in names if name not in there]


def sbom(parts: Sequence[Part], version: str) -> dict[str, Any]:
    """The list of parts as CycloneDX 1.6. The same parts give the same document."""
    rows = [_component(part) for part in parts]
    told = json.dumps([version, rows], sort_keys=True).encode()
    serial = uuid.UUID(bytes=hashlib.sha256(told).digest()[:16], version=4)
    own = {
        "type": "application",
        "bom-ref": "fullbore",
        "name": "fullbore",
        "version": version,
        "licenses": [{"license": {"id": "MIT"}}],
    }
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{serial}",
        "version": 1,
        "metadata": {"component": own},
        "components": rows,
        "dependencies": [{"ref": "fullbore", "dependsOn": [row["bom-ref"] for row in rows]}],
    }


def own_version() -> str:
    """As pyproject.toml says."""
    return str(tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"])


def _component(part: Part) -> dict[str, Any]:
    row: dict[str, Any] = {
        "type": "library",
        "bom-ref": f"{_plain(part.name)}@{part.version}".rstrip("@"),
        "name": part.name,
    }
    if part.version:
        row["version"] = part.version
    if part.licence:
        row["licenses"] = [_licence(part.licence)]
    if part.is_package:
        row["purl"] = f"pkg:pypi/{_plain(part.name)}@{part.version}"
    row["externalReferences"] = [{"type": "website", "url": part.homepage}]
    return row


def _licence(expression: str) -> dict[str, Any]:
    if expression.startswith("LicenseRef-") and " " not in expression:
        return {"license": {"name": expression}}
    assert is_expression(expression), expression
    return {"expression": expression}


def _markers(platform: str | None, machine: str | None) -> dict[str, str]:
    markers = dict[str, str]()
    if platform is not None:
        markers["sys_platform"] = platform
        markers["platform_system"] = _SYSTEMS.get(platform, platform)
        markers["os_name"] = _OS_NAMES.get(platform, "posix")
    if machine is not None:
        markers["platform_machine"] = machine
    return markers


def _plain(name: str) -> str:
    return name.strip().lower().replace("_", "-").replace(".", "-").replace(" ", "-")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("out", nargs="?", type=Path, default=ROOT / "build" / "notices")
    parser.add_argument("--site", action="append", help="a folder of packages; may be repeated")
    parser.add_argument("--platform", choices=sorted(_SYSTEMS), help="whose packages they are")
    parser.add_argument("--machine", help="x86_64, AMD64, arm64")
    return parser


if __name__ == "__main__":
    sys.exit(main())
