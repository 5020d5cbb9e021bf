"""Each card's link, memory window, power and errors; and what cards reach of each other."""

from collections.abc import Iterator

from engine.doctor.facts import CardFacts, DriverFacts
from engine.doctor.judged import failed, passed, warned
from engine.fit.saying import say
from engine.monitor.values import Check

_MUCH = 0.05  # of a card's memory, held by others


def judge_each(driver: DriverFacts) -> Iterator[Check]:
    """All about the cards that their driver tells."""
    for card in driver.cards:
        yield from _link(card)
        yield from _window(card)
        yield from _power(card)
        yield from _persistence(card)
        yield from _errors(card)
        yield from _display(card)
        yield from _others(card)
    yield from _pairs(driver)


def _link(card: CardFacts) -> Iterator[Check]:
    name = f"link {card.index}"
    if card.width is None or card.most_width is None:
        return
    if card.width < card.most_width:
        yield warned(
            name,
            say(
                "{card} is linked by {width} lanes of PCIe; it could have {most}.",
                card=card.name,
                width=card.width,
                most=card.most_width,
            ),
            say(
                "Some cards close lanes while they rest: look again under load. If it stays, put "
                "the card into another slot, seat it anew, or change the riser."
            ),
        )
        return
    low = card.generation is not None and card.generation < (card.most_generation or 0)
    if low:
        yield passed(
            name,
            say(
                "PCIe {generation}.0 now, of {most}.0, by {width} lanes: "
                "cards lower it while they rest.",
                generation=card.generation or 0,
                most=card.most_generation or 0,
                width=card.width,
            ),
        )
    else:
        yield passed(
            name,
            say(
                "PCIe {generation}.0 by {width} lanes, all there are.",
                generation=card.generation or "?",
                width=card.width,
            ),
        )


def _window(card: CardFacts) -> Iterator[Check]:
    if card.bar1_bytes is None or card.memory_bytes is None:
        return
    name = f"bar {card.index}"
    if card.bar1_bytes < card.memory_bytes // 2:
        yield warned(
            name,
            say(
                "Resizable BAR is off: the processor sees {window:memory} of {memory:memory}.",
                window=card.bar1_bytes,
                memory=card.memory_bytes,
            ),
            say("Turn on Resizable BAR and Above 4G Decoding in the BIOS; loads may get faster."),
        )
    else:
        yield passed(name, say("Resizable BAR is on."))


def _power(card: CardFacts) -> Iterator[Check]:
    limit, usual = card.limit_watts, card.default_watts
    if limit is None or usual is None:
        return
    name = f"power {card.index}"
    if limit < usual * 0.99:
        yield warned(
            name,
            say(
                "Power is limited to {limit:.0f} W, {usual:.0f} W being usual.",
                limit=limit,
                usual=usual,
            ),
            say("If you did not want that, set it back: nvidia-smi -pl, with those watts."),
        )
    else:
        yield passed(name, say("Power is limited to {limit:.0f} W, as usual.", limit=limit))


def _persistence(card: CardFacts) -> Iterator[Check]:
    if card.persistence is None:
        return
    name = f"persistence {card.index}"
    if card.persistence or card.display:
        yield passed(name, say("The driver keeps the card awake."))
    else:
        yield warned(
            name,
            say("The driver lets the card go when nobody uses it: each load waits a second more."),
            say("Turn persistence on: sudo nvidia-smi -pm 1"),
        )


def _errors(card: CardFacts) -> Iterator[Check]:
    if card.ecc_errors is None:
        return
    name = f"ecc {card.index}"
    if card.ecc_errors:
        yield failed(
            name,
            say(
                "{card} had {count} memory errors it could not correct.",
                card=card.name,
                count=card.ecc_errors,
            ),
            say("Restart the computer; if they come back, the card's memory is broken."),
        )
    else:
        yield passed(name, say("No memory error since the driver was loaded."))


def _display(card: CardFacts) -> Iterator[Check]:
    if card.display is None:
        return
    if card.display:
        says = say("A display hangs on {card}, and takes some of its memory.", card=card.name)
    else:
        says = say("No display takes of its memory.")
    yield passed(f"display {card.index}", says)


def _others(card: CardFacts) -> Iterator[Check]:
    held = sum(size or 0 for _, size in card.holders)
    names = tuple(dict.fromkeys(name for name, _ in card.holders))
    name = f"others {card.index}"
    if names and card.memory_bytes and (held == 0 or held > card.memory_bytes * _MUCH):
        yield warned(
            name,
            say(
                "Other programs compute on {card}: {names:names}, with {size:memory}.",
                card=card.name,
                names=names,
                size=held,
            ),
            say("End them, or unload their models, to have all of the card."),
        )
    else:
        yield passed(name, say("No other program computes there much."))


def _pairs(driver: DriverFacts) -> Iterator[Check]:
    if not driver.pairs:
        return
    apart = [pair for pair in driver.pairs if not pair.reach]
    linked = all(card.links for card in driver.cards)
    if not apart:
        yield passed(
            "peers",
            say("The cards reach each other's memory, by NVLink.")
            if linked
            else say("The cards reach each other's memory, by PCIe."),
        )
        return
    first = apart[0]
    if any(pair.why in {"disabled", "topology"} for pair in apart):
        yield warned(
            "peers",
            say(
                "Cards {first} and {second} cannot reach each other's memory, though they could.",
                first=first.first,
                second=first.second,
            ),
            say("Turn off ACS and the IOMMU in the BIOS, or use slots of one processor."),
        )
    else:
        yield passed(
            "peers",
            say("The cards reach each other by way of RAM, as is usual of GeForce cards."),
        )
