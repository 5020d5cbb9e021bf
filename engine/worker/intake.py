"""Requests → sequences: what is asked is checked, tokenized and, with pictures, looked at."""

from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

from engine.errors import BadRequest, ContextExceeded, ImagesNotSupported, RequestError
from engine.protocol.messages import Generate, Refused, Report
from engine.worker.chains import Chains
from engine.worker.constraint import Constraint
from engine.worker.context import Context
from engine.worker.dialects.named import special_texts
from engine.worker.images import Images, Picture, Piece
from engine.worker.inbox import Work
from engine.worker.keeping import Keeping
from engine.worker.llama import Model
from engine.worker.logprobs import MOST_ALTERNATIVES
from engine.worker.pictures import is_cell
from engine.worker.samplers import Bans, Sampler
from engine.worker.sampling import Stage, remembered, stages
from engine.worker.sequence import Prompt, Sequence
from engine.worker.speculation import Speculation
from engine.worker.threads import Threads


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """What answers: a model in its context, with eyes perhaps, and guesses where they may be.

    `threads`, where their number is chosen while it writes.
    """

    model: Model
    context: Context
    images: Images | None = None
    speculation: Speculation | None = None
    keeping: Keeping | None = None
    threads: Threads | None = None


class Intake:
    """Gives a sequence for each request that can be answered, and refuses the others."""

    def __init__(
        self,
        loaded: Loaded,
        hand: Callable[[Work], None],
        give: Callable[[Sequence], None],
        tell: Callable[[Report], None],
    ) -> None:
        """`hand` brings work of another thread back to the main one; `give` takes a sequence."""
        self._model = loaded.model
        self._images = loaded.images
        self._context = loaded.context
        self._hand, self._give, self._tell = hand, give, tell
        self._eyes = ThreadPoolExecutor(1, thread_name_prefix="eyes")
        self._looking: set[int] = set()
        self._chains = Chains(loaded.model.vocab, loaded.model.facts.vocabulary)

    def take(self, request: Generate) -> None:
        """A request has come; its pictures are looked at beside the steps."""
        if not request.images:
            self._accept(request, ())
        elif self._images is None:
            sentence = "The loaded model cannot see images: it has no projector."
            self._refuse(request.id, ImagesNotSupported(sentence))
        else:
            # Looking takes a processor's seconds: the others' answers go on meanwhile.
            self._looking.add(request.id)
            seen = self._eyes.submit(_see, request, self._images, self._context)
            seen.add_done_callback(lambda done: self._hand(lambda: self._looked(request, done)))

    def _looked(self, request: Generate, seen: Future[list[Picture]]) -> None:
        if request.id not in self._looking:  # cancelled
            return
        self._looking.discard(request.id)
        try:
            pictures = seen.result()
        except RequestError as error:
            self._refuse(request.id, error)
        else:
            self._accept(request, pictures)

    def _accept(self, request: Generate, pictures: Iterable[Picture]) -> None:
        try:
            self._give(self._sequence(request, pictures))
        except RequestError as error:
            self._refuse(request.id, error)

    def _sequence(self, request: Generate, pictures: Iterable[Picture]) -> Sequence:
        if not (request.prompt or request.tokens):
            raise BadRequest("The prompt is empty.")
        room = self._context.cells_per_sequence
        chain = stages(request.sampling, self._model.facts.vocabulary, room)
        _check_counts(request)
        if request.rolls and (request.images or not self._context.can_shift):
            what = "pictures" if request.images else "this model's memory"
            raise BadRequest(
                f"An answer cannot roll on here: {what} cannot be moved up.",
                remedy="Ask without a rolling context.",
            )
        group = self._model.adapters.scales(request.adapters)
        prompt = _prompt(request, self._model, tuple(pictures))
        if len(prompt.tokens) > room:
            raise ContextExceeded(len(prompt.tokens), room)
        sampler = self._sampler(request, chain)
        if window := remembered(request.sampling, room):
            sampler.accept(token for token in prompt.tokens[-window:] if not is_cell(token))
        sequence = Sequence(request, prompt, sampler)
        sequence.group = group
        sequence.shown = self._model.tokens_of(special_texts(request))
        return sequence

    def _sampler(self, request: Generate, chain: tuple[Stage, ...]) -> Sampler:
        model, constraint = self._model, None
        if request.grammar:
            constraint = Constraint(
                model.vocab, request.grammar, request.triggers, model.whole_piece, model.tokenize
            )
        ends = model.end_tokens if request.min_tokens or request.ignore_end else ()
        bans = Bans(
            always=model.suppressed_tokens,
            at_first=ends,
            first_tokens=None if request.ignore_end else request.min_tokens,
        )
        return Sampler(self._chains, chain, constraint, bans)

    def _refuse(self, request: int, error: RequestError) -> None:
        numbers = (
            (error.prompt_tokens, error.context_tokens)
            if isinstance(error, ContextExceeded)
            else ()
        )
        self._tell(Refused(id=request, code=error.code, sentence=str(error), numbers=numbers))

    def forget(self, request: int) -> None:
        """It was cancelled, perhaps while its pictures are looked at."""
        self._looking.discard(request)


