"""Whether a pack works: what its cards made of the two-second computation. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

_DRIVER = "Update NVIDIA's driver and restart the computer, then install it again."
_VULKAN = (
    "Install or update the card's Vulkan driver (on Debian and Ubuntu: mesa-vulkan-drivers), then "
    "install it again."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenCard:
    """A card as a plugin sees it, in the plugin's order."""

    name: str
    memory_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """One card: `right` None is one that could not be tried, for the reason in `why`."""

    name: str
    right: bool | None
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Works, with nothing to say; or does not, with a sentence and a remedy.

    `cards` are those with memory of their own.
    """

    sentence: str = ""
    remedy: str = ""
    cards: tuple[SeenCard, ...] = ()

    @property
    def works(self) -> bool:
        """Whether workers may load it."""
        return not self.sentence


def verdict(
    failure: str, cards: Sequence[Tried], skipped: str = "", *, vulkan: bool = False
) -> Verdict:
    """`failure` is why llama.cpp did not start with it, `skipped` why it was not loaded."""
    driver = _VULKAN if vulkan else _DRIVER
    if failure:
        return Verdict(
            sentence=f"llama.cpp does not start with the GPU pack: {failure}.", remedy=driver
        )
    if not cards:
        why = f" ({skipped})" if skipped else ""
        return Verdict(sentence=f"With the GPU pack llama.cpp sees no card{why}.", remedy=driver)
    wrong = [card for card in cards if card.right is False]
    if wrong:
        sentence = f"{wrong[0].name} fails with the GPU pack: {wrong[0].why}."
        return Verdict(sentence=sentence, remedy=driver)
    if not any(card.right for card in cards):
        return Verdict(
            sentence=f"{cards[0].name} could not be tried: {cards[0].why}.",
            remedy="Unload models, end other programs on the card, then install it again.",
        )
    return Verdict()
