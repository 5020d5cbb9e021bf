"""Several answers at once, told as one sequence."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass

from engine.chat import Delta

# A client that reads slowly holds back its own answers, not the port's memory.
_MOST_WAITING = 256


@dataclass(slots=True)
class Told:
    """What answer number `index` says. One for each token: frozen it would take thrice as long."""

    index: int
    delta: Delta


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ended:
    failure: Exception | None


async def together(sources: Sequence[AsyncGenerator[Delta, None]]) -> AsyncGenerator[Told, None]:
    """Everything the sources say, as they say it. The first failure ends them all.

    Closing this closes every source. One source alone is heard without a detour.
    """
    if len(sources) == 1:
        async with aclosing(sources[0]) as source:
            async for delta in source:
                yield Told(0, delta)
        return
    async with aclosing(_gathered(sources)) as items:
        async for item in items:
            yield item


async def _gathered(
    sources: Sequence[AsyncGenerator[Delta, None]],
) -> AsyncGenerator[Told, None]:
    queue: asyncio.Queue[Told | _Ended] = asyncio.Queue(_MOST_WAITING)
    pumps = [
        asyncio.create_task(_pump(index, source, queue)) for index, source in enumerate(sources)
    ]
    running = len(pumps)
    try:
        while running:
            item = await queue.get()
            if not isinstance(item, _Ended):
                yield item
            elif item.failure is None:
                running -= 1
            else:
                raise item.failure
    finally:
        for pump in pumps:
            pump.cancel()
        await asyncio.gather(*pumps, return_exceptions=True)


async def _pump(
    index: int, source: AsyncGenerator[Delta, None], queue: "asyncio.Queue[Told | _Ended]"
) -> None:
    try:
        async with aclosing(source):
            async for delta in source:
                await queue.put(Told(index=index, delta=delta))
    except Exception as failure:  # noqa: BLE001 raised again where the answers are read
        await queue.put(_Ended(failure=failure))
    else:
        await queue.put(_Ended(failure=None))
