"""What the Hub offers. Runs in the child process: huggingface_hub is slow to import and blocks."""

from huggingface_hub import HfApi
from huggingface_hub.hf_api import ModelInfo

from engine.download.quantizations import HubFile, group
from engine.download.values import Quantization, RepositoryHit

_HITS = 40


def search(query: str, endpoint: str | None) -> tuple[RepositoryHit, ...]:
    """The repositories with GGUF files that match, the most downloaded first."""
    found = HfApi(endpoint=endpoint).list_models(
        search=query.strip() or None,
        filter="gguf",
        sort="downloads",
        limit=_HITS,
        expand=["downloads", "likes", "gated"],
    )
    return tuple(_hit(model) for model in found)


def quantizations(repository: str, endpoint: str | None) -> tuple[Quantization, ...]:
    """What quantizations the repository has, smallest first."""
    model = HfApi(endpoint=endpoint).model_info(repository, files_metadata=True, timeout=30)
    siblings = model.siblings or []
    return group([HubFile(path=one.rfilename, size_bytes=one.size) for one in siblings])


def _hit(model: ModelInfo) -> RepositoryHit:
    return RepositoryHit(
        id=model.id, downloads=model.downloads, likes=model.likes, gated=bool(model.gated)
    )
