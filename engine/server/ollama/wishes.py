"""Ollama's bodies → requests to the engine, with what one field asks of another."""

from collections.abc import Sequence
from typing import cast

from engine.chat import (
    ChatRequest,
    CompletionRequest,
    Format,
    Message,
    Role,
    Sampling,
    Tool,
    ToolCall,
    Tools,
)
from engine.server.errors import BadField
from engine.server.ollama.schema import (
    Asked,
    ChatBody,
    ChatMessage,
    GenerateBody,
    OfferedTool,
    Options,
)

_SEEDS = 0xFFFF_FFFF  # llama.cpp takes this one for "draw one", so it is never reached


def chat_request(body: ChatBody, model: str) -> ChatRequest:
    """The conversation. Raises BadField."""
    return _asked(body, model, messages(body.messages), tools=_tools(body.tools))


def prompt_request(body: GenerateBody, model: str) -> ChatRequest:
    """A prompt that the model's own template is put around."""
    said = [Message(role=Role.SYSTEM, content=body.system)] if body.system else []
    said.append(Message(role=Role.USER, content=body.prompt or "", images=body.images))
    return _asked(body, model, tuple(said))


def text_request(body: GenerateBody, model: str) -> CompletionRequest:
    """A prompt that is gone on with as it stands, or up to a suffix. Raises BadField."""
    for field, is_there in (
        ("format", body.format is not None),
        ("images", bool(body.images)),
        ("system", bool(body.system)),
    ):
        if is_there:
            why = "raw" if body.raw else "suffix"
            raise BadField(
                f"`{field}` is wrong: with `{why}` the prompt is all that the model reads.",
                field=field,
            )
    options = body.options or Options()
    return CompletionRequest(
        prompt=body.prompt or "",
        suffix=body.suffix or None,
        model=model,
        sampling=sampling_of(options),
        max_tokens=_limit(options),
        stop=tuple(text for text in options.stop if text),
        logprobs=_logprobs(body),
        rolls=bool(body.shift),
    )


def check_template(body: GenerateBody) -> None:
    """Raise BadField for a template: it would be Go's, which no model of ours is read by."""
    if body.template:
        raise BadField(
            "`template` is wrong: a model's own template cannot be replaced here.",
            remedy="Leave it out, or write the whole prompt yourself and ask with `raw`.",
            field="template",
        )


def messages(told: Sequence[ChatMessage]) -> tuple[Message, ...]:
    """The messages, with the ids that this dialect leaves out. Raises BadField.

    A tool's message answers the call of its id; else the first call of its name that waits, and
    else the first that waits at all.
    """
    found: list[Message] = []
    waiting: dict[str, str] = {}
    made = 0
    for index, message in enumerate(told):
        calls: list[ToolCall] = []
        if message.role == "assistant":
            for call in message.tool_calls:
                made += 1
                id_ = call.id or f"call_{made}"
                calls.append(
                    ToolCall(id=id_, name=call.function.name, arguments=call.function.arguments)
                )
                waiting[id_] = call.function.name
        answered = _answered(message, waiting, index) if message.role == "tool" else None
        found.append(
            Message(
                role=Role(message.role),
                content=message.content or "",
                reasoning=message.thinking or "",
                images=message.images,
                tool_calls=tuple(calls),
                tool_call_id=answered,
            )
        )
    return tuple(found)


def _answered(message: ChatMessage, waiting: dict[str, str], index: int) -> str:
    named = message.tool_call_id
    if named is None or named not in waiting:
        alike = [id_ for id_, name in waiting.items() if name == message.tool_name]
        named = next(iter(alike or waiting), None)
    if named is None:
        path = f"messages[{index}]"
        raise BadField(
            f"`{path}` is wrong: no assistant's message before it makes the call it answers.",
            field=path,
        )
    del waiting[named]
    return named


def sampling_of(options: Options) -> Sampling:
    """What the options set; the rest keeps our defaults."""
    default = Sampling()
    wished = {
        "temperature": options.temperature,
        "top_k": None if options.top_k is None else max(options.top_k, 0),
        "top_p": options.top_p,
        "min_p": options.min_p,
        "typical_p": options.typical_p,
        "repeat_penalty": options.repeat_penalty,
        "presence_penalty": options.presence_penalty,
        "frequency_penalty": options.frequency_penalty,
        "penalty_window_tokens": _window(options.repeat_last_n),
        "mirostat": options.mirostat,
        "mirostat_tau": options.mirostat_tau,
        "mirostat_eta": options.mirostat_eta,
        "seed": _seed(options.seed),
    }
    chosen = {
        name: cast("object", getattr(default, name)) if value is None else value
        for name, value in wished.items()
    }
    return Sampling(**chosen)  # pyright: ignore[reportArgumentType] # pydantic checked them


def _window(repeat_last_n: int | None) -> int | None:
    return None if repeat_last_n is None else max(repeat_last_n, -1)


def _seed(seed: int | None) -> int | None:
    """A negative one has the worker draw its own."""
    return None if seed is None or seed < 0 else seed % _SEEDS


def _asked(
    body: Asked, model: str, said: tuple[Message, ...], *, tools: Tools | None = None
) -> ChatRequest:
    options = body.options or Options()
    return ChatRequest(
        messages=said,
        model=model,
        sampling=sampling_of(options),
        max_tokens=_limit(options),
        stop=tuple(text for text in options.stop if text),
        logprobs=_logprobs(body),
        format=_format(body.format),
        tools=tools,
        rolls=bool(body.shift),
        template_options=_thinking(body),
    )


def _limit(options: Options) -> int | None:
    """-1 and -2 are as many as the context holds; so is 0, with Ollama itself."""
    return options.num_predict if options.num_predict and options.num_predict > 0 else None


def _logprobs(body: Asked) -> int | None:
    return (body.top_logprobs or 0) if body.logprobs else None


def _format(text: str | None) -> Format | None:
    if text is None:
        return None
    return Format(kind="json") if text == "json" else Format(kind="schema", text=text)


def _thinking(body: Asked) -> dict[str, object]:
    """In the words of the templates: most ask `enable_thinking`, DeepSeek's and Granite's
    `thinking`, and gpt-oss's for an effort."""
    think = body.think
    if think is None or think == "":
        return {}
    options: dict[str, object] = {"enable_thinking": bool(think), "thinking": bool(think)}
    if isinstance(think, str):
        options["reasoning_effort"] = think
    return options


def _tools(offered: Sequence[OfferedTool]) -> Tools | None:
    if not offered:
        return None
    return Tools(
        tools=tuple(
            Tool(
                name=tool.function.name,
                description=tool.function.description or "",
                parameters=tool.function.parameters or "{}",
            )
            for tool in offered
        )
    )
