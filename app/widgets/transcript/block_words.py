"""What code, tables, pictures, calls and files say on the canvas."""

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication


@dataclass(frozen=True, kw_only=True)
class BlockWords:
    """`%1` stands for what is told of; `%2` for its size."""

    save: str
    wrap: str
    unwrap: str
    as_markdown: str
    for_a_spreadsheet: str
    picture: str
    show_picture: str
    loading: str
    not_shown: str
    no_picture: str
    called: str
    arguments: str
    result: str
    more: str


def block_words() -> BlockWords:
    """In the window's language."""
    return BlockWords(
        save=QCoreApplication.translate("Blocks", "Save"),
        wrap=QCoreApplication.translate("Blocks", "Wrap"),
        unwrap=QCoreApplication.translate("Blocks", "Don't wrap"),
        as_markdown=QCoreApplication.translate("Blocks", "Copy as Markdown"),
        for_a_spreadsheet=QCoreApplication.translate("Blocks", "Copy for a spreadsheet"),
        picture=QCoreApplication.translate("Blocks", "Picture"),
        show_picture=QCoreApplication.translate("Blocks", "Show picture"),
        loading=QCoreApplication.translate("Blocks", "Loading…"),
        not_shown=QCoreApplication.translate("Blocks", "This picture cannot be shown: %1"),
        no_picture=QCoreApplication.translate(
            "Blocks", "What came is no picture, or one beyond 20 MB or 40 megapixels"
        ),
        called=QCoreApplication.translate("Blocks", "Calls %1"),
        arguments=QCoreApplication.translate("Blocks", "Arguments"),
        result=QCoreApplication.translate("Blocks", "Result"),
        more=QCoreApplication.translate("Blocks", "… and %1 more letters"),
    )
