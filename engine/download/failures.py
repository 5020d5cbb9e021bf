"""From huggingface_hub's exceptions to ours: sentences, and codes that cross the pipe."""

import errno

import httpx2
from huggingface_hub.errors import (
    FileMetadataError,
    GatedRepoError,
    HfHubHTTPError,
    HFValidationError,
    OfflineModeIsEnabled,
    RemoteEntryNotFoundError,
    RepositoryNotFoundError,
    RevisionNotFoundError,
)
from pydantic import ValidationError

from engine.errors import (
    DiskFull,
    DownloadError,
    EngineError,
    GatedRepository,
    HubUnreachable,
    RepositoryNotFound,
)

_FULL = {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)}
_WINDOWS_DISK_FULL = 112


def foreseen(error: Exception, subject: str) -> EngineError | None:
    """The EngineError for that exception, about that repository or query; None for a bug."""
    match error:
        case EngineError():
            return error
        case HfHubHTTPError() | HFValidationError():
            return _refused(error, subject)
        case httpx2.HTTPError() | OfflineModeIsEnabled() | FileMetadataError():
            return HubUnreachable(f"The Hub does not answer ({_words(error)}).")
        case OSError():
            return _unwritten(error)
        case ValidationError():
            # Perhaps a login page of the network in between.
            return HubUnreachable("The Hub's answer could not be read.")
        case _:
            return None


def _refused(error: HfHubHTTPError | HFValidationError, subject: str) -> EngineError:
    match error:
        case GatedRepoError():
            return GatedRepository(f"{subject} asks for a login.")
        case RepositoryNotFoundError() | HFValidationError():
            return RepositoryNotFound(f"The Hub has no repository {subject}, or it is private.")
        case RemoteEntryNotFoundError() | RevisionNotFoundError():
            return RepositoryNotFound(
                f"{subject} no longer has that file.", remedy="Look at its quantizations again."
            )
        case _:
            return _answered(error.response.status_code, subject)


def _answered(status: int, subject: str) -> EngineError:
    if status in {401, 403}:
        return GatedRepository(f"The Hub does not give access to {subject}.")
    if status == 429:
        return DownloadError(
            "The Hub was asked too often.",
            remedy="Wait some minutes, then try again: what has arrived is kept.",
        )
    if status >= 500:
        return HubUnreachable(f"The Hub is out of order (its answer was {status}).")
    return DownloadError(f"The Hub refused {subject} (its answer was {status}).")


def _unwritten(error: OSError) -> EngineError:
    if error.errno in _FULL or getattr(error, "winerror", None) == _WINDOWS_DISK_FULL:
        return DiskFull("The disk is full; what has arrived is kept.")
    return DownloadError(
        f"The file could not be written: {error.strerror or _words(error)}.",
        remedy="Check the permissions of the models folder, then try again.",
    )


def _words(error: Exception) -> str:
    return " ".join(str(error).split())[:160].rstrip(".") or type(error).__name__
