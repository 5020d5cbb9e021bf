"""How much of the processor a stretch of work may take on this machine.

Benchmarks say how fast Fullbore is. A test only catches what has gone wrong by much: it allows
five times what a quiet machine took, and more on a machine that is slower than that one was.
"""

from collections.abc import Callable
from time import thread_time

MARGIN = 5.0
_WORDS = 20_000
# What `_work` took on the machine, quiet, on which the bars were set.
_KNOWN_SECONDS = 0.0055


def spent(work: Callable[[], object]) -> float:
    """Seconds of this thread's processor time; what others do on the machine is not in it."""
    began = thread_time()
    work()
    return thread_time() - began


def allowed(seconds: float) -> float:
    """So much is allowed where the bar is so many seconds. Measures the machine as it is now."""
    return seconds * MARGIN * max(1.0, min(spent(_work) for _ in range(3)) / _KNOWN_SECONDS)


def _work() -> int:
    counts: dict[str, int] = {}
    for number in range(_WORDS):
        word = f"word{number % 500}"
        counts[word] = counts.get(word, 0) + len(word)
    return sum(counts.values())
