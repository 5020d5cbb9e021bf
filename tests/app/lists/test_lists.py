from typing import Protocol

import pytest
from PySide6.QtCore import QAbstractItemModel, Qt
from pytestqt.qtbot import QtBot

from app.lists.finds_list import Find, FindsList
from app.lists.models_list import ModelsList
from app.lists.offers_list import Offer, OffersList
from app.lists.row_list import ListRole
from app.lists.sizes import count_text, size_text
from engine.download.values import Quantization, RepositoryHit
from tests.support.engine import shelf_model


class ModelTester(Protocol):
    """pytest-qt's `qtmodeltester`, with types."""

    def check(self, model: QAbstractItemModel) -> None: ...


def test_that_new_words_in_the_same_rows_keep_the_selection(qtbot: QtBot) -> None:
    models = ModelsList()
    models.replace([shelf_model("one"), shelf_model("two")])
    with qtbot.assertNotEmitted(models.modelReset), qtbot.waitSignal(models.dataChanged):
        models.replace([shelf_model("one", broken="It ends early."), shelf_model("two")])
    with qtbot.waitSignal(models.modelReset):
        models.replace([shelf_model("two"), shelf_model("one")])
    assert models.row_of("two") == 0
    assert models.row_of("three") is None


@pytest.mark.usefixtures("qtbot")
def test_that_models_say_what_they_are_or_what_is_wrong(qtmodeltester: ModelTester) -> None:
    models = ModelsList()
    models.replace([shelf_model("tiny"), shelf_model("torn", broken="It ends early. Repeat it.")])
    details = [models.index(row).data(ListRole.DETAIL) for row in range(2)]
    assert details == ["135M · Q4_1 · llama · 98 MB", "It ends early. Repeat it."]
    assert models.index(0).data(ListRole.VALUE) == shelf_model("tiny")
    assert models.index(0).data(Qt.ItemDataRole.DisplayRole) == "tiny"
    qtmodeltester.check(models)


@pytest.mark.usefixtures("qtbot")
def test_that_hits_and_quantizations_show_their_numbers(qtmodeltester: ModelTester) -> None:
    hits, offers = FindsList(), OffersList()
    hit = RepositoryHit(id="a/b", downloads=1_230_000, likes=None, gated=True)
    hits.replace([Find(hit=hit)])
    two = Quantization(label="F16", files=("1", "2"), size_bytes=16_060_000_000)
    offers.replace([Offer(quantization=two)])
    assert hits.index(0).data(ListRole.DETAIL) == "1.23M downloads · asks for a login"
    assert offers.index(0).data(ListRole.DETAIL) == "16.1 GB in 2 files"
    qtmodeltester.check(hits)
    qtmodeltester.check(offers)


@pytest.mark.parametrize(
    ("number", "size", "count"),
    [
        (0, "0 B", "0"),
        (999, "999 B", "999"),
        (1500, "2 kB", "1.5k"),
        (7_241_000_000, "7.2 GB", "7.24B"),
        (2_800_000_000_000, "2.8 TB", "2.8T"),
    ],
)
def test_that_numbers_read_as_people_write_them(number: int, size: str, count: str) -> None:
    assert size_text(number) == size
    assert count_text(number) == count
