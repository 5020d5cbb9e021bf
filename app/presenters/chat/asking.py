"""A question before it is asked: what it may hold, and what stands in the queue."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.store.telling import cleaned
from app.store.values import Attachment, StoredMessage
from engine.chat import Role

MOST_CHARACTERS = 1_000_000
MOST_FILES_BYTES = 64_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What a person wants to ask; one that waits in the queue can be taken back."""

    text: str
    attachments: tuple[Attachment, ...] = ()

    @property
    def blank(self) -> bool:
        """Whether there is nothing to ask."""
        return not self.text and not self.attachments

    def message(self) -> StoredMessage:
        """As a turn."""
        return StoredMessage(role=Role.USER, content=self.text, attachments=self.attachments)


def question(text: str, attachments: Sequence[Attachment]) -> Question:
    """What can be stored and told of it; the text must be within `MOST_CHARACTERS`."""
    return Question(text=cleaned(text), attachments=tuple(attachments))


def too_long(text: str) -> bool:
    """Whether nobody should even count it."""
    return len(text) > MOST_CHARACTERS


def too_heavy(attachments: Sequence[Attachment]) -> bool:
    """Whether the files together are more than a message may hold."""
    return sum(max(file.size_bytes, len(file.body or b"")) for file in attachments) > (
        MOST_FILES_BYTES
    )
