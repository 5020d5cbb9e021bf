"""What a click on a block does beyond the block itself."""

from PySide6.QtWidgets import QWidget

from app.widgets.transcript.code_part import SaveCode
from app.widgets.transcript.code_saving import save_code
from app.widgets.transcript.look import Target
from app.widgets.transcript.part import Part
from app.widgets.transcript.picture_part import Enlarge
from app.widgets.transcript.picture_view import PictureView
from app.widgets.transcript.table_part import CopyTable, TablePart


def text_copied_by(part: Part, target: Target) -> str | None:
    """What a click puts on the clipboard; None: it copies nothing."""
    if isinstance(part, TablePart) and isinstance(target, CopyTable):
        return part.copied(target)
    return None


def opened_by(window: QWidget, part: Part, target: Target) -> bool:
    """Open what a click opens; whether it was anything."""
    match target:
        case SaveCode(text, language):
            save_code(window, text, language)
        case Enlarge(picture):
            PictureView(picture, part.says(target), window).open()
        case _:
            return False
    return True
