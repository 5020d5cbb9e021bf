"""Commands go to the worker, reports come back. Tagged by `kind`, checked by pydantic."""

from dataclasses import field
from typing import Annotated, Literal

from pydantic import ConfigDict, Field
from pydantic.dataclasses import dataclass

from engine.chat import CallPiece, Chosen, Sampling, StopReason, Timings
from engine.protocol.load import LoadSpec, Purpose

# A token may stand for a part of a character.
_BYTES = ConfigDict(ser_json_bytes="base64", val_json_bytes="base64")

# --- commands: host → worker ---------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """Load this model. Sent once; answered by Loading…, then Ready or LoadRefused."""

    spec: LoadSpec
    kind: Literal["load"] = "load"


@dataclass(frozen=True, slots=True, kw_only=True)
class Generate:
    """Answer this prompt, already rendered by the chat template (special tokens are parsed).

    `max_tokens` None means as many as the context still holds. Answered by parts of Steps.
    For benchmarks: `ignore_end` goes on past the model's end tokens; where all requests under way
    are `raw`, each writes one token again and again, and nobody looks at the logits.
    With `continues` the prompt ends in the midst of the answer, or of its reasoning. `images` are
    whole files, which travel behind the frame; each stands where the prompt has the text `picture`.
    `grammar` is GBNF; with `triggers` (regular expressions) it holds only from where one of them
    matches. `dialect` names how this model writes reasoning and, where `calls` may come, tool
    calls; "" knows <think> alone.
    With `tokens` the prompt is these, taken as they are, in place of the text.
    `texts` are arguments that are text ("name.argument"), for dialects without quotation marks.
    """

    id: int
    prompt: str
    sampling: Sampling
    max_tokens: int | None = None
    stop: tuple[str, ...] = ()
    ignore_end: bool = False
    raw: bool = False
    continues: bool = False
    picture: str = ""
    tokens: tuple[int, ...] = ()
    images: tuple[bytes, ...] = Field(default=(), exclude=True)
    image_bytes: tuple[int, ...] = ()  # how long each is; framing sees to it
    min_tokens: int = 0
    logprobs: int | None = None
    grammar: str = ""
    triggers: tuple[str, ...] = ()
    dialect: str = ""
    calls: bool = False
    texts: tuple[str, ...] = ()
    rolls: bool = False
    adapters: dict[str, float] = field(default_factory=dict[str, float])
    kind: Literal["generate"] = "generate"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancel:
    """Stop this request; takes effect within one step, and is answered by nothing more."""

    id: int
    kind: Literal["cancel"] = "cancel"


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelLoad:
    """Give up the load under way; answered by LoadRefused with code load_cancelled."""

    kind: Literal["cancel_load"] = "cancel_load"


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """How many tokens has each of these texts and images? Answered beside all steps."""

    id: int
    texts: tuple[str, ...]
    images: tuple[bytes, ...] = Field(default=(), exclude=True)
    image_bytes: tuple[int, ...] = ()
    kind: Literal["count"] = "count"


@dataclass(frozen=True, slots=True, kw_only=True)
class Embed:
    """What do these texts mean? Answered by Embedded, of a model loaded to embed.

    A text may come as token ids, which are taken as they are. `dimensions` cuts the vectors to
    their first numbers. A text longer than the model reads is refused, or, with `truncate`, cut.
    """

    id: int
    texts: tuple[str | tuple[int, ...], ...]
    dimensions: int | None = None
    truncate: bool = False
    kind: Literal["embed"] = "embed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rank:
    """How well does each document answer the query? Answered by Ranked, of a model loaded to rank.

    `truncate` cuts documents that are too long beside the query, which are refused otherwise.
    """

    id: int
    query: str
    documents: tuple[str, ...]
    truncate: bool = False
    kind: Literal["rank"] = "rank"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokenize:
    """Which tokens does this text have? Answered by Tokenized, beside all steps.

    With `special` the tokens are added that the model was taught to begin, or end, a text with;
    with `parses` the names of special tokens are read as these, else as any text.
    """

    id: int
    text: str
    special: bool = False
    parses: bool = True
    kind: Literal["tokenize"] = "tokenize"


@dataclass(frozen=True, slots=True, kw_only=True)
class Spell:
    """What do these tokens stand for? Answered by Spelled, beside all steps."""

    id: int
    tokens: tuple[int, ...]
    kind: Literal["spell"] = "spell"


Command = Annotated[
    Load | Generate | Cancel | CancelLoad | Count | Embed | Rank | Tokenize | Spell,
    Field(discriminator="kind"),
]

