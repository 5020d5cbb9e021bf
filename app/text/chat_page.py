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
from app.text.tables import Grid
from engine.chat import Role

# The address that a page gives a picture; None where there is none to be shown.
PictureAddress = Callable[[Attachment], str | None]

SAFE_PICTURES: Final = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
SYNTAX: Final = {
    "keyword": "#8839ef",
    "string": "#3a7d1e",
    "number": "#c4511a",
    "comment": "#7d8596",
    "function": "#1e66f5",
    "class": "#a06a00",
    "operator": "#04708f",
    "decorator": "#a06a00",
    "inserted": "#3a7d1e",
    "deleted": "#d64545",
}
_LONGEST_COLOURED: Final = 200_000
_TEX: Final = re.compile(r'<img src="tex:([^"]*)">')
_DATA: Final = re.compile(r"data:(image/[a-z]+);base64,[A-Za-z0-9+/=\s]*")
_POLICY: Final = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
_STYLE: Final = """
:root { color-scheme: light dark; --text: #1b1f27; --dim: #5b6372; --back: #ffffff;
  --card: #eef1f8; --code: #f7f8fa; --line: #e3e6ec; --accent: #3b63f3; --error: #d64545; }
@media (prefers-color-scheme: dark) { :root { --text: #e6e8ee; --dim: #a2a8b6; --back: #16181d;
  --card: #2a3040; --code: #0f1115; --line: #2c303a; --accent: #6c8cff; --error: #ff6b6b; }
  pre span { filter: brightness(1.6); } }
body { margin: 0; background: var(--back); color: var(--text);
  font: 16px/1.65 Inter, "Segoe UI", "Noto Sans", "Noto Sans CJK SC", sans-serif; }
main { max-width: 760px; margin: 0 auto; padding: 40px 20px 80px; overflow-wrap: anywhere; }
h1.title { margin: 0; font-size: 26px; line-height: 1.3; }
p.about { margin: 4px 0 32px; color: var(--dim); font-size: 13px; }
section { margin: 0 0 28px; }
section.user, section.system { background: var(--card); border-radius: 12px; padding: 12px 18px; }
.who { margin: 0 0 4px; color: var(--dim); font-size: 13px; font-weight: 600; }
.cost, .thought { color: var(--dim); font-size: 13px; }
.thought { border-left: 3px solid var(--line); padding-left: 14px; }
.failure { color: var(--error); }
pre, code { font-family: "JetBrains Mono", Consolas, "Noto Sans Mono", monospace;
  font-size: 0.87em; background: var(--code); border-radius: 6px; }
code { padding: 2px 4px; } pre code { padding: 0; }
pre { padding: 12px 16px; border: 1px solid var(--line); overflow-x: auto; line-height: 1.5;
  white-space: pre; overflow-wrap: normal; }
blockquote { margin: 0; padding-left: 16px; border-left: 3px solid var(--line); }
table { border-collapse: collapse; } th, td { border: 1px solid var(--line); padding: 5px 12px; }
th { background: var(--code); } img { max-width: 100%; border-radius: 8px; }
hr { border: none; border-top: 1px solid var(--line); } a { color: var(--accent); }
li.checked, li.unchecked { list-style: none; }
li.checked::before { content: "\\2611\\a0"; } li.unchecked::before { content: "\\2610\\a0"; }
"""


def as_html(
    chat: Chat, messages: Sequence[StoredMessage], step: Callable[[int, int], None]
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
        f"<title>{title}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n"
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
        colour = SYNTAX.get(run.colour)
        out.append(f'<span style="color:{colour}">{words}</span>' if colour else words)
    return "".join(out)
