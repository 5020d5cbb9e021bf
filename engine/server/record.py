"""What is kept of one request to the port: numbers always, words where they are wanted."""

import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime

from engine.chat import (
    CallPiece,
    ChatRequest,
    CompletionRequest,
    Delta,
    Finished,
    Piece,
    PromptRead,
    Timings,
)
from engine.requests import RequestInside, RequestSeen, Stage
from engine.server.errors import foreseen
from engine.server.observer import Call, Question, TextsAsked

MOST_WORDS = 1 << 20  # characters of one prompt, or of one answer: what is longer is cut
_IMAGE = b"."  # an image's place; itself it is not kept
_CUT = " …"


@dataclass(slots=True)
class _Text:
    """A text that grows, up to a limit."""

    parts: list[str] = field(default_factory=list[str])
    length: int = 0

    def add(self, text: str) -> int:
        """How many characters were kept of it."""
        room = MOST_WORDS - self.length
        if room <= 0:
            return 0
        kept = text if len(text) <= room else text[:room] + _CUT
        self.parts.append(kept)
        self.length += len(kept)
        return len(kept)

    def __str__(self) -> str:
        return "".join(self.parts)


@dataclass(slots=True)
class _Words:
    """What was asked and what one or several answers say."""

    question: Question
    reasoning: dict[int, _Text] = field(default_factory=dict[int, _Text])
    answers: dict[int, _Text] = field(default_factory=dict[int, _Text])
    prompt: str | None = None  # as the template rendered it


@dataclass(slots=True, eq=False)
class Record:
    """One request, from its arrival on."""

    call: Call
    stage: Stage = Stage.WAITING
    model: str | None = None
    answers: int = 0
    finished: int = 0
    read: dict[int, tuple[int, int]] = field(default_factory=dict[int, tuple[int, int]])
    tokens: int = 0
    first_at_seconds: float | None = None
    last_at_seconds: float = 0.0
    timings: list[Timings] = field(default_factory=list[Timings])
    told_at_seconds: float = 0.0
    size: int = 0  # of the words, in characters
    _words: _Words | None = None

    @property
    def asked(self) -> bool:
        """Whether it came as far as the engine."""
        return self.answers > 0

    @property
    def chat(self) -> ChatRequest | None:
        """The conversation, where its prompt is still to be rendered."""
        words = self._words
        if words is None or words.prompt is not None:
            return None
        return words.question if isinstance(words.question, ChatRequest) else None

    def ask(self, question: Question, *, words: bool) -> None:
        """It asks the engine; its words are kept or not."""
        self.answers += 1
        self.model = question.model or self.model
        if isinstance(question, TextsAsked):
            self.stage = Stage.READING
        if words and self._words is None:
            self._words = _Words(_without_images(question))
            self.size += _length(question)
            if _length(question) > 2 * MOST_WORDS:
                self.forget()

    def add(self, index: int, delta: Delta) -> int:
        """One of its answers goes on. How many characters of it were kept."""
        kept = 0
        match delta:
            case Piece():
                self._wrote(delta.tokens)
                if self._words is not None:
                    into = self._words.reasoning if delta.reasoning else self._words.answers
                    kept = _grown(into, index, delta.text)
            case CallPiece():
                self._wrote(delta.tokens)
                if self._words is not None:
                    begins = f"\n{delta.name} " if delta.name else ""
                    kept = _grown(self._words.answers, index, begins + delta.arguments)
            case PromptRead():
                self.read[index] = (delta.prompt_tokens, delta.reused_tokens)
                if self.stage is Stage.WAITING:
                    self.stage = Stage.READING
            case Finished():
                self.finished += 1
                self.timings.append(delta.timings)
        self.size += kept
        return kept

    def _wrote(self, tokens: int) -> None:
        self.last_at_seconds = time.perf_counter()
        if self.first_at_seconds is None:
            self.first_at_seconds = self.last_at_seconds
            self.stage = Stage.WRITING
        self.tokens += tokens

    def end(self) -> None:
        """Nothing more comes."""
        call = self.call
        if call.left:
            self.stage = Stage.LEFT
        elif call.failure is not None or (call.status or 500) >= 400:
            self.stage = Stage.FAILED
        else:
            self.stage = Stage.DONE

    def forget(self) -> None:
        """Keep the numbers alone."""
        self._words = None
        self.size = 0

    def rendered(self, prompt: str) -> int:
        """Its prompt is known now. How many characters of it are kept."""
        if self._words is None or self._words.prompt is not None:
            return 0
        self._words.prompt = prompt if len(prompt) <= MOST_WORDS else prompt[:MOST_WORDS] + _CUT
        self.size += len(self._words.prompt)
        return len(self._words.prompt)

    def seen(self) -> RequestSeen:
        """As a list shows it."""
        call, read = self.call, self.read.values()
        first = self.first_at_seconds
        return RequestSeen(
            id=call.id,
            at=call.at,
            dialect=call.dialect,
            path=call.path,
            stage=self.stage,
            seconds=call.seconds,
            key=call.key,
            model=self.model,
            status=call.status,
            prompt_tokens=max((tokens for tokens, _ in read), default=None),
            reused_tokens=max((reused for _, reused in read), default=None),
            answer_tokens=self._answer_tokens(),
            queue_seconds=max((each.queue_seconds for each in self.timings), default=None),
            first_token_seconds=None if first is None else first - call.began_at_seconds,
            decode_tps=self._decode_tps(),
            failure="" if call.failure is None else foreseen(call.failure).sentence,
        )

    def inside(self) -> RequestInside:
        """With its words, as far as they were kept."""
        words = self._words
        if words is None:
            return RequestInside(seen=self.seen())
        return RequestInside(
            seen=self.seen(),
            parameters=_parameters(words.question, self.answers),
            prompt=words.prompt or _prompt(words.question),
            reasoning=_joined(words.reasoning),
            answer=_joined(words.answers),
        )

    def _answer_tokens(self) -> int | None:
        if self.timings and self.finished == self.answers:
            return sum(each.answer_tokens for each in self.timings)
        return self.tokens if self.first_at_seconds is not None else None

    def _decode_tps(self) -> float | None:
        if len(self.timings) == 1 == self.answers:
            return self.timings[0].decode_tps
        if self.first_at_seconds is None or self.last_at_seconds <= self.first_at_seconds:
            return None
        return self.tokens / (self.last_at_seconds - self.first_at_seconds)


