"""A body of /v1/responses, and what was said before it → one ChatRequest."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, TypeVar

from engine.chat import ChatRequest, Format, Message, Role, Tool, ToolCall, Tools
from engine.server.errors import BadField
from engine.server.named import model_id
from engine.server.openai.knobs import sampling_of
from engine.server.openai.responses_schema import (
    FunctionTool,
    Item,
    ResponsesBody,
)
from engine.server.openai.wishes import check_least, seeds_of

LOGPROBS = "message.output_text.logprobs"
_ROLES = {
    "user": Role.USER,
    "assistant": Role.ASSISTANT,
    "system": Role.SYSTEM,
    "developer": Role.SYSTEM,
}


def chat_request(
    body: ResponsesBody, earlier: Sequence[Item], asked: Sequence[Item]
) -> ChatRequest:
    """What the model is asked: `earlier` was said before this body, `asked` by it.

    Instructions hold for this one response alone. Raises BadField.
    """
    _check(body)
    check_least(body, body.max_output_tokens)
    thread = _Thread()
    if body.instructions:
        thread.messages.append(Message(role=Role.SYSTEM, content=body.instructions))
    for index, item in enumerate(earlier):
        thread.add(item, f"previous_response_id[{index}]")
    for index, item in enumerate(asked):
        thread.add(item, f"input[{index}]")
    sampling = sampling_of(body)
    return ChatRequest(
        messages=tuple(thread.messages),
        model=model_id(body.model),
        sampling=replace(sampling, seed=seeds_of(body)[0]),
        max_tokens=body.max_output_tokens,
        stop=tuple(text for text in body.stop if text),
        min_tokens=body.min_tokens or 0,
        ignore_end=bool(body.ignore_eos),
        logprobs=(body.top_logprobs or 0) if wants_logprobs(body) else None,
        format=_format(body),
        tools=_tools(body),
        rolls=bool(body.rolling_context),
        template_options=_template_options(body),
        adapters=body.adapters or {},
    )


def wants_logprobs(body: ResponsesBody) -> bool:
    """Whether each token's log probability is to be told."""
    return bool(body.top_logprobs) or LOGPROBS in body.include


def _check(body: ResponsesBody) -> None:
    """What only OpenAI's own service can do. Raises BadField."""
    for name, asked, sentence in (
        ("background", body.background, "a response is written while its client waits"),
        ("conversation", body.conversation is not None, "use previous_response_id in its place"),
        ("prompt", body.prompt is not None, "no prompts are kept here"),
        ("truncation", body.truncation == "auto", "nothing is left out in silence here"),
        ("n", (body.n or 1) > 1, "there is one response"),
    ):
        if asked:
            raise BadField(f"`{name}` is wrong: {sentence}.", field=name)


