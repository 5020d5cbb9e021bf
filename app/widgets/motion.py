"""Whether things may glide to their places, or must be there at once."""

from PySide6.QtCore import QCoreApplication

_STILL = "reducedMotion"


def keep_still(app: QCoreApplication, *, still: bool) -> None:
    """From now on, for every widget of this application."""
    app.setProperty(_STILL, still)


def is_still() -> bool:
    """Whether the person asked for less motion."""
    app = QCoreApplication.instance()
    return app is not None and bool(app.property(_STILL))