def line_of(inside: RequestInside) -> Mapping[str, object]:
    """The request and its words in JSON's terms."""
    seen = asdict(inside.seen)
    at: datetime = inside.seen.at
    return {
        **seen,
        "at": at.isoformat(),
        "stage": inside.seen.stage.value,
        "parameters": inside.parameters,
        "prompt": inside.prompt,
        "reasoning": inside.reasoning,
        "answer": inside.answer,
    }


def _grown(texts: dict[int, _Text], index: int, text: str) -> int:
    grows = texts.get(index)
    if grows is None:
        grows = texts[index] = _Text()
    return grows.add(text)


def _joined(texts: Mapping[int, _Text]) -> str:
    if len(texts) <= 1:
        return "".join(str(text) for text in texts.values())
    return "\n\n".join(f"[{index}] {texts[index]}" for index in sorted(texts))


def _without_images(question: Question) -> Question:
    if not isinstance(question, ChatRequest):
        return question
    if not any(message.images for message in question.messages):
        return question
    messages = tuple(
        replace(message, images=(_IMAGE,) * len(message.images)) for message in question.messages
    )
    return replace(question, messages=messages)


def _length(question: Question) -> int:
    match question:
        case ChatRequest(messages=messages):
            return sum(len(message.content) + len(message.reasoning) for message in messages)
        case CompletionRequest():
            return len(question.prompt) + 8 * len(question.tokens)
        case TextsAsked(texts=texts):
            return sum(len(text) if isinstance(text, str) else 8 * len(text) for text in texts)


def _prompt(question: Question) -> str:
    match question:
        case ChatRequest():
            return ""  # nobody has rendered it yet
        case CompletionRequest(tokens=tokens) if tokens:
            return " ".join(str(token) for token in tokens)
        case CompletionRequest():
            return question.prompt
        case TextsAsked():
            lines = [
                text if isinstance(text, str) else " ".join(str(token) for token in text)
                for text in question.texts
            ]
            return "\n".join([*([] if question.query is None else [question.query]), *lines])


def _parameters(question: Question, answers: int) -> dict[str, object]:
    """As they were understood, in JSON's terms: what was left to its default has it."""
    match question:
        case ChatRequest():
            told = asdict(replace(question, messages=()))
            told["messages"] = len(question.messages)
        case CompletionRequest():
            told = asdict(replace(question, prompt="", tokens=()))
            del told["prompt"], told["tokens"]
        case TextsAsked():
            told: dict[str, object] = {"model": question.model, "texts": len(question.texts)}
    sampling = told.get("sampling")
    if isinstance(sampling, dict) and isinstance(question, ChatRequest | CompletionRequest):
        bias = question.sampling.logit_bias
        sampling["logit_bias"] = {str(token): each for token, each in bias.items()}
    return {"answers": answers, **told}
