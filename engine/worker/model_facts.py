"""What a loaded model says of itself."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelFacts:
    """Read from the file by llama.cpp. `window_tokens` is of sliding attention, 0 without.

    `rewinds` tells that its memory can be cut at any token; of `experts` each token reads a few.

    `fill` are the names of the tokens that stand before a text's beginning, before its end, and
    where its middle is to be written; None where the model was not taught to fill.
    """

    architecture: str
    description: str
    parameters: int
    layers: int
    vocabulary: int
    trained_context_tokens: int
    window_tokens: int
    template: str
    bos: str
    eos: str
    rewinds: bool = False
    experts: int = 0
    fill: tuple[str, str, str] | None = None
