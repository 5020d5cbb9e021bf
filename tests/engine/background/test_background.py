"""Other people's templates, in a process that can be killed."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import anyio
import pytest
from psutil import Process

from engine.background.background import Background
from engine.background.template import render
from engine.background.words import Conversation
from engine.chat import Message, Role
from engine.errors import NotAModel, TemplateFailed
from tests.support.waiting import is_running

pytestmark = pytest.mark.anyio

HELLO = (Message(role=Role.USER, content="Hello"),)


def talk(messages: tuple[Message, ...], **wishes: object) -> Conversation:
    known: dict[str, object] = {"bos": "", "eos": "", **wishes}
    return Conversation(messages=messages, **known)  # pyright: ignore[reportArgumentType]


@pytest.fixture
async def background() -> AsyncIterator[Background]:
    command = (sys.executable, "-m", "engine.background")
    background = Background(command, render_seconds=1.0)
    yield background
    await background.close()


async def test_that_a_template_is_rendered(background: Background) -> None:
    template = "{{ bos_token }}{% for m in messages %}\n[{{ m.role }}] {{ m.content }}{% endfor %}"
    text = await background.render(template, talk(HELLO, bos="<s>"))
    assert text == "<s>[user] Hello"


async def test_that_an_endless_template_is_killed_and_the_next_one_works(
    background: Background,
) -> None:
    await background.start()
    first = background.pid
    endless = "{% for a in range(90000) %}{% for b in range(90000) %}{% endfor %}{% endfor %}"
    with pytest.raises(TemplateFailed, match="longer than 1 s"):
        await background.render(endless, talk(HELLO))
    assert first is not None
    assert not is_running(first)
    assert await background.render("ok", talk(HELLO)) == "ok"


async def test_that_a_child_that_dies_is_started_again(background: Background) -> None:
    await background.start()
    first = background.pid
    deep = "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}"
    with pytest.raises(TemplateFailed):
        await background.render(deep, talk(HELLO))
    assert await background.render("ok", talk(HELLO)) == "ok"
    assert first is not None


async def test_that_a_child_that_was_killed_meanwhile_fails_nobody(
    background: Background,
) -> None:
    await background.start()
    assert background.pid is not None
    Process(background.pid).kill()
    assert await background.render("ok", talk(HELLO)) == "ok"


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere names are always text")
async def test_that_a_file_whose_name_is_no_text_is_listed_where_it_lies(
    background: Background, tmp_path: Path
) -> None:
    odd = tmp_path / os.fsdecode(b"50 % odd\xff.gguf")
    odd.write_bytes(b"GGUF")
    (model,) = await background.scan([tmp_path])
    assert model.files == (odd,)
    assert model.broken is not None
    with pytest.raises(NotAModel):
        await background.describe(model.id, model.files)


async def test_that_a_bug_in_the_child_is_told_at_once() -> None:
    program = "from engine.background import __main__ as child; child._answer = None; child.main()"
    background = Background((sys.executable, "-c", program), render_seconds=60.0)
    with anyio.fail_after(30), pytest.raises(TemplateFailed, match="ended with code 1"):
        await background.render("ok", talk(HELLO))
    await background.close()


async def test_that_a_start_nobody_waits_for_does_not_answer_the_next_request(
    background: Background,
) -> None:
    first = asyncio.create_task(background.start())
    with anyio.fail_after(10):
        while background.pid is None:  # started, and not yet greeting
            await asyncio.sleep(0)
    first.cancel()
    await asyncio.wait({first})
    assert await background.render("ok", talk(HELLO)) == "ok"


def test_that_a_file_without_a_template_is_spoken_to_in_chatml() -> None:
    text = render("", talk(HELLO))
    assert text == "<|im_start|>user\nHello<|im_end|>\n<|im_start|>assistant\n"


@pytest.mark.parametrize(
    ("template", "words"),
    [
        ("{{ raise_exception('Only user and assistant roles') }}", "Only user and assistant"),
        ("{% if %}", "failed"),
        ("{{ missing.attribute }}", "missing"),
        ("{{ ''.__class__.__mro__ }}", "unsafe|__class__"),
        ("{{ messages.append(1) }}", "not safely callable|append"),
        ("{{ 1 / 0 }}", "zero"),
        (r"{{ '\ud800' }}", "surrogates not allowed"),
    ],
)
def test_that_a_template_fails_in_its_own_words(template: str, words: str) -> None:
    with pytest.raises(TemplateFailed, match=words):
        render(template, talk(HELLO))


def test_that_templates_find_what_model_makers_expect() -> None:
    template = (
        "{%- for m in messages -%}{%- if loop.index > 5 -%}{%- break -%}{%- endif -%}"
        "{{ m.content | tojson }}{%- endfor -%}"
        "{{ strftime_now('%Y') | length }}{% if add_generation_prompt %}!{% endif %}"
    )
    messages = (Message(role=Role.USER, content="<é & 'x'>"),)
    assert render(template, talk(messages)) == "\"<é & 'x'>\"4!"


def test_that_reasoning_reaches_the_template() -> None:
    messages = (Message(role=Role.ASSISTANT, content="4", reasoning="2+2"),)
    template = "{% for m in messages %}{{ m.reasoning_content }}={{ m.content }}{% endfor %}"
    assert render(template, talk(messages)) == "2+2=4"
