"""Pictures of answers: fetched when the reader asks for one, never by themselves."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final, Literal

from PySide6.QtCore import QObject, QUrl, Signal
from PySide6.QtGui import QImage
from PySide6.QtNetwork import QNetworkAccessManager, QNetworkReply, QNetworkRequest

from app.text.pictures import LARGEST_BYTES, decoded, in_address

TIMEOUT_MS: Final = 20_000
KEPT: Final = 24
# No address of an answer begins so: those that are shown begin otherwise.
ATTACHED: Final = "attachment:"


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What is known of a picture; `why` says what went wrong."""

    state: Literal["asleep", "loading", "shown", "failed"]
    picture: QImage | None = None
    why: str = ""


class Pictures(QObject):
    """The pictures loaded so far, by address; a request begins with `load` alone."""

    arrived = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._known: dict[str, Seen] = {}
        self._access: QNetworkAccessManager | None = None
        # The bytes of a file that came with a question, by its number.
        self.body_of: Callable[[int], bytes] = lambda _number: b""

    def seen(self, address: str) -> Seen:
        """What is known; a picture that the address itself holds is read at once."""
        known = self._known.get(address)
        if known is None and address.startswith("data:"):
            picture = in_address(address)
            known = Seen(state="shown", picture=picture) if picture else _failed()
            self._keep(address, known)
        return known or Seen(state="asleep")

    def came_with(self, number: int) -> QImage | None:
        """The picture that came with a question: read from the disk when it is first near."""
        address = f"{ATTACHED}{number}"
        if address not in self._known:
            picture = decoded(self.body_of(number))
            self._keep(address, Seen(state="shown", picture=picture) if picture else _failed())
        return self._known[address].picture

    def load(self, address: str) -> None:
        """Fetch the picture: the reader has asked for it."""
        url = QUrl(address, QUrl.ParsingMode.StrictMode)
        if url.scheme().lower() not in {"http", "https"} or not url.host():
            self._arrive(address, _failed())
            return
        if self.seen(address).state in {"loading", "shown"}:
            return
        if self._access is None:
            self._access = QNetworkAccessManager(self)
            self._access.setRedirectPolicy(QNetworkRequest.RedirectPolicy.NoLessSafeRedirectPolicy)
        request = QNetworkRequest(url)
        request.setTransferTimeout(TIMEOUT_MS)
        request.setAttribute(QNetworkRequest.Attribute.CookieLoadControlAttribute, 1)
        request.setAttribute(QNetworkRequest.Attribute.CookieSaveControlAttribute, 1)
        reply = self._access.get(request)
        reply.setReadBufferSize(LARGEST_BYTES + 1)
        reply.downloadProgress.connect(partial(_stop_if_large, reply))
        reply.finished.connect(lambda: self._finish(address, reply))
        self._keep(address, Seen(state="loading"))
        self.arrived.emit(address)

    def _finish(self, address: str, reply: QNetworkReply) -> None:
        if reply.error() is not QNetworkReply.NetworkError.NoError:
            outcome = _failed(reply.errorString())
        else:
            picture = decoded(bytes(reply.readAll().data()))
            outcome = Seen(state="shown", picture=picture) if picture else _failed()
        reply.deleteLater()
        self._arrive(address, outcome)

    def _arrive(self, address: str, seen: Seen) -> None:
        self._keep(address, seen)
        self.arrived.emit(address)

    def _keep(self, address: str, seen: Seen) -> None:
        self._known.pop(address, None)
        self._known[address] = seen
        while len(self._known) > KEPT:
            del self._known[next(iter(self._known))]


def _failed(why: str = "") -> Seen:
    return Seen(state="failed", why=why)


def _stop_if_large(reply: QNetworkReply, come: int, _whole: int) -> None:
    if come > LARGEST_BYTES:
        reply.abort()
