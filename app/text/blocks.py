"""Markdown → blocks: the pieces a transcript lays out and repaints one by one."""

import html
from collections.abc import Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.texmath import texmath_plugin

# A long table is a "wide" block with its head, and "rows" that go on where it ends.
BlockKind = Literal["prose", "item", "quote", "table", "wide", "rows", "code", "rule"]

# Qt lays a table out anew for every change: longer ones are laid out in pieces.
ROWS_IN_PIECE: Final = 24
# How much one long cell may take from its neighbours, in letters.
WIDEST_CELL: Final = 48

LINK_SCHEMES: Final = ("http://", "https://", "mailto:")
MATH_LANGUAGE: Final = "latex"

_INLINE_TAGS: Final = {
    "strong_open": "<b>",
    "strong_close": "</b>",
    "em_open": "<i>",
    "em_close": "</i>",
    "s_open": "<s>",
    "s_close": "</s>",
    "softbreak": " ",
    "hardbreak": "<br>",
}
THIN_SPACE: Final = "\u202f"


@dataclass(frozen=True, kw_only=True)
class Block:
    """A paragraph, heading, list item, quote, table, code block or rule.

    `text` is the source of code; everything else is in `html`, Qt's subset of it.
    """

    kind: BlockKind
    html: str = ""
    text: str = ""
    language: str = ""


@dataclass(frozen=True, kw_only=True)
class Located:
    """A block and its lines in the source, `first` up to but without `end`."""

    block: Block
    first: int
    end: int
    number: int | None = None
    continues: bool = False


Environment = MutableMapping[str, Any]


def markdown() -> MarkdownIt:
    """The dialect models write: CommonMark, tables, strikethrough, mathematics; never raw HTML."""
    parser = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    parser.use(dollarmath_plugin, allow_space=False, double_inline=True)
    parser.use(texmath_plugin, delimiters="brackets")
    return parser


def parse(source: str) -> tuple[Block, ...]:
    """All blocks of a finished text."""
    return tuple(located.block for located in locate(markdown(), source, {}))


def locate(
    parser: MarkdownIt, source: str, environment: Environment, resume: int | None = None
) -> list[Located]:
    """All blocks of `source` with their lines.

    `resume` numbers the first item if the source starts in the middle of an ordered list.
    """
    tokens = parser.parse(source, environment)
    found: list[Located] = []
    at = 0
    while at < len(tokens):
        end = _end_of(tokens, at)
        group = tokens[at:end]
        if group[0].type in {"bullet_list_open", "ordered_list_open"}:
            found.extend(_items(group, resume if at == 0 else None))
        else:
            first, last = group[0].map or (0, 0)
            blocks = _table(group) if group[0].type == "table_open" else [_block(group)]
            found.extend(Located(block=block, first=first, end=last) for block in blocks)
        at = end
    return found


def _table(group: Sequence[Token]) -> list[Block]:
    """A table in one piece, or in pieces of the same columns if it is long."""
    starts = [at for at, token in enumerate(group) if token.type == "tr_open"]
    rows = [group[at : _end_of(group, at)] for at in starts]
    if len(rows) <= ROWS_IN_PIECE:
        return [Block(kind="table", html=_html(group))]
    # Columns are as wide as the first piece wants: what follows cannot move them.
    shares = _shares(rows[:ROWS_IN_PIECE])
    for row in rows:
        cells = [token for token in row if token.type in {"th_open", "td_open"}]
        for cell, share in zip(cells, shares, strict=False):
            cell.attrSet("width", f"{share}%")
    pieces = [rows[at : at + ROWS_IN_PIECE] for at in range(0, len(rows), ROWS_IN_PIECE)]
    return [
        Block(
            kind="rows" if number else "wide",
            html=f'<table width="100%">{"".join(_html(row) for row in piece)}</table>',
        )
        for number, piece in enumerate(pieces)
    ]


def _shares(rows: Sequence[Sequence[Token]]) -> list[int]:
    """How many hundredths of the width each column gets."""
    widths: list[int] = []
    for row in rows:
        cells = [token.content for token in row if token.type == "inline"]
        for column, cell in enumerate(cells):
            if column == len(widths):
                widths.append(0)
            # Four letters stand for the distance between cells.
            widths[column] = max(widths[column], min(len(cell.encode()), WIDEST_CELL) + 4)
    total = max(1, sum(widths))
    return [max(1, round(100 * width / total)) for width in widths]


def _end_of(tokens: Sequence[Token], start: int) -> int:
    level = 0
    for at in range(start, len(tokens)):
        level += tokens[at].nesting
        if level == 0:
            return at + 1
    return len(tokens)


