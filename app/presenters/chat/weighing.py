"""Counts conversations in the engine, and keeps what was counted.

A message is counted once for a model: while a question is written, it alone is counted anew.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject

from app.bridge import EngineBridge
from app.presenters.chat.meter import Counted, estimated, least_answer, most
from app.surface import EngineSurface
from app.text import failures
from engine.chat import ChatRequest, Message, Role, Weight
from engine.errors import BadRequest, EngineError

LEAST_CONTEXT_TOKENS = 512  # of a loaded model whose context nobody has told yet
_NOTHING_ASKED = Message(role=Role.USER, content="")  # templates want to hear a person


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What is to be weighed: `told` for `model`; `files` is the last message's files, alone."""

    told: tuple[Message, ...]
    model: str | None
    files: Message | None = None
    continues: bool = False


class Weigher(QObject):
    """One question at a time: a new one gives the one before up."""

    def __init__(self, bridge: EngineBridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._known = dict[Message, int]()
        self._passing = set[Message]()  # known, and of a question that is still being written
        # What the template adds: to each message, and besides. None: nothing was counted whole yet.
        self._frame: tuple[int, int] | None = None
        self._context_tokens: int | None = None
        self._model: str | None = None
        self._give_up: Callable[[], None] | None = None

    def forget(self) -> None:
        """Another model, or the same one loaded otherwise: everything is counted anew."""
        self.forget_texts()
        self._context_tokens = None

    def forget_texts(self) -> None:
        """Another chat."""
        self.give_up()
        self._known.clear()
        self._passing.clear()
        self._frame = None

    def give_up(self) -> None:
        """What is being counted is no longer wanted."""
        if self._give_up is not None:
            self._give_up()
            self._give_up = None

    def surely_fits(self, told: Sequence[Message]) -> bool:
        """Whether it fits without counting, however the texts become tokens."""
        if any(message.images for message in told):
            return False
        context = self._context_tokens or LEAST_CONTEXT_TOKENS
        each, rest = self._frame or (0, 0)
        longest = sum(self._known.get(message, most(message)) + each for message in told)
        return longest + rest + least_answer(context) <= context

    def weigh(self, load: Load, then: Callable[[Counted], None], *, anew: bool = False) -> None:
        """`then` hears soon what it takes; of a failing engine, an estimate. `anew`: all of it."""
        if load.model != self._model:
            self.forget()
            self._model = load.model
        self.give_up()
        wanted = [*load.told, *([] if load.files is None else [load.files])]
        for message in self._passing.difference(wanted):
            self._known.pop(message, None)
        self._passing = set(wanted[len(load.told) - 1 :] if load.told else ())
        missing = [message for message in wanted if message not in self._known]
        if not anew and not missing and self._frame is not None:
            then(self._counted(load))
            return
        requests = self._requests(load, missing, anew=anew)
        self._give_up = self._bridge.ask(
            lambda engine: _weigh(engine, requests),
            lambda weights: self._learn(load, requests, weights, then),
            lambda error: self._guess(load, error, then),
        )

    def _requests(
        self, load: Load, missing: list[Message], *, anew: bool
    ) -> tuple[ChatRequest, ...]:
        """The whole conversation first; later, what is new at its end."""
        requests: list[ChatRequest] = []
        last = load.told[-1] if load.told else None
        alone = last is not None and last.role is Role.USER
        fresh = any(message not in (last, load.files) for message in missing)
        if anew or self._frame is None or fresh or (last in missing and not alone):
            told = load.told
            if not any(message.role is Role.USER for message in told):
                told = (*told, _NOTHING_ASKED)
            requests.append(
                ChatRequest(messages=told, model=load.model, continue_last=load.continues)
            )
        elif last is not None and last in missing:
            requests.append(ChatRequest(messages=(last,), model=load.model))
        if load.files is not None and load.files in missing:
            requests.append(ChatRequest(messages=(load.files,), model=load.model))
        return tuple(requests)

    def _learn(
        self,
        load: Load,
        requests: tuple[ChatRequest, ...],
        weights: list[Weight],
        then: Callable[[Counted], None],
    ) -> None:
        self._give_up = None
        for request, weight in zip(requests, weights, strict=True):
            self._known.update(zip(request.messages, weight.messages, strict=True))
            self._context_tokens = weight.context_tokens
            if request.messages == load.told:
                added, count = weight.total - sum(weight.messages), max(1, len(weight.messages))
                self._frame = (added // count, added % count)
        then(self._counted(load))

    def _counted(self, load: Load) -> Counted:
        files = 0 if load.files is None else self._known[load.files]
        each, rest = self._frame or (0, 0)
        return Counted(
            messages=tuple(self._known[message] + each for message in load.told),
            frame=rest,
            attachments=min(files, self._known[load.told[-1]]) if files else 0,
            context_tokens=self._context_tokens,
        )

    def _guess(self, load: Load, error: EngineError, then: Callable[[Counted], None]) -> None:
        self._give_up = None
        refused = isinstance(error, BadRequest) and any(said.images for said in load.told)
        then(
            Counted(
                messages=tuple(estimated(message) for message in load.told),
                attachments=0 if load.files is None else estimated(load.files),
                context_tokens=self._context_tokens,
                estimated=True,
                refusal=failures.told(error) if refused else "",
            )
        )


async def _weigh(engine: EngineSurface, requests: tuple[ChatRequest, ...]) -> list[Weight]:
    return [await engine.weigh(request) for request in requests]
