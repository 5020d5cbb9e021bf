"""Opens the guide over the whole window, and leads from its end into the chat."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QStackedWidget
from typing_extensions import override

from app.views.guide.arrival_strip import ArrivalStrip

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QLabel

    from app.theme.tokens import Tokens
    from app.views.guide.guide_screen import GuideScreen
    from app.views.look import Look
    from app.views.main_window import MainWindow
    from app.views.screens import Screens


class GuideDoor(QObject):
    """The guide takes the place of all that the window shows else; it is made when first wanted."""

    def __init__(
        self, window: MainWindow, screens: Screens, look: Look, logo: Callable[[int], QLabel]
    ) -> None:
        super().__init__(window)
        self._window, self._screens, self._look, self._logo = window, screens, look, logo
        self._guide = screens.guide
        self._stack: QStackedWidget | None = None
        self.screen: GuideScreen | None = None
        self.arrival = ArrivalStrip(screens.guide)
        self._guide.turned.connect(self._turn)
        self._guide.over.connect(window.open_chat)
        look.changed.connect(self._wear)
        window.installEventFilter(self)

    def open(self) -> None:
        """Go through it from its first page."""
        self._guide.begin()

    def leave(self) -> None:
        """Something else is wanted."""
        self._guide.leave()

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # Another language is another window: the guide is where it was.
        if event.type() == QEvent.Type.Show:
            self._turn()
        return super().eventFilter(watched, event)

    def _turn(self) -> None:
        if self._guide.open:
            self._show()
        elif self._stack is not None and self._stack.currentIndex() != 0:
            self._stack.setCurrentIndex(0)
            self._window.composer.edit.setFocus()

    def _show(self) -> None:
        stack, screen = self._made()
        if stack.currentWidget() is not screen:
            stack.setCurrentWidget(screen)
            screen.enter()

    def _made(self) -> tuple[QStackedWidget, GuideScreen]:
        if self._stack is None or self.screen is None:
            from app.views.guide.guide_screen import GuideScreen  # noqa: PLC0415 (seldom wanted)

            self.screen = GuideScreen(self._screens, self._look.tokens, self._logo(28))
            self.screen.doctor_wanted.connect(self._window.open_doctor)
            self._stack = QStackedWidget()
            usual = self._window.takeCentralWidget()
            assert usual is not None
            self._stack.addWidget(usual)
            self._stack.addWidget(self.screen)
            self._window.setCentralWidget(self._stack)
        return self._stack, self.screen

    def _wear(self, tokens: Tokens) -> None:
        if self.screen is not None:
            self.screen.wear(tokens)
