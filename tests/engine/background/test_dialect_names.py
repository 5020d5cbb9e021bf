"""Excerpts of templates as models carry them, and what each is taken for."""

import pytest

from engine.background.dialect_names import dialect_of, knows_tools, thinks
from engine.background.template import render
from engine.background.words import Conversation
from engine.chat import Message, Role, Tool, ToolCall, Tools
from engine.errors import TemplateFailed
from engine.protocol.dialects import DialectName

EXCERPTS = {
    DialectName.HARMONY: "{{ '<|start|>assistant<|channel|>final<|message|>' + message.content }}",
    DialectName.GEMMA4: "{{ '<|tool_call>call:' + f['name'] + '{' }}{{ '}<tool_call|>' }}",
    DialectName.DEEPSEEK: "{{'<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>' + '```json'}}",
    DialectName.DEEPSEEK_V31: "{{'<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>'+ tool.name}}",
    DialectName.MISTRAL_ARGS: "{{ '[TOOL_CALLS]' + name + '[ARGS]' + arguments }}",
    DialectName.MISTRAL: "{% if tools %}{{ '[TOOL_CALLS][' }}{% endif %}",
    DialectName.QWEN_XML: "{{ '<tool_call>\\n<function=x>\\n<parameter=y>' }}",
    DialectName.GLM: "<tool_call>{name}<arg_key>{k}</arg_key><arg_value>{v}</arg_value>",
    DialectName.HERMES: '{{ \'\\n<tool_call>\\n{"name": "\' }}{{ tool_call.name }}',
    DialectName.LLAMA3: "{{ '<|python_tag|>' + tool_call.name + '.call(' }}",
    DialectName.GEMMA3: "{{ '<start_of_turn>' + role }}",
    DialectName.THINK: "{{ message.content }}",
}
CLOCK = Tools(tools=(Tool(name="clock", description="The time."),))
PLAIN = "{% for m in messages %}<{{ m.role }}>{{ m.content }}{% endfor %}"


def talk(*messages: Message, **wishes: object) -> Conversation:
    asked = messages or (Message(role=Role.USER, content="Hi"),)
    return Conversation(messages=asked, bos="", eos="", **wishes)  # pyright: ignore[reportArgumentType]


@pytest.mark.parametrize("name", [name for name in DialectName if name is not DialectName.RAW])
def test_that_a_template_tells_its_dialect(name: DialectName) -> None:
    assert dialect_of(EXCERPTS[name]) is name


def test_that_a_template_tells_whether_its_model_thinks_and_knows_tools() -> None:
    assert thinks("{{ '<think>' }}", DialectName.HERMES)
    assert not thinks("{{ '<tool_call>' }}", DialectName.HERMES)
    assert knows_tools("{% if tools %}{% endif %}")
    assert not knows_tools("{% if tools_in_user_message %}{% endif %}")


def test_that_tools_and_the_templates_own_variables_reach_it() -> None:
    template = "{{ tools[0].function.name }} {{ enable_thinking }} {{ messages|length }}"
    wishes = {"enable_thinking": False, "messages": "not yours", "tools": None}
    assert render(template, talk(tools=CLOCK, options=wishes)) == "clock False 1"


def test_that_tools_that_may_not_be_called_are_not_told_of() -> None:
    never = Tools(tools=CLOCK.tools, choice="none")
    assert render("{{ tools }}", talk(tools=never)) == "None"
    assert render(PLAIN, talk(tools=never)) == "<user>Hi"


def test_that_a_template_without_tools_has_them_told_in_the_system_prompt() -> None:
    said = render(PLAIN, talk(tools=CLOCK))
    assert said.startswith("<system>")
    assert '"name": "clock"' in said
    assert said.endswith("</tool_call>\nResults come back within <tool_response></tool_response>."
                         " Call only what is needed; else answer in words.<user>Hi")  # fmt: skip
    no_system = "{% if messages[0].role == 'system' %}{{ raise_exception('No.') }}{% endif %}"
    assert render(no_system + PLAIN, talk(tools=CLOCK)).startswith("<user>You may call")


def test_that_calls_and_answers_are_text_for_a_template_that_knows_none() -> None:
    call = ToolCall(id="c", name="clock", arguments='{"zone": "UTC"}')
    said = render(
        PLAIN,
        talk(
            Message(role=Role.USER, content="Time?"),
            Message(role=Role.ASSISTANT, content="", tool_calls=(call,)),
            Message(role=Role.TOOL, content="12:00", tool_call_id="c"),
            Message(role=Role.USER, content="Thanks."),
        ),
    )
    assert said == (
        '<user>Time?<assistant><tool_call>\n{"name": "clock", "arguments": {"zone": "UTC"}}\n'
        "</tool_call><user><tool_response>\n12:00\n</tool_response>\nThanks."
    )


def test_that_ids_are_as_long_as_a_template_wants_them() -> None:
    template = (
        "{% for m in messages %}{% for c in m.tool_calls or [] %}{% if c.id|length != 9 %}"
        "{{ raise_exception('Nine!') }}{% endif %}{{ c.id }}{% endfor %} {{ m.tool_call_id }}"
        "{% endfor %}"
    )
    call = ToolCall(id="call_0123456789", name="clock", arguments="{}")
    said = render(
        template,
        talk(
            Message(role=Role.ASSISTANT, content="", tool_calls=(call,)),
            Message(role=Role.TOOL, content="12:00", tool_call_id="call_0123456789"),
        ),
    )
    assert len(set(said.split())) == 1


def test_that_marks_for_training_are_no_obstacle() -> None:
    template = (
        "{% for m in messages %}{% generation %}{{ m.content }}{% endgeneration %}{% endfor %}"
    )
    assert render(template, talk()) == "Hi"
    with pytest.raises(TemplateFailed):
        render("{% generation %}", talk())
