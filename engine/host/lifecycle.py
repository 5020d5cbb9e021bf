"""The moves a worker's life may make."""

from collections.abc import Mapping

from engine.host.facts import Phase

MOVES: Mapping[Phase, frozenset[Phase]] = {
    Phase.STOPPED: frozenset({Phase.LOADING}),
    # A load that is refused, or a death, leads straight to STOPPED.
    Phase.LOADING: frozenset({Phase.READY, Phase.STOPPING, Phase.STOPPED}),
    Phase.READY: frozenset({Phase.STOPPING, Phase.STOPPED}),
    Phase.STOPPING: frozenset({Phase.STOPPED}),
}


def may_move(now: Phase, to: Phase) -> bool:
    """Whether the table allows it."""
    return to in MOVES[now]
