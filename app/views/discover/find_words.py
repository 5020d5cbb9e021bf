"""What is said of a repository before its headers are read."""

from PySide6.QtCore import QCoreApplication

from app.lists.finds_list import Room
from app.lists.sizes import count_text, size_text
from engine.download.values import Curated, RepositoryHit


def room(which: Room) -> str:
    """Where it would lie, by its size alone."""
    match which:
        case "cards":
            return QCoreApplication.translate("discover", "Fits your cards (estimate)")
        case "ram":
            return QCoreApplication.translate("discover", "Runs with RAM (estimate)")
        case "neither":
            return QCoreApplication.translate("discover", "Too big for this computer (estimate)")
        case "unknown":
            return QCoreApplication.translate("discover", "Size not told")


def why(known: Curated) -> str:
    """Why it is worth knowing; a later list may say what nobody has translated yet."""
    return QCoreApplication.translate("Curated", known.why)


def sizes(known: Curated) -> str:
    """Parameters, and the size of its usual quantization."""
    told = QCoreApplication.translate("discover", "{0} parameters").format(
        count_text(known.parameters)
    )
    if known.active_parameters != known.parameters:
        both = QCoreApplication.translate("discover", "{0}, {1} active")
        told = both.format(told, count_text(known.active_parameters))
    return f"{told} · {size_text(known.size_bytes)}"


def facts(hit: RepositoryHit) -> tuple[str, ...]:
    """What the Hub tells of a repository, each short enough for a badge."""
    told: list[str] = []
    if hit.parameters is not None:
        says = QCoreApplication.translate("discover", "{0} parameters")
        told.append(says.format(count_text(hit.parameters)))
    if hit.architecture:
        told.append(hit.architecture)
    if hit.trained_context_tokens:
        says = QCoreApplication.translate("discover", "context {0}")
        told.append(says.format(_tokens(hit.trained_context_tokens)))
    if hit.license:
        says = QCoreApplication.translate("discover", "licence {0}")
        told.append(says.format(hit.license))
    if hit.base_models:
        says = QCoreApplication.translate("discover", "of {0}")
        told.append(says.format(hit.base_models[0]))
    if hit.updated:
        says = QCoreApplication.translate("discover", "updated {0}")
        told.append(says.format(hit.updated[:10]))
    if hit.downloads is not None:
        says = QCoreApplication.translate("discover", "{0} downloads")
        told.append(says.format(count_text(hit.downloads)))
    return tuple(told)


def _tokens(number: int) -> str:
    return f"{number // 1024}k" if number >= 1024 else str(number)
