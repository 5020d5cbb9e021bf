"""Repair: the Hub tells only the hash of a whole file, so blocks are compared with a second fetch.

What differs is replaced; where that was no better, a third fetch of those blocks alone decides.
"""

from collections.abc import Sequence

from engine.download.haul import Haul, Means
from engine.download.journal import digest_of
from engine.download.limiter import Limiter
from engine.download.part import Claims, Part
from engine.download.source import Source
from engine.download.tally import Tally

_MOST_DOUBT = 10  # a tenth of the file; more is not damage but another file


class Repair:
    """Of one part that is whole and wrong."""

    def __init__(self, part: Part, limiter: Limiter, tally: Tally) -> None:
        self._part = part
        self._limiter = limiter
        self._tally = tally
        self._before: dict[int, bytes | None] = {}  # digests of blocks that differed

    def compare(self, sources: Sequence[Source]) -> bool:
        """Take over what differs in a second fetch of everything; whether anything did."""
        self._again(sources, Claims(self._part.size_bytes))
        return bool(self._before)

    def decide(self, sources: Sequence[Source]) -> bool:
        """Take over what a third fetch of the differing blocks says; whether it was made."""
        claims = Claims(self._part.size_bytes)
        doubtful = frozenset(self._before)
        if sum(map(claims.length_of, doubtful)) * _MOST_DOUBT > self._part.size_bytes:
            return False
        for number in range(-(-self._part.size_bytes // claims.block_bytes)):
            if number not in doubtful:
                claims.arrived(number)
        self._again(sources, claims)
        return True

    def _again(self, sources: Sequence[Source], claims: Claims) -> None:
        def put(number: int, block: bytearray) -> None:
            known = self._part.digest(number)
            if digest_of(block) != known:
                self._before.setdefault(number, known)
                self._part.put(number, block)
            claims.arrived(number)

        means = Means(limiter=self._limiter, look=lambda: self._tally.compared(claims.held_bytes))
        Haul(sources, claims, put, means).run()
