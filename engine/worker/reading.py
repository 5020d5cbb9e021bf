"""Texts and pairs → tokens, as an embedding or a ranking model was trained to read them."""

import ctypes
from dataclasses import dataclass
from typing import Any

from llama_cpp import llama_cpp as binding

from engine.errors import BadRequest, TextTooLong
from engine.worker.llama import Model

_MOST_TRIES = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class _Marks:
    """The special tokens around texts, each where the model wants it."""

    before: list[int]
    between: list[int]
    after: list[int]


class Reader:
    """Gives tokens, at most `longest` of them. Raises BadRequest or TextTooLong."""

    def __init__(self, model: Model, longest: int) -> None:
        self._longest = longest
        self._vocabulary = model.facts.vocabulary
        found = binding.llama_model_get_vocab(model.pointer)
        assert found is not None
        self._vocab = found
        form = binding.llama_model_chat_template(model.pointer, b"rerank")
        self._form = form.decode("utf-8", "replace") if form else None
        self._marks = self._read_marks()

    def text(self, text: str | tuple[int, ...], *, truncate: bool) -> list[int]:
        """One text, with the tokens around it; token ids are taken as they are."""
        if isinstance(text, str):
            tokens = self._tokens(text, whole=True)
        else:
            tokens = list(text)
            if any(not 0 <= token < self._vocabulary for token in tokens):
                raise BadRequest(f"Token ids are from 0 to {self._vocabulary - 1:,}.")
        if not tokens:
            raise BadRequest("A text is empty.", remedy="Leave it out.")
        if len(tokens) <= self._longest:
            return tokens
        if not truncate:
            raise self._too_long(len(tokens))
        # What the model reads at the end of every text stands at the end of this one, too.
        end = self._marks.after if isinstance(text, str) else []
        if end and tokens[-len(end) :] != end:
            end = []
        return [*tokens[: self._longest - len(end)], *end]

    def pair(self, query: str, document: str, *, truncate: bool) -> list[int]:
        """A query and a document, in the form that is in the model's file, else as BERT has it."""
        tokens = self._pair(query, document)
        if len(tokens) <= self._longest:
            return tokens
        if not truncate:
            raise self._too_long(len(tokens))
        inner = self._tokens(document)
        over = len(tokens) - self._longest
        for _ in range(_MOST_TRIES):  # cut text may have other tokens where it was cut
            if over >= len(inner):
                break
            tokens = self._pair(query, self._words(inner[: len(inner) - over]))
            if len(tokens) <= self._longest:
                return tokens
            over += len(tokens) - self._longest
        raise self._too_long(len(self._pair(query, "")))

    def _pair(self, query: str, document: str) -> list[int]:
        if self._form is not None:
            # One pass, so that neither text is searched for the other's place.
            parts = self._form.replace("{document}", "\0d").replace("{query}", "\0q").split("\0")
            texts = {"q": query, "d": document}
            said = [parts[0], *(texts[part[0]] + part[1:] for part in parts[1:])]
            return self._tokens("".join(said))
        marks = self._marks
        first, second = self._tokens(query, plain=True), self._tokens(document, plain=True)
        return [*marks.before, *first, *marks.between, *second, *marks.after]

    def _read_marks(self) -> _Marks:
        vocab = self._vocab
        bos, eos, sep = (
            _known(binding.llama_vocab_bos(vocab)),
            _known(binding.llama_vocab_eos(vocab)),
            _known(binding.llama_vocab_sep(vocab)),
        )
        end = eos or sep
        ends = end if binding.llama_vocab_get_add_eos(vocab) else []
        separates = sep if binding.llama_vocab_get_add_sep(vocab) else []
        return _Marks(
            before=bos if binding.llama_vocab_get_add_bos(vocab) else [],
            between=[*ends, *separates],
            after=ends or separates,
        )

    def _tokens(self, text: str, *, whole: bool = False, plain: bool = False) -> list[int]:
        """With `whole` the special tokens around it are added; `plain` reads none in it."""
        encoded = text.encode("utf-8", "replace")
        room = len(encoded) + 16
        tokens = (binding.llama_token * room)()
        count = binding.llama_tokenize(
            self._vocab,
            encoded,
            len(encoded),
            tokens,  # pyright: ignore[reportArgumentType]
            room,
            whole,
            not plain,
        )
        assert count >= 0, "a token is at least a byte"
        return list(tokens[:count])

    def _words(self, tokens: list[int]) -> str:
        ids = (binding.llama_token * max(1, len(tokens)))(*tokens)
        room = bytearray(64 + 16 * len(tokens))
        while True:
            text = (ctypes.c_char * len(room)).from_buffer(room)
            size = binding.llama_detokenize(
                self._vocab,
                ids,  # pyright: ignore[reportArgumentType]
                len(tokens),
                text,  # pyright: ignore[reportArgumentType]
                len(room),
                False,  # noqa: FBT003
                True,  # noqa: FBT003
            )
            if size >= 0:
                return bytes(room[:size]).decode("utf-8", "ignore")
            room = bytearray(-size)

    def _too_long(self, count: int) -> TextTooLong:
        return TextTooLong(
            f"A text has {count:,} tokens; the model as loaded reads {self._longest:,}."
        )


def _known(token: Any) -> list[int]:
    return [int(token)] if token >= 0 else []
