"""Where models come from: addresses, a token, the pace of transfers, the system's proxies."""

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QComboBox, QLayout, QLineEdit, QPushButton, QWidget

from app.presenters.downloads import DownloadsPresenter
from app.presenters.hub_settings import HUB, WELL_KNOWN, HubSettingsPresenter
from app.theme.stylesheet import set_dress
from app.theme.tokens import Tokens
from app.views import sayings
from app.views.downloads.pace_fields import PaceFields
from app.views.icons import icon_button, recolour
from app.views.settings.option_row import OptionRow
from app.views.settings.section import Section
from app.widgets.arranging import column, label, row
from app.widgets.banner import Banner
from app.widgets.toggle_switch import ToggleSwitch
from engine.config import EngineConfig

_AT_ONCE = EngineConfig().downloads_at_once


class HubSection(Section):
    """Each change holds at once. A token that is kept is never shown again."""

    folders_wanted = Signal()

    def __init__(
        self,
        hub: HubSettingsPresenter,
        downloads: DownloadsPresenter,
        tokens: Tokens,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._downloads = downloads
        self._hub = hub
        self._replacing = False
        self.banner = Banner(icon_button("x", self.tr("Dismiss")))
        self.endpoint = QComboBox()
        self.endpoint.setEditable(True)
        self.endpoint.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.endpoint.addItems(list(WELL_KNOWN))
        self.endpoint.setAccessibleName(self.tr("Address of the Hub"))
        inside = self.endpoint.lineEdit()
        if inside is not None:
            inside.setAccessibleName(self.endpoint.accessibleName())
        self.test = self._button(self.tr("Test"))
        self._trial = label("", "dim", wrap=True)
        self.second = ToggleSwitch(self.tr("Ask ModelScope where the first source fails"))
        self.token = QLineEdit()
        self.token.setEchoMode(QLineEdit.EchoMode.Password)
        self.token.setPlaceholderText("hf_…")
        self.token.setAccessibleName(self.tr("Access token"))
        self.keep = self._button(self.tr("Keep it"))
        self._kept = label(self.tr("A token is kept in the keyring"), "dim")
        self.replace = self._button(self.tr("Replace"))
        self.remove = self._button(self.tr("Remove"))
        self.pace = PaceFields(downloads)
        self.folders = self._button(self.tr("Choose…"))
        self._proxies = label("", "dim", wrap=True)
        self._arrange()
        self._connect(downloads)
        self._show()
        recolour(self, tokens)

    @property
    def said(self) -> str:
        """What the last trial of an address gave."""
        return self._trial.text()

    def _button(self, says: str) -> QPushButton:
        button = QPushButton(says)
        button.setAutoDefault(False)
        return button

    def _arrange(self) -> None:
        address = row(self.endpoint, self.test)
        address.setStretch(0, 1)
        token = row(self._kept, self.token, self.keep, None, self.replace, self.remove)
        token.setStretch(1, 1)
        self.entitle(self.tr("Models and downloads"))
        self.add_widget(self.banner)
        self._address = OptionRow(
            "hub_endpoint",
            (self.tr("Address"), self.tr("Where models come from: the Hub, or a mirror of it.")),
            _holding(column(address, self._trial, spacing=6)),
            below=True,
        )
        self._other = OptionRow(
            "second_source",
            (
                self.tr("Second source"),
                self.tr("Ask ModelScope where the first fails; its bytes are compared"),
            ),
            self.second,
        )
        self._token = OptionRow(
            "token",
            (
                self.tr("Access token"),
                self.tr("For models that the Hub gives to some only. It lies in the keyring."),
            ),
            _holding(token),
            below=True,
        )
        self._pace = OptionRow(
            "download_bytes_per_second",
            (
                self.tr("Downloads"),
                self.tr("How fast all of them together may be, and how many run at once."),
            ),
            self.pace,
            below=True,
        )
        self.add(self._address, self._other, self._token, self._pace)
        self._add_places()

    def _add_places(self) -> None:
        self.add(
            OptionRow(
                "folders",
                (
                    self.tr("Folders"),
                    self.tr("Where models are found: yours, and those of other programs."),
                ),
                self.folders,
            ),
            OptionRow(
                "proxy",
                (self.tr("Proxy"), self.tr("How the system wants the web to be reached.")),
                self._proxies,
                below=True,
            ),
        )

    def _connect(self, downloads: DownloadsPresenter) -> None:
        self.endpoint.textActivated.connect(self._hub.set_endpoint)
        field = self.endpoint.lineEdit()
        if field is not None:
            field.editingFinished.connect(self._set_endpoint)
        self.test.clicked.connect(self._test)
        self.second.toggled.connect(self._set_second)
        self.keep.clicked.connect(self._keep_token)
        self.token.returnPressed.connect(self._keep_token)
        self.token.textChanged.connect(self._show_token)
        self.replace.clicked.connect(self._replace_token)
        self.remove.clicked.connect(self._hub.remove_token)
        self.folders.clicked.connect(self.folders_wanted)
        self._address.reset_wanted.connect(self._forget_endpoint)
        self._other.reset_wanted.connect(self._forget_second)
        self._pace.reset_wanted.connect(self._forget_pace)
        downloads.pace_changed.connect(self._show_pace)
        self._hub.changed.connect(self._show)
        self._hub.failed.connect(self.banner.say)
        downloads.failed.connect(self.banner.say)

    def _set_endpoint(self) -> None:
        if self.endpoint.currentText().strip().rstrip("/") != self._hub.endpoint:
            self._hub.set_endpoint(self.endpoint.currentText())

    def _forget_endpoint(self) -> None:
        self._hub.set_endpoint(HUB)

    def _forget_second(self) -> None:
        self._hub.set_second_source(on=False)

    def _forget_pace(self) -> None:
        self._downloads.set_limit(None)
        self._downloads.set_at_once(_AT_ONCE)

    def _show_pace(self) -> None:
        known = self._downloads
        changed = known.limit_bytes_per_second is not None or known.at_once != _AT_ONCE
        self._pace.show_changed(changed=changed)

    def _test(self) -> None:
        self._hub.test(self.endpoint.currentText())

    def _set_second(self, on: bool) -> None:  # noqa: FBT001 (Qt's signal)
        self._hub.set_second_source(on=on)

    def _keep_token(self) -> None:
        token = self.token.text()
        self.token.clear()  # it stays nowhere in the window
        self._replacing = False
        self._hub.set_token(token)

    def _replace_token(self) -> None:
        self._replacing = True
        self._show_token()
        self.token.setFocus()

    def _show(self) -> None:
        hub = self._hub
        field = self.endpoint.lineEdit()
        if field is None or not field.isModified() or not field.hasFocus():
            with QSignalBlocker(self.endpoint):
                self.endpoint.setEditText(hub.endpoint)
        with QSignalBlocker(self.second):
            self.second.setChecked(hub.second_source)
        self.test.setEnabled(not hub.busy)
        self._address.show_changed(changed=hub.endpoint != HUB)
        self._other.show_changed(changed=hub.second_source)
        self._show_pace()
        self._show_trial()
        self._show_token()
        proxies = ", ".join(hub.proxies)
        none = self.tr("The system names none: connections are direct")
        says = self.tr("The system's is used: {0}").format(proxies)
        self._proxies.setText(says if proxies else none)

    def _show_trial(self) -> None:
        trial = self._hub.trial
        mirror = self.tr("A mirror is asked. The access token is never sent there.")
        text = mirror if self._hub.endpoint != HUB else ""
        role = "dim"
        if self._hub.busy:
            text = self.tr("Asking…")
        elif trial is not None:
            text, role = (
                sayings.told(trial.answered) or trial.failure,
                "ok" if trial.good else "error",
            )
        self._trial.setText(text)
        self._trial.setVisible(bool(text))
        set_dress(self._trial, "role", role)

    def _show_token(self) -> None:
        kept = self._hub.has_token and not self._replacing
        for part in (self._kept, self.replace, self.remove):
            part.setVisible(kept)
        for part in (self.token, self.keep):
            part.setVisible(not kept)
        self.keep.setEnabled(bool(self.token.text().strip()))


def _holding(layout: QLayout) -> QWidget:
    holder = QWidget()
    holder.setLayout(layout)
    return holder
