"""The keys of the local port: what the person sees of them, and what the port asks of them.

`keys.json` holds a hash of each secret, never a secret. When a key was last used is written apart,
into the disposable state, so that a file of secrets is written by a person's doing alone.
"""

import asyncio
import json
import os
import secrets
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from hmac import compare_digest
from pathlib import Path
from time import monotonic
from typing import Self

from filelock import FileLock
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from engine.access import Key, Limits, NewKey, Scope
from engine.errors import BadRequest, SettingsBroken, unsaved
from engine.replacing import put_in_place

ALL_SCOPES = frozenset(Scope)
_MOST_KEYS = 256
_MOST_NAME = 80
_SECRET_BYTES = 32
_ENDING = 4
_WRITE_SECONDS = 60.0


class _KeyOnDisk(BaseModel):
    """One key, as the file has it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(min_length=1, max_length=40)
    name: str = Field(min_length=1, max_length=_MOST_NAME)
    ending: str = Field(max_length=_ENDING)
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    scopes: frozenset[Scope]
    made_at: AwareDatetime
    requests_per_minute: int | None = Field(default=None, ge=1)
    at_once: int | None = Field(default=None, ge=1)

    @classmethod
    def of(cls, key: Key, digest: bytes) -> Self:
        return cls(
            id=key.id,
            name=key.name,
            ending=key.ending,
            sha256=digest.hex(),
            scopes=key.scopes,
            made_at=key.made_at,
            requests_per_minute=key.limits.requests_per_minute,
            at_once=key.limits.at_once,
        )

    def key(self) -> Key:
        return Key(
            id=self.id,
            name=self.name,
            ending=self.ending,
            scopes=self.scopes,
            made_at=self.made_at,
            limits=Limits(requests_per_minute=self.requests_per_minute, at_once=self.at_once),
        )


class _File(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    keys: tuple[_KeyOnDisk, ...] = ()


_uses: TypeAdapter[dict[str, AwareDatetime]] = TypeAdapter(dict[str, AwareDatetime])


class Keys:
    """Every key of one home. `from_settings` is the one key that `api_key` or a flag names.

    The file is looked at whenever it may have changed, so that a key made or removed by another
    process counts at once, too.
    """

    def __init__(self, root: Path, *, from_settings: Callable[[], str | None]) -> None:
        self._path = root / "keys.json"
        self._uses_path = root / "state" / "keys-used.json"
        self._from_settings = from_settings
        self._lock = asyncio.Lock()
        self._stamp: tuple[int, int, int] | None = None
        self._held: dict[str, tuple[Key, bytes]] = {}
        self._broken: str | None = None
        self._used: dict[str, datetime] = _read_uses(self._uses_path)
        self._next_write = monotonic() + _WRITE_SECONDS
        self._writing: asyncio.Task[None] | None = None

    # --- for a person ----------------------------------------------------------------------

    def all(self) -> tuple[Key, ...]:
        """The keys that were made, the oldest first; the settings' own key is not among them.

        Raises SettingsBroken if the file cannot be read.
        """
        self.check()
        keys = (replace(key, used_at=self._used.get(key.id)) for key, _ in self._held.values())
        return tuple(sorted(keys, key=lambda key: key.made_at))

    async def add(
        self, name: str, scopes: Iterable[Scope] = ALL_SCOPES, limits: Limits | None = None
    ) -> NewKey:
        """Make a key. Its secret is told here and never again. Raises EngineError."""
        # 256 random bits: nobody finds them by trying, so that a fast hash without salt hides them
        # as well as a slow one would. A slow one is for passwords, which people think of.
        secret = "fb-" + secrets.token_urlsafe(_SECRET_BYTES)
        key = Key(
            id=secrets.token_hex(8),
            name=_name(name),
            ending=secret[-_ENDING:],
            scopes=_scopes(scopes),
            made_at=datetime.now(UTC).replace(microsecond=0),
            limits=_limits(limits or Limits()),
        )

        def put(held: dict[str, tuple[Key, bytes]]) -> None:
            if len(held) >= _MOST_KEYS:
                raise BadRequest(
                    f"There are {_MOST_KEYS} keys already.", remedy="Remove one that is not used."
                )
            held[key.id] = (key, _digest(secret))

        await self._change(put)
        return NewKey(key=key, secret=secret)

    async def change(
        self,
        key_id: str,
        *,
        name: str | None = None,
        scopes: Iterable[Scope] | None = None,
        limits: Limits | None = None,
    ) -> Key:
        """Change what is not None of a key; counts from the next request on. Raises EngineError."""

        def put(held: dict[str, tuple[Key, bytes]]) -> None:
            key, digest = _of(held, key_id)
            changed = replace(
                key,
                name=key.name if name is None else _name(name),
                scopes=key.scopes if scopes is None else _scopes(scopes),
                limits=key.limits if limits is None else _limits(limits),
            )
            held[key_id] = (changed, digest)

        await self._change(put)
        return replace(self._held[key_id][0], used_at=self._used.get(key_id))

    async def remove(self, key_id: str) -> None:
        """Whoever has that key is refused from now on. Raises EngineError."""

        def drop(held: dict[str, tuple[Key, bytes]]) -> None:
            _of(held, key_id)
            del held[key_id]

        await self._change(drop)
        self._used.pop(key_id, None)

    # --- for the port ----------------------------------------------------------------------

    def check(self) -> None:
        """Raise SettingsBroken if the file was never readable: then nobody knows who may ask."""
        self._look()
        if self._broken is not None:
            raise SettingsBroken(
                self._broken, remedy="Correct the file, or delete it and make new keys."
            )

    @property
    def demanded(self) -> bool:
        """Whether there is any key: then every client has to show one."""
        self._look()
        return bool(self._held) or self._from_settings() is not None or self._broken is not None

    def whose(self, secret: bytes) -> Key | None:
        """The key with that secret. Takes as long for a wrong one as for a right one."""
        self._look()
        shown = sha256(secret).digest()
        found: Key | None = None
        # Hashes of one length, every one of them compared: neither how much of a secret is right
        # nor which key it is shows in the time.
        for key, digest in self._held.values():
            if compare_digest(shown, digest):
                found = key
        own = self._from_settings()
        if own is not None and compare_digest(shown, _digest(own)):
            found = Key(
                id="api_key",
                name="api_key",
                ending=own[-_ENDING:] if len(own) > 4 * _ENDING else "",
                scopes=ALL_SCOPES,
                made_at=datetime.fromtimestamp(0, UTC),
            )
        return found

    def used(self, key: Key) -> None:
        """It opened the port just now. Kept on disk once a minute, and at the end."""
        if key.id not in self._held:
            return
        self._used[key.id] = datetime.now(UTC).replace(microsecond=0)
        if monotonic() >= self._next_write and self._writing is None:
            self._next_write = monotonic() + _WRITE_SECONDS
            self._writing = asyncio.create_task(self._write_uses(), name="last uses of keys")

    async def close(self) -> None:
        """Write what is not written yet."""
        if self._writing is not None:
            await self._writing
        if self._used:
            await self._write_uses()

    # --- inside ----------------------------------------------------------------------------

    def _look(self) -> None:
        stamp = _stamp(self._path)
        if stamp == self._stamp:
            return
        self._stamp = stamp
        try:
            self._held, self._broken = _read(self._path), None
        except SettingsBroken as error:
            # A file that was spoilt meanwhile opens nothing: the keys that were known still count.
            self._broken = None if self._held else str(error)

    async def _change(self, put: Callable[[dict[str, tuple[Key, bytes]]], None]) -> None:
        async with self._lock:
            held = await asyncio.to_thread(self._rewrite, put)
            self._held, self._stamp, self._broken = held, _stamp(self._path), None

    def _rewrite(
        self, put: Callable[[dict[str, tuple[Key, bytes]]], None]
    ) -> dict[str, tuple[Key, bytes]]:
        try:
            # Another process may be changing it, too: window and terminal.
            with FileLock(self._path.with_suffix(".lock"), timeout=10):
                held = _read(self._path)
                put(held)
                rows = tuple(_KeyOnDisk.of(key, digest) for key, digest in held.values())
                _replace(self._path, _File(keys=rows).model_dump_json(indent=1).encode())
        except OSError as error:  # a lock that stays taken is one, too
            raise unsaved(self._path.name, error) from error
        return held

    async def _write_uses(self) -> None:
        text = _uses.dump_json({name: at for name, at in self._used.items() if name in self._held})
        try:
            await asyncio.to_thread(_replace, self._uses_path, text)
        except OSError:
            pass  # the state is disposable, and a key works without it
        finally:
            self._writing = None


def _name(name: str) -> str:
    plain = " ".join(name.split())
    if not plain or len(plain) > _MOST_NAME or not plain.isprintable():
        raise BadRequest(
            f"A key's name has from 1 to {_MOST_NAME} letters.", remedy="Choose another name."
        )
    return plain


def _scopes(scopes: Iterable[Scope]) -> frozenset[Scope]:
    chosen = frozenset(scopes)
    if not chosen:
        raise BadRequest("A key must open something.", remedy="Choose one scope at least.")
    return chosen


def _limits(limits: Limits) -> Limits:
    if any(
        limit is not None and limit < 1 for limit in (limits.requests_per_minute, limits.at_once)
    ):
        raise BadRequest("A key's limit is at least 1.", remedy="Remove the key instead.")
    return limits


def _of(held: dict[str, tuple[Key, bytes]], key_id: str) -> tuple[Key, bytes]:
    try:
        return held[key_id]
    except KeyError:
        raise BadRequest(
            "There is no such key.", remedy="Look at the list of keys again."
        ) from None


def _digest(secret: str) -> bytes:
    return sha256(secret.encode()).digest()


def _stamp(path: Path) -> tuple[int, int, int] | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino


def _read(path: Path) -> dict[str, tuple[Key, bytes]]:
    try:
        file = _File.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        return {}
    except (OSError, ValidationError) as error:
        raise SettingsBroken(
            f"{path.name} could not be read.",
            remedy="Correct the file, or delete it and make new keys.",
        ) from error
    return {row.id: (row.key(), bytes.fromhex(row.sha256)) for row in file.keys}


def _read_uses(path: Path) -> dict[str, datetime]:
    try:
        return _uses.validate_python(json.loads(path.read_text("utf-8")))
    except (OSError, ValueError):
        return {}


def _replace(path: Path, body: bytes) -> None:
    """Whole or not at all, and for the person's own eyes: on Windows the profile's rights do it."""
    draft = path.with_suffix(".new")
    draft.parent.mkdir(parents=True, exist_ok=True)
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(body)
        file.flush()
        os.fsync(file.fileno())
    put_in_place(draft, path)
