"""The host process of the port's bench: an Engine and its port, and nothing of the bench else.

Prints its address; then, for each line it reads, what it holds at that moment. Ends with stdin.
"""

import argparse
import asyncio
import json
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path

import psutil

from engine.config import EngineConfig, Home
from engine.engine import Engine, own_parts
from tests.support.fake_worker import fake_worker
from tests.support.gguf_bytes import gguf_bytes

TEMPLATE = (
    "{% for message in messages %}<|im_start|>{{ message.role }}\n{{ message.content }}<|im_end|>\n"
    "{% endfor %}<|im_start|>assistant\n"
)


async def serve(asked: argparse.Namespace) -> None:
    """Until stdin ends."""
    home = Home(Path(asked.home))
    home.make()
    worker = own_parts().worker
    if asked.model:
        model = Path(asked.model)
        (home.models / model.name).symlink_to(model)
        name = model.stem
    else:
        (home.models / "tiny.gguf").write_bytes(gguf_bytes())
        name = "tiny"
        limits = ("--tokens", "1000000", "--step", str(asked.step), "--template", TEMPLATE)
        worker = fake_worker(*limits)
    tee = (sys.executable, "-m", "tests.benches.port_tee", asked.log)
    parts = replace(own_parts(), worker=(*tee, *worker), window=False)
    config = EngineConfig(serve=False, streams=asked.streams)
    engine = Engine(home, config, parts=parts)
    await engine.start()
    try:
        await engine.refresh_models()
        await engine.load(name)
        print(await engine.open_port(asked.port), flush=True)
        process = psutil.Process()
        while await asyncio.to_thread(sys.stdin.readline):
            times = process.cpu_times()
            stages = Counter(one.stage.value for one in engine.requests())
            said = {
                "cpu_seconds": times.user + times.system,
                "memory_bytes": process.memory_info().rss,
                "stages": stages,
                "queued": sum(one.queued for one in engine.residents()),
                "streams": sum(one.streams for one in engine.residents()),
            }
            print(json.dumps(said), flush=True)
    finally:
        await engine.close()


def main() -> None:
    """As the bench starts it."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--home", required=True)
    parser.add_argument("--log", required=True)
    parser.add_argument("--model", default="")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--step", type=float, default=0.02)
    parser.add_argument("--streams", type=int, default=64)
    parser.add_argument("--profile", default="", help="write a profile of the loop there")
    asked = parser.parse_args()
    if asked.profile:
        import cProfile  # noqa: PLC0415 (for whoever looks why)

        profile = cProfile.Profile()
        profile.runcall(asyncio.run, serve(asked))
        profile.dump_stats(asked.profile)
    else:
        asyncio.run(serve(asked))


if __name__ == "__main__":
    main()
