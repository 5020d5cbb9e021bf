"""OpenAI's chat body → ChatRequests, with what one field asks of another."""

from collections.abc import Sequence
from dataclasses import replace

from engine.chat import ChatRequest, Format, Message, Role, Tool, ToolCall, Tools
from engine.server.errors import BadField
from engine.server.named import model_id
from engine.server.openai.knobs import MOST_SEED, Knobs, sampling_of
from engine.server.openai.schema import (
    AnyObject,
    ChatBody,
    ChatMessage,
    NamedTool,
    PlainText,
    ShapedObject,
)

_ROLES = {
    "system": Role.SYSTEM,
    "developer": Role.SYSTEM,
    "user": Role.USER,
    "assistant": Role.ASSISTANT,
    "tool": Role.TOOL,
    "function": Role.TOOL,
}


def chat_requests(body: ChatBody) -> tuple[ChatRequest, ...]:
    """One request for each of the `n` answers. Raises BadField.

    With a seed, each has its own, from that seed on.
    """
    messages = tuple(_message(message) for message in body.messages)
    _check_results(body.messages)
    limit = body.max_completion_tokens or body.max_tokens
    check_least(body, limit)
    request = ChatRequest(
        messages=messages,
        model=model_id(body.model),
        sampling=sampling_of(body),
        max_tokens=limit,
        stop=tuple(text for text in body.stop if text),
        continue_last=_continues(body, messages[-1]),
        min_tokens=body.min_tokens or 0,
        ignore_end=bool(body.ignore_eos),
        logprobs=_logprobs(body),
        format=_format(body),
        tools=_tools(body),
        rolls=bool(body.rolling_context),
        template_options=_template_options(body),
        adapters=body.adapters or {},
    )
    seeds = seeds_of(body)
    return tuple(replace(request, sampling=replace(request.sampling, seed=seed)) for seed in seeds)


def seeds_of(knobs: Knobs) -> tuple[int | None, ...]:
    """A seed for each of the `n` answers; None has the worker draw one."""
    if knobs.seed is None:
        return (None,) * (knobs.n or 1)
    return tuple((knobs.seed + index) % MOST_SEED for index in range(knobs.n or 1))


def check_least(knobs: Knobs, limit: int | None) -> None:
    """An answer cannot be longer than it may be. Raises BadField."""
    if limit is not None and (knobs.min_tokens or 0) > limit:
        raise BadField(
            f"`min_tokens` is wrong: {knobs.min_tokens:,} is more than max_tokens, {limit:,}.",
            field="min_tokens",
        )


def _message(message: ChatMessage) -> Message:
    answered = message.tool_call_id
    if message.role == "function":
        answered = message.name
    calls = tuple(
        ToolCall(id=call.id, name=call.function.name, arguments=call.function.arguments)
        for call in message.tool_calls
    )
    if message.function_call is not None:
        called = message.function_call  # it had no id then: its answer repeats the name
        calls = (*calls, ToolCall(id=called.name, name=called.name, arguments=called.arguments))
    return Message(
        role=_ROLES[message.role],
        content=message.content.text,
        reasoning=message.reasoning_content or "",
        images=message.content.pictures,
        tool_calls=calls if message.role == "assistant" else (),
        tool_call_id=answered if _ROLES[message.role] is Role.TOOL else None,
    )


def _check_results(messages: Sequence[ChatMessage]) -> None:
    """A tool speaks when it was called. Raises BadField."""
    called: set[str] = set()
    for index, message in enumerate(messages):
        if message.role == "assistant":
            called |= {call.id for call in message.tool_calls}
            if message.function_call is not None:
                called.add(message.function_call.name)
        elif message.role in {"tool", "function"}:
            field = "tool_call_id" if message.role == "tool" else "name"
            answered = message.tool_call_id if message.role == "tool" else message.name
            if answered is None or answered not in called:
                path = f"messages[{index}].{field}"
                raise BadField(
                    f"`{path}` is wrong: no assistant's message before it makes that call.",
                    field=path,
                )


def _continues(body: ChatBody, last: Message) -> bool:
    """vLLM's words: the answer goes on where the last message ends."""
    if body.continue_final_message and body.add_generation_prompt:
        raise BadField(
            "`add_generation_prompt` is wrong: it contradicts continue_final_message.",
            field="add_generation_prompt",
        )
    wanted = bool(body.continue_final_message) or body.add_generation_prompt is False
    if wanted and last.role is not Role.ASSISTANT:
        name = "continue_final_message" if body.continue_final_message else "add_generation_prompt"
        raise BadField(
            f"`{name}` is wrong: the last message is not an assistant's, so nothing can go on.",
            field=name,
        )
    return wanted


def _logprobs(body: ChatBody) -> int | None:
    if body.logprobs:
        return body.top_logprobs or 0
    if body.top_logprobs:
        raise BadField("`top_logprobs` is wrong: it needs logprobs as well.", field="top_logprobs")
    return None


def _format(body: ChatBody) -> Format | None:
    asked = [
        name
        for name, is_asked in (
            (
                "response_format",
                body.response_format is not None
                and not isinstance(body.response_format, PlainText),
            ),
            ("json_schema", body.json_schema is not None),
            ("grammar", bool(body.grammar)),
        )
        if is_asked
    ]
    if len(asked) > 1:
        raise BadField(
            f"`{asked[1]}` is wrong: {asked[0]} already says what the answer looks like.",
            field=asked[1],
        )
    if body.grammar:
        return Format(kind="grammar", text=body.grammar)
    if body.json_schema is not None:
        return Format(kind="schema", text=body.json_schema)
    match body.response_format:
        case None | PlainText():
            return None
        case AnyObject(schema_=schema):
            return Format(kind="json") if schema is None else Format(kind="schema", text=schema)
        case ShapedObject(json_schema=named):
            return Format(kind="schema", text=named.schema_ or "{}")


def _tools(body: ChatBody) -> Tools | None:
    names = [tool.function.name for tool in body.tools]
    choice, name = body.tool_choice, None
    if isinstance(choice, NamedTool):
        choice, name = "required", choice.function.name
        if name not in names:
            raise BadField(
                f"`tool_choice` is wrong: no tool is called {name!r}.", field="tool_choice"
            )
    if not names:
        if choice == "required":
            raise BadField("`tool_choice` is wrong: there are no tools.", field="tool_choice")
        return None
    for index, tool in enumerate(names):
        if tool in names[:index]:
            path = f"tools[{index}].function.name"
            raise BadField(f"`{path}` is wrong: {tool!r} is there already.", field=path)
    return Tools(
        tools=tuple(
            Tool(
                name=tool.function.name,
                description=tool.function.description or "",
                parameters=tool.function.parameters or "{}",
            )
            for tool in body.tools
        ),
        choice=choice or "auto",
        name=name,
        parallel=body.parallel_tool_calls is not False,
    )


def _template_options(body: ChatBody) -> dict[str, object]:
    options: dict[str, object] = {}
    if body.reasoning_effort is not None:
        options["reasoning_effort"] = body.reasoning_effort
        if body.reasoning_effort == "none":
            options["enable_thinking"] = False
    return {**options, **(body.chat_template_kwargs or {})}
