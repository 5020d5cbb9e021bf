"""`chat`: one answer, or a conversation, from an Engine of our own or the one that runs."""

import concurrent.futures
import signal
import sys
from argparse import Namespace
from collections.abc import AsyncGenerator, Callable
from contextlib import AsyncExitStack, aclosing

from anyio.from_thread import BlockingPortal, start_blocking_portal

from engine.chat import CallPiece, ChatRequest, Delta, Finished, Message, Piece, PromptRead, Role
from engine.config import EngineConfig, Home
from engine.errors import EngineError, HomeBusy, ModelNotFound
from engine.handover.visitor import Visitor
from engine.terminal.arguments import file_or_id
from engine.terminal.screen import print_failure
from engine.terminal.watching import running

Generate = Callable[[ChatRequest], AsyncGenerator[Delta]]

# On Windows a wait without an end would not hear Ctrl+C.
_POLL_SECONDS = 0.1


def converse(home: Home, config: EngineConfig, asked: Namespace) -> None:
    """Chat until the end of input, or answer a prompt alone. Raises EngineError.

    The engine runs on a thread of its own: this one waits for the keyboard.
    """
    model = None if asked.model is None else file_or_id(asked.model)
    adapters: dict[str, float] = dict(asked.lora or ())
    # A shell's background job begins with Ctrl+C ignored; here it always stops an answer.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    with start_blocking_portal("asyncio") as portal:
        stack = AsyncExitStack()
        try:
            generate, chosen = portal.call(_connect, stack, home, config, (model, adapters))
            chat = _Chat(portal, generate, chosen, asked.max_tokens)
            if asked.prompt is not None:
                chat.answer(asked.prompt)
            else:
                chat.run()
        except KeyboardInterrupt:
            print(file=sys.stderr)
        finally:
            portal.call(stack.aclose)


async def _connect(
    stack: AsyncExitStack,
    home: Home,
    config: EngineConfig,
    wanted: tuple[str | None, dict[str, float]],
) -> tuple[Generate, str | None]:
    """The running Engine if there is one, else our own with a model and its adapters loaded."""
    model, adapters = wanted
    try:
        quiet = config.model_copy(update={"serve": False})
        engine = await stack.enter_async_context(running(home, quiet))
    except HomeBusy:
        if adapters:
            raise HomeBusy(
                "The running Fullbore loads models its own way: adapters cannot be given here."
            ) from None
        visitor = Visitor(home)
        owner = await visitor.attach()
        if model is None and not owner.loaded:
            raise ModelNotFound("The running Fullbore has no model loaded.") from None
        return visitor.generate, model
    if model is None:
        shelf = [one.id for one in await engine.refresh_models() if one.broken is None]
        if not shelf:
            raise ModelNotFound(
                f"There are no models in {home.models}.",
                remedy="`fullbore pull OWNER/NAME` brings one.",
            )
        model = shelf[0]
    await engine.load(model, adapters=adapters)
    return engine.generate, model


class _Chat:
    """The conversation so far. Ctrl+C stops an answer; at the prompt it leaves."""

    def __init__(
        self,
        portal: BlockingPortal,
        generate: Generate,
        model: str | None,
        max_tokens: int | None,
    ) -> None:
        self._portal = portal
        self._generate = generate
        self._model = model
        self._max_tokens = max_tokens
        self._messages: tuple[Message, ...] = ()

    def run(self) -> None:
        """Read, answer, again."""
        if sys.stdin.isatty():
            print("Ctrl+C stops an answer, Ctrl+D leaves.", file=sys.stderr)
        while True:
            try:
                text = input("> " if sys.stdin.isatty() else "")
            except EOFError:
                return
            if text.strip():
                self._turn(text)

    def _turn(self, text: str) -> None:
        try:
            self.answer(text)
        except KeyboardInterrupt:
            print(" …", flush=True)
        except EngineError as error:
            print_failure(error)

    def answer(self, text: str) -> None:
        """Stream one answer to stdout. Raises EngineError, or KeyboardInterrupt when stopped."""
        asked = (*self._messages, Message(role=Role.USER, content=text))
        said: list[str] = []
        request = ChatRequest(messages=asked, model=self._model, max_tokens=self._max_tokens)
        future = self._portal.start_task_soon(_say, self._generate, request, said)
        try:
            while not future.done():
                concurrent.futures.wait([future], timeout=_POLL_SECONDS)
            future.result()
        except KeyboardInterrupt:
            future.cancel()
            raise
        finally:
            # What was said before a stop belongs to the conversation.
            if said:
                reply = Message(role=Role.ASSISTANT, content="".join(said))
                self._messages = (*asked, reply)


async def _say(generate: Generate, request: ChatRequest, said: list[str]) -> None:
    thinking = False
    async with aclosing(generate(request)) as answer:
        async for delta in answer:
            match delta:
                case Piece():
                    if thinking and not delta.reasoning:
                        print("\n", file=sys.stderr)
                    thinking = delta.reasoning
                    if thinking:
                        # Thoughts go beside the answer, so that a pipe gets the answer alone.
                        print(delta.text, end="", flush=True, file=sys.stderr)
                    else:
                        said.append(delta.text)
                        print(delta.text, end="", flush=True)
                case Finished():
                    print(flush=True)
                case PromptRead() | CallPiece():
                    pass
