"""The dialect of Markdown that models write, and what is done about texts made to do harm."""

from typing import Final

from markdown_it import MarkdownIt
from markdown_it.parser_block import ParserBlock
from markdown_it.ruler import RuleOptionsType
from markdown_it.rules_block import StateBlock, reference
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from typing_extensions import override

from app.text.long import is_hostile, pieces
from app.text.tables import begun

# Deeper than this, quotes and lists are shown as they were typed.
DEEPEST: Final = 24
# A formula of its own has fewer lines than this.
LONGEST_FORMULA: Final = 60
LONGEST_DEFINITION: Final = 8
CLOSING: Final = {"$$": "$$", "\\[": "\\]"}


class _BoundedBlocks(ParserBlock):
    """Shows what lies too deep, where markdown-it would leave it out."""

    @override
    def tokenize(self, state: StateBlock, startLine: int, endLine: int) -> None:
        if state.level < state.md.options.maxNesting:
            super().tokenize(state, startLine, endLine)
            return
        _paragraph(state, startLine, endLine)
        state.line = endLine


def markdown() -> MarkdownIt:
    """CommonMark, tables, strikethrough, mathematics; never raw HTML."""
    parser = MarkdownIt("commonmark", {"html": False, "maxNesting": DEEPEST})
    parser.block = _BoundedBlocks()
    parser.configure("commonmark", {"html": False, "maxNesting": DEEPEST})
    parser.enable(["table", "strikethrough"])
    parser.block.ruler.at("table", _table, {"alt": ["paragraph", "reference"]})
    alternatives: RuleOptionsType = {"alt": ["paragraph", "reference", "blockquote", "list"]}
    parser.block.ruler.before("fence", "formula", _display, alternatives)
    parser.inline.ruler.before("escape", "formula", _formula)
    parser.block.ruler.at("reference", _definition)
    parser.core.ruler.at("inline", _inlines)
    return parser


def _inlines(state: StateCore) -> None:
    """Read what stands on lines, the longest in pieces: some marks cost the square of it."""
    for token in state.tokens:
        if token.type == "inline":
            token.children = token.children or []
            for piece in pieces(token.content):
                if is_hostile(piece):
                    token.children.append(Token("text", "", 0, content=piece))
                else:
                    state.md.inline.parse(piece, state.md, state.env, token.children)


def _definition(state: StateBlock, startLine: int, endLine: int, silent: bool) -> bool:  # noqa: N803, FBT001  markdown-it's names
    """A link's definition, looked for in a few lines: markdown-it reads all that follow it."""
    whole, state.lineMax = state.lineMax, min(state.lineMax, startLine + LONGEST_DEFINITION)
    try:
        return reference(state, startLine, min(endLine, state.lineMax), silent)
    finally:
        state.lineMax = whole


def _line(state: StateBlock, line: int) -> str:
    return state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]]


def _paragraph(state: StateBlock, first: int, end: int) -> None:
    state.push("paragraph_open", "p", 1).map = [first, end]
    inline = state.push("inline", "", 0)
    inline.content = state.getLines(first, end, state.blkIndent, keepLastLF=False).strip()
    inline.map = [first, end]
    inline.children = []
    state.push("paragraph_close", "p", -1)


def _table(state: StateBlock, startLine: int, endLine: int, silent: bool) -> bool:  # noqa: N803, FBT001  markdown-it's names
    """A table, its rows as lines: a long one costs little before it is shown."""
    ruled = startLine + 1
    if ruled >= endLine or state.sCount[ruled] < state.blkIndent:
        return False
    if state.is_code_block(startLine) or state.is_code_block(ruled):
        return False
    grid = begun(_line(state, startLine), _line(state, ruled))
    if grid is None:
        return False
    if silent:
        return True
    end = startLine + 2
    parent, state.parentType = state.parentType, "table"
    while end < endLine and _is_row(state, end, endLine):
        end += 1
    state.parentType = parent
    token = state.push("grid", "table", 0)
    token.map = [startLine, end]
    token.meta = {
        "head": grid.head,
        "sides": grid.sides,
        "rows": tuple(_line(state, line).strip() for line in range(startLine + 2, end)),
    }
    state.line = end
    return True