@dataclass(slots=True, kw_only=True)
class _Thread:
    """Messages as they grow out of items.

    What an assistant thinks, says and calls, one after the other, is one message, as chat templates
    know it.
    """

    messages: list[Message] = field(default_factory=list[Message])
    called: set[str] = field(default_factory=set[str])

    def add(self, item: Item, path: str) -> None:
        """Raises BadField."""
        match item.type:
            case None | "message":
                self._say(item, path)
            case "reasoning":
                thought = item.content.text or item.summary.text
                turn = self._turn(begins=True)
                self.messages[-1] = replace(turn, reasoning=turn.reasoning + thought)
            case "function_call":
                self._call(item, path)
            case "function_call_output":
                self._answer(item, path)
            case "item_reference":
                raise AssertionError("references are looked up before")

    def _say(self, item: Item, path: str) -> None:
        role = _ROLES[_needed(item.role, f"{path}.role")]
        words = item.content
        if role is Role.ASSISTANT:
            turn = self._turn(begins=True)
            self.messages[-1] = replace(turn, content=words.text, images=words.pictures)
            return
        self.messages.append(Message(role=role, content=words.text, images=words.pictures))

    def _call(self, item: Item, path: str) -> None:
        call = ToolCall(
            id=_needed(item.call_id, f"{path}.call_id"),
            name=_needed(item.name, f"{path}.name"),
            arguments=item.arguments or "{}",
        )
        self.called.add(call.id)
        turn = self._turn(begins=False)
        self.messages[-1] = replace(turn, tool_calls=(*turn.tool_calls, call))

    def _answer(self, item: Item, path: str) -> None:
        called = _needed(item.call_id, f"{path}.call_id")
        words = _needed(item.output, f"{path}.output")
        if called not in self.called:
            raise BadField(
                f"`{path}.call_id` is wrong: no function_call before it makes that call.",
                field=f"{path}.call_id",
            )
        self.messages.append(
            Message(role=Role.TOOL, content=words.text, images=words.pictures, tool_call_id=called)
        )

    def _turn(self, *, begins: bool) -> Message:
        """The assistant's message under way. A fresh one, if there is none, or if what `begins` a
        message follows something that was said or called."""
        last = self.messages[-1] if self.messages else None
        spoken = last is not None and bool(last.content or last.tool_calls)
        if last is None or last.role is not Role.ASSISTANT or (begins and spoken):
            last = Message(role=Role.ASSISTANT, content="")
            self.messages.append(last)
        return last


T = TypeVar("T")


def _needed(value: T | None, path: str) -> T:
    if value is None:
        raise BadField(f"`{path}` is wrong: field required.", field=path)
    return value


def _format(body: ResponsesBody) -> Format | None:
    wish = body.text.format if body.text else None
    match wish.type if wish else "text":
        case "text":
            return None
        case "json_object":
            return Format(kind="json")
        case "json_schema":
            assert wish is not None
            if wish.schema_ is None:
                raise BadField(
                    "`text.format.schema` is wrong: field required.", field="text.format.schema"
                )
            return Format(kind="schema", text=wish.schema_)


def _tools(body: ResponsesBody) -> Tools | None:
    names = [tool.name for tool in body.tools]
    choice, offered, name = _word(body), body.tools, None
    if body.tool_choice and body.tool_choice.type == "function":
        name = _needed(body.tool_choice.name, "tool_choice.name")
        _check_known((name,), names)
    elif body.tool_choice and body.tool_choice.type == "allowed_tools":
        allowed = {each.name for each in body.tool_choice.tools}
        _check_known(allowed, names)
        offered = tuple(tool for tool in body.tools if tool.name in allowed)
    if not offered:
        if choice == "required":
            raise BadField("`tool_choice` is wrong: there are no tools.", field="tool_choice")
        return None
    for index, tool in enumerate(names):
        if tool in names[:index]:
            path = f"tools[{index}].name"
            raise BadField(f"`{path}` is wrong: {tool!r} is there already.", field=path)
    return Tools(
        tools=tuple(_tool(tool) for tool in offered),
        choice=choice,
        name=name,
        parallel=body.parallel_tool_calls is not False,
    )


def _tool(tool: FunctionTool) -> Tool:
    return Tool(
        name=tool.name, description=tool.description or "", parameters=tool.parameters or "{}"
    )


def _word(body: ResponsesBody) -> Literal["auto", "none", "required"]:
    choice = body.tool_choice
    match choice.type if choice else "auto":
        case "function":
            return "required"
        case "allowed_tools":
            return (choice and choice.mode) or "auto"
        case word:
            return word


def _check_known(chosen: Iterable[str], names: Sequence[str]) -> None:
    for name in chosen:
        if name not in names:
            raise BadField(
                f"`tool_choice` is wrong: no tool is called {name!r}.", field="tool_choice"
            )


def _template_options(body: ResponsesBody) -> dict[str, object]:
    options: dict[str, object] = {}
    effort = body.reasoning.effort if body.reasoning else None
    if effort is not None:
        options["reasoning_effort"] = effort
        if effort == "none":
            options["enable_thinking"] = False
    return {**options, **(body.chat_template_kwargs or {})}
