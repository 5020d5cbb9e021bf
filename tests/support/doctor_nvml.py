# ruff: noqa: N802 NVML's calls keep NVML's names
"""The fake NVML with the further calls that the doctor makes."""

from dataclasses import dataclass
from typing import Any

from tests.support.nvml import FakeHandle, FakeNvml


@dataclass
class DoctorNvml(FakeNvml):
    """`links` are NVLinks that are up; `peers` is NVML's status of every pair."""

    default_milliwatts: int = 450_000
    persistence: int = 1
    links: int = 0
    peers: int = 0

    def nvmlDeviceGetPowerManagementDefaultLimit(self, handle: FakeHandle, /) -> int:
        return self._of(
            "nvmlDeviceGetPowerManagementDefaultLimit", handle, lambda _: self.default_milliwatts
        )

    def nvmlDeviceGetPersistenceMode(self, handle: FakeHandle, /) -> int:
        return self._of("nvmlDeviceGetPersistenceMode", handle, lambda _: self.persistence)

    def nvmlDeviceGetNvLinkState(self, handle: FakeHandle, link: int, /) -> int:
        return self._of("nvmlDeviceGetNvLinkState", handle, lambda _: int(link < self.links))

    def nvmlDeviceGetP2PStatus(self, first: FakeHandle, second: Any, index: int, /) -> int:
        return self._of("nvmlDeviceGetP2PStatus", first, lambda _: self.peers)