# --- reports: worker → host ----------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceBytes:
    """What one kind of buffer holds, by purpose. `card` counts by the bus; None is RAM.

    A card and the RAM may have several kinds, each with a name of llama.cpp's. What a load maps
    from the file counts whole, from the first to the last of its tensors that are in RAM.
    """

    name: str
    card: int | None
    weights: int
    kv: int
    compute: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Loading:
    """How far the load is, 0 to 1."""

    fraction: float
    kind: Literal["loading"] = "loading"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """The model is loaded; these are its facts.

    `template` is the chat template in the file, empty if there is none; `bos` and `eos` are the
    texts of those tokens. `context_tokens` is shared by all answers, of which each may take
    `answer_context_tokens`; both are 0 where only the vocabulary was loaded. `sees` says whether
    pictures can be shown; `fill` are the names of the tokens before a text's beginning, before its
    end, and before its middle, where the model was taught to write that. `dimensions` is how long
    the vectors are of a model loaded to embed; such a one reads texts of `answer_context_tokens`
    each. `device_bytes` is what llama.cpp says it took, by device name; `devices` the same by
    purpose, empty where it cannot be read.
    """

    architecture: str
    description: str
    parameters: int
    layers: int
    vocabulary: int
    context_tokens: int
    answer_context_tokens: int
    trained_context_tokens: int
    streams: int
    template: str
    bos: str
    eos: str
    sees: bool = False
    fill: tuple[str, str, str] | None = None
    purpose: Purpose = Purpose.TEXT
    dimensions: int = 0
    device_bytes: dict[str, int] = field(default_factory=dict[str, int])
    devices: tuple[DeviceBytes, ...] = ()
    kind: Literal["ready"] = "ready"


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadRefused:
    """The load failed; `code` is an EngineError's, the worker ends."""

    code: str
    sentence: str
    kind: Literal["load_refused"] = "load_refused"


@dataclass(frozen=True, slots=True, kw_only=True, config=_BYTES)
class Part:
    """What one step brought one request. Empty parts are not sent.

    `prompt_tokens`/`reused_tokens` are set once, with the first token. `answer` and `reasoning`
    are whole characters; `logprobs` are of the tokens in this part. `reason` and `timings` are set
    in the last part, and `stop` if it was one of the request's stop strings that ended the answer.
    """

    id: int
    answer: str = ""
    reasoning: str = ""
    calls: tuple[CallPiece, ...] = ()
    logprobs: tuple[Chosen, ...] = ()
    tokens: int = 0
    prompt_tokens: int | None = None
    reused_tokens: int | None = None
    reason: StopReason | None = None
    stop: str | None = None
    timings: Timings | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One turn of the loop: the parts of all requests, and the state of the KV cache."""

    parts: tuple[Part, ...]
    cells_used: int
    kind: Literal["step"] = "step"


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """One request cannot be answered; the others go on. `numbers` belong to the error's code."""

    id: int
    code: str
    sentence: str
    numbers: tuple[int, ...] = ()
    kind: Literal["refused"] = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """The answer to Count, in its order. An image that cannot be read counts 0."""

    id: int
    tokens: tuple[int, ...]
    images: tuple[int, ...] = ()
    kind: Literal["counted"] = "counted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Embedded:
    """The answer to Embed: a vector of length 1 for each text, and how many tokens each had.

    `vectors` are float32, little endian, one after the other, and travel behind the frame in a
    frame of their own.
    """

    id: int
    tokens: tuple[int, ...]
    dimensions: int
    vectors: bytes = Field(default=b"", exclude=True)
    kind: Literal["embedded"] = "embedded"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """The answer to Rank: a score for each document, 0 to 1, and how many tokens it had."""

    id: int
    scores: tuple[float, ...]
    tokens: tuple[int, ...]
    kind: Literal["ranked"] = "ranked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokenized:
    """The answer to Tokenize."""

    id: int
    tokens: tuple[int, ...]
    kind: Literal["tokenized"] = "tokenized"


@dataclass(frozen=True, slots=True, kw_only=True, config=_BYTES)
class Spelled:
    """The answer to Spell: each token's bytes, which may be a part of a character."""

    id: int
    pieces: tuple[bytes, ...]
    kind: Literal["spelled"] = "spelled"


Report = Annotated[
    Loading
    | Ready
    | LoadRefused
    | Step
    | Refused
    | Counted
    | Embedded
    | Ranked
    | Tokenized
    | Spelled,
    Field(discriminator="kind"),
]
