"""The shapes that go out, in OpenAI's words; `timings` are llama-server's, and more."""

from typing import Literal, NotRequired, TypedDict


class Usage(TypedDict):
    """What an answer cost, in tokens. With n > 1 the prompt counts once."""

    prompt_tokens: int
    completion_tokens: int
    total_tokens: int
    prompt_tokens_details: dict[str, int]
    completion_tokens_details: dict[str, int]


class Times(TypedDict):
    """An answer's timings. llama-server's names, but for `queue_ms` and `first_token_ms`."""

    queue_ms: float
    first_token_ms: float
    cache_n: int
    prompt_n: int
    prompt_ms: float
    prompt_per_second: float
    predicted_n: int
    predicted_ms: float
    predicted_per_second: float
    draft_n: int
    draft_n_accepted: int


class SaidFunction(TypedDict):
    """A call, or a stretch of one."""

    name: NotRequired[str]
    arguments: str


class SaidCall(TypedDict):
    """A call; in a stream `index` says which, and `id`, `type` and the name come but once."""

    index: NotRequired[int]
    id: NotRequired[str]
    type: NotRequired[Literal["function"]]
    function: SaidFunction


class Said(TypedDict):
    """A message, or a stretch of one."""

    role: NotRequired[str]
    content: NotRequired[str | None]
    reasoning_content: NotRequired[str]
    tool_calls: NotRequired[list[SaidCall]]


class TopToken(TypedDict):
    """A token that could have been chosen."""

    token: str
    logprob: float
    bytes: list[int]


class SaidToken(TopToken):
    """A token that was chosen."""

    top_logprobs: list[TopToken]


class Logprobs(TypedDict):
    """Of a message's tokens, or of a stretch's."""

    content: list[SaidToken]
    refusal: None


class ChunkChoice(TypedDict):
    """A stretch of one answer."""

    index: int
    delta: Said
    logprobs: Logprobs | None
    finish_reason: str | None


class Choice(TypedDict):
    """One answer. Of several, each has its timings."""

    index: int
    message: Said
    logprobs: Logprobs | None
    finish_reason: str | None
    timings: NotRequired[Times]


class OldLogprobs(TypedDict):
    """As the older dialect tells them. Offsets count characters."""

    tokens: list[str]
    token_logprobs: list[float]
    top_logprobs: list[dict[str, float]]
    text_offset: list[int]


class TextChoice(TypedDict):
    """One answer of the older dialect, or a stretch of one."""

    index: int
    text: str
    logprobs: OldLogprobs | None
    finish_reason: str | None
    timings: NotRequired[Times]


class Envelope(TypedDict):
    """What every object of one answer says of itself."""

    id: str
    object: str
    created: int
    model: str
    system_fingerprint: str


class Chunk(Envelope):
    """One event of a stream."""

    choices: list[ChunkChoice]
    usage: NotRequired[Usage | None]
    timings: NotRequired[Times]


class Completion(Envelope):
    """A whole answer."""

    choices: list[Choice]
    usage: Usage
    timings: NotRequired[Times]


class TextCompletion(Envelope):
    """A whole answer of the older dialect, or one event of its stream."""

    choices: list[TextChoice]
    usage: NotRequired[Usage | None]
    timings: NotRequired[Times]


class ListedModel(TypedDict):
    """One model of /v1/models; `loaded` is our own addition."""

    id: str
    object: Literal["model"]
    created: int
    owned_by: str
    loaded: bool


class ModelList(TypedDict):
    """The answer of /v1/models."""

    object: Literal["list"]
    data: list[ListedModel]
