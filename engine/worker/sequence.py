"""One request's state, from its arrival to its last token."""

from bisect import bisect_left
from dataclasses import dataclass, field
from time import monotonic

from engine.chat import Chosen, StopReason, Timings
from engine.protocol.messages import Generate, Part
from engine.worker.adapters import Scales
from engine.worker.dialect import Said
from engine.worker.dialects.named import speech_of
from engine.worker.images import Piece
from engine.worker.samplers import Sampler
from engine.worker.text import Characters, StopStrings

_NOTHING = Said()


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """Tokens, and cells of pictures in their places; `pieces` by where each begins."""

    tokens: list[int]
    pieces: dict[int, Piece] = field(default_factory=dict[int, Piece])


class Sequence:
    """A prompt being read, then an answer being written."""

    def __init__(self, request: Generate, prompt: Prompt, sampler: Sampler) -> None:
        self.id = request.id
        self.prompt = prompt.tokens  # and, once it was set aside, the answer until then
        self.prompt_tokens = len(prompt.tokens)
        self._pieces = prompt.pieces
        self._starts = sorted(prompt.pieces)
        self.sampler = sampler
        self.group: Scales = ()  # of adapters; a step and what memory holds have but one
        self.ignore_end = request.ignore_end
        self.raw = request.raw
        self.max_tokens = request.max_tokens
        self.rolls = request.rolls
        self.slot = -1
        self.pause = 0  # where in the prompt a step is to end, so that memory can be marked
        self.unread = len(self.prompt)
        self.next_token = -1
        self.draft: list[int] = []  # guesses of what follows it, to be checked by the next step
        self.drafted_tokens = self.accepted_tokens = 0
        self.written = 0
        self.reason: StopReason | None = None
        self.broken = False  # its logits are no numbers: nothing can follow
        self._entered = False
        self._reused = 0
        self._characters = Characters()
        self._stops = StopStrings(request.stop)
        self._dialect = speech_of(request)
        self._said = _NOTHING
        self.stoppable = any(request.stop)  # its text may end it, so that it must be heard at once
        self.shown: frozenset[int] = frozenset()  # control tokens that its dialect must see
        self._arrived = self._admitted = self._first = self._last = monotonic()
        self._untold_tokens = 0
        self.logprobs = request.logprobs
        self._untold_logprobs: list[Chosen] = []
        self._prompt_told = False

    def admit(self, slot: int, reused: int) -> None:
        """A slot was found, which already holds the first `reused` tokens."""
        self.slot = slot
        self.unread = len(self.prompt) - reused
        if not self._entered:
            self._entered = True
            self._reused = reused
            self._admitted = monotonic()

    def set_aside(self, held: list[int]) -> None:
        """Its slot, which holds these tokens, is taken away: it goes on later where it was."""
        self.read_anew(held)
        self.slot = -1

    def read_anew(self, held: list[int]) -> None:
        """Its slot will be empty: what it held, and the last token, are its prompt from now on.

        All else (penalties, grammar, dialect, text not yet told) stays as it is here.
        """
        self.draft = []
        if self.unread == 0 and self.written:
            self.prompt = [*held, self.next_token]
        self.unread = len(self.prompt)

    @property
    def left(self) -> int | None:
        """Tokens it may still write; None: as many as the context holds."""
        return None if self.max_tokens is None else self.max_tokens - self.written

    @property
    def whole(self) -> bool:
        """Whether all its logits are wanted, and not its likeliest alone."""
        return self.raw or self.logprobs is not None

    @property
    def readable(self) -> int:
        """Tokens of the prompt up to the next picture, or to the pause, or to its end."""
        start = len(self.prompt) - self.unread
        following = bisect_left(self._starts, start)
        end = self._starts[following] if following < len(self._starts) else len(self.prompt)
        return min(end, self.pause) - start if start < self.pause else end - start

    @property
    def pauses(self) -> bool:
        """Whether it has been read just up to the pause."""
        return 0 < self.pause == len(self.prompt) - self.unread

    @property
    def piece(self) -> Piece | None:
        """The piece of a picture that is to be read next, if it is one."""
        return self._pieces.get(len(self.prompt) - self.unread) if self.unread else None

    def tokens(self, count: int) -> list[int]:
        """The next tokens to be processed."""
        if self.unread == 0:
            return [self.next_token, *self.draft]
        start = len(self.prompt) - self.unread
        return self.prompt[start : start + count]

    def read(self, count: int) -> None:
        """So many tokens of the prompt have been processed."""
        self.unread -= min(count, self.unread)

    def checked(self, accepted: int) -> int:
        """So many of the guesses were right; gives how many were not."""
        wrong = len(self.draft) - accepted
        self.drafted_tokens += len(self.draft)
        self.accepted_tokens += accepted
        return wrong

    def note(self, chosen: Chosen) -> None:
        """How likely the token was that it is about to write."""
        self._untold_logprobs.append(chosen)

    def write(self, token: int, now: float) -> None:
        """The model said this; sets `reason` at the limit."""
        self.next_token = token
        self.written += 1
        self._untold_tokens += 1
        self._last = now
        if self.written == 1:
            self._first = now
        if self.written == self.max_tokens:
            self.reason = StopReason.LENGTH

    def hear(self, piece: bytes) -> None:
        """The text of a token that was written. Sets `reason` at a stop string."""
        said = self._dialect.feed(self._stops.feed(self._characters.feed(piece)))
        self._said = self._said.followed_by(said)
        if self._stops.found is not None:
            self.reason = StopReason.STOP

    def end(self, reason: StopReason, now: float) -> None:
        """It ends here, without another token."""
        self.reason = reason
        if self.written == 0:
            self._first = self._last = now

    def part(self) -> Part | None:
        """What to tell since the last one: None if nothing. The last tells all that was held."""
        said, self._said = self._said, _NOTHING
        if self.reason is not None:
            said = said.followed_by(self._dialect.feed(self._stops.finish()))
            said = said.followed_by(self._dialect.finish())
            if self.reason is StopReason.END and self._dialect.called:
                self.reason = StopReason.TOOLS
        first = not self._prompt_told
        if not (said or first or self.reason is not None):
            return None
        self._prompt_told = True
        tokens, self._untold_tokens = self._untold_tokens, 0
        logprobs = tuple(self._untold_logprobs[:tokens])  # not that of an end token
        del self._untold_logprobs[:tokens]
        return Part(
            id=self.id,
            answer=said.answer,
            reasoning=said.reasoning,
            calls=said.calls,
            logprobs=logprobs,
            tokens=tokens,
            prompt_tokens=self.prompt_tokens if first else None,
            reused_tokens=self._reused if first else None,
            reason=self.reason,
            stop=self._stops.found,
            timings=None if self.reason is None else self._timings(),
        )

    def _timings(self) -> Timings:
        return Timings(
            prompt_tokens=self.prompt_tokens,
            reused_tokens=self._reused,
            answer_tokens=self.written,
            queue_seconds=self._admitted - self._arrived,
            prompt_seconds=self._first - self._admitted,
            decode_seconds=self._last - self._first,
            drafted_tokens=self.drafted_tokens,
            accepted_tokens=self.accepted_tokens,
        )
