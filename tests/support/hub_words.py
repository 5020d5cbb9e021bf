"""What the test Hub tells of its repositories, in the words of the Hub's API."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(kw_only=True)
class Repository:
    """What one repository holds, and what it says of itself."""

    files: dict[str, bytes]
    downloads: int = 7
    likes: int = 3
    gated: bool = False
    tags: tuple[str, ...] = ("gguf",)
    updated: str = "2026-10-01T12:00:00.000Z"
    gguf: dict[str, Any] | None = None  # total, architecture, context_length, as the Hub reads them
    token: str | None = None  # what opens a gated repository
    announced_bytes: dict[str, int] = field(default_factory=dict[str, int])


ALL = {"downloads", "likes", "gated", "lastModified", "tags", "gguf"}
_SORTS: dict[str, Callable[[Repository], Any]] = {
    "downloads": lambda one: one.downloads,
    "likes": lambda one: one.likes,
    "lastModified": lambda one: one.updated,
    "trendingScore": lambda one: one.likes,
}
_UNITS = {"K": 10**3, "M": 10**6, "B": 10**9, "T": 10**12}


def told_of(id_: str, one: Repository, told: set[str]) -> dict[str, Any]:
    """What the Hub tells of a repository: of all it knows, what was asked for."""
    known = {
        "downloads": one.downloads,
        "likes": one.likes,
        "gated": gate_of(one),
        "lastModified": one.updated,
        "tags": list(one.tags),
        "gguf": one.gguf,
    }
    asked = {key: value for key, value in known.items() if key in told and value is not None}
    return {"_id": "5f0c", "id": id_, **asked}


def ordered(
    repositories: Mapping[str, Repository], query: Mapping[str, list[str]]
) -> list[tuple[str, Repository]]:
    """As it was asked for, the largest first."""
    sort = _SORTS[query.get("sort", ["trendingScore"])[0]]
    return sorted(repositories.items(), key=lambda item: sort(item[1]), reverse=True)


def is_within(one: Repository, query: Mapping[str, list[str]]) -> bool:
    """Are its parameters in a range such as min:6B,max:128B?"""
    total = (one.gguf or {}).get("total")
    for bound in query.get("num_parameters", [""])[0].split(","):
        name, _, told = bound.partition(":")
        if not told:
            continue
        limit = float(told[:-1]) * _UNITS[told[-1]]
        if total is None or (total < limit if name == "min" else total > limit):
            return False
    return True


def gate_of(repository: Repository) -> str | bool:
    return "auto" if repository.gated else False
