"""Packs build/engine's plugin for cards for a release, with the manifest that tells its hash.

    .venv/bin/python -m installers.engine.pack KIND SYSTEM [--from FOLDER] [--into FOLDER]

KIND is cuda13, cuda12 or vulkan, SYSTEM linux or windows. Makes `fullbore-pack-KIND-SYSTEM.tar.xz`
and its `.json`; both go beside each other into the release. NVIDIA's own libraries are not in it:
the app fetches them from where NVIDIA keeps them (assets/packs.toml).
"""

import argparse
import hashlib
import json
import sys
import tarfile
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
_PLUGINS = {"cuda13": "*ggml-cuda*", "cuda12": "*ggml-cuda*", "vulkan": "*ggml-vulkan*"}
_ENDINGS = {"linux": ".so", "windows": ".dll"}


def main(arguments: list[str] | None = None) -> int:
    """0 if the pack was made."""
    options = _options(arguments)
    library: Path = options.source / "llama_cpp" / "lib"
    plugins = sorted(
        file
        for file in library.glob(_PLUGINS[options.kind])
        if file.name.endswith(_ENDINGS[options.system])
    )
    if not plugins:
        print(f"There is no plugin for {options.kind} in {library}.", file=sys.stderr)
        return 1
    options.into.mkdir(parents=True, exist_ok=True)
    archive = make(plugins, options.into, options.kind, options.system)
    print(f"{archive.stat().st_size / 1e6:8.1f} MB  {archive.name}")
    return 0


def make(plugins: list[Path], into: Path, kind: str, system: str) -> Path:
    """The archive; its manifest lies beside it."""
    name = f"fullbore-pack-{kind}-{system}"
    archive = into / f"{name}.tar.xz"
    with tarfile.open(archive, "w:xz", preset=9) as packed:
        for plugin in plugins:
            packed.add(plugin, plugin.name, filter=_plain)
    with archive.open("rb") as content:
        digest = hashlib.file_digest(content, "sha256").hexdigest()
    manifest = {
        "kind": kind,
        "system": system,
        "version": _version(),
        "file": archive.name,
        "sha256": digest,
        "size_bytes": archive.stat().st_size,
        "members": {plugin.name: plugin.stat().st_size for plugin in plugins},
    }
    text = json.dumps(manifest, indent=2) + "\n"
    (into / f"{name}.json").write_text(text, "utf-8")
    return archive


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m installers.engine.pack", description="Pack a plugin for a release."
    )
    parser.add_argument("kind", choices=sorted(_PLUGINS))
    parser.add_argument("system", choices=sorted(_ENDINGS))
    parser.add_argument(
        "--from", dest="source", type=Path, default=Path("build/engine"), metavar="FOLDER"
    )
    parser.add_argument("--into", type=Path, default=Path("dist"), metavar="FOLDER")
    return parser.parse_args(arguments)


def _plain(member: tarfile.TarInfo) -> tarfile.TarInfo:
    """The same bytes from the same plugin, whoever packs it, and when."""
    member.uid = member.gid = member.mtime = 0
    member.uname = member.gname = ""
    member.mode = 0o755
    return member


def _version() -> str:
    told = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    return str(told["project"]["version"])


if __name__ == "__main__":
    sys.exit(main())
