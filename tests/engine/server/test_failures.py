"""The table of failures, and the page that tells of it."""

import re
from pathlib import Path

import pytest

from engine import errors
from engine.errors import (
    BadRequest,
    ContextExceeded,
    EngineError,
    LoadFailed,
    ModelNotFound,
    NotAModel,
    OutOfMemory,
    TemplateFailed,
    WorkerDied,
)
from engine.server.errors import BadField, InternalError, foreseen, treatment
from engine.server.openai.failures import error_object
from engine.server.openai.schema import ChatBody

PAGE = Path(__file__).parents[3] / "docs" / "api.md"


@pytest.mark.parametrize(
    ("error", "status", "again"),
    [
        (BadRequest("It is wrong."), 400, False),
        (BadField("It is wrong.", field="n"), 400, False),
        (ContextExceeded(2, 1), 400, False),
        (TemplateFailed("It raised."), 400, False),
        (ModelNotFound("It is not here."), 404, False),
        (NotAModel("It is a picture."), 422, False),
        (LoadFailed("It would not."), 422, False),
        (OutOfMemory("No room."), 503, False),
        (WorkerDied("It died."), 503, True),
        (EngineError("Something."), 500, False),
    ],
)
def test_that_each_failure_has_its_status(error: EngineError, status: int, again: bool) -> None:
    assert (treatment(error).status, treatment(error).again) == (status, again)


def test_that_every_foreseen_failure_can_be_told() -> None:
    kinds = [
        kind
        for kind in vars(errors).values()
        if isinstance(kind, type) and issubclass(kind, EngineError) and kind is not ContextExceeded
    ]
    for kind in kinds:
        told = error_object(kind("It happened."))["error"]
        assert told["message"].startswith("It happened. ")
        assert told["code"] == kind.code
        assert told["type"] in {"server_error", "invalid_request_error"}


def test_that_a_bug_tells_nothing_of_itself() -> None:
    told = foreseen(RuntimeError("the password is 123"))
    assert isinstance(told, InternalError)
    assert "123" not in told.sentence


def test_that_the_page_names_every_field_that_is_read() -> None:
    page = PAGE.read_text("utf-8")
    missing = [name for name in ChatBody.model_fields if f"`{name}" not in page]
    assert missing == []


def test_that_the_page_s_statuses_are_those_of_the_table() -> None:
    kinds = {kind.code: kind for kind in _descendants(EngineError)}
    rows = re.findall(r"^\| ([\d, ]+) \| (`.*) \|$", PAGE.read_text("utf-8"), re.MULTILINE)
    named = [
        (code, {int(status) for status in statuses.split(",")})
        for statuses, codes in rows
        for code in re.findall(r"`([a-z_]+)`", codes)
        if code in kinds
    ]
    assert len(named) >= 15
    for code, statuses in named:
        kind = kinds[code]
        error = ContextExceeded(2, 1) if kind is ContextExceeded else kind("It happened.")
        assert treatment(error).status in statuses


def test_that_no_two_failures_share_a_code() -> None:
    # The host makes a worker's failure out of its code.
    codes = [kind.code for kind in _descendants(EngineError)]
    assert sorted(set(codes)) == sorted(codes)


def _descendants(kind: type[EngineError]) -> list[type[EngineError]]:
    return [kind, *(each for child in kind.__subclasses__() for each in _descendants(child))]
