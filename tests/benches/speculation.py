"""What guesses win and lose: `python -m tests.benches.speculation MODEL [--draft SMALL]`.

Two workers, one of which guesses, answer the same requests in turns, so that whatever else the
machine does happens to both. Printed are the medians of decode, tokens a second.
"""

import argparse
from contextlib import ExitStack
from pathlib import Path
from statistics import median

from engine.chat import Sampling, Timings
from engine.protocol.load import LoadSpec
from engine.protocol.messages import Ready
from tests.support.worker_pipe import WorkerPipe, request, worker

_CODE = """class Basket:
    def __init__(self, owner):
        self.owner = owner
        self.items = []

    def add(self, name, price, count):
        self.items.append((name, price, count))

    def total(self):
        return sum(price * count for name, price, count in self.items)

    def describe(self):
        lines = [f"{count} x {name}: {price}" for name, price, count in self.items]
        return "\\n".join(lines)
"""


def _chat(question: str) -> str:
    return f"<|im_start|>user\n{question}<|im_end|>\n<|im_start|>assistant\n"


_TEXTS = {
    "code edit": _chat(f"Rename `Basket` to `Cart`, and give all the code:\n```python\n{_CODE}```")
    + "```python\nclass Cart:\n",
    "free text": _chat("Write a long story about an old lighthouse, its keeper and a storm."),
    "free, hot": _chat("Invent fifty words that do not exist, and say what each would mean."),
}
_WISHES = {
    "code edit": Sampling(temperature=0),
    "free text": Sampling(temperature=0.8, seed=7),
    "free, hot": Sampling(temperature=1.3, top_k=0, seed=7),
}


def _loaded(pipe: WorkerPipe, spec: LoadSpec) -> WorkerPipe:
    answer = pipe.load(spec)
    assert isinstance(answer, Ready), answer
    return pipe


def _answer(pipe: WorkerPipe, number: int, text: str, tokens: int, streams: int) -> list[Timings]:
    asked = [
        request(
            number + stream,
            _TEXTS[text],
            sampling=_WISHES[text],
            max_tokens=tokens,
            ignore_end=text != "code edit",
        )
        for stream in range(streams)
    ]
    answers = pipe.answers(*asked).values()
    return [answer.timings for answer in answers if answer.timings is not None]


def _measure(plain: WorkerPipe, guessing: WorkerPipe, asked: argparse.Namespace) -> None:
    number = 1
    print(f"{'':12} {'plain':>8} {'guessing':>8}   ratio  guessed  right  (tok/s an answer)")
    for text in _TEXTS:
        rates: tuple[list[float], list[float]] = [], []
        guessed = right = 0
        for turn in range(asked.rounds + 1):
            order = ((0, plain), (1, guessing))
            for which, pipe in order if turn % 2 else reversed(order):
                timings = _answer(pipe, number, text, asked.tokens, asked.streams)
                number += asked.streams
                if turn:  # the first one warms up
                    rates[which].extend(timing.decode_tps for timing in timings)
                guessed += sum(timing.drafted_tokens for timing in timings)
                right += sum(timing.accepted_tokens for timing in timings)
        without, with_it = median(rates[0]), median(rates[1])
        print(
            f"{text:12} {without:8.1f} {with_it:8.1f}  {with_it / without:6.3f}"
            f"  {guessed:7}  {right:5}",
            flush=True,
        )


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m tests.benches.speculation")
    parser.add_argument("model", type=Path)
    parser.add_argument("--draft", type=Path)
    parser.add_argument("--draft-tokens", type=int, default=8)
    parser.add_argument("--streams", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--tokens", type=int, default=200)
    parser.add_argument("--threads", type=int)
    parser.add_argument("--gpu-layers", type=int, help="all, unless told")
    asked = parser.parse_args()

    def spec(draft_tokens: int) -> LoadSpec:
        return LoadSpec(
            path=str(asked.model),
            streams=asked.streams,
            context_tokens=2048 * asked.streams,
            threads=asked.threads,
            gpu_layers=asked.gpu_layers,
            draft_tokens=draft_tokens,
            draft=str(asked.draft) if asked.draft and draft_tokens else None,
        )

    with ExitStack() as stack:
        plain = _loaded(stack.enter_context(worker()), spec(0))
        guessing = _loaded(stack.enter_context(worker()), spec(asked.draft_tokens))
        _measure(plain, guessing, asked)


if __name__ == "__main__":
    main()
