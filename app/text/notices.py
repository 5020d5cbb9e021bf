"""What this program is made of, and under which licences: of a bundle, as it was collected; of a
checkout, as it is installed.
"""

import json
import platform
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from email.message import Message
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any, cast

from app.text.licence_names import spdx

NOTICES = "notices.json"
_OWN = "fullbore"
_LICENCE_FILE = re.compile(r"^(licen[cs]e|copying|notice|authors)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One thing in it. `licence` is an SPDX expression, empty if nobody knows; `text` is all that
    comes with it to be read.
    """

    name: str
    version: str
    licence: str
    homepage: str
    text: str
    is_package: bool = False  # a Python package of that name


def parts_of(assets: Path) -> tuple[Part, ...]:
    """Everything, by name: from the bundle's own list, else from what is installed."""
    kept = assets / "notices" / NOTICES
    try:
        rows = cast("list[dict[str, Any]]", json.loads(kept.read_text("utf-8")))
        return tuple(Part(**row) for row in rows)
    except (OSError, ValueError, TypeError):
        return collected(assets)


def collected(
    assets: Path, *, site: Sequence[str] | None = None, system: Mapping[str, str] | None = None
) -> tuple[Part, ...]:
    """What is installed, or lies in the folders of `site`, for this system or the one whose markers
    are given (`sys_platform` …); and what `assets` itself names.
    """
    found = _installed(site)
    names = _closure(_wishes(assets.parent, found), found, system or {})
    packages = [_package(found[name], assets) for name in names if name != _OWN]
    others = [_other(row, assets, found) for row in _rows(assets)]
    return tuple(sorted((*packages, *others), key=lambda part: part.name.casefold()))


def as_text(parts: Sequence[Part]) -> str:
    """The same as one page for people."""
    line = "=" * 80
    head = (
        "Fullbore is made with the work of others. Each part is named with its version, its"
        " licence\nand where it comes from; its own words follow.\n"
    )
    sections = (
        f"{line}\n{part.name} {part.version}".rstrip()
        + f"\n{part.licence or 'unknown'}\n{part.homepage}\n{line}\n\n{part.text.strip()}\n"
        for part in parts
    )
    return "\n".join((head, *sections))


def as_json(parts: Sequence[Part]) -> str:
    """The same for `parts_of`."""
    return json.dumps([asdict(part) for part in parts], ensure_ascii=False, indent=1)


def _installed(site: Sequence[str] | None) -> dict[str, metadata.Distribution]:
    where = metadata.distributions() if site is None else metadata.distributions(path=list(site))
    found = dict[str, metadata.Distribution]()
    for one in where:
        found.setdefault(_plain(one.name), one)
    return found


def _wishes(root: Path, found: Mapping[str, metadata.Distribution]) -> Sequence[str]:
    """What a checkout asks for now counts more than what it asked for when it was installed."""
    try:
        project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]
        return cast("list[str]", project["dependencies"])
    except (OSError, KeyError, tomllib.TOMLDecodeError):
        own = found.get(_OWN)
        return (own.requires or []) if own is not None else []


def _closure(
    wishes: Sequence[str],
    found: Mapping[str, metadata.Distribution],
    system: Mapping[str, str],
) -> list[str]:
    from packaging.requirements import Requirement  # noqa: PLC0415  (when it is looked at alone)

    names = dict[str, set[str]]()
    waiting: list[tuple[str, str]] = [(wish, "") for wish in wishes]
    while waiting:
        words, extra = waiting.pop()
        wish = Requirement(words)
        if wish.marker is not None and not wish.marker.evaluate({**system, "extra": extra}):
            continue
        name = _plain(wish.name)
        asked = {"", *wish.extras}
        if name not in found or asked <= names.get(name, set()):
            continue
        new = asked - names.setdefault(name, set())
        names[name] |= asked
        waiting += [(below, each) for below in found[name].requires or [] for each in new]
    return list(names)


def _package(one: metadata.Distribution, assets: Path) -> Part:
    told = cast("Message", one.metadata)
    classifiers = told.get_all("Classifier") or []
    pages = dict(page.split(", ", 1) for page in told.get_all("Project-URL") or [] if ", " in page)
    known = {name.lower(): page for name, page in pages.items()}
    home = told.get("Home-page") or known.get("homepage") or known.get("source") or ""
    text = "\n\n".join(_texts(one))
    if not text:
        text = _read(assets / "licences" / f"{_plain(one.name)}.txt")
    return Part(
        name=one.name,
        version=one.version,
        licence=spdx(
            one.name, told.get("License-Expression") or told.get("License") or "", classifiers
        ),
        homepage=home or next(iter(pages.values()), f"https://pypi.org/project/{one.name}/"),
        text=text,
        is_package=True,
    )


def _texts(one: metadata.Distribution) -> Iterator[str]:
    seen = set[str]()
    for file in one.files or []:
        if ".dist-info" in file.parts[0] and _LICENCE_FILE.match(file.name):
            text = _read(Path(str(file.locate())))
            if text and text not in seen:
                seen.add(text)
                yield text


def _rows(assets: Path) -> list[dict[str, Any]]:
    try:
        words = (assets / "licences" / "parts.toml").read_text("utf-8")
    except OSError:
        return []
    return cast("list[dict[str, Any]]", tomllib.loads(words)["part"])


def _other(
    row: Mapping[str, Any], assets: Path, found: Mapping[str, metadata.Distribution]
) -> Part:
    version = str(row.get("version", ""))
    if version == "python":
        version = platform.python_version()
    source = found.get(_plain(str(row.get("of", ""))))
    texts = cast("list[str]", row["texts"])
    return Part(
        name=str(row["name"]),
        version=source.version if source is not None else version,
        licence=str(row["licence"]),
        homepage=str(row["homepage"]),
        text="\n\n".join(_read(assets / "licences" / name) for name in texts),
    )


@cache
def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8", errors="replace").strip()
    except OSError:
        return ""


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
