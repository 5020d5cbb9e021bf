"""How a row of the transfers looks: name, bar, how it stands, and small things to click."""

from collections.abc import Callable

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPalette
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem, QWidget
from typing_extensions import override

from app.lists.row_list import ListRole
from app.lists.sizes import size_text
from app.theme.icons import icon
from app.theme.scale import scaled
from app.theme.tokens import FONT, RADIUS, SPACE, Tokens
from app.views import words
from app.views.downloads.download_verbs import ICONS, Verb, verbs_of
from app.views.painted import RowLook, write
from engine.download.values import Download, DownloadPhase

Index = QModelIndex | QPersistentModelIndex
ROW_HEIGHT = 62
_SIDE = 26
_TIGHT = 260


class DownloadDelegate(QStyledItemDelegate):
    """Paints rows of a `DownloadsList`, and knows where in a row each verb is clicked."""

    def __init__(
        self, tokens: Tokens, mirror: Callable[[Download], bool], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._tokens = tokens
        self._mirror = mirror

    def wear(self, tokens: Tokens) -> None:
        """Another look."""
        self._tokens = tokens

    def verbs(self, download: Download) -> tuple[Verb, ...]:
        """What its row offers."""
        return verbs_of(download, mirror=self._mirror(download))

    def says(self, verb: Verb) -> str:
        """The verb in words."""
        return {
            Verb.PAUSE: self.tr("Pause"),
            Verb.RESUME: self.tr("Go on"),
            Verb.CANCEL: self.tr("Stop"),
            Verb.REMOVE: self.tr("Remove"),
            Verb.RETRY: self.tr("Try again"),
            Verb.MIRROR: self.tr("Try hf-mirror.com"),
            Verb.CHAT: self.tr("Chat with it"),
        }[verb]

    def places(
        self, row: QRect, download: Download, font: QFontMetrics
    ) -> tuple[tuple[Verb, QRect], ...]:
        """Where each verb stands in that row."""
        places: list[tuple[Verb, QRect]] = []
        right = row.right() - SPACE.s
        for verb in reversed(self.verbs(download)):
            wide = _SIDE if verb in ICONS else font.horizontalAdvance(self.says(verb)) + 20
            places.append((verb, QRect(right - wide, row.top() + 7, wide, _SIDE)))
            right -= wide + SPACE.xs
        return tuple(reversed(places))

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(120, scaled(ROW_HEIGHT))

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        download = index.data(ListRole.VALUE)
        if not isinstance(download, Download):
            return
        look = RowLook(option)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        look.zoom(painter)
        if look.selected or look.hovered:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(look.colour(QPalette.ColorRole.Midlight))
            painter.drawRoundedRect(look.box.adjusted(0, 1, 0, -1), RADIUS.m, RADIUS.m)
        if look.selected and look.focused:
            painter.setPen(look.colour(QPalette.ColorRole.Accent))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(look.box.adjusted(1, 2, -2, -2), RADIUS.m, RADIUS.m)
        places = self.places(look.box, download, QFontMetrics(look.sized(FONT.small)))
        left = look.box.left() + SPACE.m
        end = places[0][1].left() - SPACE.m if places else look.box.right() - SPACE.m
        self._paint_texts(painter, look, QRect(left, look.box.top(), end - left, 34), download)
        self._paint_below(painter, look, index, download)
        for verb, place in places:
            self._paint_verb(painter, look, verb, place)
        painter.restore()

    def _paint_texts(
        self, painter: QPainter, look: RowLook, box: QRect, download: Download
    ) -> None:
        painter.setFont(look.sized(FONT.small))
        painter.setPen(look.colour(QPalette.ColorRole.PlaceholderText))
        figures = self.figures(download)
        if box.width() < _TIGHT:  # the name matters more
            figures = ""
        wide = QFontMetrics(painter.font()).horizontalAdvance(figures) + 2
        line = QRect(box.left(), box.top() + 6, box.width(), 24)
        write(painter, line, figures, Qt.AlignmentFlag.AlignRight)
        painter.setFont(look.sized(FONT.plain, bold=True))
        painter.setPen(look.colour(QPalette.ColorRole.WindowText))
        line.setRight(line.right() - wide - SPACE.m)
        write(painter, line, download.id, cut=Qt.TextElideMode.ElideMiddle)

    def figures(self, download: Download) -> str:
        """How much of how much, how fast, how long: as far as it is moving."""
        if download.phase is DownloadPhase.DONE:
            return size_text(download.total_bytes)
        parts = [f"{size_text(download.received_bytes)} / {size_text(download.total_bytes)}"]
        if download.phase is DownloadPhase.RUNNING and download.bytes_per_second > 0:
            parts.append(words.pace(download.bytes_per_second))
            left = download.seconds_left
            if left is None:
                missing = download.total_bytes - download.received_bytes
                left = missing / download.bytes_per_second
            parts.append(words.duration(left))
        return " · ".join(parts)

    def _paint_below(
        self, painter: QPainter, look: RowLook, index: Index, download: Download
    ) -> None:
        box = look.box.adjusted(SPACE.m, 34, -SPACE.m, -6)
        detail = str(index.data(ListRole.DETAIL) or "")
        if download.note and download.phase is not DownloadPhase.FAILED:
            detail = f"{detail} · {download.note}"
        painter.setFont(look.sized(FONT.small))
        if download.phase in (DownloadPhase.FAILED, DownloadPhase.DONE):
            failed = download.phase is DownloadPhase.FAILED
            painter.setPen(QColor(self._tokens.error if failed else self._tokens.ok))
            write(painter, box, detail)
            return
        painter.setPen(look.colour(QPalette.ColorRole.PlaceholderText))
        wide = min(box.width() // 2, QFontMetrics(painter.font()).horizontalAdvance(detail) + 2)
        share = words.percent(self._share(download))
        write(painter, QRect(box.right() - wide, box.top(), wide, box.height()), detail)
        bar = QRect(box.left(), box.center().y() - 2, box.width() - wide - 56, 6)
        look.paint_bar(painter, bar, self._share(download), self._colour(look, download))
        where = QRect(bar.right() + 6, box.top(), 40, box.height())
        write(painter, where, share, Qt.AlignmentFlag.AlignRight)

    def _share(self, download: Download) -> float:
        return download.received_bytes / max(1, download.total_bytes)

    def _colour(self, look: RowLook, download: Download) -> QColor:
        match download.phase:
            case DownloadPhase.VERIFYING | DownloadPhase.REPAIRING:
                return QColor(self._tokens.kv)
            case DownloadPhase.PAUSED | DownloadPhase.CANCELLED | DownloadPhase.QUEUED:
                return look.colour(QPalette.ColorRole.PlaceholderText)
            case _:
                return look.colour(QPalette.ColorRole.Accent)

    def _paint_verb(self, painter: QPainter, look: RowLook, verb: Verb, place: QRect) -> None:
        if verb in ICONS:
            shown = icon(ICONS[verb], self._tokens.dim)
            shown.paint(painter, place.adjusted(5, 5, -5, -5))
            return
        painter.setFont(look.sized(FONT.small))
        painter.setPen(QColor(self._tokens.border))
        painter.setBrush(QColor(self._tokens.card))
        painter.drawRoundedRect(place, RADIUS.s, RADIUS.s)
        painter.setPen(look.colour(QPalette.ColorRole.WindowText))
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, self.says(verb))
