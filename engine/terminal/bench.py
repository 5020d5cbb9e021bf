"""`bench`: tokens a second, for people and for programs."""

import json
from argparse import Namespace
from collections.abc import Mapping, Sequence
from dataclasses import asdict

from engine.config import EngineConfig, Home
from engine.host.bench import BenchReport, BenchWish, How
from engine.terminal.against import Against
from engine.terminal.against_text import against_json, against_text
from engine.terminal.arguments import file_or_id
from engine.terminal.screen import table
from engine.terminal.watching import running

_STREAMS = (1, 4, 8)


async def bench(
    home: Home, config: EngineConfig, asked: Namespace, environment: Mapping[str, str]
) -> None:
    """Load the model and print how fast it reads and writes. Raises EngineError."""
    if asked.against is not None:
        compared = await Against(home, config, asked, environment).report()
        told = json.dumps(against_json(compared), indent=2) if asked.json else None
        print(told or against_text(compared))
        return
    streams: Sequence[int] = asked.streams or _STREAMS
    config = config.model_copy(update={"serve": False})
    async with running(home, config) as engine:
        model = file_or_id(asked.model)
        if asked.lora:
            await engine.load(model, adapters=dict(asked.lora))
        wanted = BenchWish(
            streams=streams,
            prompt_tokens=asked.prompt,
            answer_tokens=asked.answer,
            how=How.RAW if asked.raw else How.NO_GUESSES if asked.no_guesses else How.USUAL,
        )
        report = await engine.bench(model, wanted)
    print(json.dumps(asdict(report), indent=2) if asked.json else _text(report))


def _text(report: BenchReport) -> str:
    rows = [
        (
            str(row.streams),
            f"{row.prompt_tps:.1f}",
            f"{row.decode_tps:.1f}",
            f"{row.first_token_ms:.0f}",
        )
        for row in report.rows
    ]
    return "\n".join(
        (
            f"{report.model} on {report.device} ({report.library})",
            f"prompts of {report.prompt_tokens} tokens, answers of {report.answer_tokens}"
            + ("" if report.how is How.USUAL else f", {report.how}"),
            "",
            table(("streams", "prompt tok/s", "decode tok/s", "first token ms"), rows),
        )
    )
