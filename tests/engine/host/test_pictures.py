"""Images on their way to a model: refused with a sentence, or seen."""

import struct
import sys
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.background.background import Background
from engine.background.planning import Planning
from engine.background.words import ModelSource, PlanModels
from engine.chat import ChatRequest, Delta, Message, Piece, PromptRead, Role, Sampling
from engine.config import LoadWish
from engine.errors import BadRequest, ImagesNotSupported
from engine.fit.rigs import parse_rig
from engine.hardware.catalogue import read_catalogue
from engine.host.host import Host
from engine.host.ladder import LoadOrder
from engine.host.load_spec import load_order
from engine.host.pictures import MOST_IMAGES, pictures_of, size_of
from engine.host.remembered import Remembered
from tests.support.ghost_projector import PICTURE_TOKENS, png, write_projector

RED = png(40, 30, (255, 0, 0))
BLUE = png(40, 30, (0, 0, 255), seed=2)
CATALOGUE = read_catalogue()


def jpeg(width: int, height: int) -> bytes:
    """A JPEG's head: two segments, then the frame's."""
    frame = struct.pack(">HHBHHB", 0xFFC0, 17, 8, height, width, 3)
    return b"\xff\xd8\xff\xe0\x00\x04ab\xff\xfe\x00\x03c" + frame + bytes(20)


@pytest.mark.parametrize(
    ("image", "size"),
    [
        (RED, (40, 30)),
        (jpeg(640, 480), (640, 480)),
        (b"GIF89a" + struct.pack("<HH", 7, 9) + bytes(8), (7, 9)),
        (b"BM" + bytes(16) + struct.pack("<ii", 5, -6) + bytes(28), (5, 6)),
        (RED[:18], None),
        (jpeg(640, 480)[:18], None),
        (b"RIFF1234WEBPVP8 ", None),
        (b"", None),
        (b"<svg/>", None),
    ],
)
def test_that_a_size_is_read_from_the_files_head(
    image: bytes, size: tuple[int, int] | None
) -> None:
    assert size_of(image) == size


@given(st.binary(max_size=80), st.sampled_from([b"", b"\xff\xd8", b"BM", b"GIF89a", RED[:8]]))
def test_that_no_bytes_are_too_strange_to_be_looked_at(body: bytes, head: bytes) -> None:
    size = size_of(head + body)
    assert size is None or len(size) == 2


@pytest.mark.parametrize(
    ("images", "words"),
    [
        ((RED,) * (MOST_IMAGES + 1), "17 images; at most 16"),
        ((RED, b"no image"), "Image 2 is no image"),
        ((RED[:24] + bytes(21 << 20),), "bytes"),
        ((RED[:16] + struct.pack(">II", 10_000, 10_000) + RED[24:],), "10,000 × 10,000 pixels"),
        ((RED[:16] + struct.pack(">II", 0, 10) + RED[24:],), "no image"),
    ],
)
def test_that_what_is_too_much_or_no_image_is_a_sentence(
    images: tuple[bytes, ...], words: str
) -> None:
    with pytest.raises(BadRequest, match=words):
        pictures_of([Message(role=Role.USER, content="?", images=images)])


@pytest.fixture
async def hosts(model_file: Path, tmp_path: Path) -> AsyncIterator[tuple[Host, LoadOrder]]:
    """A host, and how the model would be loaded with the projector that lies beside it."""
    background = Background((sys.executable, "-m", "engine.background"), render_seconds=30)
    model = tmp_path / "smol-Q4_1.gguf"
    model.symlink_to(model_file)
    write_projector(tmp_path / "mmproj-F16.gguf")
    source = ModelSource(id="smol", files=(model,))
    rig = parse_rig("64 GB DDR5-5600", CATALOGUE)
    planned = await background.plan((source,), rig, LoadWish(context_tokens=1024), streams=2)
    order = load_order((model,), planned.placed[0], LoadWish(), threads=1)
    assert order.spec.projector == str(tmp_path / "mmproj-F16.gguf")

    async def order_for(_: str) -> LoadOrder:
        return order

    host = Host(
        worker_command=(sys.executable, "-m", "engine.worker"),
        background=background,
        order_for=order_for,
        remembered=Remembered(tmp_path / "loads.json"),
        tell=lambda _: None,
    )
    yield host, order
    await host.close()
    await background.close()


