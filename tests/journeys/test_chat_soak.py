"""Kills at random moments while an answer is written to disk.

A child keeps its chat as the window does, once a second, and tells what it said and saved. It is
killed as by `kill -9`; then the file must be sound, hold every message that was saved, and of the
answer in progress all but what was said since the last save. The long count is run by
`sh installers/test.sh --soak`.
"""

import random
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path

import pytest

from app.presenters.chat.running import SAVE_SECONDS
from app.store.chats import ChatStore
from app.store.transcript import Transcript
from app.store.values import StoredMessage
from engine.chat import Role

AT_ONCE = 5
ROUNDS = 40  # of AT_ONCE kills each
LONGEST_LIFE_SECONDS = 3.0
PIECES_A_SECOND = 100
PIECES = 180  # of one answer
ROOT = Path(__file__).parents[2]


def piece(number: int) -> str:
    """What an answer says at that place."""
    return f"piece-{number} "


def answer(pieces: int) -> str:
    """What it has said after so many."""
    return "".join(map(piece, range(pieces)))


def chat_until_killed(path: Path) -> None:
    """Ask and answer in a new chat, for ever. Every line says what has been done, and when."""

    def tell(what: str, turn: int, pieces: int) -> None:
        print(what, turn, pieces, time.monotonic(), flush=True)

    store = ChatStore(path)
    transcript = Transcript(store)
    saved_at = time.monotonic()
    turn = 0
    while True:
        transcript.add(StoredMessage(role=Role.USER, content=f"Question {turn}?"))
        transcript.save()
        tell("saved", turn, 0)
        message = StoredMessage(role=Role.ASSISTANT, content="")
        transcript.add(message)
        for pieces in range(1, PIECES + 1):
            last = transcript.messages[-1]
            transcript.amend(replace(last, content=last.content + piece(pieces - 1)))
            tell("said", turn + 1, pieces)
            if time.monotonic() - saved_at >= SAVE_SECONDS or pieces == PIECES:
                transcript.save()
                saved_at = time.monotonic()
                tell("saved", turn + 1, pieces)
                store.index_more()
            time.sleep(1 / PIECES_A_SECOND)
        turn += 2


@dataclass(kw_only=True)
class Victim:
    """One file of chats, and what stood in it after the last kill."""

    path: Path
    kept: dict[int, tuple[StoredMessage, ...]] = field(
        default_factory=dict[int, tuple[StoredMessage, ...]]
    )

    def start(self) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "tests.journeys.test_chat_soak", str(self.path)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )

    def check(self, lines: list[str]) -> float:
        """How many seconds of the answer in progress were lost."""
        with closing(sqlite3.connect(self.path)) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        with closing(ChatStore(self.path)) as store:
            assert store.trouble is None
            now = {chat.id: store.messages(chat.id) for chat in store.chats()}
            while store.index_more():
                pass
            found = {one.message_id for one in store.search("question", limit=10**6)} - {None}
            asked = (one.id for said in now.values() for one in said if one.role is Role.USER)
            assert found == set(asked)
        for chat, messages in self.kept.items():
            assert now[chat] == messages, "an earlier chat changed"
        (chat,) = now.keys() - self.kept.keys()
        self.kept = now
        return lost_seconds(now[chat], lines)


def lost_seconds(messages: tuple[StoredMessage, ...], lines: list[str]) -> float:
    """From the first piece that is not on disk to the last that was said."""
    told = [line.split() for line in lines if line.endswith("\n")]
    events = [(what, int(turn), int(pieces), float(at)) for what, turn, pieces, at in told]
    for what, turn, pieces, _ in events:
        if what == "saved":
            content = messages[turn].content
            wanted = f"Question {turn}?" if turn % 2 == 0 else answer(pieces)
            assert content.startswith(wanted), f"turn {turn} was saved, and is lost"
    for turn, message in enumerate(messages):
        if turn % 2:
            assert message.content == answer(message.content.count(" ")), "no such answer"
    last = events[-1][3]
    lost = [
        at
        for what, turn, pieces, at in events
        if what == "said" and (turn >= len(messages) or messages[turn].content.count(" ") < pieces)
    ]
    if not lost:
        return 0.0
    gaps = (later[3] - earlier[3] for earlier, later in pairwise(events))
    seconds = last - lost[0]
    assert seconds <= SAVE_SECONDS + max(gaps), "more than the last second is lost"
    return seconds


def kill_some(victims: list[Victim], dice: random.Random) -> list[float]:
    """Let all chat at once, kill each at a moment of its own, and look; the seconds lost."""
    running = [victim.start() for victim in victims]
    first = [child.stdout.readline() for child in running if child.stdout is not None]
    ends = sorted(
        (time.monotonic() + dice.uniform(0, LONGEST_LIFE_SECONDS), number)
        for number in range(len(running))
    )
    for moment, number in ends:
        time.sleep(max(0.0, moment - time.monotonic()))  # its life, not a wait for something
        running[number].kill()
    lost = list[float]()
    for victim, child, line in zip(victims, running, first, strict=True):
        rest, _ = child.communicate()
        lost.append(victim.check([line, *rest.splitlines(keepends=True)]))
    return lost


def victims_in(folder: Path) -> list[Victim]:
    return [Victim(path=folder / f"chats-{number}.sqlite") for number in range(AT_ONCE)]


def test_that_a_killed_window_loses_a_second_at_most(tmp_path: Path) -> None:
    lost = kill_some(victims_in(tmp_path), random.Random(1))
    print(f"{len(lost)} kills, at most {max(lost):.2f} s of the answer in progress lost")


@pytest.mark.soak
@pytest.mark.timeout(1800)
def test_that_200_kills_lose_no_message(tmp_path: Path) -> None:
    dice, victims = random.Random(2), victims_in(tmp_path)
    lost = [seconds for _ in range(ROUNDS) for seconds in kill_some(victims, dice)]
    messages = sum(len(said) for victim in victims for said in victim.kept.values())
    print(
        f"{len(lost)} kills, {messages} messages kept,"
        f" at most {max(lost):.2f} s of the answer in progress lost"
    )


if __name__ == "__main__":
    chat_until_killed(Path(sys.argv[1]))
