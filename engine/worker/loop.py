"""The worker's turn: admit → share out → decode → sample → tell.

A card computes while its step's launch has already returned. Meanwhile what the step will leave in
memory is booked, and the step before is told, its tokens made into text and sent, so that the card
never waits for that. What decides the next step, which tokens and which sequences, is settled at
once.
"""

from collections.abc import Callable
from time import monotonic
from typing import assert_never

from engine.chat import StopReason
from engine.errors import LogitsBroken, WrongPurpose
from engine.protocol.messages import (
    Cancel,
    CancelLoad,
    Command,
    Count,
    Embed,
    Generate,
    Load,
    Part,
    Rank,
    Refused,
    Report,
    Spell,
    Step,
    Tokenize,
)
from engine.worker.admission import Waiting, awaits, claim, head_of, may_enter, pause_in, set_aside
from engine.worker.brake import Brake
from engine.worker.bridge import Bridge
from engine.worker.inbox import Inbox, Work
from engine.worker.intake import Intake, Loaded
from engine.worker.recall import Recall
from engine.worker.scheduler import Turns, share_out
from engine.worker.sequence import Sequence
from engine.worker.slots import Slots
from engine.worker.writer import Writer

_NO_ROOM, _ABORTED = 1, 2  # llama_decode's codes

_Shares = list[tuple[Sequence, int]]


class DecodeFailed(Exception):
    """llama.cpp could not compute a step: nothing it holds can be trusted any more."""


