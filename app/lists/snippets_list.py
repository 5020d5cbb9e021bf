"""The prompts that a slash offers."""

from typing_extensions import override

from app.lists.row_list import RowList
from app.store.values import Snippet

_LONGEST = 120


class SnippetsList(RowList[Snippet]):
    """Rows of prompts: the name with its slash, and how the text begins."""

    @override
    def key(self, row: Snippet) -> object:
        return row.id

    @override
    def title(self, row: Snippet) -> str:
        return f"/{row.name}"

    @override
    def detail(self, row: Snippet) -> str:
        return " ".join(row.text[: 2 * _LONGEST].split())[:_LONGEST]
