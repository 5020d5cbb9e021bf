"""The whole window for the first minute: three pages, and the way through them."""

from functools import partial

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QComboBox,
    QFrame,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QToolButton,
    QWidget,
)
from typing_extensions import override

from app.presenters.guide.presenter import Step
from app.presenters.guide.starting import Start
from app.theme.scale import scaled
from app.theme.tokens import Tokens
from app.views.guide.machine_page import MachinePage
from app.views.guide.models_page import ModelsPage
from app.views.guide.places_page import PlacesPage
from app.views.icons import icon_button, recolour
from app.views.screens import Screens
from app.widgets.arranging import column, label, row
from app.widgets.banner import Banner

_WIDEST = 760


class GuideScreen(QWidget):
    """Enter goes on, Escape leaves; every page can be left, and comes again when asked for."""

    doctor_wanted = Signal()

    def __init__(self, screens: Screens, tokens: Tokens, logo: QLabel) -> None:
        super().__init__()
        self._screens, self._guide = screens, screens.guide
        self._shown: Step | None = None
        self._waiting = False
        self.setProperty("kind", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(self.tr("First-run guide"))
        self.banner = Banner(icon_button("x", self.tr("Dismiss")))
        self.language = self._choice(
            self.tr("Language"),
            {"system": self.tr("Language: as the system"), "en": "English", "zh_CN": "简体中文"},
        )
        self.theme = self._choice(
            self.tr("Theme"),
            {
                "system": self.tr("Theme: as the system"),
                "light": self.tr("Light"),
                "dark": self.tr("Dark"),
            },
        )
        self.machine = MachinePage(screens, tokens)
        self.places = PlacesPage(screens, tokens)
        self.models = ModelsPage(screens, tokens)
        self._pages = (self.machine, self.places, self.models)
        self._titles = {
            Step.MACHINE: self.tr("This computer"),
            Step.PLACES: self.tr("Folders and network"),
            Step.MODELS: self.tr("Models"),
        }
        self.steps = {step: self._step_button(step) for step in Step}
        self._heading, self._says = label("", "heading"), label("", "dim", wrap=True)
        self.skip = QPushButton(self.tr("Skip the guide"))
        self.skip.setProperty("kind", "ghost")
        self.back = QPushButton(self.tr("Back"))
        self.next = QPushButton()
        self.next.setProperty("kind", "primary")
        self._arrange(logo)
        self._connect()
        self._show()
        self.wear(tokens)

    def wear(self, tokens: Tokens) -> None:
        """Another look."""
        self._inside.setMaximumWidth(scaled(_WIDEST))
        for page in self._pages:
            page.wear(tokens)
        recolour(self, tokens)

    def enter(self) -> None:
        """It comes to be seen."""
        self._shown = None
        self._show()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        match event.key():
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                focused = self.focusWidget()
                button = focused if isinstance(focused, QAbstractButton) else self.next
                if button.isEnabled():
                    button.click()
            case Qt.Key.Key_Escape:
                self.skip.click()
            case _:
                super().keyPressEvent(event)

    def _choice(self, name: str, options: dict[str, str]) -> QComboBox:
        choice = QComboBox()
        choice.setAccessibleName(name)
        choice.setToolTip(name)
        for value, says in options.items():
            choice.addItem(says, value)
        return choice

    def _step_button(self, step: Step) -> QToolButton:
        button = QToolButton()
        button.setText(f" {step + 1}  {self._titles[step]} ")
        button.setAccessibleName(self._titles[step])
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        button.setCheckable(True)
        button.setCursor(Qt.CursorShape.PointingHandCursor)
        button.clicked.connect(partial(self._go, step))
        return button

    def _arrange(self, logo: QLabel) -> None:
        top = row(
            logo,
            label("Fullbore", "title"),
            None,
            self.language,
            self.theme,
            margins=(24, 16, 24, 8),
        )
        self._inside = QWidget()
        self._inside.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._inside.setLayout(
            column(
                row(*self.steps.values(), None, spacing=4),
                self._heading,
                self._says,
                self.banner,
                *self._pages,
                None,
                margins=(24, 8, 24, 16),
                spacing=10,
            )
        )
        centred = QWidget()
        centred.setProperty("kind", "clear")
        across = row(None, self._inside, None, spacing=0)
        across.setStretch(1, 100)
        centred.setLayout(across)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(centred)
        self.area = area
        line = QFrame()
        line.setProperty("kind", "line")
        foot = row(self.skip, None, self.back, self.next, margins=(10, 12, 24, 14))
        whole = column(top, area, line, foot, spacing=0)
        whole.setStretch(1, 1)
        self.setLayout(whole)

    def _connect(self) -> None:
        guide, look = self._guide, self._screens.appearance
        self.skip.clicked.connect(guide.leave)
        self.back.clicked.connect(guide.back)
        self.next.clicked.connect(guide.forward)
        self.machine.doctor_wanted.connect(self.doctor_wanted)
        self.language.activated.connect(self._speak)
        self.theme.activated.connect(self._dress)
        guide.turned.connect(self._show)
        guide.starting.changed.connect(self._name_next)
        look.changed.connect(self._show_choices)
        for presenter in (guide, self._screens.folders, self._screens.hub, self._screens.pack):
            presenter.failed.connect(self.banner.say)
        self._screens.calibration.failed.connect(self.banner.say)

    def _go(self, step: Step) -> None:
        self._guide.turn(step)
        self._mark()

    def _speak(self, place: int) -> None:
        self._screens.appearance.change("language", self.language.itemData(place))

    def _dress(self, place: int) -> None:
        self._screens.appearance.change("theme", self.theme.itemData(place))

    def _show_choices(self) -> None:
        look = self._screens.appearance
        for choice, value in ((self.language, look.language), (self.theme, look.theme)):
            with QSignalBlocker(choice):
                choice.setCurrentIndex(choice.findData(value))

    def _show(self) -> None:
        step = self._guide.step
        self._show_choices()
        self._mark()
        self._name_next()
        if not self._guide.open or step is self._shown:
            return
        self._shown = step
        heading, says = self._headings()[step]
        self._heading.setText(heading)
        self._says.setText(says)
        self._turn_page(step)
        self.back.setVisible(step is not Step.MACHINE)
        self.area.verticalScrollBar().setValue(0)
        if step is Step.PLACES:
            self.places.enter()
        self.next.setFocus()

    def _turn_page(self, step: Step) -> None:
        """Pages that are not shown take no height; a stack would be as high as its highest."""
        for place, page in enumerate(self._pages):
            page.setVisible(place == step)

    def _headings(self) -> dict[Step, tuple[str, str]]:
        return {
            Step.MACHINE: (
                self.tr("Welcome to Fullbore"),
                self.tr(
                    "Language models run here on your own computer: nothing you write leaves it. "
                    "Three short pages, and you chat."
                ),
            ),
            Step.PLACES: (
                self.tr("Where models lie and come from"),
                self.tr("All of it can be changed later, in the settings."),
            ),
            Step.MODELS: (
                self.tr("Models for this computer"),
                self.tr("Take any of them, or none: the starter model is enough to begin."),
            ),
        }

    def _mark(self) -> None:
        for step, button in self.steps.items():
            button.setChecked(step is self._guide.step)

    def _name_next(self) -> None:
        last = self._guide.step is Step.MODELS
        waiting = last and self._guide.starting.stage is not Start.NONE
        says = self.tr("Start chatting") if last else self.tr("Next")
        # Not disabled: the keyboard would fall upon whatever is next to it.
        self.next.setText(self.tr("One moment…") if waiting else says)
        if waiting and not self._waiting:
            self.area.ensureWidgetVisible(self.models.starting_card)
        self._waiting = waiting
