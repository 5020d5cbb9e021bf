"""Conversations as prompts: tools, pictures, and answers that are to go on."""

import pytest

from engine.background.template import render
from engine.background.words import Conversation
from engine.chat import Message, Role, ToolCall
from engine.errors import TemplateFailed
from tests.support.pace import spent

QUESTION = Message(role=Role.USER, content="Why?")
QWEN_CALLS = (
    "{% for m in messages %}<|{{ m.role }}|>{{ m.content }}"
    "{% for call in m.tool_calls %}<call>"
    "{{ {'name': call.function.name, 'arguments': call.function.arguments} | tojson }}"
    "</call>{% endfor %}{% endfor %}"
)
DEEPSEEK_CALLS = (
    "{% for m in messages %}{% for call in m.tool_calls %}"
    "{{ call['function']['name'] + ':' + call['function']['arguments'] }}"
    "{% endfor %}{% endfor %}"
)


def spoken(content: str, *, reasoning: str = "") -> Message:
    return Message(role=Role.ASSISTANT, content=content, reasoning=reasoning)


def continued(template: str, last: Message) -> str:
    talk = Conversation(messages=(QUESTION, last), bos="<s>", eos="</s>", continue_last=True)
    return render(template, talk)


@pytest.mark.parametrize("answer", ["Because", "Because ", "  Because\n\n", "", "Why?"])
def test_that_a_continued_prompt_ends_where_the_answer_ends(answer: str) -> None:
    asked = "<|im_start|>user\nWhy?<|im_end|>\n<|im_start|>assistant\n"
    assert continued("", spoken(answer)) == asked + answer


def test_that_a_template_that_strips_answers_keeps_the_end_of_the_continued_one() -> None:
    template = "{% for m in messages %}[{{ m.role }}]{{ m.content | trim }}</s>{% endfor %}"
    assert continued(template, spoken(" So \n")) == "[user]Why?</s>[assistant]So \n"


def test_that_an_answer_is_continued_after_its_reasoning() -> None:
    template = (
        "{% for m in messages %}{% if m.reasoning_content %}<think>{{ m.reasoning_content }}"
        "</think>{% endif %}{{ m.content }}<end>{% endfor %}"
    )
    whole = continued(template, spoken("So", reasoning="Hm."))
    assert whole == "Why?<end><think>Hm.</think>So"
    assert continued(template, spoken("", reasoning="Hm")) == "Why?<end><think>Hm"


@pytest.mark.parametrize(
    "template",
    [
        "{% for m in messages %}{% if m.role == 'user' %}{{ m.content }}{% endif %}{% endfor %}",
        "{% for m in messages %}{{ m.content | upper }}{% endfor %}",
        "{% for m in messages %}{{ m.content }}{{ m.content }}{% endfor %}",
        "{% for m in messages %}{{ m.content[:2] }}{% endfor %}",
    ],
)
def test_that_a_template_that_defeats_it_is_a_sentence(template: str) -> None:
    with pytest.raises(TemplateFailed, match="does not let an answer be continued"):
        continued(template, spoken("Because of"))


def test_that_only_an_answer_is_continued() -> None:
    with pytest.raises(TemplateFailed, match="Only an assistant's message"):
        continued("", QUESTION)
    with pytest.raises(TemplateFailed, match="Only an assistant's message"):
        render("", Conversation(messages=(), bos="", eos="", continue_last=True))


def test_that_calls_and_their_results_reach_the_template() -> None:
    call = ToolCall(id="c1", name="add", arguments='{"a": 1, "b": "é"}')
    asks = Message(role=Role.ASSISTANT, content="", tool_calls=(call,))
    told = Message(role=Role.TOOL, content="2", tool_call_id="c1")
    talk = Conversation(messages=(asks, told), bos="", eos="")
    assert render(QWEN_CALLS, talk) == (
        '<|assistant|><call>{"name": "add", "arguments": {"a": 1, "b": "é"}}</call><|tool|>2'
    )
    assert render(DEEPSEEK_CALLS, talk) == 'add:{"a": 1, "b": "é"}'
    names = "{% for m in messages %}{{ m.name }}/{{ m.tool_call_id }} {% endfor %}"
    assert render(names, talk) == "/ add/c1 "


def test_that_arguments_that_are_no_json_reach_the_template_as_they_are() -> None:
    call = ToolCall(id="c1", name="add", arguments='{"a": ')
    asks = Message(role=Role.ASSISTANT, content="", tool_calls=(call,))
    assert '"{\\"a\\": "' in render(QWEN_CALLS, Conversation(messages=(asks,), bos="", eos=""))


def test_that_a_picture_stands_before_the_words_of_its_message() -> None:
    seen = Message(role=Role.USER, content="What is this?", images=(b"", b""))
    talk = Conversation(messages=(seen,), bos="", eos="", picture="<picture>")
    text = render("{{ messages[0].content }}", talk)
    assert text == "<picture>\n<picture>\nWhat is this?"


def test_that_a_rendering_leaves_nothing_behind_for_the_next() -> None:
    template = (
        "{% if seen is defined %}again{% endif %}{% set seen = namespace(count=0) %}"
        "{% macro once(words=[]) %}{{ words | length }}{% endmacro %}"
        "{% for m in messages %}{% set seen.count = seen.count + 1 %}{{ m.content }}{% endfor %}"
        "{{ seen.count }}{{ once() }}"
    )
    talk = Conversation(messages=(QUESTION,), bos="<s>", eos="</s>")
    other = Conversation(messages=(QUESTION, spoken("So")), bos="", eos="")
    first = [render(template, talk), render(template, other)]
    assert first == ["Why?10", "Why?So20"]
    assert [render(template, talk), render(template, other)] == first


def test_that_a_template_is_compiled_once() -> None:
    loops = "".join(f"{{% for w{n} in [1] %}}{{{{ w{n} }}}}{{% endfor %}}" for n in range(300))
    talk = Conversation(messages=(QUESTION,), bos="", eos="")
    compiled = spent(lambda: render(loops, talk))
    assert spent(lambda: render(loops, talk)) < compiled / 5
