"""Keys of the port: made, changed, removed, kept as hashes."""

import ast
import asyncio
import errno
import hmac
import inspect
import json
import stat
import sys
import textwrap
from pathlib import Path

import pytest
from filelock import Timeout

import engine.keys
from engine.access import Limits, Scope
from engine.errors import BadRequest, DiskFull, SettingsBroken, Unwritable, unsaved
from engine.keys import ALL_SCOPES, Keys

pytestmark = pytest.mark.anyio


def keys_of(home: Path, own: str | None = None) -> Keys:
    return Keys(home, from_settings=lambda: own)


async def test_that_a_key_opens_until_it_is_removed(tmp_path: Path) -> None:
    keys = keys_of(tmp_path)
    assert not keys.demanded
    made = await keys.add("Continue", {Scope.ANSWERS}, Limits(requests_per_minute=5))
    assert keys.demanded
    assert made.secret.startswith("fb-")
    assert len(made.secret) >= 3 + 43  # 256 bits in base64
    assert keys.whose(made.secret.encode()) == made.key
    assert keys.whose(made.secret[:-1].encode()) is None
    assert keys.whose(b"") is None
    assert keys.all() == (made.key,)
    await keys.remove(made.key.id)
    assert keys.whose(made.secret.encode()) is None
    assert not keys.demanded


async def test_that_only_a_hash_is_on_disk_and_only_the_person_reads_it(tmp_path: Path) -> None:
    keys = keys_of(tmp_path)
    made = await keys.add("Continue")
    keys.used(made.key)
    await keys.close()
    text = _everything_in(tmp_path)
    assert made.secret not in text
    assert made.secret[3:-4] not in text
    if sys.platform != "win32":
        assert stat.S_IMODE((tmp_path / "keys.json").stat().st_mode) == 0o600


async def test_that_keys_and_their_last_use_outlive_the_program(tmp_path: Path) -> None:
    keys = keys_of(tmp_path)
    made = await keys.add("Cline", limits=Limits(at_once=2))
    keys.used(made.key)
    assert not (tmp_path / "state" / "keys-used.json").exists()  # it is not written at every use
    await keys.close()
    (again,) = keys_of(tmp_path).all()
    assert again.limits == Limits(at_once=2)
    assert again.used_at is not None
    assert again.used_at >= again.made_at


async def test_that_a_change_by_another_process_counts_at_once(tmp_path: Path) -> None:
    ours, theirs = keys_of(tmp_path), keys_of(tmp_path)
    made = await theirs.add("Terminal")
    assert ours.whose(made.secret.encode()) == made.key
    changed = await theirs.change(made.key.id, name="Shell", scopes={Scope.METRICS})
    assert ours.whose(made.secret.encode()) == changed
    await theirs.remove(made.key.id)
    assert ours.whose(made.secret.encode()) is None


async def test_that_two_who_add_at_once_lose_no_key(tmp_path: Path) -> None:
    several = [keys_of(tmp_path) for _ in range(4)]
    await asyncio.gather(*(keys.add(f"key {number}") for number, keys in enumerate(several)))
    assert len(keys_of(tmp_path).all()) == 4


async def test_that_the_settings_own_key_opens_everything_and_is_written_nowhere(
    tmp_path: Path,
) -> None:
    keys = keys_of(tmp_path, own="sesame")
    found = keys.whose(b"sesame")
    assert found is not None
    assert found.scopes == frozenset(Scope)
    assert keys.demanded
    keys.used(found)
    await keys.add("another")
    await keys.close()
    assert "sesame" not in (tmp_path / "keys.json").read_text("utf-8")
    assert len(keys.all()) == 1


async def test_that_a_file_that_cannot_be_read_opens_nothing(tmp_path: Path) -> None:
    (tmp_path / "keys.json").write_text('{"keys": [{"id": 3}]}', "utf-8")
    keys = keys_of(tmp_path)
    assert keys.demanded
    with pytest.raises(SettingsBroken, match=r"keys\.json could not be read"):
        keys.all()
    with pytest.raises(SettingsBroken):
        await keys.add("new")
    assert "3" in (tmp_path / "keys.json").read_text("utf-8")


async def test_that_a_file_spoilt_meanwhile_leaves_the_keys_that_were_known(tmp_path: Path) -> None:
    keys = keys_of(tmp_path)
    made = await keys.add("Continue")
    (tmp_path / "keys.json").write_text("{", "utf-8")
    assert keys.whose(made.secret.encode()) == made.key


@pytest.mark.parametrize("name", ["", "  ", "x" * 81, "a\x00b"])
async def test_that_a_name_must_be_readable(tmp_path: Path, name: str) -> None:
    with pytest.raises(BadRequest, match="name"):
        await keys_of(tmp_path).add(name)


async def test_that_a_key_that_opens_nothing_is_refused(tmp_path: Path) -> None:
    keys = keys_of(tmp_path)
    with pytest.raises(BadRequest, match="must open something"):
        await keys.add("nothing", frozenset())
    with pytest.raises(BadRequest, match="at least 1"):
        await keys.add("none", limits=Limits(at_once=0))
    with pytest.raises(BadRequest, match="no such key"):
        await keys.remove("nobody")
    assert not (tmp_path / "keys.json").exists()


async def test_that_every_key_is_compared_whole_whatever_is_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = keys_of(tmp_path, own="sesame")
    made = [await keys.add(f"key {number}") for number in range(3)]
    compared: list[tuple[int, int]] = []

    def watched(left: bytes, right: bytes) -> bool:
        compared.append((len(left), len(right)))
        return hmac.compare_digest(left, right)

    monkeypatch.setattr(engine.keys, "compare_digest", watched)
    shown = [made[0].secret, made[2].secret, made[0].secret[:-1], "x", "", "sesame"]
    for secret in shown:
        compared.clear()
        keys.whose(secret.encode())
        assert compared == [(32, 32)] * 4


def test_that_nothing_but_compare_digest_looks_at_a_secret() -> None:
    whose = ast.parse(textwrap.dedent(inspect.getsource(Keys.whose)))
    leaves = [node for node in ast.walk(whose) if isinstance(node, (ast.Break, ast.Continue))]
    assert leaves == []
    returns = [node for node in ast.walk(whose) if isinstance(node, ast.Return)]
    assert len(returns) == 1


async def test_that_the_file_is_json_a_person_may_read(tmp_path: Path) -> None:
    await keys_of(tmp_path).add("Open WebUI", {Scope.ANSWERS})
    (row,) = json.loads((tmp_path / "keys.json").read_text("utf-8"))["keys"]
    assert (row["name"], row["scopes"]) == ("Open WebUI", ["answers"])


def _everything_in(folder: Path) -> str:
    return "".join(file.read_text("utf-8") for file in folder.rglob("*") if file.is_file())


async def test_that_the_remedy_for_a_key_that_cannot_be_kept_fits_its_cause(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    no_folder = tmp_path / "home"
    no_folder.write_text("a file where the folder should be", "utf-8")
    with pytest.raises(Unwritable, match=r"keys\.json could not be saved") as told:
        await keys_of(no_folder).add("Cline", ALL_SCOPES, Limits())
    assert told.value.remedy == "Check that its folder may be written to."

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(DiskFull) as full_disk:
        await keys_of(tmp_path).add("Cline", ALL_SCOPES, Limits())
    assert full_disk.value.remedy.startswith("Free some space")
    monkeypatch.undo()
    assert "another program" in str(unsaved("keys.json", Timeout("keys.lock")))
