"""A worker without llama.cpp: a real process that speaks the protocol.

It answers every prompt with `--tokens` words, `w0 w1 w2 …`, one step each `--step` seconds.
A prompt that contains "die" ends the process in mid-answer, with last words; "refuse" is refused.
"""

import argparse
import os
import queue
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from engine.chat import StopReason, Timings
from engine.protocol.framing import read_command, report_frame
from engine.protocol.load import CacheType, LoadSpec
from engine.protocol.messages import (
    Cancel,
    CancelLoad,
    Command,
    Count,
    Counted,
    DeviceBytes,
    Generate,
    Load,
    Loading,
    LoadRefused,
    Part,
    Ready,
    Refused,
    Report,
    Spell,
    Spelled,
    Step,
    Tokenize,
    Tokenized,
)

LAST_WORDS = "GGML_ASSERT(everything) failed"


@dataclass
class _Answer:
    request: Generate
    began: float = field(default_factory=time.monotonic)
    written: int = 0


class FakeWorker:
    def __init__(self, options: argparse.Namespace) -> None:
        self.options = options
        self.inbox: queue.Queue[Command | None] = queue.Queue()
        self.answers: dict[int, _Answer] = {}
        self.context = 0

    def run(self) -> None:
        threading.Thread(target=self._read, daemon=True).start()
        while True:
            self._obey(block=not self.answers)
            if self.answers:
                time.sleep(self.options.step)
                self._step()

    def _read(self) -> None:
        while (command := read_command(sys.stdin.buffer)) is not None:
            self.inbox.put(command)
        os._exit(0)

    def _obey(self, *, block: bool) -> None:
        while True:
            try:
                command = self.inbox.get(block=block)
            except queue.Empty:
                return
            block = False
            match command:
                case Load():
                    self._load(command)
                case Generate():
                    self._begin(command)
                case Cancel():
                    self.answers.pop(command.id, None)
                case Count():
                    if self.options.hang_at in command.texts:
                        time.sleep(600)
                    tell(
                        Counted(
                            id=command.id,
                            tokens=tuple(len(t.split()) for t in command.texts),
                            images=tuple(0 for _ in command.images),
                        )
                    )
                case Tokenize():
                    tell(Tokenized(id=command.id, tokens=_tokens(command)))
                case Spell():
                    pieces = tuple(bytes([token]) for token in command.tokens)
                    tell(Spelled(id=command.id, pieces=pieces))
                case _:
                    pass

    def _load(self, command: Load) -> None:
        for tenth in range(10):
            tell(Loading(fraction=tenth / 10))
            try:
                if isinstance(self.inbox.get(timeout=self.options.slow_load / 10), CancelLoad):
                    if self.options.deaf:
                        continue
                    tell(LoadRefused(code="load_cancelled", sentence="The load was cancelled."))
                    sys.exit(0)
            except queue.Empty:
                pass
        if self.options.die_in_load:
            print(LAST_WORDS, file=sys.stderr, flush=True)
            os.abort()
        if self.options.refuse:
            tell(LoadRefused(code=self.options.refuse, sentence="It cannot be loaded."))
            sys.exit(1)
        if self.options.room is not None and _cost(command.spec) > self.options.room:
            tell(LoadRefused(code="out_of_memory", sentence="There is not enough memory."))
            sys.exit(1)
        self.context = command.spec.context_tokens
        tell(
            Ready(
                architecture="fake",
                description=command.spec.path,
                parameters=1,
                layers=1,
                vocabulary=1,
                context_tokens=self.context,
                answer_context_tokens=self.context,
                trained_context_tokens=self.context,
                streams=command.spec.streams,
                template=self.options.template,
                bos="",
                eos="",
                devices=(
                    DeviceBytes(
                        name="CPU",
                        card=None,
                        weights=1 << 20,
                        kv=self.context * 64,
                        compute=1 << 16,
                    ),
                    *self._on_cards(command.spec),
                ),
            )
        )

    def _on_cards(self, spec: LoadSpec) -> tuple[DeviceBytes, ...]:
        cards = spec.devices if self.options.card_bytes and spec.gpu_layers != 0 else ()
        return tuple(
            DeviceBytes(
                name=f"CUDA{card}",
                card=card,
                weights=self.options.card_bytes // len(cards),
                kv=0,
                compute=0,
            )
            for card in cards
        )

    def _begin(self, request: Generate) -> None:
        prompt = len(request.prompt.split())
        if "refuse" in request.prompt:
            tell(
                Refused(
                    id=request.id,
                    code="context_length_exceeded",
                    sentence="Too long.",
                    numbers=(prompt, self.context),
                )
            )
            return
        self.answers[request.id] = _Answer(request)

    def _step(self) -> None:
        parts: list[Part] = []
        for identity, answer in tuple(self.answers.items()):
            limit = answer.request.max_tokens or self.options.tokens
            if answer.written == 2 and "die" in answer.request.prompt:
                print(LAST_WORDS, file=sys.stderr, flush=True)
                os.abort()
            done = answer.written == limit
            first = answer.written == 0
            prompt = len(answer.request.prompt.split())
            parts.append(
                Part(
                    id=identity,
                    answer="" if done else f"w{answer.written} ",
                    tokens=0 if done else 1,
                    prompt_tokens=prompt if first else None,
                    reused_tokens=0 if first else None,
                    reason=StopReason.LENGTH if done else None,
                    timings=self._timings(answer, prompt) if done else None,
                )
            )
            answer.written += 1
            if done:
                del self.answers[identity]
        tell(Step(parts=tuple(parts), cells_used=sum(a.written for a in self.answers.values())))

    def _timings(self, answer: _Answer, prompt: int) -> Timings:
        return Timings(
            prompt_tokens=prompt,
            reused_tokens=0,
            answer_tokens=answer.written,
            queue_seconds=0.0,
            prompt_seconds=0.001,
            decode_seconds=time.monotonic() - answer.began,
        )


def _tokens(command: Tokenize) -> tuple[int, ...]:
    """Its bytes; the text begins with a 1 where it is wanted."""
    return (*((1,) if command.special else ()), *command.text.encode())


def _cost(spec: LoadSpec) -> int:
    """Memory in a unit of its own: a micro-batch's tokens and bytes of cache a token."""
    per_token = {CacheType.F16: 4, CacheType.Q8_0: 2, CacheType.Q4_0: 1}[spec.cache_type]
    return spec.micro_batch_tokens + spec.context_tokens * per_token


def tell(report: Report) -> None:
    sys.stdout.buffer.write(report_frame(report))
    sys.stdout.buffer.flush()


def fake_worker(*options: str) -> tuple[str, ...]:
    """The command that starts one."""
    return (sys.executable, str(Path(__file__)), *options)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--tokens", type=int, default=5)
    parser.add_argument("--step", type=float, default=0.001)
    parser.add_argument("--slow-load", type=float, default=0.01)
    parser.add_argument("--refuse")
    parser.add_argument("--room", type=int, help="refuse loads that cost more: see _cost")
    parser.add_argument("--card-bytes", type=int, default=0, help="what a load takes of its cards")
    parser.add_argument("--deaf", action="store_true")
    parser.add_argument("--die-in-load", action="store_true")
    parser.add_argument("--hang-at", help="never count this text")
    parser.add_argument("--template", default="")
    FakeWorker(parser.parse_args()).run()


if __name__ == "__main__":
    main()
