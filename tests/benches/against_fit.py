"""Fullbore's placement beside llama.cpp's own `--fit` and a sweep, all run by llama-bench.

    python -m tests.benches.against_fit OUT.jsonl FOLDER BIN [--only PART] [--calibration FILE]
        [--no-sweep]

BIN holds llama-bench and llama-fit-params of the same build. Every placement of a case has the
same context and the same free memory; llama-bench then decodes at a small depth, so that only the
placement differs; `--fit` also with as many threads as Fullbore leaves to llama.cpp. A row for each
run is appended to OUT.jsonl at once; rows that are there are not measured again.
"""

import argparse
import asyncio
import json
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from engine.config import EngineConfig, Home, LoadWish
from engine.engine import Engine
from engine.host.load_spec import load_spec
from engine.protocol.load import CpuExperts, LoadSpec, SplitMode
from engine.worker.placing import expert_patterns
from tests.benches.occupied import occupied
from tests.benches.placements import measured_already
from tests.support.ghosts import write_ghost

SECONDS_A_RUN = 120
COMMON = ["-p", "512", "-n", "64", "-r", "2", "-o", "json"]


@dataclass(frozen=True, kw_only=True)
class Case:
    """`experts` are numbers of layers with experts in RAM to sweep, `modes` other splits."""

    shape: str
    context: int
    cards: int = 1
    free_gib: int | None = None
    experts: tuple[int, ...] = ()
    layers: tuple[int, ...] = ()
    modes: tuple[tuple[SplitMode, tuple[float, ...]], ...] = ()

    @property
    def key(self) -> str:
        room = "" if self.free_gib is None else f", {self.free_gib} GB free"
        return f"{self.shape}, {self.cards} card{'s' if self.cards > 1 else ''}{room}"


CASES = [
    Case(
        shape="gpt-oss-120b", context=32768, free_gib=24, experts=(36, 32, 29, 27, 26, 25, 24, 23)
    ),
    Case(
        shape="llama-70b",
        context=16384,
        cards=2,
        modes=(
            (SplitMode.NONE, ()),
            (SplitMode.LAYER, (1, 1)),
            (SplitMode.LAYER, (3, 1)),
            (SplitMode.TENSOR, (1, 1)),
        ),
    ),
    Case(shape="qwen3-30b-a3b", context=32768, free_gib=16, experts=(48, 24, 20, 18, 16, 14)),
    Case(shape="qwen3-32b", context=8192, free_gib=16, layers=(40, 44, 48)),
    Case(shape="qwen2-7b", context=32768, free_gib=8, layers=(24, 29)),
]


def arguments(spec: LoadSpec) -> list[str]:
    """The load in llama-bench's words."""
    given = ["-ngl", str(spec.gpu_layers), "-sm", str(spec.split_mode)]
    given += ["-ub", str(spec.micro_batch_tokens), "-b", str(spec.batch_tokens)]
    given += ["-ctk", str(spec.cache_type), "-ctv", str(spec.cache_type)]
    if spec.threads is not None:
        given += ["-t", str(spec.threads)]
    given += ["-dev", "/".join(f"CUDA{number}" for number in spec.devices)]
    if spec.tensor_split:
        given += ["-ts", "/".join(f"{share:g}" for share in spec.tensor_split)]
    if spec.cpu_experts:
        given += ["-ot", ";".join(f"{one}=CPU" for one in expert_patterns(spec.cpu_experts))]
    return [*given, "-lm", "auto" if spec.memory_map else "none"]


def sweep(case: Case, chosen: LoadSpec, layers: int) -> Iterator[tuple[str, LoadSpec]]:
    """Neighbours of the chosen placement, each with the plan's own other knobs."""
    for count in case.experts:
        kept = tuple(CpuExperts(layer=layer) for layer in range(layers - count, layers))
        yield f"experts of {count} layers in RAM", replace(chosen, cpu_experts=kept)
    for count in case.layers:
        yield f"{count} layers on the card", replace(chosen, gpu_layers=count, cpu_experts=())
    for mode, shares in case.modes:
        devices = chosen.devices[:1] if mode is SplitMode.NONE else tuple(range(case.cards))
        yield (
            f"{mode} {':'.join(f'{share:g}' for share in shares)}",
            replace(chosen, split_mode=mode, tensor_split=shares, devices=devices),
        )


