"""Checks in three states, made short."""

from engine.fit.saying import Saying
from engine.monitor.values import Check

PASS, WARN, FAIL = "pass", "warn", "fail"


def passed(name: str, detail: Saying) -> Check:
    """It is as it should be, or there is nothing to be done."""
    return Check(name=name, state=PASS, detail=detail)


def warned(name: str, detail: Saying, remedy: Saying) -> Check:
    """It works, and could be better."""
    return Check(name=name, state=WARN, detail=detail, remedy=remedy)


def failed(name: str, detail: Saying, remedy: Saying) -> Check:
    """It does not work."""
    return Check(name=name, state=FAIL, detail=detail, remedy=remedy)
