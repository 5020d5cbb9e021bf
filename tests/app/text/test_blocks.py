"""Markdown becomes the same blocks however it arrives, and never anything that runs or fetches."""

from collections.abc import Iterator
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.text.blocks import Block, parse
from app.text.long import broken
from app.text.stream import BlockStream

CORPUS = """# Heading with `code` and **bold**

A paragraph with [a link](https://example.org/a?b=1&c=2), ~~struck~~ words
over two lines, a price of $5, and an inline formula $\\alpha_1 = 2$.

- one
- [ ] two with `x`
  - nested
  - nested 二

- loose item

  with a second paragraph
- last

1. first
1. second
1. third

   ```sh
   echo nested
   ```

7) seven
8) eight

```python
def f(x: int) -> str:
    return "`" * x  # 注释 😀


print(f(3))
```
Directly after the fence.

~~~
tilde ``` fence
~~~

| Left | Right |
|------|------:|
| 模型 | 1 |
| b | 22 |
| `c` | $x$ |

> A quote
> over lines
>
> - with a list

---

模型权重按层切分到多个显卡，首个令牌延迟取决于预填充速度。

Setext
------

so
\\[
a = \\frac{b}{c}
- 1
\\]
that \\(x\\) is $$y$$ and

$$
not closed
- item

    indented code
      keeps its spaces

<script>alert(1)</script> & entity &amp; done
"""


def pieces(text: str, cuts: list[int]) -> Iterator[str]:
    edges = [0, *sorted({cut % (len(text) + 1) for cut in cuts}), len(text)]
    return (text[a:b] for a, b in pairwise(edges))


def streamed(chunks: Iterator[str]) -> tuple[Block, ...]:
    stream = BlockStream()
    frozen: list[Block] = []
    last: tuple[Block, ...] = ()
    for chunk in chunks:
        stream.feed(chunk)
        progress = stream.look()
        frozen.extend(progress.frozen)
        last = progress.open
    return (*frozen, *last)


@given(st.lists(st.integers(min_value=0), max_size=60))
@settings(max_examples=60, deadline=None)
@example([])
@example(list(range(len(CORPUS))))
def test_that_blocks_are_the_same_in_whatever_pieces_the_text_arrives(cuts: list[int]) -> None:
    assert streamed(pieces(CORPUS, cuts)) == parse(CORPUS)


SNIPPETS = st.sampled_from(
    [
        "word ",
        "\n",
        "\n\n",
        "- item\n",
        "1. item\n",
        "2) item\n",
        "  - nested\n",
        "> quote\n",
        "```js\nlet a = 1;\n```\n",
        "~~~\nx\n~~~\n",
        "# head\n",
        "---\n",
        "| a | b |\n|---|---|\n| 1 | 2 |\n\n",
        "**bold** ",
        "`code` ",
        "漢字。",
        "[l](https://e.org) ",
        "\\(x\\) ",
        "$x$ ",
        "$$\n",
        "\\[\n",
        "\\]\n",
        "$$y$$",
        "- [ ] task\n",
        "| a | b |\n|--:|---|\n",
        "| 3 | 4 |\n",
        "![p](https://e.org/p.png)",
        "A sentence to be repeated. " * 100,
    ]
)


@given(
    st.lists(SNIPPETS, max_size=25).map("".join), st.lists(st.integers(min_value=0), max_size=12)
)
@settings(max_examples=150, deadline=None)
@example("1. a\n1.5 is a number\n", [6, 7, 8])
@example("- a\n---\nb\n", [5, 6, 7])
@example("[x]\n\n[x]: https://e.org\n", [4, 10])
@example("a\r\nb\r\n\r\nc", [2, 5, 7])
@example("| a | b |\n|--:|---|\n\\[\nword \\]\n", [20])
@example("| a | b |\n|--:|---|\n$$y$$", [])
@example("$$\n" + "A sentence to be repeated. " * 100 + "$$\n", [])
def test_that_a_finished_stream_equals_one_reading(text: str, cuts: list[int]) -> None:
    stream = BlockStream()
    for piece in pieces(text, cuts):
        stream.feed(piece)
        stream.look()
    assert stream.finish() == parse(text)


def test_that_a_frozen_block_is_never_told_again() -> None:
    stream = BlockStream()
    stream.feed("first\n\nsecond\n\nthi")
    one = stream.look()
    stream.feed("rd\n")
    two = stream.look()
    assert [block.html for block in one.frozen] == ["<p>first</p>"]
    assert two.frozen == (parse("second")[0],)
    assert [block.html for block in two.open] == ["<p>third</p>"]


