"""What a model is for, as its header tells: text, embeddings or ranking."""

from engine.gguf.facts import Facts
from engine.gguf.reader import Header
from engine.protocol.load import Purpose

# They can do nothing else. Other encoders here fill in text by diffusion.
_ENCODERS = frozenset(
    [
        "bert",
        "eurobert",
        "gemma-embedding",
        "jina-bert-v2",
        "jina-bert-v3",
        "llama-embed",
        "modern-bert",
        "neo-bert",
        "nomic-bert",
        "nomic-bert-moe",
        "t5encoder",
    ]
)
_MEAN, _CLS, _LAST, _RANK = 1, 2, 3, 4  # llama_pooling_type
_HEAD, _HEAD_OUTPUT = "cls.weight", "cls.output.weight"


def purpose_of(header: Header) -> Purpose:
    """What a model with that (first) header is for.

    Rankers made from encoders do not name their pooling, but have a classifier's head.
    """
    architecture = header.metadata.get("general.architecture")
    if not isinstance(architecture, str):
        return Purpose.TEXT
    facts = Facts(header, architecture)
    pooling = facts.number("pooling_type")
    heads = {tensor.name for tensor in header.tensors} & {_HEAD, _HEAD_OUTPUT}
    if pooling == _RANK or _HEAD_OUTPUT in heads or (heads and not facts.has("pooling_type")):
        return Purpose.RANK
    if architecture in _ENCODERS or pooling in {_MEAN, _CLS, _LAST}:
        return Purpose.EMBED
    return Purpose.TEXT


def reads_whole(header: Header, architecture: str) -> bool:
    """Whether such a model must see a text at once: its tokens look ahead, or all of them count."""
    facts = Facts(header, architecture)
    looks_ahead = header.metadata.get(f"{architecture}.attention.causal") is False
    averaged = facts.number("pooling_type") in {_MEAN, _CLS}
    return architecture in _ENCODERS or looks_ahead or averaged
