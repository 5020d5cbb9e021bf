"""What a repository offers."""

from typing_extensions import override

from app.lists.row_list import RowList
from app.lists.sizes import size_text
from engine.download.values import Quantization


class QuantizationsList(RowList[Quantization]):
    """Rows of quantizations with their sizes."""

    @override
    def key(self, row: Quantization) -> object:
        return row.files

    @override
    def title(self, row: Quantization) -> str:
        return row.label

    @override
    def detail(self, row: Quantization) -> str:
        size = size_text(row.size_bytes)
        if len(row.files) == 1:
            return size
        return self.tr("{size} in {count} files").format(size=size, count=len(row.files))
