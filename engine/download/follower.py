"""The follower: hashes a part from its beginning as blocks arrive, while they are still cached.

Blocks that an earlier run left are compared with the journal on the way.
"""

import hashlib
import threading
from concurrent.futures import Future, ThreadPoolExecutor

from engine.download.journal import digest_of
from engine.download.part import Part

_GLANCE_SECONDS = 0.1


class Follower:
    """Runs until every block was hashed, or it is stopped."""

    def __init__(self, part: Part) -> None:
        self.hashed_bytes = 0
        self._part = part
        self._stopped = threading.Event()
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="hashing")
        self._sum: Future[str] = self._pool.submit(self._follow)

    def sha256(self, seconds: float) -> str:
        """The hash of the whole. Raises TimeoutError, or the disk's OSError."""
        return self._sum.result(seconds)

    def stop(self) -> None:
        """End early."""
        self._stopped.set()
        self._pool.shutdown()

    def _follow(self) -> str:
        part, claims = self._part, self._part.claims
        whole, number = hashlib.sha256(), 0
        with part.path.open("rb", buffering=0) as content:
            while self.hashed_bytes < part.size_bytes and not self._stopped.is_set():
                if not claims.wait_for(number, _GLANCE_SECONDS):
                    continue
                content.seek(self.hashed_bytes)
                block = content.read(claims.length_of(number))
                if number in part.recalled and digest_of(block) != part.digest(number):
                    part.lose(number)
                    part.recalled -= {number}
                    continue
                whole.update(block)
                self.hashed_bytes += len(block)
                number += 1
        return whole.hexdigest()
