"""Foreseen failures in the window's language: their kind and remedy; the detail is the engine's."""

from collections.abc import Iterator

from PySide6.QtCore import QCoreApplication

from engine.errors import EngineError


def told(failure: EngineError | str) -> str:
    """What happened and what to do; a plain string is the sentence and remedy of one."""
    if isinstance(failure, EngineError):
        return _told(failure.code, str(failure), failure.remedy)
    for kind in _kinds(EngineError):
        if failure.endswith(f" {kind.remedy}"):
            return _told(kind.code, failure.removesuffix(f" {kind.remedy}"), kind.remedy)
    return failure


def _told(code: str, sentence: str, remedy: str) -> str:
    # English tells its kind by the sentence; a language that leaves that untranslated names it.
    says = QCoreApplication.translate("Failure", "{sentence} {remedy}")
    return says.format(
        kind=QCoreApplication.translate("Failure", code),
        sentence=sentence,
        remedy=_remedy(remedy),
    )


def _remedy(remedy: str) -> str:
    """One that tells more of what happened, as a broken file's does, ends with its kind's."""
    known = QCoreApplication.translate("Remedy", remedy)
    if known != remedy:
        return known
    for kind in _kinds(EngineError):
        if remedy.endswith(kind.remedy):
            end = QCoreApplication.translate("Remedy", kind.remedy)
            return remedy.removesuffix(kind.remedy) + end
    return remedy


def _kinds(kind: type[EngineError]) -> Iterator[type[EngineError]]:
    for below in kind.__subclasses__():
        yield from _kinds(below)
    yield kind
