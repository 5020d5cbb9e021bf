"""Alerts: from signs to what is told, once when it begins and once when it is over."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from engine.config import AlertRule, AlertSettings
from engine.monitor.lately import Lately
from engine.monitor.signs import Facts, Sign, signs
from engine.monitor.values import Alert, AlertKind

LEAST_CALM_SECONDS = 5.0
MOST_SECONDS_BETWEEN = 10.0  # readings farther apart say nothing of the time between them

_Place = tuple[AlertKind, int | None]


class Alerts:
    """One alert for each kind and card. Belongs to one thread.

    A kind is raised when its signs were wrong for as long as its rule says, and over when they
    were calm as long, at least five seconds; a missing sign counts as calm then. Time that nobody
    saw pass, such as a suspended machine's, does not count. `now` tells the time in UTC.
    """

    def __init__(self, settings: Callable[[], AlertSettings], now: Callable[[], datetime]) -> None:
        self._settings = settings
        self._now = now
        self._lately = Lately()
        self._watches: dict[_Place, _Watch] = {}
        self._last: float | None = None

    @property
    def raised(self) -> tuple[Alert, ...]:
        """What is wrong now, the oldest first."""
        found = [watch.alert for watch in self._watches.values() if watch.alert is not None]
        return tuple(sorted(found, key=lambda alert: alert.began_at))

    def answered(self, *, failed: bool) -> None:
        """An answer ended; `failed` where the engine is to blame."""
        self._lately.answered(failed=failed)

    def look(self, facts: Facts) -> tuple[Alert, ...]:
        """The next reading; gives what began and what ended with it."""
        settings, at = self._settings(), facts.reading.at_seconds
        self._lately.take(facts.reading, facts.outcome)
        passed = 0.0 if self._last is None else at - self._last
        seen = 0.0 <= passed <= MOST_SECONDS_BETWEEN
        self._last = at
        found = {(sign.kind, sign.card): sign for sign in signs(facts, settings, self._lately)}
        changes: list[Alert] = []
        for place in [*found, *(place for place in self._watches if place not in found)]:
            rule = rule_of(settings, place[0])
            watch = self._watches.setdefault(place, _Watch())
            moment = _Moment(at=at, seen=seen, now=self._now)
            change = watch.look(found.get(place), rule, moment)
            if change is not None:
                changes.append(change)
            if watch.idle and place not in found:
                del self._watches[place]
        return tuple(changes)


def rule_of(settings: AlertSettings, kind: AlertKind) -> AlertRule:
    """The rule of that kind, which has its name."""
    rule: AlertRule = getattr(settings, kind.value)
    return rule


@dataclass(frozen=True, slots=True, kw_only=True)
class _Moment:
    at: float
    seen: bool  # that the time since the last one passed
    now: Callable[[], datetime]


class _Watch:
    """One kind on one card: quiet, waiting to be raised, raised, or waiting to be over."""

    def __init__(self) -> None:
        self.alert: Alert | None = None
        self._since: float | None = None  # the sign points to the other state
        self._began: datetime | None = None

    @property
    def idle(self) -> bool:
        return self.alert is None and self._since is None

    def look(self, sign: Sign | None, rule: AlertRule, moment: _Moment) -> Alert | None:
        if not rule.on:
            self._since = None
            return self._end(moment)
        if self.alert is None:
            turns, seconds = sign is not None and sign.wrong, rule.seconds
        else:
            turns = sign is None or sign.calm
            seconds = max(rule.seconds, LEAST_CALM_SECONDS)
        if not turns:
            self._since = None
            return None
        if self._since is None or not moment.seen:
            self._since, self._began = moment.at, moment.now()
        if moment.at - self._since < seconds:
            return None
        self._since = None
        if self.alert is not None or sign is None:
            return self._end(moment)
        self.alert = Alert(
            kind=sign.kind,
            card=sign.card,
            sentence=sign.sentence,
            remedy=sign.remedy,
            began_at=self._began or moment.now(),
        )
        return self.alert

    def _end(self, moment: _Moment) -> Alert | None:
        if self.alert is None:
            return None
        # The clock on the wall may have been put back meanwhile.
        ended = replace(self.alert, ended_at=max(self.alert.began_at, moment.now()))
        self.alert = None
        return ended
