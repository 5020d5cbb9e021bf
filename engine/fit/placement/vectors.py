"""What is open in the load of a model that embeds or ranks, where nothing was chosen. Pure."""

from engine.config import LoadWish
from engine.gguf.shape import Shape
from engine.protocol.load import Purpose

_USUAL_CONTEXT_TOKENS = 512
_LONGEST_TEXT, _LONGEST_WHOLE_TEXT = 8192, 2048  # whole texts are computed at once
_LEAST_CONTEXT, _MOST_MICRO_BATCH = 256, 8192


def wish_for_vectors(shape: Shape, wish: LoadWish) -> LoadWish:
    """The wish with a context for one text as long as usual ones, shared by all of a step; where a
    text must be seen whole, the micro-batch holds it. A model for text keeps its wish."""
    if shape.purpose is Purpose.TEXT:
        return wish
    most = _LONGEST_WHOLE_TEXT if shape.whole_texts else _LONGEST_TEXT
    usual = min(shape.trained_context_tokens or _USUAL_CONTEXT_TOKENS, most)
    context = wish.context_tokens or max(_LEAST_CONTEXT, usual)
    changes: dict[str, object] = {"context_tokens": context, "streams": 1}
    if shape.whole_texts and wish.micro_batch_tokens is None:
        changes["micro_batch_tokens"] = min(context, _MOST_MICRO_BATCH)
    return wish.model_copy(update=changes)
