"""The log of alerts: bounded, and read whatever was torn."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from engine.config import AlertSettings
from engine.fit.saying import say
from engine.monitor.alert_log import MOST_BYTES, AlertLog
from engine.monitor.alerting import Alerting
from engine.monitor.signs import Facts
from engine.monitor.values import Alert, AlertKind
from tests.support.things import reading

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def alert(age_minutes: int = 1, card: int | None = 0) -> Alert:
    return Alert(
        kind=AlertKind.HOT,
        card=card,
        sentence=say(
            "{card} has {celsius:.0f} °C.", card=say("{n:names}", n=("a", "b")), celsius=9.0
        ),
        remedy=say("Give it air."),
        began_at=NOW - timedelta(minutes=age_minutes),
    )


def test_that_an_end_takes_the_place_of_its_beginning_and_the_newest_comes_first(
    tmp_path: Path,
) -> None:
    log = AlertLog(tmp_path / "logs" / "alerts.jsonl")
    first, second = alert(9), alert(3, card=None)
    over = replace(first, ended_at=NOW)
    log.write([first])
    log.write([second, over])
    assert log.read(NOW) == (second, over)


def test_that_a_week_old_alert_is_not_read(tmp_path: Path) -> None:
    log = AlertLog(tmp_path / "alerts.jsonl")
    log.write([alert(60 * 24 * 7 + 1), alert(60 * 24 * 7 - 1)])
    assert len(log.read(NOW)) == 1


@pytest.mark.parametrize(
    "line",
    [
        '{"kind": "hot"',
        "[]",
        "7",
        '{"kind":"melted","card":null,"began_at":"2026-03-01","ended_at":null}',
        '{"kind":"hot","card":null,"began_at":"2026-02-28T23:00:00+00:00","ended_at":null,'
        '"sentence":{"says":"{gone}","values":[]},"remedy":{"says":"","values":[]}}',
    ],
)
def test_that_a_torn_line_costs_that_line_alone(tmp_path: Path, line: str) -> None:
    path = tmp_path / "alerts.jsonl"
    path.write_text(f"{line}\n\x00\n", "utf-8")
    log = AlertLog(path)
    log.write([alert()])
    assert log.read(NOW) == (alert(),)


def test_that_the_log_stays_small_and_keeps_the_newest(tmp_path: Path) -> None:
    path = tmp_path / "alerts.jsonl"
    log = AlertLog(path)
    for age in range(9000, 0, -20):
        log.write([alert(age - part) for part in range(20)])
    files = list(tmp_path.iterdir())
    assert len(files) == 2
    assert all(file.stat().st_size <= MOST_BYTES for file in files)
    assert log.read(NOW)[0] == alert(1)


def test_that_a_place_that_cannot_be_written_is_only_logged(tmp_path: Path) -> None:
    (tmp_path / "logs").write_text("a file")
    log = AlertLog(tmp_path / "logs" / "alerts.jsonl")
    log.write([alert()])
    assert log.read(NOW) == ()


@pytest.mark.anyio
async def test_that_what_is_raised_is_told_and_logged(tmp_path: Path) -> None:
    told: list[Alert] = []
    desk = Alerting(tmp_path / "alerts.jsonl", AlertSettings, told.append)
    card = replace(reading(0).gpus[0], temperature_celsius=90.0)
    for number in range(30):
        desk.look(Facts(reading=replace(reading(number / 2), gpus=(card,))))
    assert told == [*desk.raised] == [*await desk.recent()]
    assert told[0].kind is AlertKind.HOT
