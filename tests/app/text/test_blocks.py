"""Markdown becomes the same blocks however it arrives, and never anything that runs or fetches."""

from collections.abc import Iterator
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.text.blocks import Block, parse
from app.text.stream import BlockStream

CORPUS = """# Heading with `code` and **bold**

A paragraph with [a link](https://example.org/a?b=1&c=2), ~~struck~~ words
over two lines, a price of $5, and an inline formula $\\alpha_1 = 2$.

- one
- two with `x`
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

> A quote
> over lines
>
> - with a list

---

模型权重按层切分到多个显卡，首个令牌延迟取决于预填充速度。

Setext
------

$$
a = \\frac{b}{c}
$$

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


def test_that_an_image_is_shown_by_its_words() -> None:
    assert parse("![a cat](https://e.org/p.png)")[0].html == "<p><i>a cat</i></p>"


def test_that_links_of_the_web_and_mail_are_kept() -> None:
    page = parse("<https://e.org> [m](mailto:a@e.org)")[0].html
    assert '<a href="https://e.org">' in page
    assert '<a href="mailto:a@e.org">' in page


@given(st.lists(st.integers(min_value=0), max_size=30))
@settings(max_examples=20, deadline=None)
def test_that_a_long_table_comes_in_pieces_that_do_not_change(cuts: list[int]) -> None:
    rows = "".join(f"| {number} | a cell | 漢字 |\n" for number in range(70))
    source = f"Before.\n\n| n | text | more |\n|--:|---|---|\n{rows}\nAfter.\n"
    blocks = parse(source)
    assert [block.kind for block in blocks] == ["prose", "wide", "rows", "rows", "prose"]
    assert streamed(pieces(source, cuts)) == blocks


def test_that_mathematics_shows_its_source() -> None:
    inline, block = parse("so \\(x^2\\) is\n\n$$\nz=1\n$$\n")
    assert "<code>" in inline.html
    assert "x^2" in inline.html
    assert block == Block(kind="code", text="z=1", language="latex")
