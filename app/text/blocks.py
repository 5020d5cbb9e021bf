"""Markdown → blocks: the pieces a transcript lays out and repaints one by one."""

import html
from collections.abc import Iterator, Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final, Literal

from markdown_it import MarkdownIt
from markdown_it.token import Token

from app.text.dialect import markdown
from app.text.long import (
    GOES_ON,
    LONG,
    MARKED_UP,
    clean,
    is_endless,
    pieces,
)
from app.text.markup import (
    LINK_SCHEMES,
    THIN_SPACE,
    blocks_markup,
    grid_of,
    line_markup,
    words_of,
)
from app.text.tables import Grid

__all__ = ["LINK_SCHEMES", "THIN_SPACE", "Block", "BlockKind", "markdown", "parse"]

PICTURE_SCHEMES: Final = ("http://", "https://", "data:image/")
# More addresses than this are not kept while a text is written.
DEFINITIONS: Final = 1_000
PLAIN_PIECE: Final = 24_000

BlockKind = Literal["prose", "item", "quote", "table", "code", "math", "picture", "rule"]


@dataclass(frozen=True, kw_only=True)
class Block:
    """A paragraph, heading, list item, quote, table, code block, formula, picture or rule.

    `text` is the source of code, the TeX of a formula, or a picture's words with its `address`; a
    table is in `grid`; everything else is in `html`, Qt's subset of it, where a formula on a line
    is `<img src="tex:…">`. `goes_on` tells that the paragraph above goes on here.
    """

    kind: BlockKind
    html: str = ""
    text: str = ""
    language: str = ""
    grid: Grid | None = None
    address: str = ""
    goes_on: bool = False


@dataclass(frozen=True, kw_only=True)
class Located:
    """A block and its lines in the source, `first` up to but without `end`."""

    block: Block
    first: int
    end: int
    number: int | None = None
    continues: bool = False


Environment = MutableMapping[str, Any]


def parse(source: str) -> tuple[Block, ...]:
    """All blocks of a finished text; what is beyond all measure, as plain text."""
    source = unified(source)
    located = locate(markdown(), source[:MARKED_UP], {})
    return (*(one.block for one in located), *plain(source[MARKED_UP:]))


def unified(source: str) -> str:
    """The text with one kind of line end and nothing that documents cannot hold."""
    return clean(source.replace("\r\n", "\n").replace("\r", "\n"))


def plain(source: str) -> Iterator[Block]:
    """Text as it was typed, a block of code for every few thousand letters of it."""
    for start in range(0, len(source), PLAIN_PIECE):
        yield Block(kind="code", text=source[start : start + PLAIN_PIECE])


def unread(source: str) -> Iterator[Block]:
    """A message that is not read yet: its words as they were typed."""
    for number, piece in enumerate(pieces(unified(source))):
        words = html.escape(piece.strip("\n"), quote=False)
        yield Block(
            kind="prose",
            html=f'<p style="white-space: pre-wrap">{words}</p>',
            goes_on=number > 0,
        )


def locate(
    parser: MarkdownIt, source: str, environment: Environment, resume: int | None = None
) -> list[Located]:
    """All blocks of `source` with their lines.

    `resume` numbers the first item if the source starts in the middle of an ordered list.
    """
    tokens = parser.parse(source, environment)
    lines = source.split("\n")
    found: list[Located] = []
    at = 0
    while at < len(tokens):
        end = _end_of(tokens, at)
        group = tokens[at:end]
        if group[0].type in {"bullet_list_open", "ordered_list_open"}:
            found.extend(_items(group, resume if at == 0 else None, lines))
        else:
            first, last = group[0].map or (0, 0)
            raw = lines[first:last]
            if group[0].type == "blockquote_open" and is_endless(raw):
                blocks = list(plain("\n".join(raw)))
            else:
                blocks = _blocks(parser, group, raw, environment)
            found.extend(Located(block=block, first=first, end=last) for block in blocks)
        at = end
    return found


