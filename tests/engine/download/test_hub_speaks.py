"""Our test Hub is held to what huggingface_hub itself expects of the real one."""

from pathlib import Path

import pytest
from huggingface_hub import (
    HfApi,
    RepoFile,
    hf_hub_download,  # pyright: ignore[reportUnknownVariableType]  # a bare `dict` in it
)
from huggingface_hub.errors import GatedRepoError, RemoteEntryNotFoundError, RepositoryNotFoundError

from tests.support.gguf_bytes import gguf_bytes
from tests.support.hub import COMMIT, Hub


def test_that_the_official_client_finds_and_downloads(tmp_path: Path) -> None:
    with Hub() as hub:
        hub.add("owner/tiny-GGUF", {"sub/tiny.gguf": gguf_bytes()})
        api = HfApi(endpoint=hub.address)
        (hit,) = api.list_models(search="tiny", filter="gguf", limit=5)
        assert hit.id == "owner/tiny-GGUF"
        (sibling,) = api.model_info(hit.id, files_metadata=True).siblings or []
        assert (sibling.rfilename, sibling.size) == ("sub/tiny.gguf", len(gguf_bytes()))
        (file,) = api.list_repo_tree(hit.id, recursive=True)
        assert isinstance(file, RepoFile)
        assert (file.path, file.size) == (sibling.rfilename, sibling.size)
        path = hf_hub_download(
            hit.id, sibling.rfilename, local_dir=tmp_path, endpoint=hub.address, revision=COMMIT
        )
    assert Path(path).read_bytes() == gguf_bytes()


def test_that_the_official_client_understands_the_refusals(tmp_path: Path) -> None:
    with Hub() as hub:
        hub.add("owner/gated", {"m.gguf": gguf_bytes()}, gated=True)
        hub.add("owner/open", {})
        for repository, refusal in (
            ("owner/gated", GatedRepoError),
            ("owner/none", RepositoryNotFoundError),
            ("owner/open", RemoteEntryNotFoundError),
        ):
            with pytest.raises(refusal):
                hf_hub_download(repository, "m.gguf", local_dir=tmp_path, endpoint=hub.address)
