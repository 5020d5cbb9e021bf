"""A dialect's name → what splits an answer by it."""

from typing import Protocol

from engine.protocol.dialects import THINK, THINKING, DialectName
from engine.protocol.messages import Generate
from engine.worker.dialect import Dialect, Said
from engine.worker.dialects.calls import CallForm, Calls
from engine.worker.dialects.deepseek import DEEPSEEK
from engine.worker.dialects.gemma import GEMMA3, GEMMA4
from engine.worker.dialects.harmony import NEEDS_SPECIAL, Harmony
from engine.worker.dialects.llama3 import LLAMA3
from engine.worker.dialects.mistral import MISTRAL
from engine.worker.dialects.tagged import TAGGED

_FORMS: dict[DialectName, CallForm] = {
    DialectName.THINK: TAGGED,
    DialectName.HERMES: TAGGED,
    DialectName.QWEN_XML: TAGGED,
    DialectName.GLM: TAGGED,
    DialectName.DEEPSEEK: DEEPSEEK,
    DialectName.DEEPSEEK_V31: DEEPSEEK,
    DialectName.LLAMA3: LLAMA3,
    DialectName.MISTRAL: MISTRAL,
    DialectName.MISTRAL_ARGS: MISTRAL,
    DialectName.GEMMA3: GEMMA3,
    DialectName.GEMMA4: GEMMA4,
}


class Speech(Protocol):
    """Splits an answer's text as it streams."""

    @property
    def called(self) -> bool:
        """Whether a tool call has begun."""
        ...

    def feed(self, text: str) -> Said:
        """Split what came, holding back what may still become something else."""
        ...

    def finish(self) -> Said:
        """What was held back, now that nothing more comes."""
        ...


class Talk:
    """Reasoning at the head, then text and calls."""

    def __init__(self, thinking: Dialect, calls: Calls) -> None:
        self._thinking, self._calls = thinking, calls

    @property
    def called(self) -> bool:
        """Whether a tool call has begun."""
        return self._calls.called

    def feed(self, text: str) -> Said:
        """Split what came."""
        said = self._thinking.feed(text)
        if not said.answer:
            return said
        split = self._calls.feed(said.answer)
        return Said(split.answer, said.reasoning, split.calls)

    def finish(self) -> Said:
        """What was held back."""
        said = self._thinking.finish()
        split = self._calls.feed(said.answer)
        rest = self._calls.finish()
        return Said(split.answer + rest.answer, said.reasoning, (*split.calls, *rest.calls))


class Raw:
    """Splits nothing."""

    called = False

    def feed(self, text: str) -> Said:
        """All of it is answer."""
        return Said(text)

    def finish(self) -> Said:
        """Nothing was held back."""
        return Said()


def speech_of(request: Generate) -> Speech:
    """What splits the answer to that request. An unknown name means <think> alone."""
    name = _name(request.dialect)
    if name is DialectName.RAW:
        return Raw()
    if name is DialectName.HARMONY:
        return Harmony(request.prompt, calls=request.calls)
    tags = THINKING.get(name, THINK)
    thinking = Dialect(request.prompt, continues=request.continues, tags=tags)
    if not request.calls:
        return thinking
    return Talk(thinking, Calls(_FORMS[name], frozenset(request.texts)))


def special_texts(request: Generate) -> tuple[str, ...]:
    """The control tokens' texts that must be seen to split the answer to that request."""
    name = _name(request.dialect)
    if name is DialectName.HARMONY:
        return NEEDS_SPECIAL
    if name is DialectName.RAW:  # whatever tags the model has, where they are control tokens
        return (*THINK, *(tag for tags in THINKING.values() for tag in tags))
    form = _FORMS[name].needs_special if request.calls else ()
    return (*THINKING.get(name, THINK), "<|channel>", *form)


def _name(written: str) -> DialectName:
    try:
        return DialectName(written)
    except ValueError:
        return DialectName.THINK
