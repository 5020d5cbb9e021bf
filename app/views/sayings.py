"""The engine's sayings in the window's language."""

from collections.abc import Sequence
from functools import reduce

from PySide6.QtCore import QCoreApplication

from engine.fit.placement import words
from engine.fit.saying import Saying, tell


def told(saying: Saying | None) -> str:
    """In the language that is spoken now; nothing for none."""
    return "" if saying is None else tell(saying, _translated, _listed)


def trying_again(change: Saying) -> str:
    """What a load tries after it found too little memory."""
    says = QCoreApplication.translate("Saying", "Trying again with {what}.")
    return says.format(what=told(change))


def loaded_smaller(changes: Sequence[Saying]) -> str:
    """How a model was loaded in the end, where not as planned."""
    says = QCoreApplication.translate("sayings", "Loaded smaller than planned: {0}.")
    joint = QCoreApplication.translate("sayings", "; ")
    return says.format(joint.join(map(told, changes)))


def comma() -> str:
    """What stands between parts that are told one after the other."""
    return QCoreApplication.translate("sayings", ", ")


def _translated(template: str) -> str:
    return QCoreApplication.translate("Saying", template)


def _listed(names: Sequence[str]) -> str:
    *others, last = words.counted(names)
    if not others:
        return last
    several = QCoreApplication.translate("sayings", "{0}, {1}")
    both = QCoreApplication.translate("sayings", "{0} and {1}")
    return both.format(reduce(several.format, others), last)
