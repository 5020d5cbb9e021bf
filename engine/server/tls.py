"""The port's own certificate."""

import ssl
from pathlib import Path

from engine.errors import BadCertificate


def tls_context(certificate: Path | None, key: Path | None) -> ssl.SSLContext | None:
    """What a port with that certificate speaks by; None without one. Raises BadCertificate."""
    if certificate is None and key is None:
        return None
    if certificate is None or key is None:
        missing = "tls_certificate" if certificate is None else "tls_key"
        raise BadCertificate(
            f"HTTPS needs a certificate and its key; `{missing}` is not set.",
            remedy="Set both, or neither.",
        )
    for file in (certificate, key):
        _readable(file)
    asked = False

    def password() -> str:  # without this OpenSSL would ask in the terminal
        nonlocal asked
        asked = True
        return ""

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        context.load_cert_chain(certificate, key, password)
    except (ssl.SSLError, OSError, ValueError) as error:
        raise _failure(certificate, key, error, encrypted=asked) from error
    return context


def _readable(file: Path) -> None:
    try:
        with file.open("rb"):
            pass
    except OSError as error:
        raise BadCertificate(f"{file.name} could not be read: {error.strerror}.") from error


def _failure(certificate: Path, key: Path, error: Exception, *, encrypted: bool) -> BadCertificate:
    if encrypted:
        return BadCertificate(
            f"The key {key.name} is encrypted with a password.",
            remedy="Write it without one: openssl pkey -in KEY -out PLAIN_KEY.",
        )
    if isinstance(error, ssl.SSLError) and error.reason == "KEY_VALUES_MISMATCH":
        return BadCertificate(
            f"The key {key.name} does not belong to the certificate {certificate.name}.",
            remedy="Choose the key that the certificate was made with.",
        )
    return BadCertificate(f"{certificate.name} and {key.name} are no certificate and its key.")