def test_that_an_open_fence_is_code_at_once_and_hides_half_a_closing_fence() -> None:
    stream = BlockStream()
    stream.feed("```python\nx = 1\n``")
    (block,) = stream.look().open
    assert block == Block(kind="code", text="x = 1", language="python")


def test_that_ordered_items_keep_counting() -> None:
    stream = BlockStream()
    for line in ("1. a\n", "1. b\n", "1. c\n", "1. d\n"):
        stream.feed(line)
        stream.look()
    assert [block.html[:14] for block in stream.finish()] == [
        '<ol start="1">',
        '<ol start="2">',
        '<ol start="3">',
        '<ol start="4">',
    ]


@pytest.mark.parametrize(
    ("source", "forbidden"),
    [
        ("<img src=x onerror=alert(1)>", "<img"),
        ("<b>raw</b>", "<b>"),
        ("![alt](https://e.org/p.png)", "<img"),
        ("[x](javascript:alert(1))", "<a"),
        ("[x](file:///etc/passwd)", "<a"),
        ("[x](relative/page)", "<a"),
    ],
)
def test_that_nothing_runs_fetches_or_leads_astray(source: str, forbidden: str) -> None:
    assert forbidden not in "".join(block.html for block in parse(source))


def test_that_a_picture_waits_to_be_asked_for() -> None:
    before, picture, after = parse("so ![a cat](https://e.org/p.png) sits\n")
    assert picture == Block(kind="picture", text="a cat", address="https://e.org/p.png")
    assert (before.html, after.html) == ("<p>so </p>", "<p> sits</p>")
    assert parse("- ![a cat](https://e.org/p.png)")[0].html == "<ul><li><i>a cat</i></li></ul>"
    assert parse("![x](file:///etc/passwd)")[0].kind == "prose"


def test_that_links_of_the_web_and_mail_are_kept() -> None:
    page = parse("<https://e.org> [m](mailto:a@e.org)")[0].html
    assert '<a href="https://e.org">' in page
    assert '<a href="mailto:a@e.org">' in page


def table(rows: int) -> str:
    lines = "".join(f"| {number} | a *cell* | 漢字 |\n" for number in range(rows))
    return f"| n | text | more |\n|--:|---|:-:|\n{lines}"


@given(st.lists(st.integers(min_value=0), max_size=30))
@settings(max_examples=20, deadline=None)
def test_that_a_long_table_is_the_same_however_it_arrives(cuts: list[int]) -> None:
    source = f"Before.\n\n{table(70)}1 | without bars\n\nAfter.\n"
    blocks = parse(source)
    assert [block.kind for block in blocks] == ["prose", "table", "prose"]
    grid = blocks[1].grid
    assert grid is not None
    assert grid.sides == ("right", "left", "center")
    assert grid.cells(69) == ("69", "a *cell*", "漢字")
    assert grid.cells(70) == ("1", "without bars", "")
    assert streamed(pieces(source, cuts)) == blocks


@pytest.mark.parametrize(
    ("next_line", "kinds"),
    [
        ("", ["table"]),
        ("# head", ["table", "prose"]),
        ("- item", ["table", "item"]),
        ("> quote", ["table", "quote"]),
        ("```\ncode", ["table", "code"]),
        ("---", ["table", "rule"]),
        ("just words", ["table"]),
        ("    | indented |", ["table", "code"]),
    ],
)
def test_that_a_table_ends_where_something_else_begins(next_line: str, kinds: list[str]) -> None:
    source = f"{table(2)}{next_line}\n"
    assert [block.kind for block in parse(source)] == kinds
    assert streamed(iter(source)) == parse(source)


def test_that_a_bar_behind_a_backslash_belongs_to_its_cell() -> None:
    (block,) = parse("| a \\| b | c |\n|---|---|\n| `x \\| y` | 2 |\n")
    assert block.grid is not None
    assert block.grid.cells(-1) == ("a | b", "c")
    assert block.grid.cells(0) == ("`x | y`", "2")
    assert block.grid.as_tsv() == "a | b\tc\nx | y\t2"
    assert block.grid.as_markdown().endswith("| `x \\| y` | 2 |")


