"""What a client may write where a reader takes several forms: for the schema, which shows them."""

from typing import Annotated, Literal, NotRequired

from pydantic import Field
from typing_extensions import TypedDict


class TextPart(TypedDict):
    """A stretch of text."""

    type: Literal["text"]
    text: str


class RefusalPart(TypedDict):
    """What an assistant refused with."""

    type: Literal["refusal"]
    refusal: str


class PictureAddress(TypedDict):
    """The file itself: `data:image/png;base64,…`."""

    url: Annotated[str, Field(pattern="^(data|https?):", examples=["data:image/png;base64,…"])]
    detail: NotRequired[str]


class PicturePart(TypedDict):
    """A picture, for models that see."""

    type: Literal["image_url"]
    image_url: PictureAddress


WrittenContent = str | list[TextPart | RefusalPart | PicturePart] | None


class InputText(TypedDict):
    """A stretch of text, as /v1/responses has it."""

    type: Literal["input_text", "output_text", "text", "reasoning_text", "summary_text"]
    text: str


class InputPicture(TypedDict):
    """A picture, as /v1/responses has it."""

    type: Literal["input_image"]
    image_url: str


WrittenParts = str | list[InputText | RefusalPart | InputPicture] | None


class WrittenDocument(TypedDict):
    """A document, as some clients wrap it."""

    text: str


Token = Annotated[int, Field(ge=0, le=0x7FFF_FFFF)]
SomeTokens = Annotated[list[Token], Field(min_length=1)]
WrittenTexts = str | SomeTokens | Annotated[list[str | SomeTokens], Field(min_length=1)]
WrittenObject = dict[str, object] | None
