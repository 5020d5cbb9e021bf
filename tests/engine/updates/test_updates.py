"""Asking for updates at a real server: when, whom, and what is made of bad answers."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from engine.config import EngineConfig
from engine.errors import UpdateFailed
from engine.updates.manifest import MOST_BYTES
from engine.updates.updates import DAY_SECONDS, Terms, Updates
from tests.support.releases import MANIFEST, ReleasePlace, release

pytestmark = pytest.mark.anyio


@dataclass(kw_only=True)
class Asking:
    """One who asks, and what a test changes about it."""

    place: ReleasePlace
    kept_in: Path
    agreed: bool | None = True
    own: str = "0.1.0"
    at: float = 1_800_000_000.0
    seconds: float = 10.0
    source: str = ""

    def updates(self) -> Updates:
        return Updates(
            lambda: EngineConfig(
                updates=self.agreed, update_source=self.source or self.place.manifest
            ),
            self.kept_in,
            Terms(
                key=self.place.key,
                own=lambda: self.own,
                clock=lambda: self.at,
                seconds=self.seconds,
            ),
        )


@pytest.fixture
def asking(tmp_path: Path) -> Iterator[Asking]:
    with ReleasePlace() as place:
        place.tell(release("0.2.0"))
        yield Asking(place=place, kept_in=tmp_path / "state" / "updates.json")


@pytest.mark.parametrize("agreed", [None, False])
@pytest.mark.parametrize("now", [False, True])
async def test_that_nothing_is_sent_without_consent(
    asking: Asking, agreed: bool | None, now: bool
) -> None:
    asking.agreed = agreed
    assert await asking.updates().check(now=now) is None
    assert asking.place.asked == []
    assert not asking.kept_in.exists()


async def test_that_a_newer_fullbore_is_found_and_nothing_is_told_of_this_one(
    asking: Asking,
) -> None:
    found = await asking.updates().check()
    assert found is not None
    assert (found.version, found.news) == ("0.2.0", "* 0.2.0 is there")
    assert asking.place.asked == [MANIFEST, f"{MANIFEST}.sig"]
    for headers in asking.place.headers:
        assert headers["user-agent"] == "Fullbore"
        assert headers.keys() <= {"host", "user-agent", "accept", "accept-encoding", "connection"}


async def test_that_it_is_asked_once_a_day_also_across_starts(asking: Asking) -> None:
    for hours in (0, 1, 23.9):
        asking.at = 1_800_000_000 + hours * 3600
        found = await asking.updates().check()
        assert found is not None
        assert found.version == "0.2.0"
    assert len(asking.place.asked) == 2
    asking.at = 1_800_000_000 + DAY_SECONDS
    await asking.updates().check()
    assert len(asking.place.asked) == 4


async def test_that_a_person_may_ask_at_any_time(asking: Asking) -> None:
    updates = asking.updates()
    await updates.check()
    asking.place.tell(release("0.3.0"), serial=2)
    found = await updates.check(now=True)
    assert found is not None
    assert found.version == "0.3.0"


async def test_that_a_clock_that_was_set_back_does_not_end_the_asking(asking: Asking) -> None:
    await asking.updates().check()
    asking.at -= 400 * DAY_SECONDS
    await asking.updates().check()
    assert len(asking.place.asked) == 4


async def test_that_after_the_upgrade_nothing_is_offered_any_more(asking: Asking) -> None:
    assert await asking.updates().check() is not None
    asking.own = "0.2.0"
    assert await asking.updates().check() is None


async def test_that_an_older_list_than_one_seen_before_is_refused(asking: Asking) -> None:
    asking.place.tell(release("0.2.0"), serial=7)
    await asking.updates().check()
    asking.place.tell(release("9.0"), serial=6)  # genuine, of yesterday
    with pytest.raises(UpdateFailed, match="older than one that was seen"):
        await asking.updates().check(now=True)
    found = await asking.updates().check()  # what was known stays known
    assert found is not None
    assert found.version == "0.2.0"


async def test_that_what_was_kept_counts_only_as_far_as_it_is_signed(asking: Asking) -> None:
    await asking.updates().check()
    kept = asking.kept_in.read_text("utf-8")
    asking.kept_in.write_text(kept.replace("0.2.0", "6.6.6"), "utf-8")
    assert await asking.updates().check() is None
    asking.kept_in.write_text("{", "utf-8")
    assert await asking.updates().check() is not None  # forgotten, so asked again


def huge(asking: Asking) -> None:
    asking.place.publish(b" " * (MOST_BYTES + 1))


def unsigned(asking: Asking) -> None:
    asking.place.files[f"{MANIFEST}.sig"] = b"AAAA"


def without_signature(asking: Asking) -> None:
    del asking.place.files[f"{MANIFEST}.sig"]


def malformed(asking: Asking) -> None:
    asking.place.publish(b'{"serial": "many"}')


def slow(asking: Asking) -> None:
    asking.place.silent = True
    asking.seconds = 0.2


def gone(asking: Asking) -> None:
    asking.place.files.clear()


def led_to_plain_http(asking: Asking) -> None:
    asking.place.redirects[MANIFEST] = "http://updates.example/manifest.json"


def led_in_circles(asking: Asking) -> None:
    asking.place.redirects[MANIFEST] = asking.place.manifest


def at_a_plain_address(asking: Asking) -> None:
    asking.source = "http://updates.example/manifest.json"


def at_no_address(asking: Asking) -> None:
    asking.source = "https://["


def at_a_file(asking: Asking) -> None:
    asking.source = asking.kept_in.as_uri()


def where_nobody_listens(asking: Asking) -> None:
    asking.source = "http://127.0.0.1:9/manifest.json"


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (huge, "is too large"),
        (unsigned, "not signed"),
        (without_signature, "answered with 404"),
        (malformed, "cannot be read"),
        (slow, "did not answer within 0.2 seconds"),
        (gone, "answered with 404"),
        (led_to_plain_http, "over https:// alone"),
        (led_in_circles, "leads on too many times"),
        (at_a_plain_address, "over https:// alone"),
        (at_no_address, "cannot be read"),
        (at_a_file, "over https:// alone"),
        (where_nobody_listens, "could not be reached"),
    ],
)
async def test_that_a_bad_answer_is_a_sentence_and_what_was_known_stays(
    asking: Asking, spoil: Callable[[Asking], None], says: str
) -> None:
    await asking.updates().check()
    spoil(asking)
    with pytest.raises(UpdateFailed, match=says) as told:
        await asking.updates().check(now=True)
    assert told.value.remedy
    asking.source = ""
    found = await asking.updates().check()
    assert found is not None
    assert found.version == "0.2.0"


async def test_that_who_does_not_answer_is_not_asked_at_every_start(asking: Asking) -> None:
    asking.place.files.clear()
    with pytest.raises(UpdateFailed):
        await asking.updates().check()
    assert await asking.updates().check() is None
    assert len(asking.place.asked) == 1


async def test_that_a_folder_that_cannot_be_written_costs_only_the_memory(
    asking: Asking, tmp_path: Path
) -> None:
    (tmp_path / "state").write_text("a file where the folder should be", "utf-8")
    found = await asking.updates().check()
    assert found is not None