def asking(*images: bytes) -> ChatRequest:
    shown = Message(role=Role.USER, content="What is it?", images=images)
    greedy = Sampling(temperature=0)
    return ChatRequest(messages=(shown,), model="smol", sampling=greedy, max_tokens=8)


async def heard(answer: AsyncGenerator[Delta]) -> tuple[PromptRead, str]:
    async with aclosing(answer) as deltas:
        told = [delta async for delta in deltas]
    assert isinstance(told[0], PromptRead)
    return told[0], "".join(one.text for one in told if isinstance(one, Piece))


@pytest.mark.anyio
@pytest.mark.journey
@pytest.mark.timeout(240)
async def test_that_images_are_seen_weighed_and_continued(
    hosts: tuple[Host, LoadOrder],
) -> None:
    host, order = hosts
    await host.load("smol", order)
    plain, _ = await heard(host.generate(asking()))
    read, first = await heard(host.generate(asking(RED, BLUE)))
    again, second = await heard(host.generate(asking(RED, BLUE)))
    assert second == first
    assert again.reused_tokens == again.prompt_tokens - 1
    weight = await host.weigh(asking(RED, BLUE), order.spec.path)
    assert abs(weight.total - read.prompt_tokens) <= 2  # words meet where a picture parted them
    words = await host.weigh(asking(), order.spec.path)
    assert weight.messages[0] == words.messages[0] + 2 * PICTURE_TOKENS
    assert read.prompt_tokens >= plain.prompt_tokens + 2 * PICTURE_TOKENS
    began = Message(role=Role.ASSISTANT, content=first)
    asked = asking(RED, BLUE)
    further, _ = await heard(
        host.generate(replace(asked, messages=(*asked.messages, began), continue_last=True))
    )
    assert further.reused_tokens >= read.prompt_tokens


@pytest.mark.anyio
@pytest.mark.journey
@pytest.mark.timeout(240)
async def test_that_a_model_without_a_projector_says_so(hosts: tuple[Host, LoadOrder]) -> None:
    host, order = hosts
    await host.load("smol", replace(order, spec=replace(order.spec, projector=None)))
    with pytest.raises(ImagesNotSupported, match="cannot see images"):
        await heard(host.generate(asking(RED)))
    assert (await heard(host.generate(asking())))[1]


def test_that_a_plan_counts_the_projector_on_the_first_card(
    model_file: Path, tmp_path: Path
) -> None:
    rig = parse_rig("2x RTX 4090, 64 GB DDR5-5600", CATALOGUE)
    model = tmp_path / "smol-Q4_1.gguf"
    model.symlink_to(model_file)
    source = ModelSource(id="smol", files=(model,))
    task = PlanModels(models=(source,), rig=rig, wish=LoadWish(context_tokens=2048), streams=1)
    bare = Planning().answer(task).placed[0]
    write_projector(tmp_path / "mmproj-F16.gguf")
    seeing = Planning().answer(task).placed[0]
    assert (bare.projector, seeing.projector) == (None, str(tmp_path / "mmproj-F16.gguf"))
    first, before = seeing.plan.footprint.cards[0], bare.plan.footprint.cards[0]
    size = (tmp_path / "mmproj-F16.gguf").stat().st_size
    assert size // 2 < first.total - before.total < size + (64 << 20)


def test_that_a_projector_still_to_come_is_planned_with_too(model_file: Path) -> None:
    rig = parse_rig("2x RTX 4090, 64 GB DDR5-5600", CATALOGUE)
    size = 1 << 30

    def planned(projector_bytes: int) -> int:
        source = ModelSource(id="smol", files=(model_file,), projector_bytes=projector_bytes)
        task = PlanModels(models=(source,), rig=rig, wish=LoadWish(context_tokens=2048), streams=1)
        return Planning().answer(task).placed[0].plan.footprint.cards[0].total

    assert size <= planned(size) - planned(0) < size + (256 << 20)
