"""Every route of the port, described; the order is the page's."""

from typing import Literal, TypedDict

from engine.server.description.anthropic import ANTHROPIC_CHAPTER
from engine.server.description.described import Chapter, Described
from engine.server.description.ollama import OLLAMA_CHAPTER
from engine.server.description.openai import OPENAI_CHAPTER, TEXTS_CHAPTER
from engine.server.openai.failures import ErrorObject


class Health(TypedDict):
    """The port answers."""

    status: Literal["ok"]


OWN_CHAPTER = Chapter(
    name="The port itself",
    failure=ErrorObject,
    text="",
    routes=(
        Described(
            method="GET",
            paths=("/health",),
            title="Whether the port is open; never asks for a key",
            answer=Health,
        ),
        Described(
            method="GET",
            paths=("/metrics",),
            title="What was asked, how fast it was answered, and what the cards do",
            text="For Prometheus, in its own format or OpenMetrics' as `Accept` says. A dashboard"
            " for Grafana and rules for alerts lie in `assets/grafana`.",
            answer=str,
            media="text/plain",
        ),
        Described(
            method="GET",
            paths=("/openapi.json",),
            title="This description, for programs",
            answer=dict[str, object],
        ),
        Described(
            method="GET",
            paths=("/docs",),
            title="This description, as a page",
            answer=str,
            media="text/html",
        ),
    ),
)

CHAPTERS = (OPENAI_CHAPTER, ANTHROPIC_CHAPTER, OLLAMA_CHAPTER, TEXTS_CHAPTER, OWN_CHAPTER)
