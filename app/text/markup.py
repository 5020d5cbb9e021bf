"""markdown-it's tokens → Qt's subset of HTML."""

import html
from collections.abc import Sequence
from functools import lru_cache
from typing import Final
from urllib.parse import quote

from markdown_it import MarkdownIt
from markdown_it.token import Token

from app.text.dialect import markdown
from app.text.long import clean, pieces
from app.text.tables import Grid

LINK_SCHEMES: Final = ("http://", "https://", "mailto:")
THIN_SPACE: Final = "\u202f"
# A table inside an item or a quote shows no more rows than this.
ROWS_INSIDE: Final = 60
# Qt's own marks for tasks.
_TASKS: Final = {"[ ] ": "unchecked", "[x] ": "checked", "[X] ": "checked"}
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


def blocks_markup(tokens: Sequence[Token]) -> str:
    """Paragraphs, lists, quotes and what stands in them."""
    out: list[str] = []
    opened_item = False
    for at, token in enumerate(tokens):
        match token.type:
            case "inline":
                out.append(_lines(token, is_item=_begins_item(tokens, at)))
            case "list_item_open":
                out.append(_item(tokens, at))
            case "paragraph_open":
                # An item's first paragraph stays on the line of its bullet, tight list or loose.
                out.append("" if opened_item else "<p>")
            case "paragraph_close":
                out.append("</p>" if len(out) >= 2 and out[-2] == "<p>" else "")
            case "fence" | "code_block":
                out.append(f"<pre>{html.escape(token.content.removesuffix(chr(10)))}</pre>")
            case "hr":
                out.append("<hr>")
            case "formula_block":
                out.append(f"<p>{formula(token.content, display=True)}</p>")
            case "grid":
                out.append(_table(grid_of(token)))
            case _:
                out.append(_tag(token))
        opened_item = token.type == "list_item_open"
    return "".join(out)


def text_markup(source: str) -> str:
    """A whole text of Markdown."""
    return blocks_markup(
        _cells().parse(clean(source.replace("\r\n", "\n").replace("\r", "\n")), {})
    )


def line_markup(tokens: Sequence[Token]) -> str:
    """What stands on lines: words, emphasis, code, links, formulas."""
    out: list[str] = []
    linked: list[bool] = []
    for token in tokens:
        match token.type:
            case "text" | "text_special":
                out.append(html.escape(token.content, quote=False))
            case "code_inline":
                out.append(code(token.content))
            case "link_open":
                address = str(token.attrs.get("href", ""))
                linked.append(address.lower().startswith(LINK_SCHEMES))
                out.append(f'<a href="{html.escape(address)}">' if linked[-1] else "")
            case "link_close":
                out.append("</a>" if linked and linked.pop() else "")
            case "image":
                out.append(f"<i>{html.escape(words_of(token), quote=False)}</i>")
            case "formula" | "formula_display":
                out.append(formula(token.content, display=token.type == "formula_display"))
            case kind:
                out.append(_INLINE_TAGS.get(kind) or html.escape(token.content, quote=False))
    return "".join(out)


@lru_cache(maxsize=4096)
def cell_markup(source: str) -> str:
    """One cell of a table."""
    parser = _cells()
    tokens = (token for piece in pieces(source) for token in parser.parseInline(piece))
    return "".join(line_markup(token.children or ()) for token in tokens)


@lru_cache(maxsize=1)
def _cells() -> MarkdownIt:
    return markdown()


def formula(source: str, *, display: bool = False) -> str:
    """The place of a formula: the document asks for its picture by this address."""
    source = rf"\displaystyle {source}" if display else source
    picture = f'<img src="tex:{quote(source, safe="")}">'
    return f"<br>{picture}<br>" if display else picture


def code(source: str) -> str:
    """Code on a line. The thin spaces widen the tinted ground; copying leaves them out.

    They are of the prose's letters: those of code have none, and any font of the system, with any
    width, would stand in.
    """
    space = f'<span class="thin">{THIN_SPACE}</span>'
    return f"<code>{space}{html.escape(source, quote=False)}{space}</code>"


def words_of(image: Token) -> str:
    """What a picture says about itself, else its address."""
    words = "".join(child.content for child in image.children or ()) or image.content
    return words or str(image.attrs.get("src", ""))[:200]


def grid_of(token: Token) -> Grid:
    """The table that a token of the dialect tells of."""
    return Grid(head=token.meta["head"], sides=token.meta["sides"], rows=token.meta["rows"])


def _begins_item(tokens: Sequence[Token], at: int) -> bool:
    return at >= 2 and tokens[at - 2].type == "list_item_open"


def _item(tokens: Sequence[Token], at: int) -> str:
    inner = tokens[at + 2] if at + 2 < len(tokens) else None
    task = _TASKS.get(inner.content[:4]) if inner is not None and inner.type == "inline" else None
    return f'<li class="{task}">' if task else "<li>"


def _lines(token: Token, *, is_item: bool) -> str:
    children = token.children or ()
    if is_item and token.content[:4] in _TASKS and children and children[0].type == "text":
        # The box is drawn in the place of the bullet.
        first = Token("text", "", 0, content=children[0].content[4:])
        return line_markup([first, *children[1:]])
    return line_markup(children)


def _table(grid: Grid) -> str:
    rows: list[str] = []
    for row in range(-1, min(len(grid.rows), ROWS_INSIDE)):
        tag = "th" if row < 0 else "td"
        cells = (
            f'<{tag} align="{side}">{cell_markup(cell)}</{tag}>'
            for side, cell in zip(grid.sides, grid.cells(row), strict=False)
        )
        rows.append(f"<tr>{''.join(cells)}</tr>")
    more = "<p>…</p>" if len(grid.rows) > ROWS_INSIDE else ""
    return f"<table>{''.join(rows)}</table>{more}"


def _tag(token: Token) -> str:
    if token.nesting == -1:
        return f"</{token.tag}>"
    if token.type == "ordered_list_open":
        return f'<ol start="{token.attrs.get("start", 1)}">'
    return f"<{token.tag}>"
