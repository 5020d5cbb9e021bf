"""Telling systemd how we are, where it started us and wants to know (sd_notify(3))."""

import logging
import socket
from collections.abc import Mapping

_log = logging.getLogger(__name__)


def notify(environment: Mapping[str, str], *lines: str) -> None:
    """Tell it these, such as READY=1. Nothing at all where nobody listens."""
    address = environment.get("NOTIFY_SOCKET", "")
    if address[:1] not in {"/", "@"} or not hasattr(socket, "AF_UNIX"):
        return
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line:
            line.connect("\0" + address[1:] if address.startswith("@") else address)
            line.sendall("\n".join(lines).encode())
    except OSError as error:
        _log.warning("systemd could not be told: %s", error.strerror or error)
