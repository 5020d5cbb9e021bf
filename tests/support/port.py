"""The port's desks without a port: keys in memory, requests as they are told, who is loaded."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from engine.access import Key, Limits, NewKey, Scope
from engine.config import EngineConfig
from engine.errors import EngineError
from engine.events import Event, RequestMoved
from engine.host.facts import Phase, Residence
from engine.requests import RequestInside, RequestSeen, Stage
from tests.support.things import CONTEXT_TOKENS, GIB

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


class FakeKeys:
    """Satisfies `app.surface.KeysSurface`."""

    def __init__(self) -> None:
        self.failure: EngineError | None = None  # of the next change
        self._keys = dict[str, Key]()
        self._made = 0

    def all(self) -> tuple[Key, ...]:
        return tuple(self._keys.values())

    async def add(self, name: str, scopes: Iterable[Scope], limits: Limits, /) -> NewKey:
        self._refuse()
        self._made += 1
        secret = f"fb-{sha256(str(self._made).encode()).hexdigest()[:32]}"
        key = Key(
            id=f"k{self._made}",
            name=name,
            ending=secret[-4:],
            scopes=frozenset(scopes),
            made_at=NOON,
            limits=limits,
        )
        self._keys[key.id] = key
        return NewKey(key=key, secret=secret)

    async def change(
        self,
        key_id: str,
        /,
        *,
        name: str | None = None,
        scopes: Iterable[Scope] | None = None,
        limits: Limits | None = None,
    ) -> Key:
        self._refuse()
        known = self._keys[key_id]
        changed = replace(
            known,
            name=known.name if name is None else name,
            scopes=known.scopes if scopes is None else frozenset(scopes),
            limits=known.limits if limits is None else limits,
        )
        self._keys[key_id] = changed
        return changed

    async def remove(self, key_id: str, /) -> None:
        self._refuse()
        del self._keys[key_id]

    def _refuse(self) -> None:
        if self.failure is not None:
            raise self.failure


class FakeLedger:
    """What a port would have seen: requests are put into it."""

    def __init__(self, tell: Callable[[Event], None]) -> None:
        self._tell = tell
        self._inside = dict[int, RequestInside]()

    def all(self) -> tuple[RequestSeen, ...]:
        return tuple(inside.seen for inside in reversed(self._inside.values()))

    def inside(self, request: int) -> RequestInside | None:
        return self._inside.get(request)

    def put(self, inside: RequestInside) -> None:
        """A request came, or came further."""
        self._inside[inside.seen.id] = inside
        self._tell(RequestMoved(request=inside.seen))


class FakeFleet:
    """Who is loaded, the least recently used first. The memory has `room` for so many."""

    def __init__(self, config: Callable[[], EngineConfig]) -> None:
        self.room = 1
        self.queued = dict[str, int]()
        self.streams = dict[str, int]()
        self._config = config
        self._phases = dict[str, Phase]()

    def phase(self, model: str | None) -> Phase:
        return Phase.STOPPED if model is None else self._phases.get(model, Phase.STOPPED)

    def move(self, model: str, phase: Phase) -> None:
        """That model is so now; it was used just now."""
        self._phases.pop(model, None)
        if phase is not Phase.STOPPED:
            self._phases[model] = phase

    def last(self) -> str | None:
        """The one used last."""
        return next(reversed(self._phases), None)

    def in_the_way(self) -> tuple[str, ...]:
        """Who must go before one more fits."""
        config = self._config()
        movable = [model for model in self._phases if model not in config.pinned]
        too_many = len(self._phases) + 1 - min(self.room, config.most_models)
        return tuple(movable[: max(0, too_many)])

    def residents(self) -> tuple[Residence, ...]:
        config = self._config()
        idle = timedelta(seconds=config.idle_seconds)
        return tuple(
            Residence(
                model=model,
                phase=phase,
                replicas=1,
                streams=self.streams.get(model, 0),
                queued=self.queued.get(model, 0),
                context_tokens=CONTEXT_TOKENS,
                size_bytes=3 * GIB,
                card_bytes=2 * GIB,
                pinned=model in config.pinned,
                used_at=datetime.now(UTC),
                leaves_at=datetime.now(UTC) + idle if idle and model not in config.pinned else None,
            )
            for model, phase in self._phases.items()
        )


def request(
    number: int, *, stage: Stage = Stage.DONE, model: str | None = "tiny", failure: str = ""
) -> RequestInside:
    """One that a client sent."""
    done = stage is Stage.DONE
    seen = RequestSeen(
        id=number,
        at=NOON + timedelta(seconds=number),
        dialect="openai",
        path="/v1/chat/completions",
        stage=stage,
        seconds=1.5,
        key="laptop",
        model=model,
        status=200 if done else 400 if failure else None,
        prompt_tokens=12,
        reused_tokens=4,
        answer_tokens=40 if done else None,
        queue_seconds=0.1,
        first_token_seconds=0.4,
        decode_tps=38.0 if done else None,
        failure=failure,
    )
    return RequestInside(
        seen=seen,
        parameters={"temperature": 0.2, "max_tokens": 64},
        prompt="<|im_start|>user\nWhy is the sky blue?<|im_end|>\n",
        reasoning="Rayleigh, I think.",
        answer="" if failure else "Because short waves scatter more.",
    )
