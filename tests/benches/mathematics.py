"""What formulas cost the window's thread, printed.

    QT_QPA_PLATFORM=offscreen python -m tests.benches.mathematics

Bars: the first formula at most 5 ms of the window's thread; reading MathJax's picture and painting
it at most 1 ms each; no gap while 200 formulas are set that a reader would feel.
"""

import sys
from pathlib import Path
from statistics import median
from time import thread_time

from PySide6.QtCore import QCoreApplication, QElapsedTimer, QEventLoop, QRectF, Qt, QTimer
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication

from app.main import SWITCH_SECONDS
from app.text.mathematics.mathematics import Mathematics
from app.text.mathematics.picture import Picture
from app.text.mathematics.reading import read_picture
from app.text.mathematics.setter import Setter
from app.text.shown import Shown
from app.theme.fonts import load_fonts
from app.theme.tokens import DARK
from app.widgets.transcript.formulas import FormulaWatch
from app.widgets.transcript.transcript import Transcript
from tests.app.text.formulas import GOOD

ASSETS = Path(__file__).parents[2] / "assets"
BUNDLE = ASSETS / "mathjax" / "mathjax.js"
MANY = 200
BEAT_MS = 4
EM = 32  # 16 pixels on a screen of twice the density


class Gaps:
    """Beats on the window's thread: how late they were, and what it did between them."""

    def __init__(self) -> None:
        self.late: list[float] = []
        self.busy: list[float] = []
        self._at = thread_time()
        self._since = QElapsedTimer()
        self._since.start()
        self._beat = QTimer(timerType=Qt.TimerType.PreciseTimer, interval=BEAT_MS)
        self._beat.timeout.connect(self._strike)
        self._beat.start()

    def stop(self) -> None:
        self._beat.stop()

    def _strike(self) -> None:
        self.late.append(self._since.nsecsElapsed() / 1e6 - BEAT_MS)
        self._since.restart()
        self.busy.append((thread_time() - self._at) * 1000)
        self._at = thread_time()


def formulas(count: int) -> list[str]:
    """So many different ones."""
    return [f"{GOOD[at % len(GOOD)]} + {at}" for at in range(count)]


def told(name: str, times: list[float]) -> None:
    """Median, 99th percentile and worst, in milliseconds."""
    ordered = sorted(times)
    late = ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))]
    print(f"{name:44} median {median(ordered):6.2f}  p99 {late:6.2f}  max {ordered[-1]:6.2f} ms")


def run_until(mathematics: Mathematics, *, seconds: float = 60) -> None:
    """Let events happen until nothing is waited for and everything has been told."""
    loop = QEventLoop()
    mathematics.arrived.connect(lambda: None if mathematics.waiting else loop.quit())
    QTimer.singleShot(int(seconds * 1000), loop.quit)
    loop.exec()


def setting() -> None:
    """The thread's own work: MathJax, then reading what it drew."""
    setter = Setter(BUNDLE)
    set_in: list[float] = []
    read_in: list[float] = []
    painted_in: list[float] = []
    image = QImage(2000, 600, QImage.Format.Format_ARGB32_Premultiplied)
    for source in formulas(MANY):
        began = thread_time()
        svg = setter.set(source, display=True)
        middle = thread_time()
        picture = read_picture(svg)
        read_in.append((thread_time() - middle) * 1000)
        set_in.append((middle - began) * 1000)
        painted_in.append(painting(picture, image))
    told("MathJax", set_in)
    told("reading the picture", read_in)
    told("painting it at twice the density", painted_in)


def painting(picture: Picture, image: QImage) -> float:
    """The second time it is painted: letters are known to the painter."""
    place = QRectF(0, 0, picture.width * EM, picture.height * EM)
    painter = QPainter(image)
    picture.paint(painter, place, QColor(DARK.text))
    began = thread_time()
    picture.paint(painter, place, QColor(DARK.text))
    spent = (thread_time() - began) * 1000
    painter.end()
    return spent


def window() -> None:
    """A conversation of 200 formulas is opened, scrolled through and set."""
    mathematics = Mathematics(BUNDLE)
    transcript = Transcript()
    transcript.set_tokens(DARK)
    FormulaWatch(transcript, mathematics)
    transcript.resize(1000, 900)
    transcript.show()
    QCoreApplication.processEvents()
    began = thread_time()
    mathematics.picture("first", display=True)
    print(f"{'the first formula, window thread':44} {(thread_time() - began) * 1000:6.2f} ms")
    gaps = Gaps()
    run_until(mathematics)
    gaps.stop()
    told("gaps while MathJax starts", gaps.late)
    text = "\n\n".join(
        f"Some words and ${source}$ among them.\n\n$${source}$$" for source in formulas(MANY // 2)
    )
    transcript.set_messages([Shown(role="assistant", content=text)])
    transcript.viewport().repaint()
    gaps = Gaps()
    for source in formulas(MANY):
        mathematics.picture(source, display=True)
    run_until(mathematics)
    gaps.stop()
    told(f"gaps while {MANY} formulas are set and shown", gaps.late)
    told("the window thread's work in each of them", gaps.busy)
    mathematics.close()


def main() -> None:
    """Measure and print."""
    sys.setswitchinterval(SWITCH_SECONDS)
    app = QApplication([])
    load_fonts(ASSETS / "fonts")
    setting()
    window()
    app.quit()


if __name__ == "__main__":
    main()
