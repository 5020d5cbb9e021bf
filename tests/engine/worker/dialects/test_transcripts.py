"""What models really write, and what is read in it, however the text is cut."""

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.chat import Sampling
from engine.protocol.dialects import DialectName
from engine.protocol.messages import Generate
from engine.worker.dialects.named import speech_of

TABLES = Path(__file__).parents[3] / "data" / "dialects"
ROWS: list[tuple[str, dict[str, Any]]] = [
    (table.stem, row)
    for table in sorted(TABLES.glob("*.json"))
    for row in json.loads(table.read_text("utf-8"))
]
cuts = st.lists(st.integers(0, 400), max_size=40)


def read(dialect: str, row: dict[str, Any], at: list[int]) -> dict[str, Any]:
    text: str = row["text"]
    request = Generate(
        id=1,
        prompt=row.get("prompt", "Hello"),
        sampling=Sampling(),
        dialect=dialect,
        calls=True,
        texts=tuple(row.get("texts", ())),
    )
    speech = speech_of(request)
    borders = [0, *sorted(min(place, len(text)) for place in at), len(text)]
    said = [*(speech.feed(text[a:b]) for a, b in pairwise(borders)), speech.finish()]
    calls: list[dict[str, Any]] = []
    for piece in (piece for part in said for piece in part.calls):
        if piece.id:
            assert piece.name
            assert piece.index == len(calls)
            calls.append({"id": piece.id, "name": piece.name, "arguments": ""})
        calls[piece.index]["arguments"] += piece.arguments
        assert piece.index == len(calls) - 1, "a call that ended goes on"
    assert len({call.pop("id") for call in calls}) == len(calls)
    assert speech.called == bool(calls)
    for call, wanted in zip(calls, row["calls"], strict=False):
        written = call.pop("arguments")
        if "partial" in wanted:
            call["partial"] = written
        else:
            call["arguments"] = json.loads(written)
    return {
        "answer": "".join(part.answer for part in said),
        "reasoning": "".join(part.reasoning for part in said),
        "calls": calls,
    }


def wanted(row: dict[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in ("answer", "reasoning", "calls")}


def test_that_there_are_transcripts_of_every_dialect() -> None:
    for name in DialectName:
        assert sum(name == dialect for dialect, _ in ROWS) >= 4


@pytest.mark.parametrize(
    ("dialect", "row"), ROWS, ids=[f"{name}: {row['about']}" for name, row in ROWS]
)
def test_that_a_transcript_is_read(dialect: str, row: dict[str, Any]) -> None:
    assert read(dialect, row, []) == wanted(row)
    assert read(dialect, row, list(range(len(row["text"])))) == wanted(row)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(ROWS), cuts)
def test_that_it_does_not_matter_how_the_text_is_cut(
    chosen: tuple[str, dict[str, Any]], at: list[int]
) -> None:
    dialect, row = chosen
    assert read(dialect, row, at) == wanted(row)


WORDS = st.sampled_from(
    ["<tool_call>", "</tool_call>", "[TOOL_CALLS]", "[ARGS]", "{", "}", '"name"', ":", '"a"', ",",
     '"arguments"', "call:x{", "<|tool_call>", "\n", " ", "text", "<function=", "f>", "<arg_key>",
     "<｜tool▁calls▁begin｜>", "<｜tool▁call▁begin｜>", "x<｜tool▁sep｜>", "```tool_code\n", "```",
     "<|channel|>", "final", "<|message|>", "to=f", "<|end|>", "é", '\\"', "]", "["]
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(list(DialectName)), st.lists(WORDS, max_size=25), cuts)
def test_that_whatever_a_model_writes_is_read_alike_in_any_pieces(
    name: DialectName, words: list[str], at: list[int]
) -> None:
    row: dict[str, Any] = {"text": "".join(words), "calls": [{"partial": ""}] * 30}
    assert read(name, row, at) == read(name, row, [])


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from([name for name in DialectName if name is not DialectName.HARMONY]),
    st.lists(WORDS, max_size=25),
)
def test_that_text_without_a_call_is_not_lost(name: DialectName, words: list[str]) -> None:
    row: dict[str, Any] = {"text": "".join(["So ", *words]), "calls": [{"partial": ""}] * 30}
    said = read(name, row, [])
    if not said["calls"]:
        assert said["answer"] == row["text"]
