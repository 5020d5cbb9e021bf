"""What stands beside the window: the tray's icon, the desktop's notes, the small monitor."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication
from typing_extensions import override

from app.settings import UiSettings
from app.theme.tokens import Tokens
from app.views import sayings
from app.views.look import Look
from app.views.monitor import alert_words
from app.views.monitor.mini_window import MiniWindow
from app.views.monitor.tray import Tray
from app.views.screens import Screens
from engine.monitor.values import Alert

if TYPE_CHECKING:
    from app.views.main_window import MainWindow


class Companions(QObject):
    """Makes each when it is first wanted: the window's first paint does not wait for them.

    Belongs to the window, and goes with it.
    """

    def __init__(self, window: MainWindow, look: Look, screens: Screens) -> None:
        super().__init__(window)
        self._window = window
        self._look = look
        self._appearance = screens.appearance
        self._machine, self._server = screens.machine, screens.server
        self._place: tuple[int, int] | None = None
        self._mini_wanted = False
        self.mini: MiniWindow | None = None
        self.tray: Tray | None = None
        window.installEventFilter(self)
        look.changed.connect(self._wear)
        screens.alerts.began.connect(self._tell)
        screens.appearance.changed.connect(self._take_settings)

    @property
    def mini_place(self) -> tuple[int, int] | None:
        """Where the small monitor is, or was."""
        if self.mini is not None and self.mini.isVisible():
            self._place = self.mini.x(), self.mini.y()
        return self._place

    @property
    def mini_wanted(self) -> bool:
        """Whether the person wants it to be there."""
        return self._mini_wanted

    def restore(self, place: tuple[int, int] | None, *, shown: bool) -> None:
        """As it was when Fullbore was closed; it comes with the window."""
        self._place, self._mini_wanted = place, shown

    def turn_mini(self) -> None:
        """Show or hide the small monitor."""
        if self._mini_wanted:
            self._hide_mini()
        else:
            self._mini_wanted = True
            self._show_mini()

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._window and event.type() == QEvent.Type.Close:
            self._leave()
        elif watched is self._window and event.type() == QEvent.Type.Show:
            if self._mini_wanted:
                self._show_mini()
            self._take_settings(self._appearance.settings)
        return False

    def _show_mini(self) -> None:
        if self.mini is None:
            self.mini = MiniWindow(self._machine, self._look.tokens)
            self.mini.dismissed.connect(self._hide_mini)
            self.mini.main_wanted.connect(self._window.come_forward)
            self._window.destroyed.connect(self.mini.deleteLater)
        if not self.mini.isVisible():
            self.mini.stand_at(self._place)
            self.mini.show()

    def _hide_mini(self) -> None:
        self._mini_wanted = False
        if self.mini is not None:
            self._place = self.mini.x(), self.mini.y()
            self.mini.hide()

    def _leave(self) -> None:
        if self.mini is not None and self.mini.isVisible():
            self._place = self.mini.x(), self.mini.y()
            self.mini.hide()
        if self.tray is not None:
            self.tray.icon.hide()

    def _own_tray(self) -> Tray:
        if self.tray is None:
            self.tray = Tray(self._machine, self._server, self._look.tokens, self)
            self.tray.show_wanted.connect(self._window.come_forward)
            self.tray.new_chat_wanted.connect(self._new_chat)
            self.tray.quit_wanted.connect(self._window.close)
        return self.tray

    def _take_settings(self, settings: UiSettings) -> None:
        if settings.tray or self.tray is not None:
            self._own_tray().stay(wanted=settings.tray)

    def _tell(self, alert: Alert) -> None:
        """Whoever looks at the window sees it there."""
        if not self._appearance.settings.notify or self._window.isActiveWindow():
            return
        text = f"{sayings.told(alert.sentence)} {sayings.told(alert.remedy)}"
        if not self._own_tray().note(alert_words.kind_name(alert.kind), text):
            QApplication.alert(self._window)

    def _new_chat(self) -> None:
        self._window.come_forward()
        self._window.open_chat()
        self._window.sidebar.new_chat.click()

    def _wear(self, tokens: Tokens) -> None:
        for companion in (self.mini, self.tray):
            if companion is not None:
                companion.wear(tokens)
