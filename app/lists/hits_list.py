"""What a search of the Hub found."""

from typing_extensions import override

from app.lists.row_list import RowList
from app.lists.sizes import count_text
from engine.download.values import RepositoryHit


class HitsList(RowList[RepositoryHit]):
    """Rows of repositories."""

    @override
    def key(self, row: RepositoryHit) -> object:
        return row.id

    @override
    def title(self, row: RepositoryHit) -> str:
        return row.id

    @override
    def detail(self, row: RepositoryHit) -> str:
        parts: list[str] = []
        if row.downloads is not None:
            parts.append(self.tr("{count} downloads").format(count=count_text(row.downloads)))
        if row.likes is not None:
            parts.append(self.tr("{count} likes").format(count=count_text(row.likes)))
        if row.gated:
            parts.append(self.tr("asks for a login"))
        return " · ".join(parts)