class Loop:
    """Answers requests, several at once, until the process ends."""

    def __init__(
        self, loaded: Loaded, inbox: Inbox, brake: Brake, tell: Callable[[Report], None]
    ) -> None:
        self._model = loaded.model
        self._images = loaded.images
        self._context = context = loaded.context
        self._inbox = inbox
        self._brake = brake
        self._tell = tell
        self._slots = Slots(
            context,
            loaded.model.facts.window_tokens,
            loaded.images.lags if loaded.images else None,
            rewinds=loaded.model.facts.rewinds,
        )
        self._waiting: Waiting[Sequence] = Waiting()
        self._intake = Intake(loaded, inbox.hand, self._waiting.add, tell)
        self._active: list[Sequence] = []
        self._beside = False  # a card computes while we do something else
        self._untold: list[tuple[Sequence, list[int]]] = []  # tokens whose text is not yet heard
        self._turns = Turns()
        self._bridge = Bridge(context, self._slots, loaded.model.facts)
        self._writer = Writer(context, loaded.model)
        self._speculation = loaded.speculation
        self._threads = loaded.threads
        self._recall: Recall | None = None
        if loaded.keeping is not None:
            self._recall = Recall(loaded.keeping, self._slots, inbox.hand)
            inbox.before_leaving(self._recall.farewell)

    def run(self) -> None:
        """Turn for ever; raises DecodeFailed."""
        while True:
            if not (self._active or self._waiting):
                self._rest()
            for command in self._inbox.arrived():
                self._obey(command)
            self._turn()

    def _rest(self) -> None:
        """Nothing to do but, perhaps, to keep what is idle."""
        command = self._inbox.wait_for(self._recall.wait_seconds if self._recall else None)
        if command is not None:
            self._obey(command)

    def _turn(self) -> None:
        if self._recall is not None:
            self._recall.tick()
        self._admit()
        self._read_piece()
        active = self._turns.next(self._active)
        self._context.adapt(self._turns.group)
        if self._speculation is not None:
            self._speculation.guess(active, self._slots)
        shares = share_out(active, self._context.batch_tokens, self._context.micro_batch_tokens)
        if shares:
            self._step(shares)
        if self._waiting or not (self._active and self._beside):
            self._tell_step()  # no launch follows at once, or none to tell it beside

    # --- commands ------------------------------------------------------------------------------

    def _obey(self, command: Command | Work) -> None:
        if callable(command):
            command()
            return
        match command:
            case Generate():
                self._intake.take(command)
            case Cancel(id=request):
                self._tell_step()  # what it said until then; nothing more comes after
                self._cancel(request)
            case CancelLoad() | Load() | Count() | Tokenize() | Spell():
                pass  # the load is over, and the counter counts
            case Embed() | Rank():
                sentence = "The loaded model writes text; it was not loaded for vectors or ranks."
                self._tell(Refused(id=command.id, code=WrongPurpose.code, sentence=sentence))
            case _:
                assert_never(command)

    def _cancel(self, request: int) -> None:
        self._intake.forget(request)
        for sequence in [*self._waiting, *self._active]:
            if sequence.id == request:
                self._let_go(sequence)

    # --- admission -----------------------------------------------------------------------------

    def _admit(self) -> None:
        """Oldest first, while there is a slot and, in unified memory, room for its prompt."""
        for sequence in self._waiting:
            if self._recall is not None and self._recall.fetches(sequence):
                continue
            if self._context.unified:
                inside = (self._claim(other) for other in self._active)
                if not may_enter(self._claim(sequence), inside, self._context.cells):
                    return
            if awaits(sequence, self._active, self._slots.shared, cuts=self._model.facts.rewinds):
                continue
            if self._recall is not None:
                self._recall.put_back(sequence)
            place = self._slots.take(sequence.prompt, sequence.group)
            if place is None:
                return
            self._waiting.remove(sequence)
            sequence.admit(*place)
            if not self._model.facts.rewinds:
                sequence.pause = pause_in(len(sequence.prompt), place[1])
            self._context.seat(sequence.slot, sequence.sampler, whole=sequence.whole)
            self._active.append(sequence)

    def _claim(self, sequence: Sequence) -> int:
        """The cells it needs for what it has, and for a beginning of what it will still write."""
        held = self._slots.length(sequence.slot) if sequence.slot >= 0 else 0
        length = max(len(sequence.prompt), held)
        return claim(length, sequence.left, self._context.cells_per_sequence)

    # --- a picture -----------------------------------------------------------------------------

    def _read_piece(self) -> None:
        """One piece of one picture, the oldest request's: it is decoded whole, and alone."""
        reading = [sequence for sequence in self._active if sequence.piece is not None]
        if not reading or self._images is None:
            return
        sequence = min(reading, key=lambda one: one.id)
        piece = sequence.piece
        assert piece is not None, "it was chosen for it"
        while self._context.unified and self._slots.used + piece.count > self._context.cells:
            if not self._slots.evict():
                self._give_way()
                return
        self._tell_step()
        self._brake.begin([sequence.id])
        position = self._slots.position(sequence.slot)
        self._context.adapt(sequence.group)
        code = self._images.decode(self._context, piece, position, sequence.slot)
        self._brake.end()
        if code == 0:
            lag = piece.count - piece.positions
            self._slots.grow(sequence.slot, sequence.tokens(piece.count), lag=lag)
            sequence.read(piece.count)
        elif code in {_NO_ROOM, _ABORTED}:
            self._settle(sequence)
            if code == _NO_ROOM and not self._slots.evict():
                self._give_way()
        else:
            raise DecodeFailed(f"llama_decode answered {code} to an image of {piece.count}.")

    # --- one step ------------------------------------------------------------------------------

    def _step(self, shares: _Shares) -> None:
        while self._context.unified and self._overflows(shares):
            if not self._slots.evict():
                self._give_way()
                return
        outputs = self._fill(shares)
        code = self._compute(shares)
        if code == 0:
            self._write(outputs)
            if self._speculation is not None:
                self._speculation.learn()
        elif code in {_NO_ROOM, _ABORTED}:
            for sequence, _ in shares:
                self._settle(sequence)
            if code == _NO_ROOM and not self._slots.evict():
                self._give_way()
        else:
            raise DecodeFailed(f"llama_decode answered {code} to a step of {len(shares)}.")

    def _compute(self, shares: _Shares) -> int:
        """llama_decode's code; if it is 0, the shares are in memory. The step before is told."""
        reads = any(sequence.unread for sequence, _ in shares)
        if reads:
            self._tell_step()  # the launch of a prompt is long
        if self._threads is not None:
            self._context.use_threads(self._threads.usual if reads else self._threads.now)
        self._brake.begin(sequence.id for sequence, _ in shares)
        began = monotonic()
        code = self._context.launch()
        self._brake.end()
        self._bridge.take_back()
        if code == 0:
            self._grow(shares)
        self._tell_step()
        if code == 0:
            beside = self._context.wait()
            self._beside = self._beside if reads else beside
            if self._threads is not None and not (reads or any(one.draft for one, _ in shares)):
                self._threads.saw(len(shares), monotonic() - began)
        return code

    def _grow(self, shares: _Shares) -> None:
        """What is being computed is in memory, whatever will follow it."""
        for sequence, count in shares:
            self._slots.grow(sequence.slot, sequence.tokens(count))
            sequence.read(count)
            if sequence.pause and sequence.pauses:
                self._slots.mark(sequence.slot)
                sequence.pause = 0

    def _overflows(self, shares: _Shares) -> bool:
        wanted = sum(count for _, count in shares)
        return self._slots.used + wanted > self._context.cells

    def _fill(self, shares: _Shares) -> list[tuple[Sequence, int]]:
        """Put the shares into the batch; gives who may write after it, and from which index."""
        context = self._context
        context.clear_batch()
        outputs: list[tuple[Sequence, int]] = []
        last: int | None = None
        taken = sum(count + len(one.draft) for one, count in shares)
        room = context.batch_tokens - taken if self._beside else 0
        for sequence, count in sorted(shares, key=lambda share: share[0].slot):
            room -= self._bridge.span(last, sequence.slot, room)
            last = sequence.slot
            writes = count >= sequence.unread
            position = self._slots.position(sequence.slot)
            # A writer's guesses are each followed by an output; there are none in a prompt.
            wanted = 1 + len(sequence.draft) if writes else 0
            index = context.add(sequence.slot, position, sequence.tokens(count), outputs=wanted)
            if writes:
                outputs.append((sequence, index))
        return outputs

    def _write(self, outputs: list[tuple[Sequence, int]]) -> None:
        chosen = self._writer.choose(outputs)
        now = monotonic()
        for (sequence, _), tokens in zip(outputs, chosen, strict=True):
            if sequence.draft:
                wrong = sequence.checked(len(tokens) - 1)
                if wrong:
                    self._slots.shrink(sequence.slot, wrong)
            self._untold.append((sequence, self._taken(sequence, tokens, now)))
            if sequence.broken:
                self._break_off(sequence)
            elif sequence.reason is not None:
                self._let_go(sequence)
            elif sequence.rolls and self._full(sequence):
                self._roll(sequence)

    def _taken(self, sequence: Sequence, tokens: list[int | None], now: float) -> list[int]:
        """Take these for its answer, up to its end; gives those whose text is not yet heard."""
        said: list[int] = []
        for token in tokens:
            if token is None and sequence.broken:
                break
            if token is None or (self._model.ends(token) and not sequence.ignore_end):
                sequence.end(StopReason.END, now)
            else:
                said.append(token)
                self._take(sequence, token, now)
            if sequence.reason is not None:
                break
        return [] if sequence.stoppable else said

    def _take(self, sequence: Sequence, token: int, now: float) -> None:
        sequence.write(token, now)
        if sequence.stoppable:
            self._hear(sequence, token)
        if not sequence.rolls and sequence.reason is None and self._full(sequence):
            sequence.end(StopReason.LENGTH, now)

    def _hear(self, sequence: Sequence, token: int) -> None:
        sequence.hear(self._model.piece(token, sequence.shown))

    def _tell_step(self) -> None:
        """Tell what was written and is not yet told."""
        if not self._untold:
            return
        parts: list[Part] = []
        for sequence, tokens in self._untold:
            for token in tokens:
                self._hear(sequence, token)
            part = sequence.part()
            if part is not None:
                parts.append(part)
        self._untold.clear()
        if parts:
            self._tell(Step(parts=tuple(parts), cells_used=self._slots.used))

    def _full(self, sequence: Sequence) -> bool:
        return self._slots.length(sequence.slot) >= self._context.cells_per_sequence

    def _roll(self, sequence: Sequence) -> None:
        """Forget the older half of what it holds after its head."""
        keep = head_of(sequence.prompt_tokens, self._context.cells_per_sequence)
        if not self._slots.roll(sequence.slot, keep):
            held = self._slots.tokens(sequence.slot)
            rest = held[keep + (len(held) - keep) // 2 :]
            sequence.read_anew([*held[:keep], *rest])
            self._slots.forget(sequence.slot)

    # --- letting go ----------------------------------------------------------------------------

    def _give_way(self) -> None:
        """The memory is full of answers: the youngest goes on later, where it was.

        One that is alone has overflowed the whole context: it ends.
        """
        rolling = [one for one in self._active if one.rolls and one.written and not one.unread]
        largest = max(rolling, key=lambda one: self._slots.length(one.slot), default=None)
        if largest is not None:
            share = self._context.cells // max(2, len(self._active))
            if self._slots.length(largest.slot) > share:
                self._roll(largest)
                return
        youngest = set_aside(self._active)
        if youngest is None:
            alone = self._active[0]
            alone.end(StopReason.LENGTH, monotonic())
            self._untold.append((alone, []))
            self._let_go(alone)
            return
        self._active.remove(youngest)
        slot = youngest.slot
        youngest.set_aside(self._slots.tokens(slot))
        self._slots.release(slot)
        self._waiting.add(youngest)
        if self._recall is not None:
            self._recall.forget(youngest.id)

    def _settle(self, sequence: Sequence) -> None:
        held = self._slots.tokens(sequence.slot).copy()
        if not self._slots.settle(sequence.slot):
            sequence.read_anew(held)

    def _break_off(self, sequence: Sequence) -> None:
        """Nobody shall go on from what its memory holds."""
        self._tell_step()
        sentence = "The model computes what is no number, so that no token can be chosen."
        self._tell(Refused(id=sequence.id, code=LogitsBroken.code, sentence=sentence))
        self._slots.forget(sequence.slot)
        self._let_go(sequence)

    def _let_go(self, sequence: Sequence) -> None:
        sequence.sampler.free()
        if self._recall is not None:
            self._recall.forget(sequence.id)
        if sequence.slot >= 0:
            self._slots.release(sequence.slot)
            self._active.remove(sequence)
        else:
            self._waiting.remove(sequence)
