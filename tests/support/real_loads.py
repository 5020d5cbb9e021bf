"""What a real load holds, in the terms of a dry run."""

from pathlib import Path

from engine.dryrun.answer import DryRun, dry_run_of
from engine.protocol.dry_run import Rehearsed
from engine.protocol.load import LoadSpec
from engine.protocol.messages import Ready
from tests.support.worker_pipe import worker


def spec(path: Path, **wishes: object) -> LoadSpec:
    # Unmapped: a mapped load counts the pages between its tensors too.
    chosen: dict[str, object] = {"memory_map": False, "threads": 1, "gpu_layers": 0, **wishes}
    return LoadSpec(path=str(path), **chosen)  # pyright: ignore[reportArgumentType]


def loaded(asked: LoadSpec) -> DryRun:
    """The same figures of a real load."""
    with worker() as pipe:
        ready = pipe.load(asked)
    assert isinstance(ready, Ready)
    assert ready.devices
    return dry_run_of(
        Rehearsed(
            devices=ready.devices,
            exact=True,
            kv=sum(device.kv for device in ready.devices),
            seconds=0,
        )
    )
