"""What is told of Ollama's routes."""

from typing import Any, NotRequired, TypedDict

from engine.server.description.described import Chapter, Described, Method, Stream
from engine.server.description.words import OLLAMA_TEXT, REFUSED_TEXT
from engine.server.ollama.said import ChatLine, ListedModel, ModelDetails, RunningModel, TextLine
from engine.server.ollama.schema import (
    ChatBody,
    EmbedBody,
    GenerateBody,
    OldEmbedBody,
    PullBody,
    ShowBody,
)


class OllamaFailure(TypedDict):
    """What went wrong, and what to do."""

    error: str


class Tags(TypedDict):
    """The models there are."""

    models: list[ListedModel]


class Running(TypedDict):
    """The models that are loaded."""

    models: list[RunningModel]


class Shown(TypedDict):
    """All that is known of a model, but for where it lies."""

    modelfile: str
    parameters: str
    template: str
    details: ModelDetails
    model_info: dict[str, Any]
    capabilities: list[str]
    modified_at: str
    license: NotRequired[str]
    tensors: NotRequired[list[dict[str, Any]]]


class Vectors(TypedDict):
    """Vectors of texts."""

    model: str
    embeddings: list[list[float]]
    total_duration: int
    load_duration: int
    prompt_eval_count: int


class OldVector(TypedDict):
    """The vector of one text."""

    embedding: list[float]


class PullLine(TypedDict):
    """How far a download is."""

    status: str
    digest: NotRequired[str]
    total: NotRequired[int | None]
    completed: NotRequired[int]


class Version(TypedDict):
    """The Ollama whose words are spoken, and this program's own version."""

    version: str
    fullbore: str


_MODEL = "owner/repository:QUANT"
_LINES = "application/x-ndjson"
_REFUSED: tuple[tuple[Method, str, str], ...] = (
    ("POST", "/api/copy", "models are not copied"),
    ("POST", "/api/create", "models are not made from a Modelfile"),
    ("POST", "/api/push", "models are not uploaded"),
    ("DELETE", "/api/delete", "models are not deleted by programs"),
    ("POST", "/api/blobs/{digest}", "files are not uploaded"),
)

OLLAMA_CHAPTER = Chapter(
    name="Ollama",
    failure=OllamaFailure,
    text=OLLAMA_TEXT,
    routes=(
        Described(
            method="POST",
            paths=("/api/chat",),
            title="A conversation is answered, as a stream unless `stream` is false",
            body=ChatBody,
            answer=ChatLine,
            stream=Stream(each=ChatLine, media=_LINES),
            example={
                "model": _MODEL,
                "messages": [{"role": "user", "content": "Why is the sky blue?"}],
            },
        ),
        Described(
            method="POST",
            paths=("/api/generate",),
            title="A prompt is answered; with `raw` it is gone on with as it stands",
            body=GenerateBody,
            answer=TextLine,
            stream=Stream(each=TextLine, media=_LINES),
            example={"model": _MODEL, "prompt": "Why is the sky blue?", "stream": False},
        ),
        Described(
            method="POST",
            paths=("/api/embed",),
            title="Vectors of texts",
            body=EmbedBody,
            answer=Vectors,
            example={"model": _MODEL, "input": ["The crew set the sails."]},
        ),
        Described(
            method="POST",
            paths=("/api/embeddings",),
            title="The vector of one text, as older clients ask for it",
            body=OldEmbedBody,
            answer=OldVector,
            example={"model": _MODEL, "prompt": "The crew set the sails."},
        ),
        Described(
            method="GET",
            paths=("/api/tags",),
            title="The models that can be used",
            answer=Tags,
        ),
        Described(
            method="GET",
            paths=("/api/ps",),
            title="The models that are loaded",
            answer=Running,
        ),
        Described(
            method="POST",
            paths=("/api/show",),
            title="What a model is",
            body=ShowBody,
            answer=Shown,
            example={"model": _MODEL},
        ),
        Described(
            method="POST",
            paths=("/api/pull",),
            title="A repository of the Hub is downloaded",
            text="Whoever leaves while it goes on pauses the download; asked again, it goes on.",
            body=PullBody,
            answer=PullLine,
            stream=Stream(each=PullLine, media=_LINES),
            example={"model": "hf.co/OWNER/REPOSITORY:QUANT"},
        ),
        Described(
            method="GET",
            paths=("/api/version",),
            title="The version of Ollama that clients may count on",
            answer=Version,
        ),
        Described(
            method="GET",
            paths=("/",),
            title="The sentence by which clients know an Ollama",
            answer=str,
            media="text/plain",
        ),
        *(
            Described(
                method=method,
                paths=(path,),
                title="Refused: " + title,
                text=REFUSED_TEXT,
                status=501,
            )
            for method, path, title in _REFUSED
        ),
    ),
)
