"""The log of alerts: a line for each beginning and each end, in two files of a megabyte at most."""

import json
import logging
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast

from engine.fit.saying import Saying, Value
from engine.monitor.values import Alert, AlertKind

MOST_BYTES = 1_000_000
KEPT = timedelta(days=7)

_log = logging.getLogger(__name__)


class AlertLog:
    """Belongs to one Engine. What cannot be written is only missed by who reads the log."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._older = path.with_suffix(".1.jsonl")

    def write(self, alerts: Iterable[Alert]) -> None:
        """Add these."""
        lines = "".join(f"{json.dumps(_written(alert))}\n" for alert in alerts)
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            if self._path.exists() and self._path.stat().st_size + len(lines) > MOST_BYTES:
                self._path.replace(self._older)
            with self._path.open("a", encoding="utf-8") as file:
                file.write(lines)
        except OSError as error:
            _log.warning("An alert was not logged: %s", error.strerror or error)

    def read(self, now: datetime) -> tuple[Alert, ...]:
        """What began within the last seven days, the newest first; ends take their place."""
        found: dict[object, Alert] = {}
        for line in self._lines():
            alert = _read(line)
            if alert is not None and alert.began_at >= now - KEPT:
                found[alert.kind, alert.card, alert.began_at] = alert
        return tuple(sorted(found.values(), key=lambda alert: alert.began_at, reverse=True))

    def _lines(self) -> Iterator[str]:
        for path in (self._older, self._path):
            try:
                yield from path.read_text("utf-8", errors="replace").splitlines()
            except OSError:
                continue


def _written(alert: Alert) -> dict[str, Any]:
    return {
        "kind": alert.kind.value,
        "card": alert.card,
        "began_at": alert.began_at.isoformat(),
        "ended_at": None if alert.ended_at is None else alert.ended_at.isoformat(),
        "sentence": _saying_written(alert.sentence),
        "remedy": _saying_written(alert.remedy),
    }


def _read(line: str) -> Alert | None:
    """None for a line that was torn, or that another version wrote."""
    try:
        row: dict[str, Any] = json.loads(line)
        ended: str | None = row["ended_at"]
        card: int | None = row["card"]
        alert = Alert(
            kind=AlertKind(row["kind"]),
            card=None if card is None else int(card),
            began_at=_moment(row["began_at"]),
            ended_at=None if ended is None else _moment(ended),
            sentence=_saying_read(row["sentence"]),
            remedy=_saying_read(row["remedy"]),
        )
        _ = f"{alert.sentence} {alert.remedy}"  # a template may miss a value
    except (ValueError, KeyError, TypeError, AttributeError, IndexError):
        return None
    return alert


def _moment(iso: str) -> datetime:
    moment = datetime.fromisoformat(iso)
    if moment.tzinfo is None:
        raise ValueError("a time without its zone")
    return moment


def _saying_written(saying: Saying) -> dict[str, Any]:
    return {"says": saying.template, "values": [[k, _value_written(v)] for k, v in saying.values]}


def _value_written(value: Value) -> Any:
    return _saying_written(value) if isinstance(value, Saying) else value


def _saying_read(row: dict[str, Any]) -> Saying:
    pairs: list[tuple[str, Any]] = row["values"]
    values = tuple((str(name), _value_read(value)) for name, value in pairs)
    return Saying(template=str(row["says"]), values=values)


def _value_read(value: object) -> Value:
    match value:
        case str() | int() | float():
            return value
        case list():
            return tuple(str(part) for part in cast("list[object]", value))
        case dict():
            return _saying_read(cast("dict[str, Any]", value))
        case _:
            raise ValueError("not a saying's value")
