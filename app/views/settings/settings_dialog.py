"""All that can be chosen: sections of options, and a field that finds them."""

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QLineEdit,
    QListWidget,
    QPushButton,
    QScrollArea,
    QWidget,
)
from typing_extensions import override

from app.theme.scale import scaled
from app.theme.stylesheet import set_dress
from app.theme.tokens import Tokens
from app.views.icons import recolour
from app.views.library.folders_dialog import FoldersDialog
from app.views.monitor.doctor_dialog import DoctorDialog
from app.views.rows import RowDelegate
from app.views.screens import Screens
from app.views.settings.alerts_section import AlertsSection
from app.views.settings.appearance_section import AppearanceSection
from app.views.settings.chat_section import ChatSection
from app.views.settings.hub_section import HubSection
from app.views.settings.keeping_section import KeepingSection
from app.views.settings.keyboard_section import KeyboardSection
from app.views.settings.machine_section import MachineSection
from app.views.settings.option_row import OptionRow
from app.views.settings.section import Section
from app.views.settings.server_section import ServerSection
from app.views.settings.startup_section import StartupSection
from app.views.settings.updates_section import UpdatesSection
from app.widgets.arranging import column, label, row

_SIZE = QSize(860, 640)
_SMALLEST = QSize(480, 400)
_LIST = 190


class SettingsDialog(QDialog):
    """Each change holds at once."""

    shortcuts_wanted = Signal()
    palette_wanted = Signal()
    about_wanted = Signal()

    def __init__(
        self, screens: Screens, about: str, tokens: Tokens, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._screens = screens
        self._tokens = tokens
        self.setWindowTitle(self.tr("Settings"))
        self.setMinimumSize(_SMALLEST)
        self.appearance = AppearanceSection(screens.appearance)
        self.machine = MachineSection(
            screens.appearance, screens.calibration, screens.engine, screens.pack
        )
        self.hub = HubSection(screens.hub, screens.downloads, tokens)
        keyboard = KeyboardSection(screens.appearance)
        self.sections: tuple[Section, ...] = (
            self.appearance,
            ChatSection(screens.appearance, screens.presets),
            self.hub,
            self.machine,
            ServerSection(screens.server, screens.engine),
            AlertsSection(screens.appearance, screens.engine),
            keyboard,
            StartupSection(screens.appearance, screens.startup),
            KeepingSection(screens.appearance, screens.keeping),
            UpdatesSection(screens.engine),
        )
        self.search = QLineEdit()
        self.search.setPlaceholderText(self.tr("Search the settings"))
        self.search.setAccessibleName(self.tr("Search the settings"))
        self.search.setClearButtonEnabled(True)
        self.names = QListWidget()
        self.names.setAccessibleName(self.tr("Sections"))
        self.names.setItemDelegate(RowDelegate(self.names))
        self.names.addItems([section.title for section in self.sections])
        self.nothing = label(self.tr("Nothing found"), "dim")
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.nothing.hide()
        self._page = QScrollArea()
        self._arrange(about)
        self.search.textChanged.connect(self._sieve)
        self.names.currentRowChanged.connect(self._go_to)
        self.hub.folders_wanted.connect(self._open_folders)
        self.machine.doctor_wanted.connect(self._open_doctor)
        self.machine.guide_wanted.connect(self.accept)
        self.machine.guide_wanted.connect(screens.guide.begin)
        keyboard.shortcuts_wanted.connect(self.shortcuts_wanted)
        keyboard.palette_wanted.connect(self.palette_wanted)
        screens.engine.look()
        self.search.setFocus()
        self.wear(tokens)

    @property
    def rows(self) -> tuple[OptionRow, ...]:
        """Every option."""
        return tuple(row for section in self.sections for row in section.rows)

    @property
    def measured(self) -> str:
        """What it says of the machine."""
        return self.machine.told.text()

    def wear(self, tokens: Tokens) -> None:
        """Another look, or letters of another size."""
        self._tokens = tokens
        self.names.setFixedWidth(scaled(_LIST))
        self.names.setVisible(self.width() >= scaled(_SIZE.width() * 3 // 4))
        recolour(self, tokens)

    def show_option(self, key: str) -> None:
        """Bring that option into view, with the keyboard on it. Raises StopIteration."""
        self.search.clear()
        option = next(option for option in self.rows if option.key == key)
        option.control.setFocus()
        # Its place is known when the page has been laid out.
        QTimer.singleShot(0, option, lambda: self._page.ensureWidgetVisible(option))

    @override
    def event(self, e: QEvent) -> bool:
        done = super().event(e)
        if e.type() == QEvent.Type.Resize:
            self.names.setVisible(self.width() >= scaled(_SIZE.width() * 3 // 4))
        return done

    def _arrange(self, about: str) -> None:
        inside = QWidget()
        inside.setProperty("kind", "clear")
        inside.setLayout(
            column(*self.sections, self.nothing, None, margins=(0, 0, 8, 0), spacing=14)
        )
        self._page.setWidgetResizable(True)
        self._page.setFrameShape(QFrame.Shape.NoFrame)
        self._page.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._page.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._page.setWidget(inside)
        done = QPushButton(self.tr("Done"))
        done.setProperty("kind", "primary")
        done.setAutoDefault(False)  # Enter belongs to the field it is pressed in
        done.clicked.connect(self.accept)
        self.about = QPushButton(self.tr("About, updates, licences"))
        set_dress(self.about, "kind", "ghost")
        self.about.setAutoDefault(False)
        self.about.clicked.connect(self.about_wanted)
        foot = row(label(about, "faint", wrap=True), self.about, done)
        foot.setStretch(0, 1)
        middle = row(self.names, self._page, spacing=14)
        middle.setStretch(1, 1)
        self.setLayout(column(self.search, middle, foot, margins=(18, 18, 18, 18), spacing=14))
        room = self.screen().availableSize() * 0.9
        wanted = QSize(scaled(_SIZE.width()), scaled(_SIZE.height()))
        self.resize(wanted.boundedTo(room).expandedTo(_SMALLEST))

    def _sieve(self, typed: str) -> None:
        words = typed.casefold().split()
        left = 0
        for place, section in enumerate(self.sections):
            count = section.sieve(words)
            left += count
            self.names.item(place).setHidden(count == 0)
        self.nothing.setVisible(left == 0)

    def _go_to(self, place: int) -> None:
        if place >= 0:
            top = self.sections[place].pos().y()
            self._page.verticalScrollBar().setValue(top)

    def _open_doctor(self) -> None:
        dialog = DoctorDialog(self._screens.doctor, self._tokens, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def _open_folders(self) -> None:
        dialog = FoldersDialog(self._screens.folders, self._tokens, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()