def _check_counts(request: Generate) -> None:
    if request.max_tokens is not None and request.max_tokens < 1:
        raise BadRequest(f"max_tokens is {request.max_tokens}; it must be at least 1.")
    if request.min_tokens < 0:
        raise BadRequest(f"min_tokens is {request.min_tokens}; it must be at least 0.")
    if request.max_tokens is not None and request.min_tokens > request.max_tokens:
        limits = f"min_tokens is {request.min_tokens}, max_tokens {request.max_tokens}"
        raise BadRequest(f"{limits}; the first cannot be greater.")
    if request.logprobs is not None and not 0 <= request.logprobs <= MOST_ALTERNATIVES:
        limits = f"it must lie between 0 and {MOST_ALTERNATIVES}"
        raise BadRequest(f"logprobs is {request.logprobs}; {limits}.")


def _see(request: Generate, images: Images, context: Context) -> list[Picture]:
    """Look at a request's pictures. Raises RequestError."""
    pictures = [images.read(image) for image in request.images]
    room = context.cells_per_sequence
    if (count := sum(picture.count for picture in pictures)) > room:
        raise ContextExceeded(count, room)
    for picture in pictures:
        for part in picture.parts:
            if not isinstance(part, Piece) or not part.blind:
                continue
            if part.count > context.micro_batch_tokens:
                raise BadRequest(
                    f"An image of {part.count:,} tokens must be read at once,"
                    f" and this model was loaded to read {context.micro_batch_tokens:,}.",
                    remedy="Load it with a greater micro-batch.",
                )
        images.look(picture)
    return pictures


def _prompt(request: Generate, model: Model, pictures: tuple[Picture, ...]) -> Prompt:
    """The prompt's tokens, with its pictures' cells where they are named."""
    if request.tokens:
        if not all(0 <= token < model.facts.vocabulary for token in request.tokens):
            raise BadRequest("The prompt has a token that is not in the model's vocabulary.")
        return Prompt(tokens=list(request.tokens))
    if not pictures:
        return Prompt(tokens=model.tokenize(request.prompt, prompt=True))
    first, *texts = request.prompt.split(request.picture)
    if len(texts) != len(pictures):
        raise BadRequest("The model's chat template did not take over the images.")
    tokens = model.tokenize(first, prompt=True)
    pieces: dict[int, Piece] = {}
    for picture, text in zip(pictures, texts, strict=True):
        for part in picture.parts:
            if isinstance(part, Piece):
                pieces[len(tokens)] = part
                tokens.extend(part.cells)
            else:
                tokens.extend(part)
        tokens.extend(model.tokenize(text))
    if is_cell(tokens[-1]):
        raise BadRequest("An image stands at the prompt's end, where the answer begins.")
    return Prompt(tokens=tokens, pieces=pieces)
