"""Pictures in the real worker: a projector of noise beside the real small model."""

from collections.abc import Generator
from pathlib import Path

import pytest

from engine.chat import StopReason
from engine.protocol.load import LoadSpec
from engine.protocol.messages import Cancel, Count, Counted, Ready
from tests.support.ghost_projector import PICTURE_TOKENS, png, write_projector
from tests.support.worker_pipe import Answer, WorkerPipe, chat, request, worker

pytestmark = [pytest.mark.journey, pytest.mark.timeout(240)]

MARK = "<picture 7>"
RED = png(64, 48, (250, 10, 10))
BLUE = png(64, 48, (10, 10, 250))
NOISE = png(300, 200, (90, 90, 90), seed=3)


@pytest.fixture(scope="module")
def projector(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("projector") / "mmproj-ghost.gguf"
    write_projector(path)
    return path


def spec(model: Path, projector: Path | None, **wishes: object) -> LoadSpec:
    chosen: dict[str, object] = {
        "gpu_layers": 0,
        "context_tokens": 512,
        "streams": 3,
        "threads": 1,
        "projector": str(projector) if projector else None,
        **wishes,
    }
    return LoadSpec(path=str(model), **chosen)  # pyright: ignore[reportArgumentType]


@pytest.fixture(scope="module")
def seeing(model_file: Path, projector: Path) -> Generator[WorkerPipe]:
    with worker() as pipe:
        ready = pipe.load(spec(model_file, projector))
        assert isinstance(ready, Ready)
        assert ready.sees
        yield pipe


def shown(pipe: WorkerPipe, number: int, *images: bytes, tokens: int = 12) -> Answer:
    question = f"{MARK}\n" * len(images) + "What do you see?"
    return pipe.answer(
        request(
            number,
            chat(question),
            images=images,
            picture=MARK,
            max_tokens=tokens,
            ignore_end=True,
        )
    )


def test_that_a_picture_counts_its_cells_and_is_answered(seeing: WorkerPipe) -> None:
    plain = seeing.answer(request(1, chat("\nWhat do you see?"), max_tokens=1, ignore_end=True))
    answer = shown(seeing, 2, RED)
    assert answer.refused is None
    assert answer.reason is StopReason.LENGTH
    assert plain.prompt_tokens is not None
    assert answer.prompt_tokens == plain.prompt_tokens + PICTURE_TOKENS


def test_that_the_same_picture_gives_the_same_answer_and_another_one_another(
    model_file: Path, projector: Path
) -> None:
    with worker() as pipe:
        pipe.load(spec(model_file, projector, streams=1))
        first = shown(pipe, 1, RED)
        other = shown(pipe, 2, NOISE)
        again = shown(pipe, 3, RED)
    assert first.text == again.text
    assert first.text != other.text


def test_that_a_picture_once_read_is_read_no_more(seeing: WorkerPipe) -> None:
    first = shown(seeing, 10, BLUE)
    again = shown(seeing, 11, BLUE)
    assert again.text == first.text
    assert again.prompt_tokens is not None
    assert again.reused_tokens == again.prompt_tokens - 1
    other = shown(seeing, 12, NOISE)
    assert other.reused_tokens is not None
    assert other.reused_tokens < 6  # up to where the picture stands
    more = shown(seeing, 13, BLUE, RED)
    assert more.refused is None
    assert more.prompt_tokens is not None
    assert more.prompt_tokens >= again.prompt_tokens + PICTURE_TOKENS


def test_that_a_picture_is_read_beside_answers_in_progress(seeing: WorkerPipe) -> None:
    question = chat(f"{MARK}\nWhat is it?")
    answers = seeing.answers(
        request(20, chat("Count to 100."), max_tokens=60, ignore_end=True),
        request(21, question, images=(NOISE,), picture=MARK, max_tokens=8, ignore_end=True),
        request(22, question, images=(RED,), picture=MARK, max_tokens=8, ignore_end=True),
        request(23, question, images=(BLUE,), picture=MARK, max_tokens=8, ignore_end=True),
    )
    assert [answers[n].tokens for n in (20, 21, 22, 23)] == [60, 8, 8, 8]


def test_that_a_cancelled_picture_leaves_the_worker_to_others(seeing: WorkerPipe) -> None:
    noise = png(1500, 1500, (9, 9, 9), seed=8)
    seeing.send(request(30, chat(MARK), images=(noise,), picture=MARK, max_tokens=400))
    seeing.send(Cancel(id=30))
    answers = seeing.answers(request(31, chat("Hi!"), max_tokens=3, ignore_end=True))
    assert set(answers) == {31}


def test_that_pictures_are_counted(seeing: WorkerPipe) -> None:
    seeing.send(Count(id=40, texts=("one",), images=(RED, b"no image", NOISE)))
    report = seeing.take()
    assert isinstance(report, Counted)
    assert report.tokens == (1,)
    assert report.images == (PICTURE_TOKENS, 0, PICTURE_TOKENS)


@pytest.mark.parametrize(
    ("prompt", "images", "code"),
    [
        (chat(MARK), (RED[:60],), "bad_request"),
        (chat(MARK), (b"no image at all",), "bad_request"),
        (chat("a template that drops it"), (RED,), "bad_request"),
        (MARK, (RED,), "bad_request"),
        (chat(MARK * 200), (RED,) * 200, "context_length_exceeded"),
    ],
)
def test_that_what_cannot_be_shown_is_refused_and_the_next_one_works(
    seeing: WorkerPipe, prompt: str, images: tuple[bytes, ...], code: str
) -> None:
    asked = request(50, prompt, images=images, picture=MARK, max_tokens=4)
    refused = seeing.answer(asked).refused
    assert refused is not None
    assert refused.code == code
    assert shown(seeing, 51, RED).refused is None


def test_that_a_model_without_eyes_says_so(model_file: Path, tmp_path: Path) -> None:
    broken = tmp_path / "mmproj-broken.gguf"
    write_projector(broken, embedding=64)  # of another model
    with worker() as pipe:
        ready = pipe.load(spec(model_file, broken))
        assert isinstance(ready, Ready)
        assert not ready.sees
        refused = shown(pipe, 1, RED).refused
    assert refused is not None
    assert refused.code == "images_not_supported"


@pytest.mark.parametrize("unified", [True, False])
def test_that_pictures_fill_a_context_to_its_end(
    model_file: Path, projector: Path, *, unified: bool
) -> None:
    with worker() as pipe:
        pipe.load(spec(model_file, projector, context_tokens=512, streams=2, unified_kv=unified))
        for number in range(4):
            pictures = tuple(png(20, 20, (n * 9, number * 9, 7)) for n in range(14))
            answer = shown(pipe, number, *pictures, tokens=20)
            assert answer.tokens == 20
        assert pipe.cells_used <= 512
