"""Blueprint: all that a planner must know of one model, from its headers alone."""

from dataclasses import dataclass

from engine.gguf.reader import Tensor
from engine.gguf.shape import Shape


@dataclass(frozen=True, slots=True, kw_only=True)
class Blueprint:
    """One model, whatever number of files it lies in.

    `tensors` are those of all its files in order; `label` is the quantization's (Q4_K_M …), from
    the header's file type, else from the file's name. `file_bytes` is the size of all files
    together. `template` is the chat template, if the file has one.
    """

    label: str | None
    name: str | None
    shape: Shape
    tensors: tuple[Tensor, ...]
    file_bytes: int
    files: int
    template: str | None = None

    @property
    def parameters(self) -> int:
        """How many numbers its tensors hold."""
        return sum(tensor.elements for tensor in self.tensors)

    @property
    def bits_per_weight(self) -> float:
        """Stored bits for each parameter, over all tensors."""
        return 8 * sum(tensor.size_bytes for tensor in self.tensors) / max(1, self.parameters)