def _blocks(
    parser: MarkdownIt, group: Sequence[Token], raw: Sequence[str], environment: Environment
) -> list[Block]:
    head = group[0]
    if len(group) != 3 or group[1].type != "inline":
        return [_block(group)]
    going_on = raw[0].startswith(GOES_ON)
    setext = head.markup in {"=", "-"}
    if head.markup.startswith("#") or (len(group[1].content) <= LONG and not going_on):
        return _paragraph(head.tag, group[1].children or ())
    # Cut where the source says, so that a paragraph that grows is cut in the same places.
    text = "\n".join(raw[:-1] if setext else raw).removeprefix(GOES_ON)
    found: list[Block] = []
    for number, piece in enumerate(pieces(text)):
        (inline,) = parser.parseInline(piece.strip(), environment)
        blocks = _paragraph("p", inline.children or ())
        if blocks and (number or going_on) and blocks[0].kind == "prose":
            blocks[0] = Block(kind="prose", html=blocks[0].html, goes_on=True)
        found.extend(blocks)
    return found


def _paragraph(tag: str, children: Sequence[Token]) -> list[Block]:
    """A paragraph; formulas of their own and pictures in it stand between its pieces."""
    found: list[Block] = []
    words: list[Token] = []
    level = 0
    for token in children:
        level += token.nesting
        apart = _apart(token) if level == 0 and tag == "p" else None
        if apart is None:
            words.append(token)
            continue
        found.extend(_prose(tag, words))
        found.append(apart)
        words = []
    found.extend(_prose(tag, words))
    return found


def _prose(tag: str, words: list[Token]) -> list[Block]:
    while words and words[0].type in {"softbreak", "hardbreak"}:
        words = words[1:]
    while words and words[-1].type in {"softbreak", "hardbreak"}:
        words = words[:-1]
    if not any(token.type != "text" or token.content.strip() for token in words):
        return []
    return [Block(kind="prose", html=f"<{tag}>{line_markup(words)}</{tag}>")]


def _apart(token: Token) -> Block | None:
    if token.type == "formula_display":
        return Block(kind="math", text=token.content)
    address = str(token.attrs.get("src", ""))
    if token.type == "image" and address.lower().startswith(PICTURE_SCHEMES):
        return Block(kind="picture", text=words_of(token), address=address)
    return None


def _end_of(tokens: Sequence[Token], start: int) -> int:
    level = 0
    for at in range(start, len(tokens)):
        level += tokens[at].nesting
        if level == 0:
            return at + 1
    return len(tokens)


def _items(group: Sequence[Token], resume: int | None, lines: Sequence[str]) -> list[Located]:
    """A block for each item of a list, so that a long list freezes item by item."""
    ordered = group[0].type == "ordered_list_open"
    number = int(group[0].attrs.get("start", 1)) if ordered else None
    if ordered and resume is not None:
        number = resume
    found: list[Located] = []
    at = 1
    while at < len(group) - 1:
        end = _end_of(group, at)
        first, last = group[at].map or (0, 0)
        blocks = (
            plain("\n".join(lines[first:last]))
            if is_endless(lines[first:last])
            else [_item(group[at:end], number)]
        )
        found.extend(
            Located(block=block, first=first, end=last, number=number, continues=at > 1)
            for block in blocks
        )
        number = None if number is None else number + 1
        at = end
    return found


def _item(group: Sequence[Token], number: int | None) -> Block:
    item = blocks_markup(group)
    markup = f"<ul>{item}</ul>" if number is None else f'<ol start="{number}">{item}</ol>'
    return Block(kind="item", html=markup)


def _block(group: Sequence[Token]) -> Block:
    head = group[0]
    match head.type:
        case "fence" | "code_block":
            text = head.content.removesuffix("\n")
            return Block(kind="code", text=text, language=language_of(head.info))
        case "hr":
            return Block(kind="rule")
        case "blockquote_open":
            return Block(kind="quote", html=blocks_markup(group[1:-1]))
        case "formula_block":
            return Block(kind="math", text=head.content)
        case "grid":
            return Block(kind="table", grid=grid_of(head))
        case _:
            return Block(kind="prose", html=blocks_markup(group))


def language_of(fence: str) -> str:
    """The language named after a fence's backticks, or nothing."""
    words = fence.split()
    return words[0].strip("{}.").lower()[:40] if words else ""


def references(environment: Mapping[str, Any], before_line: int) -> Environment:
    """The link definitions of `environment` that end before that line."""
    kept = {
        label: definition
        for label, definition in islice(environment.get("references", {}).items(), DEFINITIONS)
        if definition.get("map", (0, 0))[1] <= before_line
    }
    return {"references": kept} if kept else {}
