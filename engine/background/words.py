"""The words the engine and its background process exchange."""

from dataclasses import field
from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter
from pydantic.dataclasses import dataclass

from engine.chat import Format, Message, Tools
from engine.config import LoadWish
from engine.fit.plan import Plan
from engine.fit.rig import Rig
from engine.library.files import Details, Folder
from engine.library.shelf_model import ShelfModel
from engine.protocol.load import Purpose
from engine.protocol.paths import AnyPath


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """What a template is given. With `continue_last` the last message is an assistant's, and the
    prompt ends where it ends. `picture` is written where a picture stands. `options` are the
    template's own variables; `format` and `tools` also shape the answer."""

    messages: tuple[Message, ...]
    bos: str
    eos: str
    continue_last: bool = False
    picture: str = ""
    tools: Tools | None = None
    format: Format | None = None
    options: dict[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True, slots=True, kw_only=True)
class Render:
    """Write this conversation as the model's prompt. Answered by Rendered or Failed."""

    template: str
    conversation: Conversation
    kind: Literal["render"] = "render"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """What lies in these folders? Answered by Scanned or Failed."""

    folders: tuple[Folder, ...]
    kind: Literal["scan"] = "scan"


@dataclass(frozen=True, slots=True, kw_only=True)
class Describe:
    """What do this model's headers say? Answered by Described or Failed."""

    model: str
    files: tuple[AnyPath, ...]
    kind: Literal["describe"] = "describe"


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelSource:
    """Where a model's blueprint comes from: its own files, or a blueprint that was kept. `draft`
    are the files of a smaller model that is loaded beside it, `projector_bytes` is the size of a
    projector's file that would be, and is not here yet."""

    id: str
    files: tuple[AnyPath, ...] = ()
    draft: tuple[AnyPath, ...] = ()
    blueprint: AnyPath | None = None
    projector_bytes: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanModels:
    """How would these be placed on that rig? Answered by Planned or Failed.

    `upgrades` asks, of a single model, also for cards that could be bought.
    """

    models: tuple[ModelSource, ...]
    rig: Rig
    wish: LoadWish
    streams: int
    upgrades: bool = False
    kind: Literal["plan"] = "plan"


@dataclass(frozen=True, slots=True, kw_only=True)
class Started:
    """The child is awake; sent once, so that its start is not charged to the first task."""

    kind: Literal["started"] = "started"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """A prompt, the dialect of its answer, and the shape it must have: see Generate."""

    text: str
    dialect: str = ""
    grammar: str = ""
    triggers: tuple[str, ...] = ()
    calls: bool = False
    texts: tuple[str, ...] = ()
    kind: Literal["rendered"] = "rendered"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scanned:
    """A shelf."""

    models: tuple[ShelfModel, ...]
    kind: Literal["scanned"] = "scanned"


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """All that a model's headers tell."""

    details: Details
    kind: Literal["described"] = "described"


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A plan, and what of its model the ladder must know: blocks, and those with experts.

    `kind` is the kind of placement that corrections are kept for, `decode_at_start` the tokens a
    second to be expected while the context is still empty. `projector` is the path of the one that
    lies beside the model, which the plan counts as loaded with it: so many bytes. `longer_bytes` is
    what the closed forms say that twice the context would take more, by card number; told where a
    single model was asked for.
    """

    plan: Plan
    kind: str
    decode_at_start: float
    layers: int
    expert_layers: tuple[int, ...]
    projector: str | None = None
    purpose: Purpose = Purpose.TEXT
    projector_bytes: int = 0
    longer_bytes: dict[int, int] = field(default_factory=dict[int, int])


@dataclass(frozen=True, slots=True, kw_only=True)
class Unplanned:
    """A model that no plan can be made for, with the failure's code and sentence."""

    id: str
    code: str
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """In the order of the question, but for those without a plan. `advised` is a model's id."""

    placed: tuple[Placed, ...]
    unplanned: tuple[Unplanned, ...] = ()
    advised: str | None = None
    advice: str | None = None
    kind: Literal["planned"] = "planned"


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """A foreseen failure."""

    code: str
    sentence: str
    remedy: str | None = None
    kind: Literal["failed"] = "failed"


Task = Annotated[Render | Scan | Describe | PlanModels, Field(discriminator="kind")]
Told = Rendered | Scanned | Described | Planned
Answer = Annotated[Started | Told | Failed, Field(discriminator="kind")]

tasks: TypeAdapter[Task] = TypeAdapter(Task)
answers: TypeAdapter[Answer] = TypeAdapter(Answer)
