"""What opening a chat costs, from the disk to its first paint: `python -m tests.benches.opening`.

CPU milliseconds of the window's thread, from `ChatPresenter.open_chat` on: the rows are read, the
messages made, shown and painted.
"""

import gc
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from time import thread_time

from PySide6.QtWidgets import QApplication, QWidget

from app.bridge import EngineBridge
from app.presenters.chat.presenter import ChatPresenter
from app.settings import SettingsFile
from app.store.chats import ChatStore
from app.store.imports import Imported
from app.store.values import Statistics, StoredMessage
from app.theme.fonts import load_fonts
from app.theme.tokens import DARK
from app.views.chat.conversation import Conversation
from engine.chat import Role, StopReason
from tests.benches.transcript import ASSETS, SIZE, mixed, rest, told
from tests.support.engine import FakeEngine

TIMES = 6


def said(messages: int) -> tuple[StoredMessage, ...]:
    """Questions and answers with all that stands around them."""
    answer = mixed(1600)
    cost = Statistics(
        prompt_tokens=900,
        answer_tokens=400,
        tokens_per_second=41.8,
        first_token_seconds=0.3,
        stop=StopReason.END,
        model="Qwen3-32B",
    )
    return tuple(
        StoredMessage(id=at + 1, parent_id=at or None, role=Role.USER, content=f"Question {at}")
        if at % 2 == 0
        else StoredMessage(
            id=at + 1,
            parent_id=at,
            role=Role.ASSISTANT,
            content=f"Answer {at}. {answer}",
            statistics=cost,
        )
        for at in range(messages)
    )


def opening(folder: Path, messages: int) -> str:
    """Open it from the disk, again and again."""
    store = ChatStore(folder / f"{messages}.db")
    now = datetime.now(UTC)
    chat = store.take_in(
        Imported(title="Long", created_at=now, updated_at=now, messages=said(messages))
    )
    settings = SettingsFile(folder / "ui.toml")
    presenter = ChatPresenter(EngineBridge(FakeEngine), store, settings)
    conversation = Conversation(presenter, QWidget(), DARK)
    conversation.resize(*SIZE)
    conversation.show()
    _ = conversation.transcript
    rest(50)
    costs: list[float] = []
    for _ in range(TIMES):
        presenter.new_chat()
        rest(50)
        gc.collect()
        began = thread_time()
        presenter.open_chat(chat.id)
        conversation.transcript.viewport().repaint()
        costs.append((thread_time() - began) * 1000)
        rest(50)
    conversation.close()
    return told(f"open {messages:,} messages from the disk", costs)


def main() -> None:
    """Measure, and print a table."""
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert app is not None
    load_fonts(ASSETS / "fonts")
    sys.setswitchinterval(0.0005)
    sys.stdout.write(f"{'CPU ms of the window thread':<44}{'median':>8}{'p99':>8}{'max':>8}\n")
    with TemporaryDirectory() as folder:
        for messages in (1000, 10_000):
            sys.stdout.write(f"{opening(Path(folder), messages)}\n")
            sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
