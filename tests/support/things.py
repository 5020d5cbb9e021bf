"""A model and a reading, as tests need them by the dozen."""

from pathlib import Path

from engine.hardware.machine import GpuReading, Reading
from engine.library.shelf_model import ShelfModel

GIB = 2**30
CONTEXT_TOKENS = 4096


def shelf_model(model_id: str, *, broken: str | None = None) -> ShelfModel:
    """One on the shelf."""
    return ShelfModel(
        id=model_id,
        files=(Path(f"{model_id.replace('/', '_')}.gguf"),),
        size_bytes=98_000_000,
        architecture="llama",
        quantization="Q4_1",
        parameters=135_000_000,
        layers=30,
        trained_context_tokens=8192,
        broken=broken,
    )


def reading(at_seconds: float) -> Reading:
    """A machine with one card."""
    card = GpuReading(
        index=0,
        name="Test card",
        memory_total_bytes=24 * GIB,
        memory_used_bytes=6 * GIB,
        utilization=0.5,
        temperature_celsius=61.0,
        power_watts=212.0,
        power_limit_watts=350.0,
    )
    return Reading(
        at_seconds=at_seconds,
        cpu=0.25,
        memory_total_bytes=64 * GIB,
        memory_used_bytes=9 * GIB,
        gpus=(card,),
    )
