"""Failures that were foreseen: each is one sentence that says what happened, and a remedy.

    EngineError
    ├── ModelError              about one model's file or its load
    │   ├── ModelNotFound         nothing on the shelf answers to that name
    │   ├── NotAModel             the file is not GGUF
    │   ├── TruncatedModel        the file ends before its tensors do
    │   ├── UnknownArchitecture   llama.cpp does not know this kind of model
    │   ├── LoadFailed            llama.cpp refused the model, with its own words
    │   ├── LogitsBroken          what it computed for its next token is no number
    │   ├── NoSuchCard            a load names a card that llama.cpp does not see
    │   ├── OutOfMemory           a device could not give the memory the load asked for
    │   └── LoadCancelled         the person stopped the load
    ├── RequestError            about one request
    │   ├── BadRequest            a value that cannot be honoured
    │   ├── ImagesNotSupported    the model that is loaded has no eyes
    │   ├── ContextExceeded       the prompt is longer than the context
    │   ├── TextTooLong           a text is longer than a model for embeddings reads
    │   ├── WrongPurpose          the model writes no text, or gives no vectors
    │   └── TemplateFailed        the model's chat template raised, or ran too long
    ├── Busy                    too many requests wait already
    ├── WorkerDied              the process that ran the model ended in mid-work
    │   ├── OtherProcessor        it met an instruction that this processor does not have
    │   ├── Dismissed             it was unloaded in mid-answer
    │   └── Unanswerable          it ended twice, with the same request
    ├── CalibrationFailed       this machine could not be measured
    ├── DryRunFailed            llama.cpp did not answer what a load would take
    ├── ForeignLibrary          the installed llama.cpp is not the build this program was made for
    ├── PortInUse               no port could be opened
    ├── KeyNeeded               a port open to a network needs a key, and there is none
    ├── BadCertificate          the port's certificate or its key cannot be used
    ├── HomeBusy                another Fullbore owns this home
    ├── DiskFull                there is no room to write
    ├── Unwritable              nothing can be written there, for another reason
    ├── DownloadError           about one transfer
    │   ├── HubUnreachable        no network, or the Hub does not answer
    │   ├── RepositoryNotFound    no such repository or file
    │   ├── GatedRepository       the repository asks for a login
    │   └── DownloadCancelled     the person stopped the transfer
    ├── UpdateFailed            nothing could be learnt, or brought, of a newer Fullbore
    ├── SettingsBroken          a settings file could not be read
    └── StoreError              about the chats on disk
        ├── StoreTooNew           written by a later version; left untouched
        └── StoreCorrupt          unreadable; kept aside

Any other exception is a bug. HTTP status codes live in `server/errors.py`, dialogs in the app.
The sentence is `str(error)`; `error.remedy` is what to do; `error.code` is for programs.
"""

import errno
from typing import ClassVar


class EngineError(Exception):
    """A foreseen failure: a sentence, a remedy, and a code that programs may rely on."""

    code: ClassVar[str] = "engine_error"
    remedy: str = "Try again; if it happens again, report it with the log."

    def __init__(self, sentence: str, *, remedy: str | None = None) -> None:
        super().__init__(sentence)
        if remedy is not None:
            self.remedy = remedy

    @property
    def sentence(self) -> str:
        """What happened, then what to do: the same words in window, terminal and HTTP."""
        return f"{self} {self.remedy}"


class ModelError(EngineError):
    """About one model's file or its load."""

    code = "model_error"


class ModelNotFound(ModelError):
    """Nothing on the shelf answers to that name."""

    code = "model_not_found"
    remedy = "Choose one of the models in the library, or download it first."


class NotAModel(ModelError):
    """The file is not GGUF."""

    code = "not_a_model"
    remedy = "Choose a .gguf file, or download it again."


class TruncatedModel(ModelError):
    """The file ends before its tensors do."""

    code = "truncated_model"
    remedy = "Finish or repeat its download."


