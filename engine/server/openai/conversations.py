"""What was asked and answered of late, so that a client need not say it again. In memory alone."""

import json
import secrets
from collections import Counter, OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from engine.server.errors import UnknownResponse
from engine.server.openai.responses_said import Response
from engine.server.openai.responses_schema import TEXTS, Item

MOST_RESPONSES = 1000
MOST_BYTES = 64 << 20
_Name = tuple[str | None, str]  # whose, and its id
_PREFIXES = {"message": "msg", "function_call": "fc", "function_call_output": "fco"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """One item, as it is told again; every one has its id."""

    told: Mapping[str, Any]
    size: int

    @property
    def id(self) -> str:
        return self.told["id"]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    """A response; `asked` is all that came before it, earlier answers among it."""

    response: Response
    asked: tuple[Kept, ...]
    said: tuple[Kept, ...]
    size: int

    @property
    def items(self) -> tuple[Kept, ...]:
        return (*self.asked, *self.said)


class Conversations:
    """Responses by id, up to a number and a size: then the oldest are forgotten.

    What one `owner` keeps is not there for another: the key that a response was asked with, or None
    where none was. Items that several responses share count once, and stay as long as one of these
    does.
    """

    def __init__(
        self, *, most_responses: int = MOST_RESPONSES, most_bytes: int = MOST_BYTES
    ) -> None:
        self._most_responses = most_responses
        self._most_bytes = most_bytes
        self._entries: OrderedDict[_Name, _Entry] = OrderedDict()
        self._items: dict[_Name, Kept] = {}  # of items that call themselves alike, the last
        self._users: Counter[int] = Counter()  # by the item itself: clients choose ids
        self._bytes = 0

    def __len__(self) -> int:
        return len(self._entries)

    @property
    def size(self) -> int:
        """Bytes of JSON that are kept."""
        return self._bytes

    def keep(self, response: Response, asked: Sequence[Kept], *, owner: str | None = None) -> None:
        """Remember it. The oldest go first where there is no more room, perhaps this one, too."""
        said = kept_items(cast("Iterable[Mapping[str, object]]", response["output"]))
        entry = _Entry(
            response=response,
            asked=tuple(asked),
            said=said,
            size=_size({**response, "output": []}),
        )
        self._entries[owner, response["id"]] = entry
        self._bytes += entry.size
        for item in entry.items:
            self._users[id(item)] += 1
            if self._users[id(item)] == 1:
                self._items[owner, item.id] = item
                self._bytes += item.size
        while len(self._entries) > self._most_responses or self._bytes > self._most_bytes:
            self._drop(next(iter(self._entries)))

    def response(self, id_: str, *, owner: str | None = None) -> Response:
        """Raises UnknownResponse."""
        return self._entry((owner, id_)).response

    def asked(self, id_: str, *, owner: str | None = None) -> tuple[Kept, ...]:
        """What the response of that id was asked, the first thing first. Raises UnknownResponse."""
        return self._entry((owner, id_)).asked

    def thread(self, id_: str, *, owner: str | None = None) -> tuple[Kept, ...]:
        """All that was said up to that response, and by it. Raises UnknownResponse."""
        return self._entry((owner, id_), "previous_response_id").items

    def item(self, id_: str, *, owner: str | None = None) -> Kept | None:
        """An item of any response."""
        return self._items.get((owner, id_))

    def forget(self, id_: str, *, owner: str | None = None) -> None:
        """Raises UnknownResponse."""
        self._entry((owner, id_))
        self._drop((owner, id_))

    def _entry(self, name: _Name, field: str = "response_id") -> _Entry:
        entry = self._entries.get(name)
        if entry is None:
            raise UnknownResponse(
                f"No response {name[1][:80]!r} is kept: it never was, or it has been forgotten.",
                field=field,
            )
        return entry

    def _drop(self, name: _Name) -> None:
        entry, owner = self._entries.pop(name), name[0]
        self._bytes -= entry.size
        for item in entry.items:
            self._users[id(item)] -= 1
            if not self._users[id(item)]:
                del self._users[id(item)]
                self._bytes -= item.size
                if self._items.get((owner, item.id)) is item:
                    del self._items[owner, item.id]


def kept_items(items: Iterable[Mapping[str, object]]) -> tuple[Kept, ...]:
    """Items as they are told again: what this dialect knows of them, and with an id."""
    return tuple(_kept(item) for item in items)


def read_items(kept: Iterable[Kept]) -> tuple[Item, ...]:
    """They were read once, so they can be read again."""
    return tuple(Item.model_validate(dict(each.told)) for each in kept)


def _kept(item: Mapping[str, object]) -> Kept:
    kind = item.get("type") or "message"
    identity = item.get("id") or f"{_PREFIXES.get(str(kind), 'item')}_{secrets.token_hex(16)}"
    told: dict[str, object] = {"id": identity, "type": kind, "status": "completed"}
    for name in ("role", "call_id", "name", "arguments"):
        if isinstance(value := item.get(name), str):
            told[name] = value
    if kind == "function_call":
        told.setdefault("arguments", "{}")
    plain = "output_text" if item.get("role") == "assistant" else "input_text"
    match kind:
        case "message":
            told["content"] = _parts(item.get("content"), plain)
        case "reasoning":
            told["content"] = _parts(item.get("content"), "reasoning_text")
            told["summary"] = _parts(item.get("summary"), "summary_text")
        case "function_call_output":
            output = item.get("output")
            told["output"] = output if isinstance(output, str) else _parts(output, plain)
        case _:
            pass
    return Kept(told=told, size=_size(told))


def _parts(content: object, plain: str) -> list[dict[str, Any]]:
    if content is None:
        return []
    if isinstance(content, str):
        return [_text(content, plain)]
    parts: list[dict[str, Any]] = []
    for part in cast("list[Mapping[str, Any]]", content):
        kind = part["type"]
        if kind in TEXTS:
            parts.append(_text(part["text"], plain if kind == "text" else kind))
        elif kind == "refusal":
            parts.append({"type": "refusal", "refusal": part["refusal"]})
        else:
            image = part["image_url"]
            parts.append({"type": "input_image", "image_url": image, "detail": "auto"})
    return parts


def _text(text: str, kind: str) -> dict[str, Any]:
    more: dict[str, Any] = {"annotations": []} if kind == "output_text" else {}
    return {"type": kind, "text": text, **more}


def _size(value: object) -> int:
    return len(json.dumps(value, ensure_ascii=False).encode("utf-8", "replace"))
