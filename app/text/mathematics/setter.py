"""MathJax in QuickJS: LaTeX → SVG, or a reason why not, within bounds of time and memory."""

import re
from pathlib import Path
from typing import Any, Final, Literal

SECONDS: Final = 1.0
BYTES: Final = 64 << 20
# MathJax calls itself for every brace; beyond this depth it says so instead of crashing.
STACK_BYTES: Final = 4 << 20
# The thread that calls `set` needs room for that, and for Python below it.
THREAD_STACK_BYTES: Final = 16 << 20
# Nobody reads a longer formula, and a bomb of this length is given up before it costs a second.
LONGEST: Final = 10_000

_CONTROLS: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")

Cause = Literal["wrong", "too much"]


class NotSet(Exception):
    """A formula cannot be set: it is `wrong`, in MathJax's words, or it costs `too much`."""

    def __init__(self, cause: Cause, words: str = "") -> None:
        super().__init__(words or cause)
        self.cause: Cause = cause
        self.words = words


class Setter:
    """One MathJax. It belongs to the thread that makes it."""

    def __init__(self, bundle: Path) -> None:
        self._program = bundle.read_text("utf-8")
        # Not with this module, which the window imports before its first paint.
        import quickjs  # noqa: PLC0415  # pyright: ignore[reportMissingTypeStubs]

        # It comes without types: what is used of it is a context with a few verbs, and an error.
        self._quickjs: Any = quickjs
        self._context = self._start()

    def set(self, source: str, *, display: bool) -> str:
        """The formula as SVG; raises NotSet."""
        if len(source) > LONGEST:
            raise NotSet("too much")
        plain = _CONTROLS.sub("", source)
        try:
            answer = str(self._context.get("setFormula")(plain, display))
        except self._quickjs.JSException as error:
            # It was stopped somewhere in the middle of its work: what it left is not trusted.
            self._context = self._start()
            raise NotSet("too much", str(error).partition("\n")[0]) from error
        kind, _, rest = answer.partition(":")
        if kind != "svg":
            raise NotSet("too much" if "maximum" in rest.lower() else "wrong", rest)
        return rest

    def _start(self) -> Any:
        context = self._quickjs.Context()
        context.set_max_stack_size(STACK_BYTES)
        context.set_memory_limit(BYTES)
        context.eval(self._program)
        # From now on: reading the program itself is not a formula's cost.
        context.set_time_limit(SECONDS)
        return context
