"""ModelFile: what a person and a planner want to know of one GGUF file."""

from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from engine.errors import NotAModel
from engine.gguf.format import FILE_TYPE_LABELS
from engine.gguf.purpose import purpose_of
from engine.gguf.reader import Header, read_header
from engine.protocol.load import Purpose

# Model weights come from a LoRA adapter or a projector too: those are no language models.
_LANGUAGE_MODEL = "model"


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelFile:
    """One GGUF file. None means the header does not say.

    Of a split model, each file counts its own `parameters` and `tensor_bytes`, and only the first
    has the facts of the model. `heads` and `kv_heads` of models whose layers differ are the
    largest. `file_bytes` includes the header.
    """

    architecture: str | None
    name: str | None
    layers: int | None
    heads: int | None
    kv_heads: int | None
    embedding: int | None
    experts: int | None
    experts_used: int | None
    trained_context_tokens: int | None
    vocabulary: int | None
    template: str | None
    file_type: str | None
    parameters: int
    tensor_bytes: int
    split_number: int
    split_count: int
    file_bytes: int
    purpose: Purpose = Purpose.TEXT


def read_model_file(path: Path) -> ModelFile:
    """The facts in that file's header. Raises NotAModel, TruncatedModel or OSError."""
    with path.open("rb") as source:
        return model_file(source)


def model_file(source: BinaryIO, *, size_bytes: int | None = None) -> ModelFile:
    """The same from an open, seekable file; `size_bytes` as in `read_header`."""
    header = read_header(source, size_bytes=size_bytes)
    whole = source.seek(0, 2) if size_bytes is None else size_bytes
    return describe(header, whole)


def describe(header: Header, file_bytes: int) -> ModelFile:
    """The facts in a header. Raises NotAModel for adapters, projectors and empty headers."""
    facts = _Facts(header)
    kind = facts.text("general.type")
    architecture = facts.text("general.architecture")
    split_number = facts.number("split.no") or 0
    if (kind or _LANGUAGE_MODEL) != _LANGUAGE_MODEL or architecture == "clip":
        raise NotAModel(f"The file is a part of a model ({kind or architecture}), not a model.")
    if architecture is None and split_number == 0:
        raise NotAModel("The header does not say what architecture the model has.")
    split_count = facts.number("split.count") or 1
    if not header.tensors and split_count == 1:
        raise NotAModel("The file has a header but no tensors.")
    of_model = f"{architecture}."
    return ModelFile(
        architecture=architecture,
        name=facts.text("general.name"),
        layers=facts.number(of_model + "block_count"),
        heads=facts.number(of_model + "attention.head_count"),
        kv_heads=facts.number(of_model + "attention.head_count_kv"),
        embedding=facts.number(of_model + "embedding_length"),
        experts=facts.number(of_model + "expert_count") or None,
        experts_used=facts.number(of_model + "expert_used_count") or None,
        trained_context_tokens=facts.number(of_model + "context_length"),
        vocabulary=facts.length("tokenizer.ggml.tokens"),
        template=facts.text("tokenizer.chat_template"),
        file_type=FILE_TYPE_LABELS.get(_file_type(facts)),
        parameters=sum(tensor.elements for tensor in header.tensors),
        tensor_bytes=sum(tensor.size_bytes for tensor in header.tensors),
        split_number=split_number,
        split_count=split_count,
        file_bytes=file_bytes,
        purpose=purpose_of(header),
    )


def _file_type(facts: "_Facts") -> int:
    number = facts.number("general.file_type")
    # llama.cpp adds 1024 where it only guessed.
    return -1 if number is None else number & ~1024


class _Facts:
    """Looks metadata up by key and type: a value of another type counts as absent."""

    def __init__(self, header: Header) -> None:
        self._metadata = header.metadata

    def text(self, key: str) -> str | None:
        value = self._metadata.get(key)
        return value if isinstance(value, str) else None

    def number(self, key: str) -> int | None:
        value = self._metadata.get(key)
        if isinstance(value, tuple):
            numbers = [one for one in value if isinstance(one, int)]
            return max(numbers, default=None)
        return int(value) if isinstance(value, int) else None

    def length(self, key: str) -> int | None:
        value = self._metadata.get(key)
        if value is None or isinstance(value, (str, int, float)):
            return None
        return len(value) if isinstance(value, tuple) else value.count
