"""Headers broken in every way that was thought of, and what the readers make of them.

    tally = try_many([Victim.of(gguf_bytes())], seed=1, count=1000)

Every way in is tried: from a file, over ranges, as one of a split set, as a sibling. Whatever is
neither read nor refused in a typed sentence is raised.
"""

import io
import random
import struct
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from engine.errors import ModelError
from engine.fit.memory.parts import parts_of
from engine.gguf.blueprint import blueprints, read_blueprint
from engine.gguf.format import SCALAR_LETTER, ValueType
from engine.gguf.ranges import RangeFile
from engine.gguf.reader import Header, read_header
from engine.gguf.siblings import Glimpse, Reference, sibling_header, spans_of

_ABSURD = (
    *(0, 1, 2, 3, 7, 31, 32, 255, 1 << 16, 1 << 20, (1 << 31) - 1, 1 << 31, (1 << 32) - 1),
    *(1 << 32, 1 << 40, 1 << 60, (1 << 62) + 1, (1 << 63) - 1, 1 << 63, (1 << 64) - 1),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Victim:
    """A sound header, the size of its whole file, and where its integers lie: (place, bytes)."""

    body: bytes
    size_bytes: int
    places: tuple[tuple[int, int], ...]
    header: Header

    @classmethod
    def of(cls, body: bytes, size_bytes: int | None = None) -> "Victim":
        size = len(body) if size_bytes is None else size_bytes
        header = read_header(io.BytesIO(body), size_bytes=size)
        return cls(
            body=body[: header.tensors_start] if size_bytes else body,
            size_bytes=size,
            places=tuple(_integers(body)),
            header=header,
        )


@dataclass(slots=True, kw_only=True)
class Tally:
    """What came of them."""

    tried: int = 0
    read: int = 0
    refused: dict[str, int] = field(default_factory=dict[str, int])
    slowest_seconds: float = 0.0
    grown_bytes: int = 0


def try_many(victims: Sequence[Victim], *, seed: int, count: int) -> Tally:
    """Break one of them so many times."""
    dice, tally, before = random.Random(seed), Tally(), _peak_bytes()
    for _ in range(count):
        victim = dice.choice(victims)
        body, size = broken(dice, victim)
        way = dice.choice((_from_file, _over_ranges, _in_a_set, _as_sibling))
        started = time.thread_time()
        tally.tried += 1
        try:
            way(victim, body, size)
            tally.read += 1
        except ModelError as error:
            tally.refused[type(error).__name__] = tally.refused.get(type(error).__name__, 0) + 1
        except BaseException as error:
            error.add_note(f"{way.__name__}, seed {seed}, the {tally.tried}th")
            raise
        tally.slowest_seconds = max(tally.slowest_seconds, time.thread_time() - started)
    tally.grown_bytes = _peak_bytes() - before
    return tally


def broken(dice: random.Random, victim: Victim) -> tuple[bytes, int]:
    """The victim after one to four mishaps, and the size its file then has."""
    body, size = bytearray(victim.body), victim.size_bytes
    rest = size - len(body)
    for _ in range(dice.choice((1, 1, 1, 2, 4))):
        _mishap(dice, body, victim.places)
    if dice.random() < 0.1:
        rest = dice.choice((0, rest // 2, rest * 2, 1 << 62))
    return bytes(body), len(body) + rest


def _mishap(dice: random.Random, body: bytearray, places: Sequence[tuple[int, int]]) -> None:
    place, width = dice.choice(places)
    other, _ = dice.choice(places)
    anywhere = dice.randrange(max(1, len(body)))
    near = min(place, anywhere) if dice.random() < 0.7 else anywhere
    some = dice.randbytes(dice.randrange(1, 40))
    match dice.randrange(9):
        case 0 if body:
            body[near % len(body)] ^= 1 << dice.randrange(8)
        case 1:
            body[near:near] = some
        case 2:
            del body[near : near + len(some)]
        case 3 if dice.random() < 0.3:
            del body[anywhere:]
        case 4:
            body += some * dice.randrange(100)
        case 5:
            body[place : place + width], body[other : other + width] = (
                body[other : other + width],
                body[place : place + width],
            )
        case 6:
            body[near:near] = body[place : place + dice.randrange(400)]
        case _:
            value = int.from_bytes(body[place : place + width], "little")
            value = dice.choice((*_ABSURD, value + 1, value - 1, value * 2, value ^ 32))
            body[place : place + width] = (value % (1 << 8 * width)).to_bytes(width, "little")


def _from_file(victim: Victim, body: bytes, size: int) -> None:
    """As a file of this disk, and on through the pipe to the planner."""
    blueprint = read_blueprint([io.BytesIO(body)], [size])
    assert blueprints.validate_json(blueprints.dump_json(blueprint)).tensors == blueprint.tensors
    parts_of(blueprint)


def _over_ranges(victim: Victim, body: bytes, size: int) -> None:
    def fetch(start: int, count: int) -> bytes:
        return body[start : start + count].ljust(count, b"\0")

    read_blueprint([RangeFile(fetch, size)], [size])


def _in_a_set(victim: Victim, body: bytes, size: int) -> None:
    files = [io.BytesIO(body), io.BytesIO(victim.body)]
    read_blueprint(files, [size, victim.size_bytes])


def _as_sibling(victim: Victim, body: bytes, size: int) -> None:
    reference = Reference(header=victim.header, tensors=victim.header.tensors)
    spans = spans_of(reference, size)
    assert spans is not None
    head, middle = (body[span.start : span.start + span.count] for span in spans)
    glimpse = Glimpse(size_bytes=size, head=head, middle=middle, middle_start=spans[1].start)
    found = sibling_header(reference, glimpse)
    if found is None:
        raise NoSibling("It must be read whole.")
    names = [tensor.name for tensor in found.tensors]
    assert names == [tensor.name for tensor in reference.tensors][: len(names)]


class NoSibling(ModelError):
    """What was seen of it could not be believed."""

    code = "no_sibling"


def _integers(body: bytes) -> Iterator[tuple[int, int]]:
    """Where a sound header has its versions, counts, lengths, types, dimensions and offsets."""
    yield from ((0, 4), (4, 4), (8, 8), (16, 8))
    (tensors, pairs), at = struct.unpack_from("<QQ", body, 8), 24
    for _ in range(pairs):
        yield at, 8
        at += 8 + struct.unpack_from("<Q", body, at)[0]
        yield at, 4
        kind = ValueType(struct.unpack_from("<I", body, at)[0])
        yield at + 4, 8 if kind is ValueType.STRING else 4
        if kind is ValueType.ARRAY:
            yield at + 8, 8
        at = _behind(body, at + 4, kind)
    for _ in range(tensors):
        yield at, 8
        at += 8 + struct.unpack_from("<Q", body, at)[0]
        yield at, 4
        count = struct.unpack_from("<I", body, at)[0]
        at += 4
        yield from ((at + 8 * number, 8) for number in range(count))
        at += 8 * count
        yield from ((at, 4), (at + 4, 8))
        at += 12


def _behind(body: bytes, at: int, kind: ValueType) -> int:
    match kind:
        case ValueType.STRING:
            return at + 8 + struct.unpack_from("<Q", body, at)[0]
        case ValueType.ARRAY:
            number, count = struct.unpack_from("<IQ", body, at)
            at += 12
            if number != ValueType.STRING:
                return at + count * struct.calcsize("<" + SCALAR_LETTER[ValueType(number)])
            for _ in range(count):
                at = _behind(body, at, ValueType.STRING)
            return at
        case _:
            return at + struct.calcsize("<" + SCALAR_LETTER[kind])


def _peak_bytes() -> int:
    """The most memory that this process has held."""
    if sys.platform == "win32":
        return psutil.Process().memory_info().peak_wset
    if sys.platform == "linux":
        # Its ru_maxrss would be the parent's, if that was larger.
        status = Path("/proc/self/status").read_text(encoding="ascii")
        return int(status.partition("VmHWM:")[2].split()[0]) << 10
    import resource  # noqa: PLC0415  # not on Windows

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
