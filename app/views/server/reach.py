"""Who may connect. The network is let in only where a key is demanded of it."""

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from app.presenters.server.presenter import EVERYWHERE, HERE, ServerPresenter
from app.presenters.settings_engine import EngineSettingsPresenter
from app.views.server.key_dialog import KeyDialog


def let_in(
    server: ServerPresenter, engine: EngineSettingsPresenter, parent: QWidget, *, network: bool
) -> KeyDialog | None:
    """Choose that; where a key is missing, its dialog comes first, and is returned."""
    if not network or server.has_key:
        engine.change("host", EVERYWHERE if network else HERE)
        return None
    reason = QCoreApplication.translate(
        "Reach",
        "Other computers are let in with a key alone: without one, anybody in your network could "
        "use your models. Make one, and the port is opened to the network.",
    )
    dialog = KeyDialog(server.keys, reason=reason, parent=parent)
    dialog.made.connect(lambda: engine.change("host", EVERYWHERE))
    dialog.open()
    return dialog
