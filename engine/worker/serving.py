"""One load and its answers: a whole model with a context, or its vocabulary alone."""

import gc
import sys
from collections.abc import Callable
from pathlib import Path

from engine.errors import EngineError, LoadFailed, RequestError
from engine.protocol.load import LoadSpec, Purpose
from engine.protocol.messages import Load, Loading, LoadRefused, Ready, Report
from engine.worker.brake import Brake
from engine.worker.context import Context
from engine.worker.counter import Counter
from engine.worker.draft_model import speculation_of
from engine.worker.embedding import EmbeddingLoop
from engine.worker.images import Images
from engine.worker.inbox import Inbox
from engine.worker.intake import Loaded
from engine.worker.keeping import Keeping, identity_of
from engine.worker.llama import Library, Model
from engine.worker.loop import DecodeFailed, Loop
from engine.worker.pooled import Pooled
from engine.worker.threads import threads_of

_LOADING_STRIDE = 0.01

_Tell = Callable[[Report], None]


def serve(command: Load, inbox: Inbox, brake: Brake, tell: _Tell, pack: Path | None = None) -> int:
    """Load, then answer until the process ends; gives the exit code where it cannot go on."""
    spec = command.spec
    try:
        library = Library(pack)
        model = Model(library, spec, _progress(inbox, tell))
        if spec.purpose is not Purpose.TEXT and not spec.vocabulary_only:
            pooled = Pooled(library, model, spec, brake)
            loop = EmbeddingLoop(model, pooled, tell)
            inbox.send_counts(Counter(model, _counting(None), tell).ask)
            tell(loop.ready(library))
            return _turning(lambda: loop.run(inbox, brake), library)
        context = None if spec.vocabulary_only else Context(library, model, spec, brake)
        if context is not None and library.has_cards and spec.all_on_cards(model.facts.layers):
            context.warm_up()
        speculation = speculation_of(library, model, context, spec, brake) if context else None
        images = _images(library, model, spec)
    except EngineError as error:
        tell(LoadRefused(code=error.code, sentence=str(error)))
        return 0
    inbox.send_counts(Counter(model, _counting(images), tell).ask)
    facts = model.facts
    tell(
        Ready(
            architecture=facts.architecture,
            description=facts.description,
            parameters=facts.parameters,
            layers=facts.layers,
            vocabulary=facts.vocabulary,
            context_tokens=context.cells if context else 0,
            answer_context_tokens=context.cells_per_sequence if context else 0,
            trained_context_tokens=facts.trained_context_tokens,
            streams=context.sequences if context else 0,
            template=facts.template,
            bos=facts.bos,
            eos=facts.eos,
            sees=images is not None,
            fill=facts.fill,
            device_bytes=library.log.device_bytes,
            devices=context.devices(spec) if context else (),
        )
    )
    if context is None:
        while True:
            inbox.wait()  # the counter answers, and the end of the pipe ends the process
    loaded = Loaded(
        model=model,
        context=context,
        images=images,
        speculation=speculation,
        keeping=_keeping(model, context, spec),
        threads=threads_of(spec, facts.layers),
    )
    loop = Loop(loaded, inbox, brake, tell)
    return _turning(loop.run, library)


def _turning(run: Callable[[], None], library: Library) -> int:
    # What is there now stays: no collection between two tokens needs to look at it again.
    gc.collect()
    gc.freeze()
    try:
        run()
    except DecodeFailed as failure:
        sys.stderr.write(f"{failure}\n" + "\n".join(library.log.complaints[-5:]) + "\n")
    return 1


def _images(library: Library, model: Model, spec: LoadSpec) -> Images | None:
    """Its eyes, if it has any: a projector that does not fit costs the pictures, not the model."""
    if spec.projector is None or spec.vocabulary_only:
        return None
    try:
        return Images(library, model, spec)
    except LoadFailed as failure:
        sys.stderr.write(f"{failure}\n")
        return None


def _keeping(model: Model, context: Context, spec: LoadSpec) -> Keeping | None:
    """What keeps idle conversations on disk, where that is wanted."""
    if spec.kv_folder is None or spec.kv_bytes == 0:
        return None
    identity = identity_of(spec, context.cells_per_sequence)
    return Keeping(Path(spec.kv_folder), spec.kv_bytes, identity, cuts=model.facts.rewinds)


def _counting(images: Images | None) -> Callable[[bytes], int]:
    def count(image: bytes) -> int:
        try:
            return images.read(image).count if images else 0
        except RequestError:
            return 0

    return count


def _progress(inbox: Inbox, tell: _Tell) -> Callable[[float], bool]:
    told = [-1.0]

    def going_on(fraction: float) -> bool:
        if fraction - told[0] >= _LOADING_STRIDE or fraction >= 1.0 > told[0]:
            told[0] = fraction
            tell(Loading(fraction=fraction))
        return not inbox.load_cancelled.is_set()

    return going_on
