"""Counts tokens beside the loop: a long chat must not hold up the answers of others."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from engine.protocol.messages import Count, Counted, Report


class Counter:
    """Answers Count on a thread of its own, in the order asked."""

    def __init__(
        self,
        count: Callable[[str], int],
        count_image: Callable[[bytes], int],
        tell: Callable[[Report], None],
    ) -> None:
        """They are called on that thread."""
        self._count = count
        self._count_image = count_image
        self._tell = tell
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="counter")

    def ask(self, command: Count) -> None:
        """Answer it soon."""
        self._thread.submit(self._answer, command)

    def _answer(self, command: Count) -> None:
        tokens = tuple(self._count(text) for text in command.texts)
        images = tuple(self._count_image(image) for image in command.images)
        self._tell(Counted(id=command.id, tokens=tokens, images=images))
