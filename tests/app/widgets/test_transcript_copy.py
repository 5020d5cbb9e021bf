"""What is selected comes out as the Markdown it was written in, block by block."""

from PySide6.QtGui import QGuiApplication

from app.text.shown import Shown
from app.widgets.transcript.selection import Place, Selection
from app.widgets.transcript.transcript import MARKDOWN_TYPE, Transcript

SOURCE = """# Title

A paragraph with **bold**, `code` and [a link](https://example.org).

- one
- two *slanted*

| a | b |
|---|--:|
| 1 | 2 |

```python
x = 1
y = 2
```

$$\\frac{1}{2}$$

The end."""


def answer(content: str) -> Shown:
    return Shown(role="assistant", content=content)


def select(transcript: Transcript, start: tuple[int, int], end: tuple[int, int]) -> str:
    transcript.selection = Selection(Place(0, *start), Place(0, *end))
    return transcript.selected_text()


def test_that_whole_blocks_are_cut_from_the_source(transcript: Transcript) -> None:
    transcript.set_messages([answer(SOURCE)])
    entry = transcript.column.entries[0]
    transcript.column.lay_out_entry(transcript.look, 0)
    last = len(entry.parts) - 1
    beyond = entry.parts[last].length
    # From the middle of the title's paragraph on: everything after it is whole.
    got = select(transcript, (1, 2), (last, beyond))
    rest = SOURCE.split("\n\n", 2)[2]
    assert got.endswith(rest)
    assert got.startswith("paragraph with **bold**, `code` and [a link](https://example.org).")


def test_that_a_piece_keeps_its_marks(transcript: Transcript) -> None:
    transcript.set_messages([answer("Go **very fast** and *far*, `now` ~~or~~ never.")])
    assert select(transcript, (0, 3), (0, 12)) == "**very fast**"
    assert select(transcript, (0, 8), (0, 15)) == "**fast** an"


def test_that_a_piece_of_code_stands_in_a_fence(transcript: Transcript) -> None:
    transcript.set_messages([answer("Look:\n\n```python\nx = 1\ny = 2\n```")])
    assert select(transcript, (1, 0), (1, 5)) == "```python\nx = 1\n```"


def test_that_items_of_a_list_keep_their_bullets(transcript: Transcript) -> None:
    transcript.set_messages([answer("Look:\n\n1. one\n2. two\n3. three\n\nEnd")])
    assert select(transcript, (2, 0), (3, 5)) == "2. two\n3. three"


def test_that_the_clipboard_holds_markdown_under_its_name_too(transcript: Transcript) -> None:
    transcript.set_messages([answer("Some **bold** words")])
    transcript.select_all()
    transcript.copy()
    held = QGuiApplication.clipboard().mimeData()
    assert held.text() == "Some **bold** words"
    assert bytes(held.data(MARKDOWN_TYPE).data()) == b"Some **bold** words"


def test_that_a_piece_of_a_long_paragraph_is_no_more_than_that(transcript: Transcript) -> None:
    sentence = "The weights of a layer lie where they are read, and so on it goes. "
    transcript.set_messages([answer(sentence * 120)])
    transcript.column.lay_out_entry(transcript.look, 0)
    parts = transcript.column.entries[0].parts
    assert len(parts) > 2
    whole = select(transcript, (1, 0), (1, parts[1].length))
    assert len(whole) < len(sentence) * 60
    assert select(transcript, (0, 4), (2, 7)).endswith("The wei")
