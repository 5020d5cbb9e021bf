"""What came with messages: named with them, read when asked for."""

import sqlite3
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from app.store.values import Attachment


def attach(
    connection: sqlite3.Connection, message_id: int, attachments: tuple[Attachment, ...]
) -> tuple[Attachment, ...]:
    """Write them, bodies and all; the answer has their ids and no bodies.

    One that has an id and no body is copied from there.
    """
    written = list[Attachment]()
    for one in attachments:
        body = one.body
        if body is None:
            body = read_body(connection, one.id) or b""
        cursor = connection.execute(
            "INSERT INTO attachments (message_id, name, media_type, size_bytes, body)"
            " VALUES (?, ?, ?, ?, ?)",
            (message_id, one.name, one.media_type, one.size_bytes, body),
        )
        written.append(replace(one, id=cursor.lastrowid, body=None))
    return tuple(written)


def attachments_of(
    connection: sqlite3.Connection, chat_id: int
) -> Mapping[int, tuple[Attachment, ...]]:
    """By message, in the order they were attached, without bodies."""
    rows: list[tuple[Any, ...]] = connection.execute(
        "SELECT message_id, attachments.id, name, media_type, size_bytes FROM messages"
        " JOIN attachments ON message_id = messages.id WHERE chat_id = ? ORDER BY attachments.id",
        (chat_id,),
    ).fetchall()
    known = defaultdict[int, list[Attachment]](list)
    for message, number, name, kind, size in rows:
        one = Attachment(id=number, name=name, media_type=kind, size_bytes=size)
        known[message].append(one)
    return {message: tuple(several) for message, several in known.items()}


def read_body(connection: sqlite3.Connection, attachment_id: int | None) -> bytes | None:
    """Its body; None if there is no such attachment."""
    row: tuple[bytes] | None = connection.execute(
        "SELECT body FROM attachments WHERE id = ?", (attachment_id,)
    ).fetchone()
    return None if row is None else row[0]
