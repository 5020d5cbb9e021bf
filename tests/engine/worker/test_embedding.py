"""The real worker with models that embed and rank: a ghost encoder, and the real small decoder."""

import struct
from collections.abc import Generator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from engine.protocol.load import LoadSpec, Pooling, Purpose
from engine.protocol.messages import (
    Cancel,
    Count,
    Counted,
    Embed,
    Embedded,
    Rank,
    Ranked,
    Ready,
    Refused,
)
from tests.support.ghost_encoder import CONTEXT_TOKENS, MEAN, NO_POOLING, RANK, WIDTH, write_encoder
from tests.support.worker_pipe import WorkerPipe, request, worker

pytestmark = [pytest.mark.journey, pytest.mark.timeout(240)]

TEXTS = ("hello world", "the cat sat on the mat", "paris", "dog?", "the dog sat on paris, france")


def spec(path: Path, purpose: Purpose = Purpose.EMBED, **wishes: object) -> LoadSpec:
    chosen: dict[str, object] = {
        "gpu_layers": 0,
        "context_tokens": 256,
        "micro_batch_tokens": 128,
        "streams": 4,
        "threads": 1,
        "purpose": purpose,
        **wishes,
    }
    return LoadSpec(path=str(path), **chosen)  # pyright: ignore[reportArgumentType]


@pytest.fixture(scope="module")
def encoder(tmp_path_factory: pytest.TempPathFactory) -> Generator[WorkerPipe]:
    path = tmp_path_factory.mktemp("encoder") / "ghost.gguf"
    write_encoder(path, pooling=MEAN)
    with worker() as pipe:
        ready = pipe.load(spec(path))
        assert isinstance(ready, Ready)
        assert (ready.purpose, ready.dimensions) == (Purpose.EMBED, WIDTH)
        assert ready.answer_context_tokens == CONTEXT_TOKENS
        yield pipe


@pytest.fixture(scope="module")
def ranker(tmp_path_factory: pytest.TempPathFactory) -> Generator[WorkerPipe]:
    path = tmp_path_factory.mktemp("ranker") / "ghost.gguf"
    write_encoder(path, pooling=RANK)
    with worker() as pipe:
        ready = pipe.load(spec(path, Purpose.RANK))
        assert isinstance(ready, Ready)
        assert ready.purpose is Purpose.RANK
        yield pipe


@pytest.fixture(scope="module")
def decoder(model_file: Path) -> Generator[WorkerPipe]:
    """The text model, whose file names no pooling: the last token speaks for all."""
    with worker() as pipe:
        ready = pipe.load(spec(model_file, context_tokens=512, micro_batch_tokens=64))
        assert isinstance(ready, Ready)
        assert (ready.dimensions, ready.answer_context_tokens) == (576, 512)
        yield pipe


def embedded(pipe: WorkerPipe, *texts: str | tuple[int, ...], **wishes: object) -> Embedded:
    pipe.send(Embed(id=1, texts=texts, **wishes))  # pyright: ignore[reportArgumentType]
    report = pipe.take()
    assert isinstance(report, Embedded), (report, pipe.last_words)
    return report


def refused(pipe: WorkerPipe, command: Embed | Rank) -> Refused:
    pipe.send(command)
    report = pipe.take()
    assert isinstance(report, Refused)
    return report


def vectors(report: Embedded) -> NDArray[np.float32]:
    return np.frombuffer(report.vectors, "<f4").reshape(len(report.tokens), report.dimensions)


@pytest.mark.parametrize("kind", ["encoder", "decoder"])
def test_that_equal_texts_have_equal_vectors_and_others_do_not(
    kind: str, request: pytest.FixtureRequest
) -> None:
    pipe: WorkerPipe = request.getfixturevalue(kind)
    found = vectors(embedded(pipe, TEXTS[0], TEXTS[1], TEXTS[0]))
    assert np.allclose(np.linalg.norm(found, axis=1), 1, atol=1e-5)
    assert np.allclose(found[0], found[2], atol=1e-3)
    assert not np.allclose(found[0], found[1], atol=1e-2)


@pytest.mark.parametrize("kind", ["encoder", "decoder"])
def test_that_the_company_of_a_text_and_its_place_do_not_matter(
    kind: str, request: pytest.FixtureRequest
) -> None:
    pipe: WorkerPipe = request.getfixturevalue(kind)
    together = vectors(embedded(pipe, *TEXTS))
    backwards = vectors(embedded(pipe, *reversed(TEXTS)))
    alone = np.concatenate([vectors(embedded(pipe, text)) for text in TEXTS])
    assert np.allclose(together, backwards[::-1], atol=1e-3)
    assert np.allclose(together, alone, atol=1e-3)