def _is_row(state: StateBlock, line: int, end: int) -> bool:
    if state.isEmpty(line) or state.sCount[line] < state.blkIndent or state.is_code_block(line):
        return False
    # Nothing else begins with a bar.
    if state.src[state.bMarks[line] + state.tShift[line]] == "|":
        return True
    rules = state.md.block.ruler.getRules("blockquote")
    return not any(rule(state, line, end, True) for rule in rules)  # noqa: FBT003  as above


def _display(state: StateBlock, startLine: int, endLine: int, silent: bool) -> bool:  # noqa: N803, FBT001  markdown-it's names
    r"""A formula of its own, from `$$` or `\[` at the beginning of a line to the end of another.

    A blank line ends what is not closed, and the lines are a paragraph.
    """
    if state.is_code_block(startLine):
        return False
    found = _display_source(state, startLine, endLine)
    if found is None:
        return False
    source, end = found
    if not silent:
        token = state.push("formula_block", "", 0)
        token.content = source
        token.map = [startLine, end]
        state.line = end
    return True


def _display_source(state: StateBlock, start: int, end: int) -> tuple[str, int] | None:
    """The formula that begins on a line, and the line after it."""
    opening, first = _line(state, start)[:2], _line(state, start)[2:]
    closing = CLOSING.get(opening)
    if closing is None:
        return None
    if closing in first:
        last = start
        source = first.rstrip()
        if not source.endswith(closing) or source.count(closing) > 1:
            return None
    else:
        found = _closed_at(state, start, end, closing)
        if found is None or (opening == "$$" and first.strip()):
            return None
        last = found
        source = "\n".join([first, *(_line(state, line) for line in range(start + 1, last + 1))])
    source = source.rstrip().removesuffix(closing).strip()
    return (source, last + 1) if source else None


def _closed_at(state: StateBlock, start: int, end: int, closing: str) -> int | None:
    for line in range(start + 1, min(end, start + LONGEST_FORMULA)):
        if state.isEmpty(line) or state.sCount[line] < state.blkIndent:
            return None
        text = _line(state, line)
        if closing in text:
            alone = text.rstrip().endswith(closing) and text.count(closing) == 1
            return line if alone else None
    return None


def _formula(state: StateInline, silent: bool) -> bool:  # noqa: FBT001  markdown-it calls it so
    r"""`\(…\)` and `$…$` on a line; `\[…\]` and `$$…$$` as formulas of their own."""
    start, source = state.pos, state.src
    if source[start] not in "\\$":
        return False
    mark = source[start : start + 2]
    if mark in ("\\(", "\\[", "$$"):
        closing = {"\\(": "\\)", "\\[": "\\]", "$$": "$$"}[mark]
        end = source.find(closing, start + 2, state.posMax)
        content = source[start + 2 : end] if end > 0 else ""
        after = end + 2
        kind = "formula" if mark == "\\(" else "formula_display"
    elif mark.startswith("$"):
        end = _dollar(source, start, state.posMax)
        content = source[start + 1 : end] if end > 0 else ""
        after = end + 1
        kind = "formula"
    else:
        return False
    if not content.strip() or "\n\n" in content:
        return False
    if not silent:
        state.push(kind, "", 0).content = content.strip()
    state.pos = after
    return True


def _dollar(source: str, start: int, limit: int) -> int:
    """Where the formula that a lone dollar begins ends, or -1: five dollars are no formula."""
    before = source[start - 1] if start else " "
    if before.isdigit() or start + 1 >= limit or source[start + 1].isspace():
        return -1
    end = source.find("$", start + 1, limit)
    while end > 0 and source[end - 1] == "\\":
        end = source.find("$", end + 1, limit)
    if end < 0 or source[end - 1].isspace() or source[end + 1 : end + 2].isdigit():
        return -1
    return end
