"""Golden plans: ten machines × eight models, one readable file for each machine.

    python -m tests.engine.fit.placement.golden

writes them anew. Look at what changed before you commit it: each line is advice to a person.
"""

import re
from pathlib import Path

from engine.config import LoadWish
from engine.fit.placement.planner import plan
from engine.fit.plan import Plan
from engine.fit.rigs import parse_rig
from engine.hardware.catalogue import Catalogue, read_catalogue
from tests.engine.fit.placement.models import parts_named

FOLDER = Path(__file__).parents[3] / "data" / "golden_plans"
MACHINES = (
    "64 GB DDR5-5600",
    "RTX 4060 Laptop, 16 GB DDR5-5600",
    "RTX 3060 12GB, 32 GB DDR4-3200",
    "RTX 4090, 64 GB DDR5-5600",
    "RTX 4090 + RTX 3060 12GB, 64 GB DDR5-5600",
    "RTX 5090, 96 GB DDR5-6000",
    "2x RTX 3090, 128 GB DDR4-3200",
    "4x RTX 3090, 256 GB DDR4-3200 8-channel",
    "RTX PRO 6000, 256 GB DDR5-5600",
    "H100 80GB, 1024 GB DDR5-4800 8-channel",
)
MODELS = (
    "qwen2-7b",
    "qwen3-32b",
    "llama-70b",
    "gemma3-27b",
    "qwen3-30b-a3b",
    "qwen3-next-80b-a3b",
    "gpt-oss-120b",
    "deepseek-r1-671b",
)


def path_of(machine: str) -> Path:
    """Where that machine's plans are kept."""
    return FOLDER / (re.sub(r"[^a-z0-9]+", "-", machine.lower()).strip("-") + ".txt")


def text_of(machine: str, catalogue: Catalogue) -> str:
    """All plans for that machine."""
    rig = parse_rig(machine, catalogue)
    plans = [plan(parts_named(model), rig, LoadWish(), model=model) for model in MODELS]
    return "\n\n".join([f"# {rig.title}", *map(_told, plans)]) + "\n"


def _told(chosen: Plan) -> str:
    layout, host, pace = chosen.layout, chosen.footprint.host, chosen.pace
    lines = [
        f"## {chosen.model} {chosen.quantization}{'' if chosen.fits else ' DOES NOT FIT'}",
        f"split {layout.split_mode.value}, layers {layout.gpu_layers} {list(layout.layer_counts)}, "
        f"experts of {len(layout.cpu_experts)} layers in RAM",
        f"context {layout.context_tokens}, cache {layout.cache_type.value}, "
        f"micro-batch {layout.micro_batch_tokens}, "
        f"{'mapped' if layout.memory_map else 'read whole'}",
        *(
            f"card {card.number} {card.name}: {_mb(card.weights)} weights, {_mb(card.kv)} cache, "
            f"{_mb(card.compute)} buffers, {_mb(card.residual)} driver; {_mb(card.total)} of "
            f"{_mb(card.capacity - card.used - card.reserve)} MB"
            for card in chosen.footprint.cards
        ),
        f"RAM: {_mb(host.total)} of {_mb(host.free)} MB",
        f"answers {pace.decode_tps.expected:.1f} tok/s ({pace.decode_tps.low:.1f} to "
        f"{pace.decode_tps.high:.1f}), prompts {pace.prompt_tps.expected:.0f}, "
        f"loads in {pace.load_seconds:.0f} s",
        *(f"- {reason}" for reason in chosen.reasons),
        *(f"~ {other.reasons[0]}" for other in chosen.alternatives),
        *(f"+ {change.what}: {change.decode_tps:.1f} tok/s" for change in chosen.changes),
    ]
    return "\n".join(lines)


def _mb(size: int) -> str:
    return f"{round(size / 1_000_000):,}".replace(",", " ")


def main() -> None:
    """Write them all."""
    catalogue = read_catalogue()
    FOLDER.mkdir(parents=True, exist_ok=True)
    for machine in MACHINES:
        path_of(machine).write_text(text_of(machine, catalogue), "utf-8", newline="\n")


if __name__ == "__main__":
    main()
