"""Every megabyte of a card by purpose, as Fullbore tells it, beside what the driver calls used.

    python -m tests.benches.usage OUT.jsonl FOLDER [--only PART] [--calibration FILE]

Loads a ghost written into FOLDER (best a RAM disk), chats, fills its context, loads it anew with
twice the context, and unloads it; at each stage the shares of the cards it lies on are kept, with
what is unexplained and what CUDA was claimed to hold too much, in percent of what is used. Then a
model is loaded and unloaded fifty times: the cards shall be back within 20 MB of before. Every row
is appended to OUT.jsonl at once, and rows that are there already are not measured again. A machine
without cards has nothing to tell; `--calibration` brings the one that `fullbore calibrate` kept.
"""

import argparse
import asyncio
import json
import sys
import time
from contextlib import aclosing
from pathlib import Path
from typing import Any

from engine.config import EngineConfig, Home, LoadWish
from engine.engine import Engine
from engine.errors import EngineError
from engine.events import MachineRead, UsageRead
from engine.monitor.usage import overclaimed_bytes
from engine.monitor.values import CardUsage, Purpose
from tests.benches.placements import answer, measured_already, name_of
from tests.support.ghosts import write_ghost

CONTEXT_TOKENS = 16_384
ANSWER_TOKENS = 64
TURNS = 50
TURNS_SHAPE = "llama-8b"
CASES: dict[str, dict[str, Any]] = {
    "qwen2-7b": {},
    "qwen3-30b-a3b": {},
    "qwen3-30b-a3b experts": {"cpu_experts": 24},
    "gemma3-27b": {},
    "llama-70b": {},
    "llama-70b tensor": {"split_mode": "tensor"},
}
NEAR_BYTES = 20_000_000
"""After an unload, a card may hold so much more than before."""


async def told(engine: Engine) -> tuple[CardUsage, ...]:
    """The usage by a reading that began after this call, and after the streams' last word."""
    since, newer = time.monotonic() + 0.5, False
    async with aclosing(engine.events()) as events:
        async for event in events:
            match event:
                case MachineRead():
                    newer = event.reading.at_seconds > since
                case UsageRead() if newer:
                    return event.cards
                case _:
                    pass
    raise AssertionError("the engine was closed")


def stage(name: str, cards: tuple[CardUsage, ...]) -> dict[str, Any]:
    """The cards that a model of ours lies on, or all if there is none."""
    ours = [card for card in cards if sizes(card).get(Purpose.WEIGHTS)]
    return {"stage": name, "cards": [row_of(card) for card in ours or cards]}


def sizes(card: CardUsage) -> dict[Purpose, int]:
    found: dict[Purpose, int] = {}
    for share in card.shares:
        found[share.purpose] = found.get(share.purpose, 0) + share.size_bytes
    return found


def row_of(card: CardUsage) -> dict[str, Any]:
    found = sizes(card)
    return {
        "index": card.index,
        "name": card.name,
        "used": card.used_bytes,
        "shares": {str(purpose): size for purpose, size in found.items()},
        "planned": {
            f"{share.purpose} {share.name}": share.planned_bytes
            for share in card.shares
            if share.planned_bytes is not None
        },
        "unexplained": found.get(Purpose.UNEXPLAINED, 0),
        "overclaimed": overclaimed_bytes(card),
        "next_chat": card.next_chat_bytes,
        "longer": card.longer_bytes,
    }


