"""States on disk, without a model: any bytes do."""

import os
from pathlib import Path

import numpy as np

from engine.protocol.load import CacheType, LoadSpec
from engine.worker.keeping import Keeping, State, identity_of

ME, OTHER = b"m" * 16, b"o" * 16


def state(size: int, fill: int = 7) -> State:
    return np.full(size, fill, np.uint8)


def files(root: Path) -> set[str]:
    return {path.name for path in root.glob("*/*")}


def test_that_the_longest_beginning_is_found_also_by_the_next_process(tmp_path: Path) -> None:
    keeping = Keeping(tmp_path, 1 << 20, ME, cuts=True)
    keeping.put(range(600), state(1000, 1))
    keeping.put([*range(520), *range(9000, 9100)], state(1000, 2))
    keeping.finish(10)
    for each in (keeping, Keeping(tmp_path, 1 << 20, ME, cuts=True)):
        found = each.find([*range(590), 77, 78])
        assert found is not None
        kept, shared = found
        assert shared == 590
        read = each.fetch(kept).result(10)
        assert read is not None
        assert (read == 1).all()
        assert each.find(range(5000, 6000)) is None
        assert each.find(range(500)) is None, "too short to be worth it"
    assert Keeping(tmp_path, 1 << 20, OTHER, cuts=True).find(range(600)) is None


def test_that_a_state_that_cannot_be_cut_is_found_only_whole(tmp_path: Path) -> None:
    keeping = Keeping(tmp_path, 1 << 20, ME, cuts=False)
    keeping.put(range(600), state(1000))
    assert keeping.find([*range(590), 77, 78]) is None
    found = keeping.find([*range(600), 77, 78])
    assert found is not None
    assert found[1] == 600


def test_that_a_longer_state_takes_the_place_of_what_it_goes_on_from(tmp_path: Path) -> None:
    keeping = Keeping(tmp_path, 1 << 20, ME, cuts=True)
    keeping.put(range(600), state(1000))
    keeping.put(range(900), state(1500))
    keeping.finish(10)
    assert len(files(tmp_path)) == 1
    assert keeping.holds(range(2000)) == 900


def test_that_the_least_lately_used_goes_when_the_room_is_full(tmp_path: Path) -> None:
    keeping = Keeping(tmp_path, 20_000, ME, cuts=True)
    for number in range(4):
        keeping.put([number, *range(600)], state(5000, number))
        keeping.finish(10)
        for age, path in enumerate(sorted(tmp_path.glob("*/*"), key=os.path.getmtime)):
            os.utime(path, (age, age))
    sizes = sum(path.stat().st_size for path in tmp_path.glob("*/*"))
    assert sizes <= 20_000
    assert keeping.find([0, *range(600)]) is None
    assert keeping.find([3, *range(600)]) is not None
    keeping.put([9, *range(600)], state(30_000))
    keeping.finish(10)
    assert keeping.find([9, *range(600)]) is None, "it is larger than all the room"


def test_that_broken_and_foreign_files_are_removed(tmp_path: Path) -> None:
    keeping = Keeping(tmp_path, 1 << 20, ME, cuts=True)
    keeping.put(range(600), state(1000))
    keeping.finish(10)
    (good,) = tmp_path.glob("*/*.kv")
    good.with_name("short.kv").write_bytes(good.read_bytes()[:-1])
    good.with_name("half.new").write_bytes(b"x")
    good.with_name("empty.kv").write_bytes(b"")
    content = bytearray(good.read_bytes())
    content[8] ^= 1  # another identity
    good.with_name("other.kv").write_bytes(content)
    Keeping(tmp_path, 1 << 20, ME, cuts=True)
    assert files(tmp_path) == {good.name}


def test_that_a_folder_that_cannot_be_written_costs_nothing_but_the_keeping(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder", "utf-8")
    keeping = Keeping(blocked, 1 << 20, ME, cuts=True)
    keeping.put(range(600), state(10))
    keeping.finish(10)
    assert keeping.find(range(700)) is None


def test_that_another_file_or_shape_has_another_identity(tmp_path: Path) -> None:
    file = tmp_path / "a.gguf"
    file.write_bytes(b"GGUF")
    spec = LoadSpec(path=str(file))
    first = identity_of(spec, 4096)
    assert identity_of(spec, 4096) == first
    assert identity_of(spec, 8192) != first
    assert identity_of(LoadSpec(path=str(file), cache_type=CacheType.Q8_0), 4096) != first
    os.utime(file, ns=(1, 1))
    assert identity_of(spec, 4096) != first
