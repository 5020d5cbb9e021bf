"""What fills the context before a question is asked, and what is left out when it does not fit.

Numbers and decisions alone: who counts stands in `weighing.py`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from app.store.values import Overflow
from engine.chat import Message, Role

LEAST_ANSWER_TOKENS = 64  # less is no answer
ROOM_FOR_ANSWER_TOKENS = 1024  # what dropping old turns makes room for
IMAGE_TOKENS = 1024  # where nobody can count them
_FRAME_TOKENS = 4  # of one message, where nobody can count them


@dataclass(frozen=True, slots=True, kw_only=True)
class Meter:
    """What the next question would take of the context, all in tokens.

    `system` holds the system prompt and the chat template's own words. `history` is what would be
    told of the conversation, without the `dropped` oldest turns. `answer` is what remains; None
    with `context_tokens` None: no model is loaded. `estimated`: nobody could count, the numbers
    come from the lengths of the texts. `refusal` says why it will not be sent.
    """

    system: int = 0
    history: int = 0
    question: int = 0
    attachments: int = 0
    context_tokens: int | None = None
    answer: int | None = None
    fits: bool = True
    dropped: int = 0
    estimated: bool = False
    refusal: str = ""

    @property
    def total(self) -> int:
        """The whole prompt."""
        return self.system + self.history + self.question + self.attachments


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """A conversation's tokens, message by message; `frame` is what the template adds to them.

    `attachments` is the part of the last message that its files take.
    """

    messages: tuple[int, ...]
    frame: int = 0
    attachments: int = 0
    context_tokens: int | None = None
    estimated: bool = False
    refusal: str = ""


def judged(
    told: Sequence[Message], counted: Counted, overflow: Overflow, *, asks: bool = True
) -> Meter:
    """What would be sent of `told`. The system prompt and the last turn always are.

    Without `asks`, the last turn is no question yet: it is part of the history.
    """
    turns = turns_of(told)
    weights = [sum(counted.messages[place] for place in turn) for turn in turns]
    first = turns[0].start if turns else len(told)
    system = sum(counted.messages[:first]) + counted.frame
    context = counted.context_tokens
    dropped = 0
    if context is not None and overflow == "drop_oldest":
        room = context - min(ROOM_FOR_ANSWER_TOKENS, context // 4)
        while dropped < len(weights) - 1 and system + sum(weights[dropped:]) > room:
            dropped += 1
    total = system + sum(weights[dropped:])
    question = weights[-1] - counted.attachments if asks and weights else 0
    attachments = counted.attachments if asks and weights else 0
    return Meter(
        system=max(0, system),
        history=sum(weights[dropped:]) - question - attachments,
        question=max(0, question),
        attachments=attachments,
        context_tokens=context,
        answer=None if context is None else max(0, context - total),
        fits=context is None or total + least_answer(context) <= context,
        dropped=dropped,
        estimated=counted.estimated,
        refusal=counted.refusal,
    )


def turns_of(told: Sequence[Message]) -> list[range]:
    """The places of each turn: a question with all that answers it. The system prompt is none."""
    first = 1 if told and told[0].role is Role.SYSTEM else 0
    starts = [first] if first < len(told) else []
    starts += [
        place
        for place in range(first + 1, len(told))
        if told[place].role is Role.USER and told[place - 1].role is not Role.USER
    ]
    ends = [*starts[1:], len(told)][: len(starts)]
    return [range(*pair) for pair in zip(starts, ends, strict=True)]


def kept(told: Sequence[Message], dropped: int) -> tuple[Message, ...]:
    """`told` without that many of its oldest turns."""
    turns = turns_of(told)
    if not dropped or not turns:
        return tuple(told)
    return (*told[: turns[0].start], *told[turns[dropped].start :])


def least_answer(context_tokens: int) -> int:
    """Room for an answer without which nothing is asked."""
    return min(LEAST_ANSWER_TOKENS, context_tokens // 8)


def estimated(message: Message) -> int:
    """About how many tokens a message has: four letters of a Latin text, else a character each."""
    text = message.content
    plain = len(text.encode("ascii", "ignore"))
    return _FRAME_TOKENS + plain // 4 + len(text) - plain + IMAGE_TOKENS * len(message.images)


def most(message: Message) -> int:
    """More tokens than it can have: no token is shorter than a byte. Images are not counted."""
    texts = (message.content, message.reasoning, *(call.arguments for call in message.tool_calls))
    return sum(len(text.encode("utf-8", "replace")) for text in texts) + 8 * _FRAME_TOKENS
