"""What the rows of chats say."""

from datetime import datetime
from typing import assert_never

from PySide6.QtCore import QCoreApplication, QDateTime, QLocale

from app.lists.chats_order import Heading, Node, Section
from app.store.values import Chat, Folder


def title(node: Node) -> str:
    """What its row says."""
    match node:
        case Chat():
            return node.title or QCoreApplication.translate("chats", "New chat")
        case Folder():
            return node.name
        case Heading():
            return heading(node.section)
        case _:
            assert_never(node)


def heading(section: Section) -> str:
    """What stands above its chats."""
    match section:
        case Section.PINNED:
            says = QCoreApplication.translate("chats", "Pinned")
        case Section.FOLDERS:
            says = QCoreApplication.translate("chats", "Folders")
        case Section.TODAY:
            says = QCoreApplication.translate("chats", "Today")
        case Section.YESTERDAY:
            says = QCoreApplication.translate("chats", "Yesterday")
        case Section.WEEK:
            says = QCoreApplication.translate("chats", "This week")
        case Section.MONTH:
            says = QCoreApplication.translate("chats", "This month")
        case Section.OLDER:
            says = QCoreApplication.translate("chats", "Older")
        case _:
            assert_never(section)
    return says


def spoken(node: Node, count: int) -> str:
    """What a screen reader says of it; `count` is how many chats a folder holds."""
    match node:
        case Folder():
            says = QCoreApplication.translate("chats", "Folder {0}, chats: {1}")
            return says.format(node.name, count)
        case Chat() if node.pinned:
            return QCoreApplication.translate("chats", "{0}, pinned").format(title(node))
        case _:
            return title(node)


def detail(node: Node) -> str:
    """More about it: of a chat, when it was last used."""
    match node:
        case Chat():
            return f"{title(node)}\n{moment_text(node.updated_at)}"
        case Folder():
            return node.name
        case Heading():
            return ""
        case _:
            assert_never(node)


def moment_text(moment: datetime) -> str:
    """Date and time as the person's language writes them."""
    local = QDateTime.fromSecsSinceEpoch(int(moment.timestamp()))
    return QLocale().toString(local, QLocale.FormatType.ShortFormat)