def test_that_many_requests_are_answered_each_with_its_own(encoder: WorkerPipe) -> None:
    alone = {text: vectors(embedded(encoder, text))[0] for text in TEXTS}
    for number in range(20):
        encoder.send(Embed(id=number, texts=TEXTS if number % 2 else TEXTS[::-1]))
    for _ in range(20):
        report = encoder.take()
        assert isinstance(report, Embedded)
        order = TEXTS if report.id % 2 else TEXTS[::-1]
        wanted = np.stack([alone[text] for text in order])
        assert np.allclose(vectors(report), wanted, atol=1e-3)


def test_that_dimensions_cut_the_vector_and_leave_it_of_length_one(encoder: WorkerPipe) -> None:
    whole = vectors(embedded(encoder, TEXTS[0]))[0]
    cut = vectors(embedded(encoder, TEXTS[0], dimensions=8))[0]
    assert np.allclose(cut, whole[:8] / np.linalg.norm(whole[:8]), atol=1e-6)
    refusal = refused(encoder, Embed(id=2, texts=TEXTS, dimensions=WIDTH + 1))
    assert (refusal.code, str(WIDTH) in refusal.sentence) == ("bad_request", True)


def test_that_tokens_may_be_sent_in_place_of_text(encoder: WorkerPipe) -> None:
    # [CLS] hello world [SEP], as the ghost's vocabulary numbers them.
    asked = embedded(encoder, "hello world", (2, 5, 6, 3))
    assert asked.tokens == (4, 4)
    found = vectors(asked)
    assert np.allclose(found[0], found[1], atol=1e-3)
    for wrong in ((2, 100_000), (-1,)):
        assert refused(encoder, Embed(id=3, texts=(wrong,))).code == "bad_request"
    assert refused(encoder, Embed(id=3, texts=((),))).code == "bad_request"


def test_that_a_text_too_long_is_refused_with_both_numbers_or_cut_if_wished(
    encoder: WorkerPipe,
) -> None:
    long = "a " * 200
    refusal = refused(encoder, Embed(id=4, texts=("hello", long)))
    assert refusal.code == "text_too_long"
    assert "202 tokens" in refusal.sentence
    assert f"reads {CONTEXT_TOKENS}" in refusal.sentence
    cut = embedded(encoder, long, "a " * (CONTEXT_TOKENS - 2), truncate=True)
    assert cut.tokens == (CONTEXT_TOKENS, CONTEXT_TOKENS)
    assert np.allclose(*vectors(cut), atol=1e-3)  # the last token is [SEP] in both


def test_that_a_decoder_reads_a_long_text_in_parts(decoder: WorkerPipe, model_file: Path) -> None:
    long = "The river runs through the old town. " * 30
    parts = embedded(decoder, "hello", long, "world")
    assert 200 < parts.tokens[1] <= 512
    with worker() as pipe:
        pipe.load(spec(model_file, context_tokens=512, micro_batch_tokens=512))
        whole = embedded(pipe, "hello", long, "world")
    assert np.allclose(vectors(parts), vectors(whole), atol=2e-2)
    refusal = refused(decoder, Embed(id=5, texts=(long * 3,)))
    assert "reads 512" in refusal.sentence


def test_that_a_mean_is_of_whole_texts_alone(model_file: Path) -> None:
    with worker() as pipe:
        wish = spec(model_file, pooling=Pooling.MEAN, context_tokens=512, micro_batch_tokens=64)
        ready = pipe.load(wish)
        assert isinstance(ready, Ready)
        assert ready.answer_context_tokens == 64
        found = vectors(embedded(pipe, *TEXTS))
        again = vectors(embedded(pipe, *TEXTS[::-1]))
        assert np.allclose(found, again[::-1], atol=1e-3)


def test_that_an_encoder_whose_file_names_no_pooling_gets_one(tmp_path: Path) -> None:
    path = tmp_path / "ghost.gguf"
    write_encoder(path, pooling=NO_POOLING)
    with worker() as pipe:
        assert isinstance(pipe.load(spec(path)), Ready)
        assert embedded(pipe, "hello").dimensions == WIDTH