@pytest.mark.parametrize(
    ("source", "tex"),
    [
        ("\\(x^2\\)", "x%5E2"),
        ("$x^2$", "x%5E2"),
        ("so $a < b$, then", "a%20%3C%20b"),
    ],
)
def test_that_a_formula_on_a_line_has_its_place_there(source: str, tex: str) -> None:
    assert f'<img src="tex:{tex}">' in parse(source)[0].html


@pytest.mark.parametrize(
    "source",
    [
        "$$\nz=1\n$$",
        "$$ z=1 $$",
        "\\[\nz=1\n\\]",
        "\\[ z=1 \\]",
        "\\[z=1\n\\]",
    ],
)
def test_that_a_formula_of_its_own_is_a_block(source: str) -> None:
    assert parse(source) == (Block(kind="math", text="z=1"),)
    # DeepSeek-R1 leaves no line between a sentence and its formula.
    kinds = [block.kind for block in parse(f"so\n{source}\nholds")]
    assert kinds == ["prose", "math", "prose"]
    assert [block.kind for block in parse(f"> {source.replace(chr(10), chr(10) + '> ')}")] == [
        "quote"
    ]


@pytest.mark.parametrize(
    "source",
    [
        "it costs $5 and $6",
        "between $5-$6 a head",
        "US$5 or A$7",
        "`$x$` and `\\(x\\)`",
        "```\n$$\nx\n$$\n```",
        "$$\n\nnothing closes this",
        "a lone \\( stays",
        "$ x $",
    ],
)
def test_that_money_and_code_are_no_mathematics(source: str) -> None:
    blocks = parse(source)
    assert "tex:" not in "".join(block.html for block in blocks)
    assert "math" not in {block.kind for block in blocks}
    assert streamed(iter(source)) == blocks


def test_that_tasks_have_boxes_in_the_place_of_bullets() -> None:
    done, open_, plain = parse("- [x] done\n- [ ] *open*\n- [y] neither\n")
    assert done.html == '<ul><li class="checked">done</li></ul>'
    assert open_.html == '<ul><li class="unchecked"><i>open</i></li></ul>'
    assert plain.html == "<ul><li>[y] neither</li></ul>"


LONG_PARAGRAPH = "A sentence of *some* length, costs $5. Its 模型 neighbour。Another `one`! " * 90


@given(st.lists(st.integers(min_value=0), max_size=30))
@settings(max_examples=25, deadline=None)
@example([2399, 2400, 2401, 2402, 2450])
def test_that_a_long_paragraph_goes_on_in_pieces(cuts: list[int]) -> None:
    source = f"# Head\n\n{LONG_PARAGRAPH}\nAnd a last line.\n- item\n"
    blocks = parse(source)
    assert blocks[2].goes_on
    assert not blocks[1].goes_on
    assert max(len(block.html) for block in blocks) < 6000
    assert streamed(pieces(source, cuts)) == blocks


@pytest.mark.parametrize("mark", ["> ", "- ", "1. "])
def test_that_a_quote_or_an_item_without_end_is_shown_as_it_was_typed(mark: str) -> None:
    bomb = mark + "x" * 100_000
    blocks = parse(bomb)
    assert "".join(block.text for block in blocks) == bomb
    stream = BlockStream()
    largest = 0
    for at in range(0, len(bomb), 1_000):
        stream.feed(bomb[at : at + 1_000])
        progress = stream.look()
        shown = (*progress.frozen, *progress.open)
        largest = max(largest, *(len(one.html) for one in shown if one.kind != "code"), 0)
    assert largest < 13_000


@given(st.lists(st.integers(0, 25_000), max_size=4))
def test_that_a_line_beyond_measure_is_broken_alike_however_it_arrives(cuts: list[int]) -> None:
    text = "x" * 10_000 + "\n" + "y" * 14_000 + "\n"
    shown = ""
    for start, end in pairwise([0, *sorted(cuts), len(text)]):
        shown += broken(text[start:end], len(shown) - shown.rfind("\n") - 1)
    assert shown == broken(text)
    assert max(map(len, shown.split("\n"))) == 10_000
    assert shown.replace("\n", "") == text.replace("\n", "")


def test_that_emphasis_without_end_is_plain_and_much_of_it_is_not() -> None:
    (bomb,) = parse("*a" * 400)
    assert "<i>" not in bomb.html
    (ordinary,) = parse("**bold** words, " * 140)
    assert ordinary.html.count("<b>") == 140
