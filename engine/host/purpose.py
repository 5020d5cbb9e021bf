"""What a model is for, against what is asked of it. Pure."""

from engine.errors import WrongPurpose
from engine.protocol.load import Purpose

_KINDS = {
    Purpose.TEXT: "writes text",
    Purpose.EMBED: "gives embeddings",
    Purpose.RANK: "ranks documents",
}


def require(model: str, made_for: Purpose, asked: Purpose) -> None:
    """Raise WrongPurpose unless it is made for what is asked."""
    if made_for is not asked:
        raise WrongPurpose(
            f"{model} {_KINDS[made_for]}; a model that {_KINDS[asked]} is needed for this."
        )