def _items(group: Sequence[Token], resume: int | None) -> list[Located]:
    """A block for each item of a list, so that a long list freezes item by item."""
    ordered = group[0].type == "ordered_list_open"
    number = int(group[0].attrs.get("start", 1)) if ordered else None
    if ordered and resume is not None:
        number = resume
    found: list[Located] = []
    at = 1
    while at < len(group) - 1:
        end = _end_of(group, at)
        item = _html(group[at:end])
        markup = f'<ol start="{number}">{item}</ol>' if ordered else f"<ul>{item}</ul>"
        first, last = group[at].map or (0, 0)
        found.append(
            Located(
                block=Block(kind="item", html=markup),
                first=first,
                end=last,
                number=number,
                continues=at > 1,
            )
        )
        number = None if number is None else number + 1
        at = end
    return found


def _block(group: Sequence[Token]) -> Block:
    head = group[0]
    match head.type:
        case "fence" | "code_block":
            text = head.content.removesuffix("\n")
            return Block(kind="code", text=text, language=language_of(head.info))
        case "hr":
            return Block(kind="rule")
        case "blockquote_open":
            return Block(kind="quote", html=_html(group[1:-1]))
        case kind if kind.startswith("math_block"):
            return Block(kind="code", text=head.content.strip("\n"), language=MATH_LANGUAGE)
        case _:
            return Block(kind="prose", html=_html(group))


def language_of(fence: str) -> str:
    """The language named after a fence's backticks, or nothing."""
    words = fence.split()
    return words[0].strip("{}.").lower() if words else ""


def _html(tokens: Sequence[Token]) -> str:
    out: list[str] = []
    opened_item = False
    for token in tokens:
        match token.type:
            case "inline":
                out.append(_inline(token.children or ()))
            case "paragraph_open":
                # An item's first paragraph stays on the line of its bullet, tight list or loose.
                out.append("" if opened_item else "<p>")
            case "paragraph_close":
                out.append("</p>" if _opened_paragraph(out) else "")
            case "fence" | "code_block":
                out.append(f"<pre>{html.escape(token.content.removesuffix(chr(10)))}</pre>")
            case "hr":
                out.append("<hr>")
            case kind if kind.startswith("math_block"):
                out.append(f"<p>{_code(token.content.strip())}</p>")
            case _:
                out.append(_tag(token))
        opened_item = token.type == "list_item_open"
    return "".join(out)


def _opened_paragraph(out: Sequence[str]) -> bool:
    return len(out) >= 2 and out[-2] == "<p>"


def _tag(token: Token) -> str:
    if token.nesting == -1:
        return f"</{token.tag}>"
    if token.type == "ordered_list_open":
        return f'<ol start="{token.attrs.get("start", 1)}">'
    style = str(token.attrs.get("style", ""))
    side = style.removeprefix("text-align:") if "text-align" in style else "left"
    aligned = f' align="{side}"' if token.tag in {"th", "td"} else ""
    width = f' width="{token.attrs["width"]}"' if "width" in token.attrs else ""
    return f"<{token.tag}{aligned}{width}>"


def _inline(tokens: Sequence[Token]) -> str:
    out: list[str] = []
    linked: list[bool] = []
    for token in tokens:
        match token.type:
            case "text" | "text_special":
                out.append(html.escape(token.content, quote=False))
            case "code_inline":
                out.append(_code(token.content))
            case "link_open":
                address = str(token.attrs.get("href", ""))
                linked.append(address.lower().startswith(LINK_SCHEMES))
                out.append(f'<a href="{html.escape(address)}">' if linked[-1] else "")
            case "link_close":
                out.append("</a>" if linked.pop() else "")
            case "image":
                out.append(
                    f"<i>{html.escape(_words(token) or str(token.attrs.get('src', '')))}</i>"
                )
            case kind if kind.startswith("math_"):
                out.append(_code(token.content))
            case kind:
                out.append(_INLINE_TAGS.get(kind) or html.escape(token.content, quote=False))
    return "".join(out)


def _words(token: Token) -> str:
    """What an image says about itself; the picture is never fetched."""
    return "".join(child.content for child in token.children or ()) or token.content


def _code(source: str) -> str:
    # The thin spaces widen the tinted ground; copying leaves them out.
    return f"<code>{THIN_SPACE}{html.escape(source, quote=False)}{THIN_SPACE}</code>"


def references(environment: Mapping[str, Any], before_line: int) -> Environment:
    """The link definitions of `environment` that end before that line."""
    kept = {
        label: definition
        for label, definition in environment.get("references", {}).items()
        if definition.get("map", (0, 0))[1] <= before_line
    }
    return {"references": kept} if kept else {}
