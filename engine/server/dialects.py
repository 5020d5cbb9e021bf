"""Whose words a path speaks."""

from engine.server.anthropic.failures import ANTHROPIC
from engine.server.dialect import Dialect
from engine.server.ollama.failures import OLLAMA
from engine.server.openai.failures import OPENAI, OPENAI_COMPLETIONS, OPENAI_RESPONSES


def dialect_of(path: str) -> Dialect:
    """The dialect of what is, or would be, served at that path."""
    if path.startswith("/v1/messages"):
        return ANTHROPIC
    if path.startswith("/api/"):
        return OLLAMA
    if path.startswith("/v1/responses"):
        return OPENAI_RESPONSES
    return OPENAI_COMPLETIONS if path == "/v1/completions" else OPENAI
