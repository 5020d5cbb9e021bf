"""Predicted beside measured, on real cards: memory by NVML, tokens a second by real answers.

    python -m tests.benches.placements OUT.jsonl FOLDER [--only PART] [--calibration FILE]

Ghost models are written into FOLDER (best a RAM disk), one at a time. Every row is appended to
OUT.jsonl at once, and rows that are there already are not measured again. `--only` takes the cases
whose name holds PART.
"""

import argparse
import asyncio
import json
import sys
import threading
import time
from contextlib import aclosing
from pathlib import Path
from typing import Any

from engine.chat import CallPiece, Finished, Piece, PromptRead, Sampling
from engine.config import EngineConfig, Home, LoadWish
from engine.engine import Engine
from engine.errors import EngineError
from engine.fit.plan import Plan
from engine.hardware.nvidia import Nvidia, installed_library
from engine.host.bench import COMMON_WORDS
from engine.host.facts import LoadStepped
from engine.host.worker_process import Prompt
from tests.benches.occupied import occupied
from tests.benches.placement_cases import CASES, Case
from tests.support.ghosts import write_ghost

GIB = 1 << 30
ANSWER_TOKENS = 96
MOST_PROMPT_TOKENS = 8192
SLOW_TPS = 20.0  # below, fewer tokens say enough


class Watch:
    """The most and the last that every card gave, asked twenty times a second."""

    def __init__(self) -> None:
        self._nvidia = Nvidia(installed_library())
        self._nvidia.open()
        self._stop = threading.Event()
        self.peak: list[int] = []
        self._thread = threading.Thread(target=self._run, name="watch", daemon=True)
        self._thread.start()

    def now(self) -> list[int]:
        return [reading.memory_used_bytes or 0 for reading in self._nvidia.read()]

    def _run(self) -> None:
        mine = Nvidia(installed_library())
        mine.open()
        while not self._stop.wait(0.05):
            used = [reading.memory_used_bytes or 0 for reading in mine.read()]
            self.peak = [max(pair) for pair in zip(used, self.peak or used, strict=True)]

    def close(self) -> None:
        self._stop.set()
        self._thread.join()


