"""What the Hub's API tells, asked as the child process does."""

import time
from collections.abc import Generator
from pathlib import Path

import keyring
import pytest
from huggingface_hub.errors import HfHubHTTPError

from engine.download import hub, token
from engine.download.quantizations import HubFile, sort_out
from engine.download.values import SearchWish, SortBy
from engine.errors import HubUnreachable
from tests.support.gguf_bytes import gguf_bytes
from tests.support.hub import COMMIT, Hub
from tests.support.keyrings import FILE, FileKeyring
from tests.support.pace import allowed

CARD = "---\nlicense: mit\ntags:\n- gguf\n---\n# A model\n\nIt is good.\n"
TAGS = (
    *("gguf", "license:apache-2.0", "base_model:Qwen/Qwen3-8B"),
    *("base_model:quantized:Qwen/Qwen3-8B", "region:us"),
)


@pytest.fixture(autouse=True)
def own_keyring(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(FILE, str(tmp_path / "keyring.json"))
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hf"))
    monkeypatch.delenv("HF_TOKEN", raising=False)
    keyring.set_keyring(FileKeyring())


@pytest.fixture
def served() -> Generator[Hub]:
    with Hub() as served:
        small = served.add("owner/Small-1B-GGUF", {"small-Q4_0.gguf": gguf_bytes()})
        small.gguf = {"total": 1_200_000_000, "architecture": "llama", "context_length": 8192}
        small.likes, small.updated = 90, "2026-11-02T00:00:00.000Z"
        large = served.add("owner/Large-30B-GGUF", {"large-Q4_0.gguf": gguf_bytes()}, gated=True)
        large.gguf = {
            "total": 30_500_000_000,
            "architecture": "qwen3moe",
            "context_length": 262_144,
            "chat_template": "{{ much }}",
        }
        large.downloads, large.tags = 1000, TAGS
        served.add("owner/Unknown-GGUF", {})
        yield served


def names(found: Hub, wish: SearchWish) -> list[str]:
    return [hit.id.split("/")[1].split("-")[0] for hit in hub.search(wish, found.address)]


def test_that_a_hit_tells_what_the_header_and_the_tags_tell(served: Hub) -> None:
    (hit,) = hub.search(SearchWish(words="large"), served.address)
    assert (hit.downloads, hit.likes, hit.gated) == (1000, 3, True)
    assert hit.updated == "2026-10-01T12:00:00.000Z"
    assert (hit.architecture, hit.parameters) == ("qwen3moe", 30_500_000_000)
    assert hit.trained_context_tokens == 262_144
    assert (hit.license, hit.base_models) == ("apache-2.0", ("Qwen/Qwen3-8B",))


def test_that_a_search_is_ordered_and_bounded_as_wished(served: Hub) -> None:
    assert names(served, SearchWish())[0] == "Large"
    assert names(served, SearchWish(sort=SortBy.LIKES))[0] == "Small"
    assert names(served, SearchWish(sort=SortBy.TRENDING))[0] == "Small"
    assert names(served, SearchWish(sort=SortBy.UPDATED))[0] == "Small"
    assert names(served, SearchWish(least_parameters=6 * 10**9)) == ["Large"]
    assert names(served, SearchWish(most_parameters=6 * 10**9)) == ["Small"]
    assert "num_parameters=min%3A6B" in served.paths[-2]
    assert names(served, SearchWish(architecture="llama")) == ["Small"]
    assert len(hub.search(SearchWish(most=1), served.address)) == 1


@pytest.mark.parametrize("odd", [{"total": "many", "architecture": 7, "context_length": 1e99}, []])
def test_that_an_odd_header_costs_only_what_it_told(served: Hub, odd: dict[str, object]) -> None:
    served.repositories["owner/Small-1B-GGUF"].gguf = odd
    hits = {hit.id: hit for hit in hub.search(SearchWish(), served.address)}
    assert len(hits) == 3
    assert hits["owner/Small-1B-GGUF"].parameters is None
    assert hits["owner/Large-30B-GGUF"].parameters == 30_500_000_000


def test_that_a_page_tells_all_of_a_repository(served: Hub) -> None:
    files = {
        "README.md": CARD.encode(),
        "some-Q4_K_M.gguf": gguf_bytes(),
        "mmproj-F16.gguf": b"eyes",
        "imatrix.gguf": b"statistics",
        "some-draft-Q4_K_M.gguf": b"d",
    }
    served.add("owner/Some-GGUF", files).tags = TAGS
    page = hub.page("owner/Some-GGUF", served.address)
    assert page.commit == COMMIT
    assert page.card == "# A model\n\nIt is good."
    assert page.tags == TAGS
    assert page.hit.license == "apache-2.0"
    assert [one.label for one in page.quantizations] == ["Q4_K_M"]
    assert [one.label for one in page.projectors] == ["mmproj-F16"]
    assert [one.label for one in page.drafts] == ["some-draft-Q4_K_M"]
    (hash_,) = page.quantizations[0].hashes
    assert hash_ is not None
    assert len(hash_) == 64


def test_that_a_card_is_cut_where_it_is_endless(served: Hub) -> None:
    served.add("owner/Long-GGUF", {"README.md": b"word " * 400_000})
    card = hub.page("owner/Long-GGUF", served.address).card
    assert (1 << 20) - 8 < len(card) <= 1 << 20


def test_that_a_gated_page_opens_to_the_token_of_that_hub_alone(served: Hub) -> None:
    served.repositories["owner/Large-30B-GGUF"].token = "hf_right"
    token.keep("hf_hub")  # huggingface.co's own
    hub.page("owner/Large-30B-GGUF", served.address)
    assert set(served.authorizations) == {None}
    token.keep("hf_right", served.address)
    hub.page("owner/Large-30B-GGUF", served.address)
    assert served.authorizations[-1] == "Bearer hf_right"
    assert not any("hf_" in path for path in served.paths)


def test_that_what_answers_in_the_hubs_place_is_not_believed(served: Hub) -> None:
    served.faults.page = b'{"id": "owner/name", "siblings": []}'
    with pytest.raises(HubUnreachable):
        hub.page("owner/name", served.address)
    served.faults.page, served.faults.status = None, 429
    with pytest.raises(HfHubHTTPError):
        hub.search(SearchWish(), served.address)


def test_that_a_repository_of_three_thousand_files_is_sorted_at_once() -> None:
    files = [
        HubFile(path=f"Q{bits}_K/m-Q{bits}_K-{number:05}-of-00500.gguf", size_bytes=1)
        for bits in range(2, 8)
        for number in range(1, 501)
    ]
    began = time.thread_time()
    kinds = sort_out(files)
    assert time.thread_time() - began < allowed(0.5)
    assert [len(one.files) for one in kinds.models] == [500] * 6


def test_that_a_model_named_for_its_heads_is_no_draft() -> None:
    same = [HubFile(path=f"M-MTP-{label}.gguf", size_bytes=9) for label in ("Q4_K_M", "Q8_0")]
    assert len(sort_out(same).models) == 2
    beside = [*same, HubFile(path="MTP/head-Q8_0.gguf", size_bytes=1)]
    assert sort_out(beside).drafts == ()
    plain = [HubFile(path="M-Q4_K_M.gguf", size_bytes=9), beside[-1]]
    assert [one.label for one in sort_out(plain).drafts] == ["head-Q8_0"]
    assert [one.label for one in sort_out(plain).models] == ["Q4_K_M"]


def test_that_a_hash_that_is_none_is_not_kept() -> None:
    (one,) = sort_out([HubFile(path="m.gguf", size_bytes=1, sha256="no hash")]).models
    assert one.hashes == (None,)
