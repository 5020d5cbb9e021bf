"""A conversation → the prompt, and what its answer must look like."""

from engine.background.conversations import check_messages, check_tools
from engine.background.dialect_names import dialect_of
from engine.background.shaping import Shape, shape_of, speaker_of
from engine.background.template import render
from engine.background.words import Conversation, Rendered


def prepare(template: str, conversation: Conversation) -> Rendered:
    """Render it and shape its answer. Raises TemplateFailed or BadRequest."""
    tools, form = conversation.tools, conversation.format
    check_messages(conversation.messages)
    if tools is not None:
        check_tools(tools)
    dialect = dialect_of(template)
    text = render(template, conversation)
    shape = Shape()
    if tools is not None or form is not None:
        shape = shape_of(speaker_of(template, dialect, text), form, tools)
    return Rendered(
        text=text,
        dialect=dialect.value,
        grammar=shape.grammar,
        triggers=shape.triggers,
        calls=shape.calls,
        texts=shape.texts,
    )
