"""The Hub's access token: kept in the system's keyring, told to the Hub that it belongs to alone.

Runs in the child process, since a keyring may wait for a person, and its backends are slow to
import. A token never stands in an argument, an address or a log.
"""

import threading
from collections.abc import Callable
from typing import TypeVar
from urllib.parse import urlsplit

import keyring
from huggingface_hub import get_token
from keyring.errors import KeyringError, PasswordDeleteError

from engine.errors import DownloadError

SERVICE = "fullbore"
HUB_NAME = "huggingface"
HUB_ENDPOINT = "https://huggingface.co"

_T = TypeVar("_T")

_PATIENCE_SECONDS = 20.0  # a locked keyring may ask the person for its password
_READING_SECONDS = 5.0
_MOST_CHARACTERS = 500
_OWN_HOSTS = {"localhost", "127.0.0.1", "::1"}


def read(endpoint: str = HUB_ENDPOINT) -> str | None:
    """The token for that endpoint, None if there is none or no keyring answers.

    For huggingface.co alone the token of `hf auth login`, or of HF_TOKEN, stands in.
    """
    name = _name(endpoint)
    kept: str | None = None
    try:
        kept = _bounded(lambda: keyring.get_password(SERVICE, name), _READING_SECONDS)
    except DownloadError:
        kept = None
    return kept or (get_token() if name == HUB_NAME else None)


def keep(token: str | None, endpoint: str = HUB_ENDPOINT) -> None:
    """Keep the token for that endpoint; None forgets it. Raises DownloadError.

    That an endpoint gets a token says that the person trusts it as the Hub's own: never a mirror.
    """
    name = _name(endpoint)
    if token is None:
        _bounded(lambda: _forget(name), _PATIENCE_SECONDS)
        return
    token = token.strip()
    if not token or len(token) > _MOST_CHARACTERS or not token.isascii() or " " in token:
        raise DownloadError(
            "That is not an access token.",
            remedy="Copy it whole from the Hub's settings, under Access Tokens: hf_…",
        )
    parts = urlsplit(endpoint)
    if parts.scheme != "https" and parts.hostname not in _OWN_HOSTS:
        raise DownloadError(
            f"A token for {name.partition(' ')[2]} could be read on its way.",
            remedy="Use an address that begins with https://.",
        )
    _bounded(lambda: keyring.set_password(SERVICE, name, token), _PATIENCE_SECONDS)


def login(endpoint: str) -> str | bool:
    """What `build_hf_headers` is to be told for requests to that endpoint: its token, or False."""
    return read(endpoint) or False


def _forget(name: str) -> None:
    try:
        keyring.delete_password(SERVICE, name)
    except PasswordDeleteError:
        if keyring.get_password(SERVICE, name) is not None:
            raise


def _name(endpoint: str) -> str:
    """Under which name its token is kept: by scheme, host and port, since those are who is told."""
    parts = urlsplit(endpoint)
    host = (parts.hostname or "").lower()
    if host == "huggingface.co" and parts.scheme == "https" and parts.port in {None, 443}:
        return HUB_NAME
    port = f":{parts.port}" if parts.port else ""
    return f"{HUB_NAME} {parts.scheme}://{host}{port}"


def _bounded(act: Callable[[], _T], seconds: float) -> _T:
    """Do it, but wait no longer than that. Raises DownloadError."""
    done: list[_T] = []
    failed: list[Exception] = []

    def work() -> None:
        try:
            done.append(act())
        except Exception as error:  # noqa: BLE001  # backends raise what their libraries do
            failed.append(error)

    # A daemon: a keyring that waits for its password must not keep the process.
    thread = threading.Thread(target=work, name="keyring", daemon=True)  # noqa: TID251
    thread.start()
    thread.join(seconds)
    if done:
        return done[0]
    what = "did not answer" if not failed else "could not be used"
    if failed and not isinstance(failed[0], (KeyringError, RuntimeError, OSError, ImportError)):
        what = f"failed ({type(failed[0]).__name__})"  # its words could hold the token
    raise DownloadError(
        f"The system's keyring {what}.",
        remedy="Log in with `hf auth login`, or set HF_TOKEN, before Fullbore is started.",
    )
