"""Anthropic's body → a ChatRequest, with what one field asks of another."""

from dataclasses import replace

from engine.chat import ChatRequest, Format, Role, Sampling, Tool, Tools
from engine.server.anthropic.blocks import bad
from engine.server.anthropic.schema import CountBody, MessagesBody, OfferedTool
from engine.server.anthropic.turns import turns_of
from engine.server.named import model_id

# Templates know three efforts; a budget of thoughts is told to them as one.
_EFFORTS = {"low": "low", "medium": "medium", "high": "high", "xhigh": "high", "max": "high"}
_LOW_BUDGET, _MEDIUM_BUDGET = 4096, 16384


def chat_request(body: MessagesBody) -> ChatRequest:
    """What an answer is asked for. Raises BadField or ModelNotFound."""
    default = Sampling()
    return replace(
        conversation(body),
        sampling=replace(
            default,
            temperature=default.temperature if body.temperature is None else body.temperature,
            top_p=default.top_p if body.top_p is None else body.top_p,
            top_k=default.top_k if body.top_k is None else body.top_k,
        ),
        max_tokens=body.max_tokens,
        stop=tuple(dict.fromkeys(text for text in body.stop_sequences if text)),
    )


def conversation(body: CountBody) -> ChatRequest:
    """What is said, without how to answer it. A last message of the assistant's is gone on with.

    Raises BadField or ModelNotFound.
    """
    turns = turns_of(body)
    continues = turns[-1].role is Role.ASSISTANT
    if continues and turns[-1].tool_calls:
        raise bad(
            f"messages[{len(body.messages) - 1}].content",
            "its call has no tool_result after it, so that nothing can go on",
        )
    return ChatRequest(
        messages=turns,
        model=model_id(body.model),
        continue_last=continues,
        format=_format(body),
        tools=_tools(body),
        template_options=_template_options(body),
    )


def _tools(body: CountBody) -> Tools | None:
    asked = body.tool_choice
    kind, name = ("auto", None) if asked is None else (asked.type, asked.name)
    if not body.tools:
        if kind in {"any", "tool"}:
            raise bad("tool_choice", "there are no tools")
        return None
    tools: list[Tool] = []
    for index, offered in enumerate(body.tools):
        tool = _tool(offered, f"tools[{index}]")
        if tool.name in {each.name for each in tools}:
            raise bad(f"tools[{index}].name", f"{tool.name!r} is there already")
        tools.append(tool)
    if kind == "tool" and name not in {each.name for each in tools}:
        complaint = "field required" if name is None else f"no tool is called {name!r}"
        raise bad("tool_choice.name", complaint)
    return Tools(
        tools=tuple(tools),
        choice="required" if kind in {"any", "tool"} else "none" if kind == "none" else "auto",
        name=name if kind == "tool" else None,
        parallel=not (asked and asked.disable_parallel_tool_use),
    )


def _tool(offered: OfferedTool, path: str) -> Tool:
    if offered.type not in {None, "custom"}:
        raise bad(
            f"{path}.type",
            f"{(offered.type or '')[:60]!r} is a tool of Anthropic's own, which is not here; "
            "describe a tool with `input_schema`",
        )
    if offered.input_schema is None:
        raise bad(f"{path}.input_schema", "field required")
    return Tool(
        name=offered.name,
        description=offered.description or "",
        parameters=offered.input_schema,
    )


def _format(body: CountBody) -> Format | None:
    shape = body.output_config and body.output_config.format
    if not shape:
        return None
    if shape.schema_ is None:
        raise bad("output_config.format.schema", "field required")
    return Format(kind="schema", text=shape.schema_)


def _template_options(body: CountBody) -> dict[str, object]:
    """Nobody who did not ask for thoughts expects them, so they are asked for or declined."""
    thinking = body.thinking
    wanted = thinking is not None and thinking.type != "disabled"
    options: dict[str, object] = {"enable_thinking": wanted}
    if thinking is not None and thinking.type == "enabled":
        if thinking.budget_tokens is None:
            raise bad("thinking.budget_tokens", "field required")
        options["reasoning_effort"] = _effort(thinking.budget_tokens)
    if body.output_config is not None and body.output_config.effort is not None:
        options["reasoning_effort"] = _EFFORTS[body.output_config.effort]
    return options


def _effort(budget_tokens: int) -> str:
    if budget_tokens < _LOW_BUDGET:
        return "low"
    return "medium" if budget_tokens < _MEDIUM_BUDGET else "high"