class UnknownArchitecture(ModelError):
    """llama.cpp does not know this kind of model."""

    code = "unknown_architecture"
    remedy = "Update Fullbore, or choose another model."


class LoadFailed(ModelError):
    """llama.cpp refused the model; the sentence carries its own words."""

    code = "load_failed"
    remedy = "Download the file again, or choose another quantization."


class LogitsBroken(ModelError):
    """What the model computed for its next token is no number."""

    code = "logits_broken"
    remedy = (
        "Download the file again, or choose another quantization; if others fail alike,"
        " let the doctor look at this machine."
    )


class NoSuchCard(ModelError):
    """A load names a card that llama.cpp does not see."""

    code = "no_such_card"
    remedy = "Choose among the cards that there are; the doctor says why one is not seen."


class OutOfMemory(ModelError):
    """A device could not give the memory the load asked for."""

    code = "out_of_memory"
    remedy = "Choose a shorter context, fewer GPU layers, or a smaller quantization."


class LoadCancelled(ModelError):
    """The person stopped the load."""

    code = "load_cancelled"
    remedy = "Choose the model again to load it."


class RequestError(EngineError):
    """About one request."""

    code = "request_error"


class BadRequest(RequestError):
    """A value that cannot be honoured."""

    code = "bad_request"
    remedy = "Correct the request."


class ImagesNotSupported(RequestError):
    """The model that is loaded has no eyes."""

    code = "images_not_supported"
    remedy = "Choose a model with a projector (an mmproj file beside it), or leave the images out."


class ContextExceeded(RequestError):
    """The prompt is longer than the context."""

    code = "context_length_exceeded"
    remedy = "Shorten the conversation, or load the model with a longer context."

    def __init__(self, prompt_tokens: int, context_tokens: int) -> None:
        super().__init__(
            f"The prompt has {prompt_tokens:,} tokens; the context holds {context_tokens:,}."
        )
        self.prompt_tokens = prompt_tokens
        self.context_tokens = context_tokens


class TextTooLong(RequestError):
    """A text is longer than the model that should embed or rank it reads."""

    code = "text_too_long"
    remedy = "Divide it, or ask with `truncate` for its end to be left out."


class WrongPurpose(RequestError):
    """The model is for something else: it writes no text, gives no vectors or ranks nothing."""

    code = "wrong_purpose"
    remedy = "Choose a model that was made for this."


class TemplateFailed(RequestError):
    """The model's chat template raised, or ran longer than it may."""

    code = "template_failed"
    remedy = "Check the order of the messages, or choose another model."


class WorkerDied(EngineError):
    """The process that ran the model ended in mid-work; `last_words` is what it printed."""

    code = "worker_died"
    remedy = "Ask again: the model will be loaded anew."

    def __init__(self, sentence: str, *, last_words: str = "") -> None:
        super().__init__(sentence)
        self.last_words = last_words


class OtherProcessor(WorkerDied):
    """It met an instruction that this processor does not have, and would again."""

    code = "other_processor"
    remedy = "Install Fullbore again; if it stays, report it with what the doctor says."


class Dismissed(WorkerDied):
    """It was unloaded while it answered: somebody wanted that, so nothing is tried again."""

    code = "unloaded"


class Unanswerable(WorkerDied):
    """The process that ran the model ended twice in the same request, which is given up."""

    code = "unanswerable"
    remedy = "Change the request, or load the model with other settings."


class Busy(EngineError):
    """So many requests wait that another would wait too long; `retry_seconds` is a fair guess."""

    code = "busy"
    remedy = "Ask again in a while."

    def __init__(self, sentence: str, *, retry_seconds: int = 1) -> None:
        super().__init__(sentence)
        self.retry_seconds = retry_seconds


