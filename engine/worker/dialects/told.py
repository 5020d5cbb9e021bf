"""What a dialect has told since it was last asked."""

import json
from uuid import uuid4

from engine.chat import CallPiece
from engine.worker.dialect import Said


class Told:
    """Gathers answer, reasoning and calls."""

    def __init__(self) -> None:
        self._answer: list[str] = []
        self._reasoning: list[str] = []
        self._calls: list[CallPiece] = []
        self.calls_begun = 0

    def answer(self, text: str) -> None:
        self._answer.append(text)

    def reasoning(self, text: str) -> None:
        self._reasoning.append(text)

    def begin(self, name: str) -> None:
        """Another call, of that function."""
        identity = f"call_{uuid4().hex[:24]}"
        self._calls.append(CallPiece(index=self.calls_begun, id=identity, name=name))
        self.calls_begun += 1

    def arguments(self, text: str) -> None:
        """The arguments of the last call go on."""
        if not text:
            return
        index = self.calls_begun - 1
        last = self._calls[-1] if self._calls else None
        if last is not None and last.index == index:
            text = last.arguments + text
            self._calls[-1] = CallPiece(index=index, id=last.id, name=last.name, arguments=text)
        else:
            self._calls.append(CallPiece(index=index, arguments=text))

    def string(self, text: str) -> None:
        """The inside of a JSON string goes on."""
        self.arguments(json.dumps(text, ensure_ascii=False)[1:-1])

    def drain(self) -> Said:
        """All of it, once."""
        said = Said("".join(self._answer), "".join(self._reasoning), tuple(self._calls))
        self._answer.clear()
        self._reasoning.clear()
        self._calls.clear()
        return said
