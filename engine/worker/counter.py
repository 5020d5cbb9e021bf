"""Counts and spells tokens beside the loop: a long chat must not hold up the answers of others."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import assert_never

from engine.errors import BadRequest
from engine.protocol.messages import (
    Count,
    Counted,
    Refused,
    Report,
    Spell,
    Spelled,
    Tokenize,
    Tokenized,
)
from engine.worker.llama import Model

Question = Count | Tokenize | Spell


class Counter:
    """Answers on a thread of its own, in the order asked."""

    def __init__(
        self,
        model: Model,
        count_image: Callable[[bytes], int],
        tell: Callable[[Report], None],
    ) -> None:
        """They are called on that thread."""
        self._model = model
        self._count_image = count_image
        self._tell = tell
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="counter")

    def ask(self, command: Question) -> None:
        """Answer it soon."""
        self._thread.submit(self._answer, command)

    def _answer(self, command: Question) -> None:
        model = self._model
        match command:
            case Count():
                tokens = tuple(model.count(text) for text in command.texts)
                images = tuple(self._count_image(image) for image in command.images)
                self._tell(Counted(id=command.id, tokens=tokens, images=images))
            case Tokenize():
                found = model.tokens_in(
                    command.text, special=command.special, parses=command.parses
                )
                self._tell(Tokenized(id=command.id, tokens=tuple(found)))
            case Spell():
                self._spell(command)
            case _:
                assert_never(command)

    def _spell(self, command: Spell) -> None:
        # llama.cpp ends the process over a token it does not know.
        if not all(0 <= token < self._model.facts.vocabulary for token in command.tokens):
            sentence = "One of these tokens is not in the model's vocabulary."
            self._tell(Refused(id=command.id, code=BadRequest.code, sentence=sentence))
            return
        pieces = tuple(self._model.whole_piece(token) for token in command.tokens)
        self._tell(Spelled(id=command.id, pieces=pieces))
