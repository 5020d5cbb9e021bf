"""Keyrings that tests own: one in a file, so that a child process finds it too.

PYTHON_KEYRING_BACKEND=tests.support.keyrings.FileKeyring, and the file in FULLBORE_TEST_KEYRING.
"""

import json
import os
from pathlib import Path

from keyring.backend import KeyringBackend
from keyring.errors import PasswordDeleteError
from typing_extensions import override

BACKEND = "tests.support.keyrings.FileKeyring"
FILE = "FULLBORE_TEST_KEYRING"


class FileKeyring(KeyringBackend):
    """Passwords in a JSON file."""

    priority = 1  # pyright: ignore[reportAssignmentType, reportUnannotatedClassAttribute]  # a property there

    @override
    def get_password(self, service: str, username: str) -> str | None:
        return kept().get(f"{service} {username}")

    @override
    def set_password(self, service: str, username: str, password: str) -> None:
        _write({**kept(), f"{service} {username}": password})

    @override
    def delete_password(self, service: str, username: str) -> None:
        left = kept()
        if left.pop(f"{service} {username}", None) is None:
            raise PasswordDeleteError("there is none")
        _write(left)


class BrokenKeyring(FileKeyring):
    """One whose library fails with the secret in its words."""

    @override
    def set_password(self, service: str, username: str, password: str) -> None:
        raise ValueError(f"cannot store {password}")


def kept() -> dict[str, str]:
    """All that is in the file."""
    place = Path(os.environ[FILE])
    return json.loads(place.read_text("utf-8")) if place.exists() else {}


def _write(passwords: dict[str, str]) -> None:
    Path(os.environ[FILE]).write_text(json.dumps(passwords), "utf-8")
