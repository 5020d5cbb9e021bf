"""How Fullbore begins and goes on: the tray, and starting with the session."""

from app.presenters.appearance import AppearancePresenter
from app.presenters.startup import StartupPresenter
from app.views.settings.kept_rows import SwitchRow
from app.views.settings.option_row import OptionRow
from app.views.settings.section import Section
from app.widgets.toggle_switch import ToggleSwitch


class StartupSection(Section):
    """Both are off until the person wants them."""

    def __init__(self, appearance: AppearancePresenter, startup: StartupPresenter) -> None:
        super().__init__()
        self._startup = startup
        self.entitle(self.tr("Starting and closing"))
        goes_on = self.tr(
            "Closing the window leaves models and the local port running; an icon in the tray shows"
            " how full the fullest card is, brings the window back, and quits."
        )
        no_tray = self.tr(
            "This desktop has no tray, so closing the window ends Fullbore. On GNOME, the extension"
            " AppIndicator adds one."
        )
        self.tray = SwitchRow(
            appearance,
            "tray",
            (self.tr("Go on in the tray"), goes_on if startup.tray_there else no_tray),
        )
        self.switch = ToggleSwitch(self.tr("Start with the session"))
        begins = self.tr(
            "Fullbore starts when you log in, without its window, and opens the local port if that"
            " is on. Without the tray, start it again to see the window."
        )
        not_ours = self.tr(
            "Fullbore cannot arrange this from where it runs; the system's settings can."
        )
        self.autostart = OptionRow(
            "autostart",
            (self.tr("Start with the session"), begins if startup.offered else not_ours),
            self.switch,
        )
        self.switch.setEnabled(startup.offered)
        self.add(self.tray, self.autostart)
        self.switch.toggled.connect(self._turn)
        self.autostart.reset_wanted.connect(lambda: startup.turn(on=False))
        startup.changed.connect(self._follow)
        self._follow()

    def _turn(self, on: bool) -> None:  # noqa: FBT001 (Qt's signal)
        self._startup.turn(on=on)

    def _follow(self) -> None:
        on = self._startup.on
        if self.switch.isChecked() != on:
            self.switch.setChecked(on)
        self.autostart.show_changed(changed=on)