async def measure(engine: Engine, shape: str, wish: dict[str, Any]) -> list[dict[str, Any]]:
    """One model's stages."""
    model = name_of(shape)
    stages = [stage("before", await told(engine))]
    asked = LoadWish.model_validate({"context_tokens": CONTEXT_TOKENS, **wish})
    await engine.load(model, asked)
    stages.append(stage("loaded", await told(engine)))
    await answer(engine, model, 64, ANSWER_TOKENS)
    stages.append(stage("chat", await told(engine)))
    await answer(engine, model, CONTEXT_TOKENS * 3 // 4, ANSWER_TOKENS)
    stages.append(stage("context filled", await told(engine)))
    longer = asked.model_copy(update={"context_tokens": 2 * CONTEXT_TOKENS})
    await engine.load(model, longer)
    await answer(engine, model, 64, ANSWER_TOKENS)
    stages.append(stage("twice the context", await told(engine)))
    await engine.unload()
    stages.append(stage("unloaded", await told(engine)))
    return stages


async def take_turns(engine: Engine, model: str, out: Path, until: float) -> None:
    """How much more than at first every card holds after each load, answer and unload."""
    before = {card.index: card.used_bytes for card in await told(engine)}
    for turn in range(len(turns_in(out)), TURNS):
        if time.monotonic() > until:
            break
        await engine.load(model, LoadWish(context_tokens=4096))
        await answer(engine, model, 32, 8)
        await engine.unload()
        now = {card.index: card.used_bytes for card in await told(engine)}
        more = [now[index] - used for index, used in before.items() if index in now]
        write(out, {"key": f"turn {turn}", "more": more})
    turns = turns_in(out)
    most = max((abs(more) for turn in turns for more in turn), default=0)
    print(
        f"{len(turns)} of {TURNS} loads and unloads, at most {most / 1e6:.1f} MB apart from before"
        f" ({NEAR_BYTES / 1e6:.0f} MB are allowed)",
        flush=True,
    )


def turns_in(out: Path) -> list[list[int]]:
    lines = out.read_text().splitlines() if out.exists() else []
    rows = (json.loads(line) for line in lines)
    return [row["more"] for row in rows if str(row["key"]).startswith("turn ")]


async def run(asked: argparse.Namespace, done: set[str], home: Home) -> None:
    began = time.monotonic()
    wanted = [key for key in ("turns", *CASES) if key not in done and asked.only in key]
    for key in wanted:
        if time.monotonic() - began > asked.seconds:
            print(f"{key}: no time is left; run it again", flush=True)
            break
        shape = shape_of(key)
        file = home.models / f"{name_of(shape)}.gguf"
        row: dict[str, Any] = {"key": key}
        engine = Engine(home, EngineConfig(serve=False, sample_seconds=0.2))
        await engine.start()
        try:
            if not await told(engine):
                print("No card tells its memory here.", flush=True)
                return
            if not file.exists():
                write_ghost(shape, file)
            await engine.refresh_models()
            row["calibrated"] = engine.calibration is not None
            if key == "turns":
                await take_turns(engine, name_of(shape), asked.out, began + asked.seconds)
                row = {}
            else:
                row["stages"] = await measure(engine, shape, CASES[key])
        except EngineError as error:
            row["failure"] = error.sentence
        finally:
            await engine.close()
        if shape not in {shape_of(other) for other in wanted[wanted.index(key) + 1 :]}:
            file.unlink(missing_ok=True)
        if row:
            write(asked.out, row)
            print(summary(row), flush=True)


def write(out: Path, row: dict[str, Any]) -> None:
    with out.open("a", encoding="utf-8") as lines:
        lines.write(json.dumps(row) + "\n")


def shape_of(key: str) -> str:
    return TURNS_SHAPE if key == "turns" else key.split(maxsplit=1)[0]


def summary(row: dict[str, Any]) -> str:
    key = str(row["key"])
    if "failure" in row:
        return f"{key}: {row['failure']}"
    lines = [f"{key} ({'calibrated' if row['calibrated'] else 'not calibrated'})"]
    for one in row["stages"]:
        for card in one["cards"]:
            used = max(1, card["used"])
            parts = ", ".join(f"{name} {size / 1e6:,.0f}" for name, size in card["shares"].items())
            lines.append(
                f"  {one['stage']}: card {card['index']}: {card['used'] / 1e6:,.0f} MB: {parts};"
                f" unexplained {100 * card['unexplained'] / used:.2f} %,"
                f" claimed too much {100 * card['overclaimed'] / used:.2f} %"
            )
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("out", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", default="")
    parser.add_argument("--calibration", type=Path)
    parser.add_argument("--seconds", type=float, default=400)
    asked = parser.parse_args()
    home = Home(asked.folder / "home", models=asked.folder / "models")
    home.make()
    if asked.calibration is not None:
        (home.cache / "calibration.json").write_bytes(asked.calibration.read_bytes())
    done = measured_already(asked.out)
    if len(turns_in(asked.out)) >= TURNS:
        done.add("turns")
    asyncio.run(run(asked, done, home))


if __name__ == "__main__":
    sys.exit(main())
