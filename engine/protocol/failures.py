"""A failure's code and words, back into the EngineError they came from."""

from collections.abc import Iterator, Sequence

from engine.errors import ContextExceeded, EngineError, RequestError


def failure_of(
    code: str, sentence: str, *, remedy: str | None = None, numbers: Sequence[int] = ()
) -> EngineError:
    """The typed failure with that code; an unknown code gives a plain EngineError.

    `numbers` are the prompt's and the context's tokens for `context_length_exceeded`.
    """
    kind = _kinds().get(code, EngineError)
    if kind is ContextExceeded:
        error = ContextExceeded(*numbers) if len(numbers) == 2 else RequestError(sentence)
    else:
        error = kind(sentence)
    if remedy is not None:
        error.remedy = remedy
    return error


def _kinds() -> dict[str, type[EngineError]]:
    return {kind.code: kind for kind in _below(EngineError)}


def _below(kind: type[EngineError]) -> Iterator[type[EngineError]]:
    yield kind
    for lower in kind.__subclasses__():
        yield from _below(lower)
