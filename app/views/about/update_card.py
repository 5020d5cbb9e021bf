"""Whether a newer Fullbore is looked for, and what was found."""

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFrame, QProgressBar, QPushButton, QWidget

from app.lists.sizes import size_text
from app.presenters.updates import UpdatesPresenter
from app.views import words
from app.widgets.arranging import column, label, row
from app.widgets.toggle_switch import ToggleSwitch


class UpdateCard(QFrame):
    """The switch comes first: without it nothing is sent."""

    def __init__(self, updates: UpdatesPresenter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "card")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._updates = updates
        self.agree = ToggleSwitch(self.tr("Look for a newer version once a day"))
        self.check = self._button(self.tr("Check now"))
        self.found = label("", "title", wrap=True)
        self.detail = label("", "dim", wrap=True)
        self.bar = QProgressBar()
        self.bar.setRange(0, 100)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(self.tr("Progress of the download"))
        self.bring = self._button(self.tr("Download"))
        self.page = self._button(self.tr("Open its page"))
        self.folder = self._button(self.tr("Show the file"))
        self._arrange()
        self.agree.clicked.connect(self._agree)
        self.check.clicked.connect(updates.check)
        self.bring.clicked.connect(self._bring)
        self.page.clicked.connect(self._open_page)
        self.folder.clicked.connect(self._open_folder)
        updates.changed.connect(self._show)
        self._show()

    def _button(self, says: str) -> QPushButton:
        button = QPushButton(says)
        button.setAutoDefault(False)
        return button

    def _arrange(self) -> None:
        says = label(self.agree.accessibleName(), wrap=True)
        switch = row(says, self.agree, spacing=12)
        switch.setStretch(0, 1)
        sent = label(
            self.tr(
                "Only a signed list of releases is fetched; nothing about you or this computer is"
                " sent. Nothing is downloaded or installed by itself."
            ),
            "dim",
            wrap=True,
        )
        self.setLayout(
            column(
                switch,
                sent,
                self.found,
                self.detail,
                self.bar,
                row(self.check, self.bring, self.page, self.folder, None),
                margins=(14, 12, 14, 12),
                spacing=8,
            )
        )

    def _show(self) -> None:
        updates, release = self._updates, self._updates.release
        self.agree.setChecked(bool(updates.agreed))
        self.check.setEnabled(bool(updates.agreed) and not updates.checking)
        self.check.setText(self.tr("Checking …") if updates.checking else self.tr("Check now"))
        if release is not None:
            says = self.tr("Fullbore {0} is there, of {1}.")
            self.found.setText(says.format(release.version, words.day(release.day.isoformat())))
        else:
            self.found.setText(updates.said)
        self.found.setVisible(bool(self.found.text()))
        self.detail.setText(self._detail())
        self.detail.setVisible(bool(self.detail.text()))
        self.bar.setVisible(updates.bringing)
        self.bar.setValue(round(updates.fraction * 100))
        self.bring.setText(self.tr("Stop") if updates.bringing else self.tr("Download"))
        wanted = release is not None and bool(release.asset) and updates.brought is None
        self.bring.setVisible(wanted)
        self.page.setVisible(release is not None)
        self.folder.setVisible(updates.brought is not None)

    def _detail(self) -> str:
        updates, release = self._updates, self._updates.release
        if updates.brought is not None:
            says = self.tr(
                "It lies in {0}; its hash is right. Close Fullbore before you install it."
            )
            return says.format(updates.brought)
        if release is None or not release.asset:
            return ""
        return self.tr("{0} to download.").format(size_text(release.size_bytes))

    def _agree(self, on: bool) -> None:  # noqa: FBT001 (Qt's signal)
        self._updates.agree(on=on)

    def _bring(self) -> None:
        if self._updates.bringing:
            self._updates.cancel()
        else:
            self._updates.bring()

    def _open_page(self) -> None:
        QDesktopServices.openUrl(QUrl(self._updates.download_page))

    def _open_folder(self) -> None:
        if self._updates.brought is not None:
            folder = self._updates.brought.parent
            QDesktopServices.openUrl(QUrl.fromLocalFile(folder.as_posix()))
