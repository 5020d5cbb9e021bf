"""What an answer is called, what it cost and how it ended, in Anthropic's words."""

import secrets
from base64 import b64encode
from hashlib import blake2b

from engine.chat import Finished, PromptRead, StopReason
from engine.server.anthropic.said import SaidMessage, Usage
from engine.server.anthropic.schema import MessagesBody

_REASONS = {
    StopReason.END: "end_turn",
    StopReason.STOP: "stop_sequence",
    StopReason.LENGTH: "max_tokens",
    StopReason.TOOLS: "tool_use",
}


def envelope(model: str, usage: Usage) -> SaidMessage:
    """A message that says nothing yet."""
    return {
        "id": f"msg_{secrets.token_hex(12)}",
        "type": "message",
        "role": "assistant",
        "model": model,
        "content": [],
        "stop_reason": None,
        "stop_sequence": None,
        "usage": usage,
    }


def usage_so_far(read: PromptRead) -> Usage:
    """Before the first token."""
    return _usage(read.prompt_tokens, read.reused_tokens, 0)


def usage_of(finished: Finished, *, thinking_tokens: int) -> Usage:
    """Of the whole answer."""
    timings = finished.timings
    usage = _usage(timings.prompt_tokens, timings.reused_tokens, timings.answer_tokens)
    if thinking_tokens:
        usage["output_tokens_details"] = {"thinking_tokens": thinking_tokens}
    return usage


def stop_reason(finished: Finished, body: MessagesBody) -> str:
    """Why it ended. An answer shorter than its limit ended because the context is full."""
    is_full = finished.timings.answer_tokens < body.max_tokens
    if finished.reason is StopReason.LENGTH and is_full:
        return "model_context_window_exceeded"
    return _REASONS[finished.reason]


def signature(thoughts: str) -> str:
    """A digest of thoughts, for clients that give back only what is signed."""
    return b64encode(blake2b(thoughts.encode("utf-8", "replace"), digest_size=18).digest()).decode()


def call_id() -> str:
    """For a call that came without one."""
    return f"toolu_{secrets.token_hex(12)}"


def _usage(prompt_tokens: int, reused_tokens: int, answer_tokens: int) -> Usage:
    return {
        "input_tokens": prompt_tokens - reused_tokens,
        "cache_creation_input_tokens": 0,
        "cache_read_input_tokens": reused_tokens,
        "output_tokens": answer_tokens,
    }
