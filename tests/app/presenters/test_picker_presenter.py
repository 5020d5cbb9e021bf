import pytest
from pytestqt.qtbot import QtBot

from app.bridge import EngineBridge
from app.lists.offers_list import Offer
from app.presenters.picker import PickerPresenter
from engine.download.values import DownloadPhase
from engine.errors import HubUnreachable
from tests.support.engine import FakeEngine

TINY = "someone/tiny-GGUF"


@pytest.fixture
def picker(bridge: EngineBridge) -> PickerPresenter:
    presenter = PickerPresenter(bridge)
    bridge.start()
    return presenter


def opened(picker: PickerPresenter, engine: FakeEngine, qtbot: QtBot, name: str = TINY) -> None:
    picker.show(engine.discovery.pages[name])
    qtbot.waitUntil(lambda: not picker.planning)


def row(picker: PickerPresenter, label: str) -> Offer:
    return next(offer for offer in picker.offers if offer.quantization.label == label)


def test_that_rows_stand_before_their_plans(
    picker: PickerPresenter, engine: FakeEngine, qtbot: QtBot
) -> None:
    engine.discovery.rank_holds = True
    picker.show(engine.discovery.pages[TINY])
    assert [offer.quantization.label for offer in picker.offers] == [
        "F16",
        "Q8_0",
        "Q6_K",
        "Q4_K_M",
        "IQ2_XS",
    ]
    assert row(picker, "F16").verdict == "unknown"
    qtbot.waitUntil(lambda: picker.headers == (2, 5))
    engine.discovery.rank_holds = False
    qtbot.waitUntil(lambda: not picker.planning)
    assert picker.headers is None
    assert all(offer.plan is not None for offer in picker.offers)


def test_that_one_row_is_advised_beside_the_next_finer_that_fits(
    picker: PickerPresenter, engine: FakeEngine, qtbot: QtBot
) -> None:
    opened(picker, engine, qtbot)
    assert picker.advised == row(picker, "Q4_K_M")
    assert picker.next_finer == row(picker, "Q6_K")
    assert row(picker, "Q4_K_M").verdict == "cards"
    assert not picker.none_fits


def test_that_nothing_is_advised_where_nothing_fits(
    picker: PickerPresenter, engine: FakeEngine, qtbot: QtBot
) -> None:
    opened(picker, engine, qtbot, "someone/huge-GGUF")
    assert picker.advised is None
    assert picker.none_fits
    assert picker.offers[0].verdict == "no"


def test_that_only_the_newest_wish_is_shown_and_rows_stay_until_then(
    picker: PickerPresenter, engine: FakeEngine, qtbot: QtBot
) -> None:
    opened(picker, engine, qtbot)
    before = picker.offers
    for tokens in range(4096, 8192, 256):
        picker.set_context(tokens)
    picker.prefer("speed")
    picker.set_context(16_384)
    assert picker.planning
    assert picker.offers == before
    qtbot.waitUntil(lambda: not picker.planning)
    plan = row(picker, "F16").plan
    assert plan is not None
    assert plan.layout.context_tokens == 16_384
    assert engine.discovery.ranked[-1][1].prefer == "speed"
    assert len(engine.discovery.ranked) < 6


def test_that_another_machine_is_planned_for_until_it_is_taken_away(
    picker: PickerPresenter, engine: FakeEngine, qtbot: QtBot
) -> None:
    opened(picker, engine, qtbot)
    picker.plan_for("RTX 6000 Ada, 128 GB DDR5-5600")
    qtbot.waitUntil(lambda: not picker.planning)
    plan = row(picker, "F16").plan
    assert plan is not None
    assert plan.footprint.cards[0].name == "RTX 6000 Ada"
    picker.plan_for(None)
    qtbot.waitUntil(lambda: not picker.planning)
    assert engine.discovery.ranked[-1][2] is None


def test_that_a_header_that_cannot_be_read_is_told_in_its_row(
    picker: PickerPresenter, engine: FakeEngine, qtbot: QtBot
) -> None:
    engine.discovery.refusals["Q6_K"] = "It is no model."
    opened(picker, engine, qtbot)
    assert row(picker, "Q6_K").refusal == "It is no model."
    assert row(picker, "Q6_K").plan is None


def test_that_a_failure_is_told_and_tried_again(
    picker: PickerPresenter, engine: FakeEngine, qtbot: QtBot
) -> None:
    engine.discovery.failure = HubUnreachable("huggingface.co did not answer.")
    opened(picker, engine, qtbot)
    assert "did not answer" in str(picker.failure)
    engine.discovery.failure = None
    picker.try_again()
    qtbot.waitUntil(lambda: picker.advised is not None)
    assert picker.failure is None


def test_that_a_projector_that_comes_along_is_planned_with(
    picker: PickerPresenter, engine: FakeEngine, qtbot: QtBot
) -> None:
    opened(picker, engine, qtbot)
    projector, asked = picker.companions[0], engine.discovery.projectors
    assert asked[-1] == 0
    picker.take_beside(projector, on=True)
    qtbot.waitUntil(lambda: asked[-1] == projector.size_bytes)
    picker.take_beside(projector, on=False)
    qtbot.waitUntil(lambda: asked[-1] == 0)


def test_that_a_quantization_is_queued_with_what_comes_along_and_can_be_chatted_with(
    picker: PickerPresenter, engine: FakeEngine, bridge: EngineBridge, qtbot: QtBot
) -> None:
    chosen: list[str] = []
    picker.chosen.connect(chosen.append)
    opened(picker, engine, qtbot)
    picker.take_beside(picker.companions[0], on=True)
    picker.act(row(picker, "Q4_K_M"))
    qtbot.waitUntil(lambda: row(picker, "Q4_K_M").download is not None)
    qtbot.waitUntil(lambda: len(engine.downloads.all()) == 2)
    name = f"{TINY}:Q4_K_M"
    bridge.tell(lambda _: engine.downloads.advance(name, 100))
    qtbot.waitUntil(
        lambda: (d := row(picker, "Q4_K_M").download) is not None and d.received_bytes == 100
    )
    bridge.tell(lambda _: engine.downloads.pause(name))
    qtbot.waitUntil(
        lambda: (
            (d := row(picker, "Q4_K_M").download) is not None and d.phase is DownloadPhase.PAUSED
        )
    )
    picker.act(row(picker, "Q4_K_M"))
    qtbot.waitUntil(
        lambda: (
            (d := row(picker, "Q4_K_M").download) is not None and d.phase is DownloadPhase.RUNNING
        )
    )
    bridge.tell(lambda _: engine.arrive(name))
    qtbot.waitUntil(lambda: row(picker, "Q4_K_M").model == name)
    picker.act(row(picker, "Q4_K_M"))
    assert chosen == [name]


def test_that_cards_sold_with_several_amounts_have_a_name_each(picker: PickerPresenter) -> None:
    names = picker.card_names()
    assert len(set(names)) == len(names)
    assert {"RTX 4090", "RTX 4060 Ti 16GB", "RTX 4060 Ti 8GB"} <= set(names)