def test_that_documents_are_scored_and_their_order_does_not_matter(ranker: WorkerPipe) -> None:
    scores: list[tuple[float, ...]] = []
    for documents in (TEXTS, TEXTS[::-1]):
        ranker.send(Rank(id=6, query="the cat", documents=documents))
        report = ranker.take()
        assert isinstance(report, Ranked)
        assert all(0 < score < 1 for score in report.scores)
        assert report.tokens[documents.index("paris")] == 6
        scores.append(report.scores)
    assert np.allclose(scores[0], scores[1][::-1], atol=1e-3)
    assert len({round(score, 6) for score in scores[0]}) == len(TEXTS)


def test_that_a_long_document_is_refused_or_cut_and_a_long_query_refused(
    ranker: WorkerPipe,
) -> None:
    long = "a " * 200
    assert refused(ranker, Rank(id=7, query="a", documents=(long,))).code == "text_too_long"
    ranker.send(Rank(id=7, query="a", documents=(long, "b"), truncate=True))
    report = ranker.take()
    assert isinstance(report, Ranked)
    assert report.tokens[0] == CONTEXT_TOKENS
    wish = Rank(id=7, query=long, documents=("b",), truncate=True)
    assert refused(ranker, wish).code == "text_too_long"


def test_that_a_ranker_with_several_labels_scores_by_the_first(tmp_path: Path) -> None:
    path = tmp_path / "ghost.gguf"
    write_encoder(path, pooling=RANK, labels=3)
    with worker() as pipe:
        assert isinstance(pipe.load(spec(path, Purpose.RANK)), Ready)
        pipe.send(Rank(id=1, query="the cat", documents=TEXTS))
        report = pipe.take()
        assert isinstance(report, Ranked)
        assert all(0 < score < 1 for score in report.scores)


def test_that_pairs_are_read_in_the_form_that_the_file_has(tmp_path: Path) -> None:
    path = tmp_path / "ghost.gguf"
    write_encoder(path, pooling=RANK, form="[CLS] query: {query} the {document} [SEP]")
    with worker() as pipe:
        assert isinstance(pipe.load(spec(path, Purpose.RANK)), Ready)
        documents = ("cat", "{query}", "a " * 200)
        pipe.send(Rank(id=1, query="hello", documents=documents, truncate=True))
        report = pipe.take()
        assert isinstance(report, Ranked)
        # "{query}" in a document is text like any other, and no place for the query.
        assert report.tokens == (7, 9, CONTEXT_TOKENS)
        long = Rank(id=2, query="a " * 200, documents=("cat",), truncate=True)
        assert refused(pipe, long).code == "text_too_long"


def test_that_each_kind_of_model_refuses_what_the_others_do(
    encoder: WorkerPipe, ranker: WorkerPipe
) -> None:
    assert refused(encoder, Rank(id=8, query="a", documents=("b",))).code == "wrong_purpose"
    assert refused(ranker, Embed(id=8, texts=("a",))).code == "wrong_purpose"
    answer = encoder.answer(request(8, "hello"))
    assert answer.refused is not None
    assert answer.refused.code == "wrong_purpose"


def test_that_a_text_model_says_that_it_gives_no_vectors(model_file: Path) -> None:
    with worker() as pipe:
        assert isinstance(pipe.load(spec(model_file, Purpose.TEXT)), Ready)
        assert refused(pipe, Embed(id=1, texts=("a",))).code == "wrong_purpose"
        assert refused(pipe, Rank(id=2, query="a", documents=("b",))).code == "wrong_purpose"


def test_that_a_cancelled_request_is_answered_by_nothing_and_others_go_on(
    decoder: WorkerPipe,
) -> None:
    long = "The river runs through the old town. " * 40
    decoder.send(Embed(id=9, texts=(long,) * 40))
    decoder.send(Cancel(id=9))
    after = embedded(decoder, "hello")
    assert after.id == 1
    assert np.allclose(vectors(after), vectors(embedded(decoder, "hello")), atol=1e-3)


def test_that_tokens_are_counted_beside(encoder: WorkerPipe) -> None:
    encoder.send(Count(id=10, texts=("hello world",)))
    report = encoder.take()
    assert isinstance(report, Counted)
    assert report.tokens == (2,)


def test_that_vectors_are_plain_little_endian_floats(encoder: WorkerPipe) -> None:
    report = embedded(encoder, "hello")
    numbers = struct.unpack(f"<{WIDTH}f", report.vectors)
    assert abs(sum(number * number for number in numbers) - 1) < 1e-5
