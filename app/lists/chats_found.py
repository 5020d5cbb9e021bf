"""What a search over all chats found."""

from typing_extensions import override

from app.lists import chats_words
from app.lists.row_list import RowList
from app.store.values import Found


class ChatsFound(RowList[Found]):
    """A chat's title, and below it the words around the hit."""

    @override
    def key(self, row: Found) -> object:
        return row.chat.id, row.message_id

    @override
    def title(self, row: Found) -> str:
        return chats_words.title(row.chat)

    @override
    def detail(self, row: Found) -> str:
        return "" if row.message_id is None else " ".join(row.excerpt.split())
