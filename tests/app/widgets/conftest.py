"""A transcript on the screen, in the bundled letters."""

import pytest
from pytestqt.qtbot import QtBot

from app.theme.tokens import DARK
from app.widgets.transcript.transcript import Transcript


@pytest.fixture
def transcript(qtbot: QtBot) -> Transcript:
    widget = Transcript()
    qtbot.addWidget(widget)
    widget.set_tokens(DARK)
    widget.resize(640, 480)
    with qtbot.waitExposed(widget):
        widget.show()
    return widget
