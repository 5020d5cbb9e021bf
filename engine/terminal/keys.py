"""`keys`: who may use the local port. Counts at once in a Fullbore that is running."""

import json
from argparse import Namespace

from engine.access import Key, Limits, Scope
from engine.config import EngineConfig, Home
from engine.errors import BadRequest
from engine.handover.lock import unwritable
from engine.keys import ALL_SCOPES, Keys


async def keys(home: Home, config: EngineConfig, asked: Namespace) -> None:
    """Show, make or remove keys. Raises EngineError."""
    try:
        home.make()
    except OSError as error:
        raise unwritable(home, error) from error
    held = Keys(home.root, from_settings=lambda: config.api_key)
    match asked.deed:
        case "add":
            await _add(held, asked)
        case "remove":
            await _remove(held, asked.key, as_json=asked.json)
        case _:
            _show(held.all(), as_json=asked.json)


async def _add(held: Keys, asked: Namespace) -> None:
    scopes = frozenset(Scope(word) for word in asked.scope or ALL_SCOPES)
    limits = Limits(requests_per_minute=asked.per_minute, at_once=asked.at_once)
    made = await held.add(asked.name, scopes, limits)
    if asked.json:
        print(json.dumps({**_row(made.key), "secret": made.secret}))
    else:
        print(f"{made.secret}\nThis is shown once. Whoever has it is “{made.key.name}”.")


async def _remove(held: Keys, word: str, *, as_json: bool) -> None:
    named = [key for key in held.all() if word in {key.id, key.name}]
    if not named:
        raise BadRequest(f"There is no key {word!r}.", remedy="`fullbore keys list` shows them.")
    if len(named) > 1:
        raise BadRequest(f"{len(named)} keys are called {word!r}.", remedy="Write one's id.")
    await held.remove(named[0].id)
    print(json.dumps({"id": named[0].id}) if as_json else f"“{named[0].name}” opens nothing now.")


def _show(all_keys: tuple[Key, ...], *, as_json: bool) -> None:
    if as_json:
        print(json.dumps({"keys": [_row(key) for key in all_keys]}, indent=2))
        return
    if not all_keys:
        print("There are no keys: whoever can reach the port may use it.")
    for key in all_keys:
        used = "never used" if key.used_at is None else f"last used {key.used_at:%Y-%m-%d %H:%M}Z"
        print(f"{key.id}  …{key.ending}  {key.name}  ({', '.join(sorted(key.scopes))}; {used})")


def _row(key: Key) -> dict[str, object]:
    return {
        "id": key.id,
        "name": key.name,
        "ending": key.ending,
        "scopes": sorted(key.scopes),
        "made_at": key.made_at.isoformat(),
        "used_at": None if key.used_at is None else key.used_at.isoformat(),
        "requests_per_minute": key.limits.requests_per_minute,
        "at_once": key.limits.at_once,
    }
