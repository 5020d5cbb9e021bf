"""What stands beside the window: the tray's icon, the desktop's notes, the small monitor."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QApplication, QMessageBox
from typing_extensions import override

from app.settings import UiSettings
from app.theme.tokens import Tokens
from app.views import sayings
from app.views.look import Look
from app.views.monitor import alert_words
from app.views.monitor.mini_window import MiniWindow
from app.views.monitor.tray import Tray, tray_there
from app.views.screens import Screens
from engine.monitor.values import Alert

if TYPE_CHECKING:
    from collections.abc import Callable

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
        self._may_close = False
        self.mini: MiniWindow | None = None
        self.tray: Tray | None = None
        self.explanation: QMessageBox | None = None
        self.tray_there: Callable[[], bool] = tray_there
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

    def stand_by(self) -> None:
        """There is no window yet: the tray's icon, where it is wanted, is the way to it."""
        QApplication.setQuitOnLastWindowClosed(False)
        self._take_settings(self._appearance.settings)

    def let_close(self) -> None:
        """From now on closing the window ends Fullbore, tray or not."""
        self._may_close = True

    def quit(self) -> None:
        """End Fullbore."""
        self.let_close()
        self._window.close()
        QApplication.quit()  # a window that was hidden is not the last one that is closed

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._window and event.type() == QEvent.Type.Close:
            if not self._may_close and self._appearance.settings.tray and self.tray_there():
                event.ignore()
                self._go_on()
                return True
            self._leave()
        elif watched is self._window and event.type() == QEvent.Type.Show:
            QApplication.setQuitOnLastWindowClosed(True)
            if self._mini_wanted:
                self._show_mini()
            self._take_settings(self._appearance.settings)
        return False

    def _go_on(self) -> None:
        """Without the window; what that means is said the first time."""
        if not self._appearance.settings.tray_told:
            self._explain()
            return
        QApplication.setQuitOnLastWindowClosed(False)
        self._own_tray().stay(wanted=True)
        self._window.hide()

    def _explain(self) -> None:
        if self.explanation is not None:
            return
        says = self.tr(
            "Fullbore goes on without its window: models stay loaded, and the local port stays"
            " open. The icon in the tray brings the window back, and quits."
        )
        told = QMessageBox(QMessageBox.Icon.Information, "Fullbore", says, parent=self._window)
        told.setTextFormat(Qt.TextFormat.PlainText)
        goes_on = told.addButton(self.tr("Go on in the tray"), QMessageBox.ButtonRole.AcceptRole)
        ends = told.addButton(self.tr("Quit"), QMessageBox.ButtonRole.DestructiveRole)
        told.addButton(self.tr("Cancel"), QMessageBox.ButtonRole.RejectRole)
        told.setDefaultButton(goes_on)
        told.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        goes_on.clicked.connect(self._explained)
        # Later: it closes the window that this question belongs to.
        ends.clicked.connect(self.quit, Qt.ConnectionType.QueuedConnection)
        told.destroyed.connect(self._forget_explanation)
        self.explanation = told
        told.open()

    def _explained(self) -> None:
        self._appearance.change("tray_told", value=True)
        self._go_on()

    def _forget_explanation(self) -> None:
        self.explanation = None

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
            self.tray.quit_wanted.connect(self.quit)
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
