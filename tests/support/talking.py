"""What tests of a conversation do again and again."""

from pytestqt.qtbot import QtBot

from app.bridge import EngineBridge
from app.presenters.chat.presenter import ChatPresenter
from app.store.values import StoredMessage
from engine.chat import Role


def load(bridge: EngineBridge, qtbot: QtBot, model: str = "tiny") -> None:
    """Load that model; return once it was, or failed."""
    done: list[object] = []
    bridge.ask(lambda engine: engine.load(model), done.append, done.append)
    qtbot.waitUntil(lambda: bool(done))


def ask(chat: ChatPresenter, qtbot: QtBot, text: str = "What is it?") -> StoredMessage:
    """Send that, and wait for its answer."""
    assert chat.send(text)
    qtbot.waitUntil(lambda: not chat.busy)
    return chat.messages[-1]


def contents(chat: ChatPresenter) -> list[tuple[Role, str]]:
    """Who said what on the branch that is shown."""
    return [(message.role, message.content) for message in chat.messages]


def number(message: StoredMessage) -> int:
    """Of a message that is on disk."""
    assert message.id is not None
    return message.id
