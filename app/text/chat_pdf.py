"""A chat as a PDF: its pages as Qt lays them out, with the title and a number on each."""

import html
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from PySide6.QtCore import QEventLoop, QMarginsF, QRectF, QSizeF, Qt, QUrl
from PySide6.QtGui import (
    QAbstractTextDocumentLayout,
    QColor,
    QFont,
    QFontMetricsF,
    QImage,
    QPageLayout,
    QPageSize,
    QPainter,
    QPalette,
    QPdfWriter,
    QTextDocument,
)

from app.store.values import Attachment, Chat, StoredMessage
from app.text.chat_page import about, title_of, turn
from app.text.paper import Paper
from engine.errors import StoreError

_DPI: Final = 144
_MARGIN_MM: Final = 18.0
_FOOT: Final = 34  # of the page's height, in pixels


def write_pdf(
    chat: Chat,
    messages: Sequence[StoredMessage],
    file: Path,
    paper: Paper,
    step: Callable[[int, int], None],
) -> None:
    """Write the pages. Pictures need their bodies.

    `step` hears how many of how many pages are written; it may raise to give up. Raises StoreError.
    """
    timers = QEventLoop()  # layouts start timers, for which a thread of Python's has nothing
    writer = QPdfWriter(file.as_posix())
    writer.setResolution(_DPI)
    writer.setTitle(title_of(chat))
    writer.setCreator("Fullbore")
    margins = QMarginsF(_MARGIN_MM, _MARGIN_MM, _MARGIN_MM, _MARGIN_MM)
    writer.setPageLayout(
        QPageLayout(
            QPageSize(QPageSize.PageSizeId.A4),
            QPageLayout.Orientation.Portrait,
            margins,
            QPageLayout.Unit.Millimeter,
        )
    )
    font = QFont()
    font.setFamilies(list(paper.prose))
    font.setPointSizeF(10.5)
    painter = QPainter()
    if not painter.begin(writer):
        raise StoreError(
            f"{file.name} could not be written.", remedy="Check that its folder may be written to."
        )
    try:
        size = QSizeF(writer.width(), writer.height() - _FOOT)
        document = _document(chat, messages, size, (font, paper))
        step(0, 0)
        _paint(document, (writer, painter), paper, step)
    finally:
        painter.end()
        timers.quit()


def _document(
    chat: Chat,
    messages: Sequence[StoredMessage],
    size: QSizeF,
    written: tuple[QFont, Paper],
) -> QTextDocument:
    font, paper = written
    document = QTextDocument()
    document.setUndoRedoEnabled(False)
    document.setDocumentMargin(0)
    document.setDefaultFont(font)
    mono = ", ".join(f"'{family}'" for family in paper.mono)
    document.setDefaultStyleSheet(f"{paper.printed} pre, code {{ font-family: {mono}; }}")

    def keep(attachment: Attachment) -> str | None:
        picture = QImage()
        if not attachment.is_image or attachment.body is None:
            return None
        if not picture.loadFromData(attachment.body):
            return None
        if picture.width() > size.width() or picture.height() > size.height() / 2:
            picture = picture.scaled(
                int(size.width()),
                int(size.height() / 2),
                Qt.AspectRatioMode.KeepAspectRatio,
                Qt.TransformationMode.SmoothTransformation,
            )
        address = f"attachment:{attachment.id}"
        document.addResource(QTextDocument.ResourceType.ImageResource, QUrl(address), picture)
        return address

    head = f"<h1>{html.escape(title_of(chat))}</h1><p class='about'>{html.escape(about(chat))}</p>"
    turns = "".join(turn(chat, message, keep) for message in messages)
    device = QImage(1, 1, QImage.Format.Format_RGB32)
    device.setDotsPerMeterX(round(_DPI / 0.0254))
    device.setDotsPerMeterY(round(_DPI / 0.0254))
    document.documentLayout().setPaintDevice(device)
    document.setHtml(f"<body>{head}{turns}</body>")
    document.setPageSize(size)
    return document


def _paint(
    document: QTextDocument,
    target: tuple[QPdfWriter, QPainter],
    paper: Paper,
    step: Callable[[int, int], None],
) -> None:
    writer, painter = target
    size = document.pageSize()
    pages = document.pageCount()
    context = QAbstractTextDocumentLayout.PaintContext()
    colours = QPalette()
    # The window may be dark; paper is not.
    colours.setColor(QPalette.ColorRole.Text, QColor(paper.ink))
    context.palette = colours  # pyright: ignore[reportAttributeAccessIssue]
    small = QFont(document.defaultFont())
    small.setPointSizeF(8)
    for page in range(pages):
        step(page, pages)
        if page:
            writer.newPage()
        painter.save()
        painter.translate(0, -page * size.height())
        box = QRectF(0, page * size.height(), size.width(), size.height())
        painter.setClipRect(box)
        context.clip = box  # pyright: ignore[reportAttributeAccessIssue]
        document.documentLayout().draw(painter, context)
        painter.restore()
        painter.setFont(small)
        painter.setPen(QColor(paper.faint))
        foot = QRectF(0, size.height(), size.width(), _FOOT)
        bottom = Qt.AlignmentFlag.AlignBottom
        title = QFontMetricsF(small, writer).elidedText(
            writer.title(), Qt.TextElideMode.ElideRight, size.width() - 120
        )
        painter.drawText(foot, bottom | Qt.AlignmentFlag.AlignLeft, title)
        painter.drawText(foot, bottom | Qt.AlignmentFlag.AlignRight, f"{page + 1} / {pages}")
