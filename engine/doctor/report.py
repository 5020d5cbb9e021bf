"""The findings as text for a bug report, with nothing in it that is nobody's business."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from engine.monitor.values import Check

SIGNS = {"pass": "✓ pass", "warn": "! warn", "fail": "✗ fail"}

_UUID = re.compile(r"(?:GPU-|MIG-)?[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE)
_ADDRESS = re.compile(r"\b\d{1,3}(?:\.\d{1,3}){3}\b")
_LONG_ADDRESS = re.compile(
    r"(?<![\w:])(?:[0-9a-f]{0,4}:){3,7}[0-9a-f]{0,4}(?![\w:])", re.IGNORECASE
)
_PATH = re.compile(r"(?<![\w.~…)])(?:[A-Za-z]:)?[\\/](?:[^\s\\/:'\"]+[\\/])+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Private:
    """What a report must not show: whose computer it is, and where things lie on it."""

    home: str = ""
    user: str = ""
    host: str = ""
    places: Mapping[str, str] = field(default_factory=dict[str, str])  # path → what to call it

    def kept(self, text: str) -> str:
        """The text without it."""
        names = {**self.places, **({self.home: "~"} if len(self.home) > 1 else {})}
        for path in sorted(filter(None, names), key=len, reverse=True):
            text = text.replace(path, names[path]).replace(Path(path).as_posix(), names[path])
        for pattern, instead in (
            (_UUID, "(id)"),
            (_ADDRESS, "(address)"),
            (_LONG_ADDRESS, "(address)"),
            (_PATH, "…/"),
        ):
            text = pattern.sub(instead, text)
        for name, instead in ((self.host, "(host)"), (self.user, "(user)")):
            if name:
                own = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)", re.IGNORECASE)
                text = own.sub(instead, text)
        return text


def report(checks: Sequence[Check], about: str, private: Private) -> str:
    """A line a check, what is wrong first told with what to do."""
    lines = [about, ""]
    width = max((len(check.name) for check in checks), default=0)
    for check in checks:
        lines.append(f"{SIGNS[check.state]}  {check.name:{width}}  {check.detail}")
        if check.remedy is not None:
            lines.append(f"{'':{width + 10}}→ {check.remedy}")
    counts = {state: sum(check.state == state for check in checks) for state in SIGNS}
    lines += ["", ", ".join(f"{count} {state}" for state, count in counts.items())]
    return private.kept("\n".join(lines))
