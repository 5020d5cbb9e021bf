"""A chat as a page of its own: one HTML file that needs nothing else and loads nothing.

Whatever HTML a message holds is shown as text, and pictures are those that came with the chat: a
page never fetches what a message names, and tells a browser not to either.
"""

import base64
import html
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Final, assert_never
from urllib.parse import unquote

from PySide6.QtCore import QCoreApplication, QDateTime, QLocale

from app.store.values import Attachment, Chat, StoredMessage
from app.text.blocks import Block, parse
from app.text.colours import colour_all
from app.text.markup import LINK_SCHEMES, cell_markup
from app.text.paper import Paper
from app.text.tables import Grid
from engine.chat import Role

# The address that a page gives a picture; None where there is none to be shown.
PictureAddress = Callable[[Attachment], str | None]

SAFE_PICTURES: Final = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
_LONGEST_COLOURED: Final = 200_000
_TEX: Final = re.compile(r'<img src="tex:([^"]*)">')
_DATA: Final = re.compile(r"data:(image/[a-z]+);base64,[A-Za-z0-9+/=\s]*")
_POLICY: Final = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"


def as_html(
    chat: Chat, messages: Sequence[StoredMessage], paper: Paper, step: Callable[[int, int], None]
) -> Iterator[str]:
    """The page in pieces, one a message; `step` hears how many of how many are written.

    Pictures need their bodies.
    """
    title = html.escape(title_of(chat))
    language = QLocale().bcp47Name()
    yield (
        f'<!doctype html>\n<html lang="{html.escape(language)}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}</title>\n<style>{paper.page}</style>\n</head>\n<body>\n<main>\n"
        f'<h1 class="title">{title}</h1>\n<p class="about">{html.escape(about(chat))}</p>\n'
    )
    if chat.system_prompt.strip():
        yield _section(
            "system",
            QCoreApplication.translate("chat_page", "System prompt"),
            [_typed(chat.system_prompt.strip())],
        )
    for number, message in enumerate(messages):
        step(number, len(messages))
        yield turn(chat, message, embedded)
    yield "</main>\n</body>\n</html>\n"


def title_of(chat: Chat) -> str:
    """What stands above the page."""
    return " ".join(chat.title.split()) or QCoreApplication.translate("chat_page", "Chat")


def about(chat: Chat) -> str:
    """When it was, and with whom."""
    local = QDateTime.fromSecsSinceEpoch(int(chat.created_at.timestamp()))
    when = QLocale().toString(local, QLocale.FormatType.LongFormat)
    return " · ".join(part for part in (when, chat.model) if part)


def turn(chat: Chat, message: StoredMessage, address: PictureAddress) -> str:
    """One message: who says it, what came with it, what was thought and said."""
    parts: list[str] = []
    for attachment in message.attachments:
        source = address(attachment)
        name = html.escape(attachment.name)
        if source is None:
            parts.append(f'<p class="cost">{name}</p>')
        else:
            parts.append(f'<p><img src="{html.escape(source)}" alt="{name}"></p>')
    if message.reasoning.strip():
        parts.append(f'<div class="thought">{_typed(message.reasoning.strip())}</div>')
    if message.content.strip():
        # What a person typed stays as it was typed; a model writes Markdown.
        answers = message.role is Role.ASSISTANT
        parts.append(_told(message.content) if answers else _typed(message.content.strip()))
    for call in message.tool_calls:
        parts.append(f"<p><code>{html.escape(call.name)}</code></p>")
        parts.append(f"<pre>{html.escape(call.arguments)}</pre>")
    if message.failure:
        parts.append(f'<p class="failure">{html.escape(message.failure)}</p>')
    return _section(message.role.value, _speaker(chat, message), parts)


def embedded(attachment: Attachment) -> str | None:
    """The picture's own bytes as its address."""
    if attachment.body is None or attachment.media_type not in SAFE_PICTURES:
        return None
    body = base64.b64encode(attachment.body).decode("ascii")
    return f"data:{attachment.media_type};base64,{body}"


def _section(kind: str, who: str, parts: Sequence[str]) -> str:
    body = "\n".join(parts)
    return f'<section class="{kind}">\n<p class="who">{html.escape(who)}</p>\n{body}\n</section>\n'


def _speaker(chat: Chat, message: StoredMessage) -> str:
    match message.role:
        case Role.USER:
            return QCoreApplication.translate("chat_page", "You")
        case Role.SYSTEM:
            return QCoreApplication.translate("chat_page", "System prompt")
        case Role.TOOL:
            return QCoreApplication.translate("chat_page", "Tool")
        case Role.ASSISTANT:
            answered = message.statistics.model if message.statistics is not None else None
            return answered or chat.model or QCoreApplication.translate("chat_page", "Assistant")
        case _:
            assert_never(message.role)


def _typed(text: str) -> str:
    lines = html.escape(text).replace("\n", "<br>\n")
    return f"<p>{lines}</p>"


def _told(text: str) -> str:
    return "\n".join(_block(block) for block in parse(text))


def _block(block: Block) -> str:
    match block.kind:
        case "prose" | "item":
            told = _with_formulas(block.html)
        case "quote":
            told = f"<blockquote>{_with_formulas(block.html)}</blockquote>"
        case "table":
            told = "" if block.grid is None else _table(block.grid)
        case "code":
            told = f"<pre><code>{_coloured(block.text, block.language)}</code></pre>"
        case "math":
            told = f"<pre>{html.escape(block.text)}</pre>"
        case "picture":
            told = _picture(block)
        case "rule":
            told = "<hr>"
        case _:
            assert_never(block.kind)
    return told


def _with_formulas(markup: str) -> str:
    """Formulas as they are written: a page draws none."""
    return _TEX.sub(
        lambda found: f"<code>{html.escape(unquote(found[1]), quote=False)}</code>", markup
    )


def _table(grid: Grid) -> str:
    rows: list[str] = []
    for row in range(-1, len(grid.rows)):
        tag = "th" if row < 0 else "td"
        cells = (
            f'<{tag} align="{side}">{_with_formulas(cell_markup(cell))}</{tag}>'
            for side, cell in zip(grid.sides, grid.cells(row), strict=False)
        )
        rows.append(f"<tr>{''.join(cells)}</tr>")
    return f"<table>{''.join(rows)}</table>"


def _picture(block: Block) -> str:
    """One that is in the text itself is shown; one elsewhere is named, never fetched."""
    words = html.escape(block.text or block.address[:200])
    known = _DATA.fullmatch(block.address)
    if known is not None and known[1] in SAFE_PICTURES:
        return f'<p><img src="{html.escape(block.address)}" alt="{words}"></p>'
    if block.address.lower().startswith(LINK_SCHEMES):
        return f'<p><a href="{html.escape(block.address)}">{words}</a></p>'
    return f"<p><i>{words}</i></p>"


def _coloured(text: str, language: str) -> str:
    if len(text) > _LONGEST_COLOURED:
        return html.escape(text, quote=False)
    out: list[str] = []
    for run in colour_all(text, language):
        words = html.escape(run.text, quote=False)
        out.append(f'<span class="{run.colour}">{words}</span>' if run.colour else words)
    return "".join(out)
