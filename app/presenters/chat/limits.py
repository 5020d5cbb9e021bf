"""Why a question is not asked, in sentences; None where it may be."""

from PySide6.QtCore import QObject

from app.lists.sizes import whole_text
from app.presenters.chat.asking import MOST_CHARACTERS, MOST_FILES_BYTES, too_heavy, too_long
from app.presenters.chat.meter import Meter
from app.store.values import Attachment, Overflow


class Limits(QObject):
    """Says what is too much."""

    @property
    def full(self) -> str:
        """An answer that had no more room."""
        return self.tr(
            "The context is full, and the answer ends here. Start a new chat, or load the "
            "model with a longer context."
        )

    def of_size(self, text: str, attachments: tuple[Attachment, ...]) -> str | None:
        """More than a message may hold, whatever the model."""
        if too_long(text):
            return self.tr(
                "This text has {0} characters, and a message may hold {1}. "
                "Shorten it, or send it in parts."
            ).format(whole_text(len(text)), whole_text(MOST_CHARACTERS))
        if too_heavy(attachments):
            return self.tr(
                "These files are more than a message may hold, {0} MB. Send fewer of them."
            ).format(MOST_FILES_BYTES // 10**6)
        return None

    def of_context(self, meter: Meter, overflow: Overflow) -> str | None:
        """More than the model's context holds, or something that the model cannot take."""
        if meter.refusal:
            return meter.refusal
        if meter.fits or meter.estimated or meter.context_tokens is None:
            return None
        total, context = whole_text(meter.total), whole_text(meter.context_tokens)
        if overflow == "drop_oldest":
            return self.tr(
                "This question takes {0} tokens, and the context holds {1} with the answer. "
                "Shorten it, or load the model with a longer context."
            ).format(total, context)
        return self.tr(
            "The conversation takes {0} tokens, and the context holds {1} with the answer. "
            "Start a new chat, let the oldest turns be left out, or load the model with a longer "
            "context."
        ).format(total, context)
