"""A release with a GPU pack and a shop of wheels, on the Hub of the tests: small, whole, real."""

import hashlib
import io
import json
import random
import tarfile
import zipfile
from collections.abc import Mapping

from engine.hardware.machine import Machine
from engine.hardware.probe import probe
from engine.pack.catalogue import Part, Recipe, pack_name
from engine.pack.values import PackKind
from tests.support.hub import Hub
from tests.support.nvml import FakeCard, FakeNvml

REPOSITORY = "fullbore/packs"
VERSION = "0.1.0"
RUNTIME = random.Random(3).randbytes(60_000)
BLAS = random.Random(4).randbytes(9 << 20)  # several blocks on its way
PLUGIN = random.Random(5).randbytes(200_000)


def wheel(members: Mapping[str, bytes]) -> bytes:
    """A zip, as wheels are."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return whole.getvalue()


def packed(members: Mapping[str, bytes]) -> bytes:
    """A .tar.xz."""
    whole = io.BytesIO()
    with tarfile.open(fileobj=whole, mode="w:xz", preset=0) as archive:
        for name, content in members.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return whole.getvalue()


class PackSource:
    """What a release and PyPI hold; `publish` after a change."""

    def __init__(self, hub: Hub) -> None:
        self.hub = hub
        self.kind, self.system, self.version = PackKind.CUDA_13, "linux", VERSION
        self.plugin: dict[str, bytes] = {"libggml-cuda.so": PLUGIN}
        self.plugin_members: dict[str, int] = {"libggml-cuda.so": len(PLUGIN)}
        self.wheels: dict[str, dict[str, bytes]] = {
            "nvidia_cuda_runtime.whl": {
                "nvidia/cu13/lib/libcudart.so.13": RUNTIME,
                "nvidia/cu13/include/cuda.h": b"#pragma once",
            },
            "nvidia_cublas.whl": {"nvidia/cu13/lib/libcublas.so.13": BLAS},
        }
        self.publish()

    @property
    def address(self) -> str:
        """What the setting would be."""
        return f"{self.hub.address}/content/{REPOSITORY}"

    def publish(self) -> Recipe:
        """Put it all on the Hub; what the catalogue says of it."""
        files = {name: wheel(members) for name, members in self.wheels.items()}
        parts = tuple(
            self._part(name, body, _libraries(self.wheels[name])) for name, body in files.items()
        )
        name = pack_name(self.kind, self.system)
        body = packed(self.plugin)
        files[f"{name}.tar.xz"] = body
        files[f"{name}.json"] = json.dumps(
            {
                "kind": self.kind.value,
                "system": self.system,
                "version": self.version,
                "file": f"{name}.tar.xz",
                "sha256": hashlib.sha256(body).hexdigest(),
                "size_bytes": len(body),
                "members": self.plugin_members,
            }
        ).encode()
        self.hub.add(REPOSITORY, files)
        self.recipe = Recipe(
            kind=self.kind,
            system=self.system,
            plugin_bytes=len(body),
            plugin_unpacked_bytes=sum(self.plugin_members.values()),
            part=parts,
        )
        return self.recipe

    def _part(self, name: str, body: bytes, members: dict[str, int]) -> Part:
        return Part(
            url=f"https://files.example/{name}",
            sha256=hashlib.sha256(body).hexdigest(),
            size_bytes=len(body),
            members=members,
        )


def machine_with(*cards: FakeCard, driver: str | None = "580.65.06") -> Machine:
    """What NVML tells of these cards; without a driver it tells nothing."""
    answers: dict[str, object] = {"nvmlSystemGetDriverVersion": driver}
    return probe((), library=FakeNvml([*cards], has_driver=driver is not None, garbage=answers))


def _libraries(members: Mapping[str, bytes]) -> dict[str, int]:
    return {name: len(content) for name, content in members.items() if ".so" in name}
