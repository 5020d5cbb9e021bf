"""`doctor`: what is wrong with this machine, for people and for programs."""

import asyncio
import json

from engine.config import EngineConfig, Home
from engine.doctor.doctor import Doctor, Resting
from engine.engine import own_parts
from engine.library.folders import shelf_folders
from engine.library.shelf import scan
from engine.terminal.screen import MovingLine


async def doctor(home: Home, config: EngineConfig, *, as_json: bool, quick: bool) -> int:
    """Print every check; gives the exit code: 1 if one failed. A Fullbore may run meanwhile."""
    line = MovingLine()
    shelf = () if quick else await asyncio.to_thread(scan, shelf_folders(home, config))
    physician = Doctor(home, own_parts(home.root), Resting(config=config, shelf=tuple(shelf)))
    try:
        found = await physician.examine(
            lambda fraction: line.show(f"Examining {fraction:4.0%}"), quick=quick
        )
    finally:
        line.clear()
    if as_json:
        kept = physician.private().kept
        checks = [
            {
                "name": check.name,
                "state": check.state,
                "detail": kept(str(check.detail)),
                "remedy": None if check.remedy is None else kept(str(check.remedy)),
            }
            for check in found.checks
        ]
        print(json.dumps({"checks": checks}, indent=2, ensure_ascii=False))
    else:
        print(found.report)
    return int(any(check.state == "fail" for check in found.checks))
