"""Where the parts of each pack come from: assets/packs.toml, and the release's manifest."""

import platform
import sys
import tomllib
from pathlib import Path, PurePosixPath

from pydantic import Field, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass

from engine.hardware.catalogue import ASSETS
from engine.pack.failures import PackFailed
from engine.pack.values import PackKind

RELEASES = "https://github.com/fullbore/fullbore/releases/download"
_SHA256 = r"^[0-9a-f]{64}$"
_MACHINES = {"x86_64", "amd64"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One archive. `members` are what is wanted of it, with their sizes unpacked."""

    url: str
    sha256: str = Field(pattern=_SHA256)
    size_bytes: int = Field(gt=0)
    members: dict[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """One pack for one system, but for Fullbore's own plugin, of which the size is about known."""

    kind: PackKind
    system: str
    plugin_bytes: int
    plugin_unpacked_bytes: int
    part: tuple[Part, ...] = ()

    @property
    def size_bytes(self) -> int:
        """What is to be downloaded."""
        return self.plugin_bytes + sum(part.size_bytes for part in self.part)

    @property
    def unpacked_bytes(self) -> int:
        """What stays on the disk."""
        return self.plugin_unpacked_bytes + unpacked(self.part)


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What lies beside the plugin in a release; `version` is Fullbore's."""

    kind: PackKind
    system: str
    version: str
    file: str
    sha256: str = Field(pattern=_SHA256)
    size_bytes: int = Field(gt=0)
    members: dict[str, int]


_recipes = TypeAdapter(tuple[Recipe, ...])
_manifest = TypeAdapter(Manifest)


def read_catalogue(path: Path = ASSETS / "packs.toml") -> tuple[Recipe, ...]:
    """Every pack that is made."""
    return _recipes.validate_python(tomllib.loads(path.read_text("utf-8"))["pack"])


def recipes_here(all_: tuple[Recipe, ...], system: str | None) -> dict[PackKind, Recipe]:
    """Those for that system, by kind."""
    return {recipe.kind: recipe for recipe in all_ if recipe.system == system}


def own_system() -> str | None:
    """linux or windows, on x86-64; packs are made for no other."""
    if platform.machine().lower() not in _MACHINES:
        return None
    return {"linux": "linux", "win32": "windows"}.get(sys.platform)


def pack_name(kind: PackKind, system: str) -> str:
    """What the plugin's files are called in a release, without their endings."""
    return f"fullbore-pack-{kind.value}-{system}"


def source_of(setting: str | None, version: str) -> str:
    """The address below which the plugin and its manifest lie."""
    return (setting or f"{RELEASES}/v{version}").rstrip("/")


def part_at(part: Part, setting: str | None) -> Part:
    """A source that the person named keeps the other parts, too."""
    if not setting:
        return part
    name = PurePosixPath(part.url).name
    return Part(
        url=f"{setting.rstrip('/')}/{name}",
        sha256=part.sha256,
        size_bytes=part.size_bytes,
        members=part.members,
    )


def plugin_part(text: str, source: str, recipe: Recipe, version: str) -> Part:
    """The plugin, as the manifest tells. Raises PackFailed for one of another pack or version."""
    try:
        told = _manifest.validate_json(text)
    except ValidationError as error:
        raise PackFailed(
            "What answers in the place of Fullbore's releases is not one of them.",
            remedy="Try again later, or look at the address of packs in the settings.",
        ) from error
    if (told.kind, told.system) != (recipe.kind, recipe.system) or told.version != version:
        raise PackFailed(
            f"The source has a GPU pack of Fullbore {told.version}, and this is {version}.",
            remedy="Update Fullbore, or look at the address of packs in the settings.",
        )
    if "/" in told.file or "\\" in told.file:
        raise PackFailed("The GPU pack's manifest names a file that leads astray.")
    return Part(
        url=f"{source}/{told.file}",
        sha256=told.sha256,
        size_bytes=told.size_bytes,
        members=told.members,
    )


def unpacked(parts: tuple[Part, ...]) -> int:
    """The bytes of all their members."""
    return sum(size for part in parts for size in part.members.values())
