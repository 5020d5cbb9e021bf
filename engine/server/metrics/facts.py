"""What the engine told: answers and their cost, workers, loads, alerts."""

from collections.abc import Callable, Iterator
from time import monotonic

from prometheus_client.metrics_core import Metric

from engine.chat import Timings
from engine.events import AlertMoved, Event
from engine.host.facts import AnswerEnded, ModelMoved, Phase, StreamsMoved, WorkerEnded
from engine.server.metrics.series import WAIT_SECONDS, Count, Spread, gauge

# A word of the streams holds for a quarter of a second; after this nobody writes.
_STALE_SECONDS = 1.5


class FactMeters:
    """Hears the engine's facts about its models; answers to the window's own chats count, too."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._streams: dict[str, tuple[float, StreamsMoved]] = {}
        self._loading_since: dict[str, float] = {}
        model = ("model",)
        self._answers = Count(
            "fullbore_answers",
            "Answers that ended: finished, failed by the engine's fault, or given_up by who asked.",
            ("model", "outcome"),
        )
        self._prompt = Count("fullbore_prompt_tokens", "Tokens of prompts, reused ones too.", model)
        self._reused = Count(
            "fullbore_reused_tokens", "Tokens of prompts that an earlier request had paid.", model
        )
        self._written = Count("fullbore_answer_tokens", "Tokens written.", model)
        self._drafted = Count("fullbore_drafted_tokens", "Tokens guessed by speculation.", model)
        self._accepted = Count(
            "fullbore_accepted_tokens", "Guessed tokens that the model itself would choose.", model
        )
        self._queued = Spread(
            "fullbore_queue_seconds",
            "From an answer's request until its prompt was begun.",
            WAIT_SECONDS,
            model,
        )
        self._prompt_seconds = Spread(
            "fullbore_prompt_seconds", "Time to process a prompt.", WAIT_SECONDS, model
        )
        self._decode_seconds = Count(
            "fullbore_decode_seconds", "Time spent writing, summed over answers.", model
        )
        self._deaths = Count(
            "fullbore_worker_restarts",
            "Workers that ended unasked; the next request starts another.",
            model,
        )
        self._loads = Count(
            "fullbore_loads", "Loads that ended: ready or failed.", ("model", "outcome")
        )
        self._load_seconds = Spread(
            "fullbore_load_seconds", "Time of loads that succeeded.", WAIT_SECONDS, model
        )
        self._raised = Count("fullbore_alerts_raised", "Alerts that began.", ("kind",))

    def hear(self, event: Event) -> None:
        """A fact; those about other things are let pass."""
        match event:
            case AnswerEnded(model=model, timings=timings):
                self._ended(event)
                if timings is not None:
                    self._cost(model, timings)
            case StreamsMoved(model=model):
                self._streams[model] = (self._clock(), event)
            case WorkerEnded(model=model):
                self._deaths.add(model)
            case ModelMoved():
                self._moved(event)
            case AlertMoved(alert=alert) if alert.ended_at is None:
                self._raised.add(alert.kind.value)
            case _:
                pass

    def collect(self) -> Iterator[Metric]:
        """Every family."""
        for each in (
            *(self._answers, self._prompt, self._reused, self._written, self._drafted),
            *(self._accepted, self._queued, self._prompt_seconds, self._decode_seconds),
            *(self._deaths, self._loads, self._load_seconds, self._raised),
        ):
            yield each.family()
        now = self._clock()
        writing = [
            ((model,), moved.decode_tps)
            for model, (at, moved) in self._streams.items()
            if now - at <= _STALE_SECONDS
        ]
        yield gauge(
            "fullbore_decode_tokens_per_second",
            "Tokens written a second now, by all streams of a model.",
            writing,
            ("model",),
        )
        yield gauge(
            "fullbore_context_used_tokens",
            "Tokens in the model's KV cache.",
            [((name,), moved.context_used_tokens) for name, (_, moved) in self._streams.items()],
            ("model",),
        )

    # --- inside ------------------------------------------------------------------------------

    def _ended(self, answer: AnswerEnded) -> None:
        done = "failed" if answer.failed else "given_up"
        self._answers.add(answer.model, "finished" if answer.timings is not None else done)

    def _cost(self, model: str, timings: Timings) -> None:
        self._prompt.add(model, amount=timings.prompt_tokens)
        self._reused.add(model, amount=timings.reused_tokens)
        self._written.add(model, amount=timings.answer_tokens)
        self._drafted.add(model, amount=timings.drafted_tokens)
        self._accepted.add(model, amount=timings.accepted_tokens)
        self._queued.bins(model).note(timings.queue_seconds)
        self._prompt_seconds.bins(model).note(timings.prompt_seconds)
        self._decode_seconds.add(model, amount=timings.decode_seconds)

    def _moved(self, moved: ModelMoved) -> None:
        model = moved.model
        match moved.phase:
            case Phase.LOADING:
                self._loading_since.setdefault(model, self._clock())
            case Phase.READY:
                since = self._loading_since.pop(model, None)
                if since is not None:
                    self._loads.add(model, "ready")
                    self._load_seconds.bins(model).note(self._clock() - since)
            case Phase.STOPPED | Phase.STOPPING:
                began = self._loading_since.pop(model, None) is not None
                if began and moved.failure is not None:
                    self._loads.add(model, "failed")
                self._streams.pop(model, None)
