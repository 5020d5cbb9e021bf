"""What is told of OpenAI's routes, and of the texts beside them."""

from typing import Any, NotRequired, TypedDict

from engine.server.description.described import Chapter, Described, Query, Stream
from engine.server.description.words import (
    CHAT_AFTER,
    CHAT_TEXT,
    OPENAI_TEXT,
    RERANK_TEXT,
    RESPONSES_TEXT,
    VECTORS_TEXT,
)
from engine.server.openai.completions import CompletionBody
from engine.server.openai.embeddings import EmbeddingList, EmbeddingsBody
from engine.server.openai.failures import ErrorObject
from engine.server.openai.rerank import RankedList, RerankBody
from engine.server.openai.responses_said import Deleted, InputTokens, ItemList, Response
from engine.server.openai.responses_schema import ResponsesBody
from engine.server.openai.said import Chunk, Completion, ListedModel, ModelList, TextCompletion
from engine.server.openai.schema import ChatBody
from engine.server.texts.schema import Content, DetokenizeBody, Rendered, TokenizeBody, Tokens


class ResponseEvent(TypedDict):
    """One event of a response: its name, its place, and what belongs to that name."""

    type: str
    sequence_number: int
    response: NotRequired[Response]
    output_index: NotRequired[int]
    item: NotRequired[dict[str, Any]]
    delta: NotRequired[str]


_HELLO = [{"role": "user", "content": "Why is the sky blue?"}]
_DONE = "[DONE]"
_ID_LIMITS: dict[str, Any] = {"type": "string", "minLength": 1}

OPENAI_CHAPTER = Chapter(
    name="OpenAI",
    failure=ErrorObject,
    text=OPENAI_TEXT,
    routes=(
        Described(
            method="POST",
            paths=("/v1/chat/completions",),
            title="A conversation is answered, whole or as a stream",
            text=CHAT_TEXT + "\n\n" + CHAT_AFTER,
            body=ChatBody,
            answer=Completion,
            stream=Stream(each=Chunk, last=_DONE),
            example={"messages": _HELLO, "max_tokens": 200},
        ),
        Described(
            method="POST",
            paths=("/v1/completions",),
            title="A text is gone on with as it stands, without a chat template",
            text="All that the model writes is text here: thoughts keep their tags, calls are not"
            " read.",
            body=CompletionBody,
            answer=TextCompletion,
            stream=Stream(each=TextCompletion, last=_DONE),
            example={"prompt": "Once upon a time", "max_tokens": 40},
        ),
        Described(
            method="POST",
            paths=("/v1/responses",),
            title="A conversation is answered in OpenAI's newer words",
            text=RESPONSES_TEXT,
            body=ResponsesBody,
            answer=Response,
            stream=Stream(each=ResponseEvent),
            example={"input": "Why is the sky blue?", "max_output_tokens": 200},
        ),
        Described(
            method="POST",
            paths=("/v1/responses/input_tokens",),
            title="What such a body takes of the context, before it is answered",
            body=ResponsesBody,
            answer=InputTokens,
            example={"input": "Why is the sky blue?"},
        ),
        Described(
            method="GET",
            paths=("/v1/responses/{response_id}",),
            title="A response that is kept",
            answer=Response,
        ),
        Described(
            method="DELETE",
            paths=("/v1/responses/{response_id}",),
            title="A response is forgotten",
            answer=Deleted,
        ),
        Described(
            method="GET",
            paths=("/v1/responses/{response_id}/input_items",),
            title="What a response was asked",
            answer=ItemList,
            query=(
                Query(
                    name="limit",
                    text="How many at most.",
                    schema={"type": "integer", "minimum": 1, "maximum": 100, "default": 20},
                ),
                Query(
                    name="order",
                    text="The latest first, or the earliest.",
                    schema={"enum": ["asc", "desc"], "default": "desc"},
                ),
                Query(name="after", text="Those after that item.", schema=_ID_LIMITS),
            ),
        ),
        Described(
            method="POST",
            paths=("/v1/embeddings", "/embeddings"),
            title="Vectors of texts, by a model made for them",
            text=VECTORS_TEXT,
            body=EmbeddingsBody,
            answer=EmbeddingList,
            example={"input": ["The crew set the sails."]},
        ),
        Described(
            method="POST",
            paths=("/v1/rerank", "/v2/rerank", "/rerank"),
            title="Documents by how well they answer a query, as Jina and Cohere ask for it",
            text=RERANK_TEXT,
            body=RerankBody,
            answer=RankedList,
            example={
                "query": "Who sails?",
                "documents": ["The crew set the sails.", "Bread is baked."],
                "top_n": 1,
            },
        ),
        Described(
            method="GET",
            paths=("/v1/models",),
            title="The models that can be used; `loaded` says which are in memory",
            text="With the header `anthropic-version` the list has Anthropic's fields beside"
            " OpenAI's.",
            answer=ModelList,
        ),
        Described(
            method="GET",
            paths=("/v1/models/{model}",),
            title="One of them",
            answer=ListedModel,
        ),
    ),
)

TEXTS_CHAPTER = Chapter(
    name="Texts and tokens",
    failure=ErrorObject,
    text="As llama-server has them. A model that is not loaded is loaded for them.",
    routes=(
        Described(
            method="POST",
            paths=("/tokenize",),
            title="A text's tokens",
            body=TokenizeBody,
            answer=Tokens,
            example={"content": "Why is the sky blue?", "with_pieces": True},
        ),
        Described(
            method="POST",
            paths=("/detokenize",),
            title="The text that tokens stand for",
            body=DetokenizeBody,
            answer=Content,
            example={"tokens": [1, 2, 3]},
        ),
        Described(
            method="POST",
            paths=("/apply-template",),
            title="A conversation as the model's chat template writes it",
            body=ChatBody,
            answer=Rendered,
            example={"messages": _HELLO},
        ),
    ),
)
