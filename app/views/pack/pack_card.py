"""The GPU pack: what it is for, its size, one click, how far it is, and what went wrong."""

from PySide6.QtWidgets import QFrame, QPushButton, QWidget

from app.presenters.pack import PackPresenter
from app.views import sayings, words
from app.widgets.arranging import column, label, row
from app.widgets.meter_bar import MeterBar
from engine.pack.values import Pack, PackState


class PackCard(QFrame):
    """Hidden where no pack could serve. Whoever embeds it gives it the presenter alone."""

    def __init__(self, pack: PackPresenter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "card")
        self._pack = pack
        self._title = label("", "title")
        self._reason = label("", "dim", wrap=True)
        self._remedy = label("", wrap=True)
        self._failure = label("", "error", wrap=True)
        self._sizes = label("", "dim", wrap=True)
        self._bar = MeterBar()
        self.install = QPushButton()
        self.install.setProperty("kind", "primary")
        self.cancel = QPushButton(self.tr("Stop"))
        self.remove = QPushButton(self.tr("Remove"))
        self._arrange()
        self.install.clicked.connect(pack.install)
        self.cancel.clicked.connect(pack.cancel)
        self.remove.clicked.connect(pack.remove)
        pack.changed.connect(self._show)
        self._show()

    @property
    def words(self) -> str:
        """Everything it says."""
        texts = (self._title, self._reason, self._remedy, self._failure, self._sizes)
        return " ".join(text.text() for text in texts if text.text())

    def _arrange(self) -> None:
        for button in (self.install, self.cancel, self.remove):
            button.setAutoDefault(False)
        self.setLayout(
            column(
                self._title,
                self._reason,
                self._failure,
                self._remedy,
                self._bar,
                self._sizes,
                row(self.install, self.cancel, self.remove, None),
                margins=(12, 10, 12, 11),
                spacing=7,
            )
        )

    def _show(self) -> None:
        pack, shows = self._pack.pack, self._pack
        self.setVisible(shows.concerns)
        if pack is None:
            return
        self._title.setText(self._titled(pack))
        told = "" if shows.busy else sayings.told(pack.reason)
        self._put(self._reason, told)
        self._put(self._remedy, "" if shows.busy else sayings.told(pack.remedy))
        self._put(self._failure, "" if shows.busy else shows.failure)
        self._put(self._sizes, self._sized(pack))
        moves = pack.state in (PackState.DOWNLOADING, PackState.UNPACKING)
        self._bar.setVisible(moves)
        self._bar.set_fraction(shows.fraction)
        self._bar.setAccessibleName(f"{self._title.text()} {words.percent(shows.fraction)}")
        again = pack.state is PackState.BROKEN or bool(pack.failure)
        self.install.setText(self._offer(pack, again=again))
        self.install.setVisible(shows.installable)
        self.cancel.setVisible(shows.busy)
        self.remove.setVisible(shows.removable)
        self.setAccessibleName(self.words)

    def _put(self, text: QWidget, says: str) -> None:
        text.setProperty("text", says)
        text.setVisible(bool(says))

    def _titled(self, pack: Pack) -> str:
        titles = {
            PackState.NEEDLESS: self.tr("No GPU pack is needed"),
            PackState.OFFERED: self.tr("Use the graphics card"),
            PackState.DOWNLOADING: self.tr("Downloading the GPU pack"),
            PackState.UNPACKING: self.tr("Unpacking the GPU pack"),
            PackState.PROVING: self.tr("The card computes, to see that all is well"),
            PackState.READY: self.tr("The GPU pack is installed"),
            PackState.BROKEN: self.tr("The GPU pack does not work"),
            PackState.REFUSED: self.tr("The graphics card cannot be used"),
        }
        return titles[pack.state]

    def _sized(self, pack: Pack) -> str:
        match pack.state:
            case PackState.DOWNLOADING:
                return words.memory_of(pack.done_bytes, pack.size_bytes)
            case PackState.UNPACKING:
                return words.memory_of(pack.done_bytes, pack.unpacked_bytes)
            case PackState.READY:
                says = self.tr("{0} on the disk. Models use it from the next load on.")
                return says.format(words.memory(pack.unpacked_bytes))
            case PackState.OFFERED | PackState.BROKEN:
                says = self.tr("{0} to download, {1} on the disk afterwards.")
                sizes = says.format(
                    words.memory(pack.size_bytes), words.memory(pack.unpacked_bytes)
                )
                if not pack.done_bytes:
                    return sizes
                here = self.tr("{0} of it have arrived already.")
                return f"{sizes} {here.format(words.memory(pack.done_bytes))}"
            case _:
                return ""

    def _offer(self, pack: Pack, *, again: bool) -> str:
        if pack.done_bytes:
            return self.tr("Go on")
        return self.tr("Install again") if again else self.tr("Install the GPU pack")
