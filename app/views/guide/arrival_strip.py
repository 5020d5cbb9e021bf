"""A model arrived while another is talked to: one click switches."""

from PySide6.QtWidgets import QFrame, QPushButton, QWidget

from app.presenters.guide.presenter import GuidePresenter
from app.views.icons import icon_button
from app.widgets.arranging import label, row


class ArrivalStrip(QFrame):
    """Hidden until something arrived."""

    def __init__(self, guide: GuidePresenter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "card")
        self._guide = guide
        self._says = label("", wrap=True)
        self.switch = QPushButton(self.tr("Switch to it"))
        self.switch.setProperty("kind", "primary")
        self.stay = icon_button("x", self.tr("Stay with the present model"))
        inside = row(self._says, self.switch, self.stay, margins=(14, 8, 8, 8))
        inside.setStretch(0, 1)
        self.setLayout(inside)
        self.switch.clicked.connect(guide.switch)
        self.stay.clicked.connect(guide.stay)
        guide.changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        arrived = self._guide.arrived
        self._says.setText(self.tr("{0} has arrived.").format(arrived or ""))
        self.setAccessibleName(self._says.text())
        self.setVisible(arrived is not None)