class CalibrationFailed(EngineError):
    """The machine could not be measured; `last_words` is what the measuring process printed."""

    code = "calibration_failed"
    remedy = "Fullbore goes on with its catalogue's figures; measure again when nothing else runs."

    def __init__(self, sentence: str, *, last_words: str = "") -> None:
        super().__init__(sentence)
        self.last_words = last_words


class DryRunFailed(EngineError):
    """There was no dry run; `last_words` is what its process printed."""

    code = "dry_run_failed"
    remedy = "The estimate stands; load the model to learn what it takes."

    def __init__(self, sentence: str, *, last_words: str = "") -> None:
        super().__init__(sentence)
        self.last_words = last_words


class ForeignLibrary(EngineError):
    """The installed llama.cpp is not the build this program was made for."""

    code = "foreign_library"
    remedy = "Install Fullbore again, which brings the right one."


class PortInUse(EngineError):
    """No port could be opened."""

    code = "port_in_use"
    remedy = "Choose another port, or close the program that uses this one."


class KeyNeeded(EngineError):
    """A port that is open to a network needs a key, and there is none."""

    code = "key_needed"
    remedy = (
        "Make a key first (`fullbore keys add NAME`), or open the port on this computer alone"
        " (127.0.0.1)."
    )


class BadCertificate(EngineError):
    """The certificate of the local port, or its key, cannot be used."""

    code = "bad_certificate"
    remedy = "Choose a PEM file with the certificate, and one with its key without a password."


class HomeBusy(EngineError):
    """Another Fullbore owns this home."""

    code = "home_busy"
    remedy = "Use the Fullbore that is already running, or close it first."


class DiskFull(EngineError):
    """There is no room to write."""

    code = "disk_full"
    remedy = "Free some space and try again."


class Unwritable(EngineError):
    """Nothing can be written there, for another reason than want of room."""

    code = "unwritable"
    remedy = "Check that its folder may be written to."


class DownloadError(EngineError):
    """About one transfer."""

    code = "download_failed"
    remedy = "Try again: what has arrived is kept."


class HubUnreachable(DownloadError):
    """No network, or the Hub does not answer."""

    code = "hub_unreachable"
    remedy = "Check the network, or set a mirror, then try again: what has arrived is kept."


class RepositoryNotFound(DownloadError):
    """No such repository, or no such file in it."""

    code = "repository_not_found"
    remedy = "Check the spelling: owner/name."


class GatedRepository(DownloadError):
    """The repository asks for a login."""

    code = "gated_repository"
    remedy = "Accept its licence on the Hub, then log in with an access token."


class DownloadCancelled(DownloadError):
    """The person stopped the transfer."""

    code = "download_cancelled"
    remedy = "Download it again to go on: what has arrived is kept."


class UpdateFailed(EngineError):
    """Nothing could be learnt of a newer Fullbore, or it could not be brought."""

    code = "update_failed"
    remedy = "Try again later, or look at Fullbore's page."


class SettingsBroken(EngineError):
    """A settings file could not be read."""

    code = "settings_broken"
    remedy = "Correct the file, or delete it to start from the defaults."


class StoreError(EngineError):
    """About the chats on disk."""

    code = "store_error"


class StoreTooNew(StoreError):
    """The chats were written by a later version; the file is left untouched."""

    code = "store_too_new"
    remedy = "Update Fullbore to open them."


class StoreCorrupt(StoreError):
    """The chats could not be read; the file is kept aside."""

    code = "store_corrupt"
    remedy = "A new, empty file was started; the old one lies beside it."


def unsaved(name: str, error: OSError) -> EngineError:
    """Why the file of that name could not be saved, with the remedy that its cause has."""
    if isinstance(error, TimeoutError):  # a lock that stays taken
        return Unwritable(
            f"{name} could not be saved: another program is changing it.",
            remedy="Close that program, or try again in a while.",
        )
    said = f"{name} could not be saved: {error.strerror or error}."
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return DiskFull(said)
    return Unwritable(said)