def words(count: int) -> str:
    return " ".join(COMMON_WORDS[(i * i + i // 7) % len(COMMON_WORDS)] for i in range(count))


async def answer(engine: Engine, model: str, prompt_tokens: int, tokens: int) -> dict[str, float]:
    """One answer after a prompt of about that length: tokens a second of both."""
    sample = await engine._host.count(words(400))  # noqa: SLF001 # pyright: ignore[reportPrivateUsage]
    text = words(max(1, prompt_tokens * 400 // sample))
    prompt = Prompt(
        text=text, sampling=Sampling(temperature=0.0), max_tokens=tokens, ignore_end=True
    )
    began = first = last = time.monotonic()
    read = tokens = 0
    host = engine._host  # noqa: SLF001 # pyright: ignore[reportPrivateUsage]
    async with aclosing(host.complete(model, prompt)) as deltas:
        async for delta in deltas:
            match delta:
                case PromptRead():
                    first, read = time.monotonic(), delta.prompt_tokens - delta.reused_tokens
                case Piece() | CallPiece():
                    last, tokens = time.monotonic(), tokens + delta.tokens
                case Finished():
                    pass
    return {
        "prompt_tokens": read,
        "prompt_tps": read / max(1e-9, first - began),
        "decode_tps": (tokens - 1) / max(1e-9, last - first),
    }


def predicted(plan: Plan) -> dict[str, Any]:
    layout, pace = plan.layout, plan.pace
    return {
        "fits": plan.fits,
        "exact": plan.exact,
        "split_mode": str(layout.split_mode),
        "cards": layout.cards,
        "layer_counts": layout.layer_counts,
        "cpu_experts": len(layout.cpu_experts),
        "context": layout.context_tokens,
        "cache_type": str(layout.cache_type),
        "micro_batch": layout.micro_batch_tokens,
        "streams": layout.streams,
        "loaded": [card.loaded for card in plan.footprint.cards],
        "peak": [card.total for card in plan.footprint.cards],
        "parts": [(card.weights, card.kv, card.compute) for card in plan.footprint.cards],
        "decode_tps": (pace.decode_tps.low, pace.decode_tps.expected, pace.decode_tps.high),
        "prompt_tps": (pace.prompt_tps.low, pace.prompt_tps.expected, pace.prompt_tps.high),
        "load_seconds": pace.load_seconds,
    }


async def measure(engine: Engine, case: Case, watch: Watch) -> dict[str, Any]:
    wish = LoadWish.model_validate(
        {**case.wish, "devices": case.wish.get("devices", tuple(range(case.cards)))}
    )
    model = name_of(case.shape)
    before = watch.now()
    await asyncio.sleep(1.2)  # the engine's own reading of the cards must be newer than `before`
    estimate = await engine.plan(model, wish)
    row: dict[str, Any] = {"before": before, "closed": predicted(estimate)}
    began = time.monotonic()
    steps: list[str] = []

    async def listen() -> None:
        async for event in engine.events():
            if isinstance(event, LoadStepped):
                steps.append(event.sentence)  # noqa: PERF401

    listening = asyncio.create_task(listen())
    try:
        await engine.load(model, wish)
    finally:
        listening.cancel()
        row["ladder"] = steps
    row["load_seconds"] = time.monotonic() - began
    outcome = engine.outcome(model)
    assert outcome is not None
    row["plan"] = predicted(outcome.plan)
    row["loaded"] = [now - then for now, then in zip(watch.now(), before, strict=True)]
    watch.peak = []
    layout = outcome.plan.layout
    own = layout.context_tokens if layout.unified_kv else layout.context_tokens // layout.streams
    slow = outcome.plan.pace.decode_tps.expected < SLOW_TPS
    count = ANSWER_TOKENS // 4 if slow else ANSWER_TOKENS
    warm = await answer(engine, model, 64, count)
    depth = min(MOST_PROMPT_TOKENS, own // 4)
    row["answers"] = [warm, await answer(engine, model, depth, count)]
    # A card that is nearly full is filled to the last cell; the others to where it says enough.
    full = int(own * 0.97) - 2 * count
    whole = full if case.free_gib else min(MOST_PROMPT_TOKENS, full)
    row["full"] = await answer(engine, model, whole, count)
    row["peak"] = [now - then for now, then in zip(watch.peak, before, strict=True)]
    await engine.unload()
    return row


async def run(asked: argparse.Namespace, done: set[str], home: Home) -> None:
    began = time.monotonic()
    watch = Watch()
    cards = len(watch.now())
    wanted = [c for c in CASES if c.key not in done and asked.only in c.key and c.cards <= cards]
    for shape in dict.fromkeys(case.shape for case in wanted):
        files = write(shape, home.models, asked.spill)
        engine = Engine(home, EngineConfig(serve=False))
        await engine.start()
        await engine.refresh_models()
        for case in [case for case in wanted if case.shape == shape]:
            if time.monotonic() - began > asked.seconds:
                break
            row = await tried(engine, case, watch)
            with asked.out.open("a") as lines:
                lines.write(json.dumps(row) + "\n")
            print(summary(row), flush=True)
        await engine.close()
        for file in files:
            file.resolve().unlink()
            file.unlink(missing_ok=True)
    watch.close()


async def tried(engine: Engine, case: Case, watch: Watch) -> dict[str, Any]:
    """The row of that case; a failure is a row too."""
    row: dict[str, Any] = {"key": case.key, "shape": case.shape}
    with occupied(case.free_gib):
        try:
            return {**row, **await measure(engine, case, watch)}
        except EngineError as error:
            await engine.unload()
            return {**row, "failure": error.sentence}


def write(shape: str, folder: Path, spill: Path | None) -> list[Path]:
    """The ghost's files. With `spill` it is split, and the second half lies there."""
    if spill is None:
        file = folder / f"{name_of(shape)}.gguf"
        write_ghost(shape, file)
        return [file]
    files = [folder / f"{name_of(shape)}-{n + 1:05}-of-00004.gguf" for n in range(4)]
    spill.mkdir(parents=True, exist_ok=True)
    for file in files[2:]:
        (spill / file.name).touch()
        file.unlink(missing_ok=True)
        file.symlink_to(spill / file.name)
    write_ghost(shape, files[0], parts=4)
    return files


def name_of(shape: str) -> str:
    return shape.replace(":", "-")


def measured_already(out: Path) -> set[str]:
    lines = out.read_text().splitlines() if out.exists() else []
    return {str(json.loads(line)["key"]) for line in lines}


def summary(row: dict[str, Any]) -> str:
    if "failure" in row:
        return f"{row['key']}: {row['failure']}"
    plan, closed = row["plan"], row["closed"]
    used = plan["cards"]
    parts = [
        f"card {card}: loaded {row['loaded'][card] / 1e6:,.0f} MB, exact plan"
        f" {(plan['loaded'][i] - row['loaded'][card]) / 1e6:+,.0f}, closed forms"
        f" {(closed['loaded'][i] - row['loaded'][card]) / 1e6:+,.0f};"
        f" peak {row['peak'][card] / 1e6:,.0f} MB, plan"
        f" {(plan['peak'][i] - row['peak'][card]) / 1e6:+,.0f}"
        for i, card in enumerate(used)
        if i < len(closed["loaded"])
    ]
    speed = row["answers"][1]
    return (
        f"{row['key']}: {'; '.join(parts)}; decode {speed['decode_tps']:.1f} (plan"
        f" {plan['decode_tps'][1]:.1f}), prompt {row['full']['prompt_tps']:.0f} (plan"
        f" {plan['prompt_tps'][1]:.0f}); loaded in {row['load_seconds']:.1f} s; {row['ladder']}"
    )


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("out", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", default="")
    parser.add_argument("--spill", type=Path, help="split the ghosts; half of each lies here")
    parser.add_argument("--calibration", type=Path)
    parser.add_argument("--seconds", type=float, default=480)
    asked = parser.parse_args()
    home = Home(asked.folder / "home", models=asked.folder / "models")
    home.make()
    if asked.calibration is not None:
        (home.cache / "calibration.json").write_bytes(asked.calibration.read_bytes())
    asyncio.run(run(asked, measured_already(asked.out), home))


if __name__ == "__main__":
    sys.exit(main())
