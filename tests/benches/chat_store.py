"""What the chats on disk cost with 100,000 messages, and in one chat of 10,000.

    python -m tests.benches.chat_store [FOLDER]

Each search is the first of its words; times are of this thread.
"""

import random
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from app.store.chats import ChatStore
from app.store.values import Imported, Statistics, StoredMessage
from engine.chat import Role, StopReason

MESSAGES = 100_000
A_CHAT = 20
LONG_CHAT = 10_000
SEARCHES = (
    "the", "t", "te", "tes", "w", "word12", "word123 word77", "w t", "nothing-like-that",
    "word1 word2 word3", "中文", "中", "语言模型", "模型 w", "数据库的", "の",
    "데이터", "ÜBER", '"NEAR(', "a OR b",
)  # fmt: skip


def words(dice: random.Random, count: int) -> str:
    """A text with common and rare words, as languages have them."""
    rare = (f"word{int(dice.paretovariate(0.5)) % 20_000}" for _ in range(count))
    common = ("the", "test", "of", "to", "und", "über", "what", "is", "a")
    return " ".join(dice.choice((one, dice.choice(common))) for one in rare)


def turns(dice: random.Random, count: int, length: int = 60) -> tuple[StoredMessage, ...]:
    """A conversation; every tenth turn is in Chinese, some in Japanese and Korean."""
    statistics = Statistics(
        answer_tokens=300, tokens_per_second=60.5, stop=StopReason.END, model="owner/repo:Q4_K_M"
    )
    characters = "的一是不了人我在有他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得"
    made = list[StoredMessage]()
    for number in range(1, count + 1):
        text = words(dice, length)
        if number % 10 == 0:
            text = "".join(dice.choices(characters, k=length * 2)) + "语言模型和中文数据库的"
        if number % 97 == 0:
            text += " これは日本語の文です 데이터베이스"
        asks = number % 2 == 1
        made.append(
            StoredMessage(
                id=number,
                parent_id=number - 1 or None,
                role=Role.USER if asks else Role.ASSISTANT,
                content=text,
                statistics=None if asks else statistics,
            )
        )
    return tuple(made)


def fill(store: ChatStore, dice: random.Random) -> int:
    """Write them all; the long chat's id."""
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    for number in range((MESSAGES - LONG_CHAT) // A_CHAT):
        title = f"Chat {number} {words(dice, 3)}"
        said = turns(dice, A_CHAT)
        store.take_in(Imported(title=title, created_at=moment, updated_at=moment, messages=said))
    said = turns(dice, LONG_CHAT)
    long = Imported(title="A long one", created_at=moment, updated_at=moment, messages=said)
    return store.take_in(long).id


def took_ms(verb: Callable[[], object]) -> float:
    """Of this thread's time."""
    before = time.thread_time()
    verb()
    return (time.thread_time() - before) * 1000


def measure(path: Path) -> None:
    """Fill a new file, and print what its verbs take."""
    dice = random.Random(5)
    with closing(ChatStore(path)) as store:
        before = time.perf_counter()
        long_chat = fill(store, dice)
        filled = time.perf_counter()
        while store.index_more():
            pass
        indexed = time.perf_counter()
        print(f"filled in {filled - before:.1f} s, indexed in {indexed - filled:.1f} s")
    print(f"{path.stat().st_size / 1e6:.0f} MB")
    print(f"opened in {took_ms(lambda: ChatStore(path).close()):.1f} ms")
    with closing(ChatStore(path)) as store:
        searches = dict[str, float]()
        for asked in SEARCHES:
            searches[asked] = took_ms(lambda asked=asked: store.search(asked))
            print(f"  {asked!r}: {searches[asked]:.1f} ms, {len(store.search(asked))} found")
        print(f"search, the slowest: {max(searches.values()):.1f} ms")
        rows = [took_ms(lambda: store.messages(long_chat)) for _ in range(5)]
        print(f"{LONG_CHAT} messages of a chat: {min(rows):.1f} to {max(rows):.1f} ms")
        print(f"their versions: {took_ms(lambda: store.versions(long_chat)):.1f} ms")
        print(f"all chats: {took_ms(store.chats):.1f} ms")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        measure(Path(sys.argv[1]) / "bench.sqlite")
    else:
        with tempfile.TemporaryDirectory() as folder:
            measure(Path(folder) / "bench.sqlite")