def fitted(binaries: Path, model: Path, case: Case) -> list[str]:
    """What `--fit` chooses for the same context, in llama-bench's words."""
    devices = ",".join(f"CUDA{number}" for number in range(case.cards))
    told = subprocess.run(
        [binaries / "llama-fit-params", "-m", model, "-c", str(case.context), "-dev", devices],
        capture_output=True,
        text=True,
        timeout=SECONDS_A_RUN,
        check=False,
    )
    words = told.stdout.strip().splitlines()[-1].split() if told.stdout.strip() else []
    given: list[str] = ["-dev", devices.replace(",", "/")]
    for flag, value in zip(words[::2], words[1::2], strict=False):
        match flag:
            case "-ngl":
                given += [flag, value]
            case "-ts":
                given += [flag, value.replace(",", "/")]
            case "-ot":
                given += [flag, value.strip('"').replace(",", ";")]
            case _:
                pass
    return given


def run(binaries: Path, model: Path, given: list[str]) -> dict[str, object]:
    """Decode and prompt tokens a second; or why there are none."""
    try:
        told = subprocess.run(
            [binaries / "llama-bench", "-m", model, *COMMON, *given],
            capture_output=True,
            text=True,
            timeout=SECONDS_A_RUN,
            check=False,
        )
        rows = json.loads(told.stdout)
    except (subprocess.TimeoutExpired, ValueError) as problem:
        return {"failure": str(problem)[:200]}
    found = {("decode_tps" if row["n_gen"] else "prompt_tps"): row["avg_ts"] for row in rows}
    if "decode_tps" not in found:
        return {"failure": re.sub(r"\s+", " ", told.stderr)[-300:]}
    return found


async def chosen_by_us(home: Home, model: str, case: Case) -> tuple[LoadSpec, float, int]:
    engine = Engine(home, EngineConfig(serve=False))
    await engine.start()
    try:
        await engine.refresh_models()
        await asyncio.sleep(1.2)  # for the first reading of the cards
        wish = LoadWish(context_tokens=case.context, devices=tuple(range(case.cards)), streams=1)
        plan = await engine.plan(model, wish, exact=True)
        file = home.models / f"{model}.gguf"
        layers = next(one.layers for one in engine.models() if one.id == model) or 0
        known = engine.calibration
        threads = known.board.threads if known else None
        spec = load_spec((file,), plan.layout, threads=threads)
        return spec, plan.pace.decode_tps.expected, layers
    finally:
        await engine.close()


def measure(case: Case, home: Home, asked: argparse.Namespace, done: set[str]) -> None:
    file = home.models / f"{case.shape}.gguf"
    write_ghost(case.shape, file)
    with occupied(case.free_gib):
        spec, predicted, layers = asyncio.run(chosen_by_us(home, case.shape, case))
        fit = fitted(asked.binaries, file, case)
        runs = [("Fullbore", arguments(spec)), ("--fit", fit)]
        if spec.threads is not None:
            runs.append(("--fit, Fullbore's threads", [*fit, "-t", str(spec.threads)]))
        if asked.sweep:
            runs += [(name, arguments(other)) for name, other in sweep(case, spec, layers)]
        for name, given in runs:
            key = f"{case.key}: {name}"
            if key in done:
                continue
            row = {"key": key, "arguments": given, **run(asked.binaries, file, given)}
            if name == "Fullbore":
                row["predicted"] = predicted
            with asked.out.open("a") as lines:
                lines.write(json.dumps(row) + "\n")
            print(json.dumps(row), flush=True)
    file.unlink()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("out", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("binaries", type=Path)
    parser.add_argument("--only", default="")
    parser.add_argument("--calibration", type=Path)
    parser.add_argument("--no-sweep", dest="sweep", action="store_false")
    asked = parser.parse_args()
    home = Home(asked.folder / "home", models=asked.folder / "models")
    home.make()
    if asked.calibration is not None:
        (home.cache / "calibration.json").write_bytes(asked.calibration.read_bytes())
    done = measured_already(asked.out)
    for case in CASES:
        if asked.only in case.key:
            measure(case, home, asked, done)


if __name__ == "__main__":
    main()
