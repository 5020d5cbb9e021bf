"""The driver, the library and the devices: do they belong together, and do they compute?"""

import re
from collections.abc import Iterator, Mapping

from engine.doctor.facts import CardFacts, DeviceFacts, DriverFacts, LibraryFacts
from engine.doctor.judged import failed, passed, warned
from engine.fit.saying import Saying, say
from engine.monitor.values import Check

RIGHT = 0.02  # of the known answer; activations are rounded to 8 bits

_ARCHITECTURES = re.compile(r"ARCHS = ([0-9,]+)")
_HIDING = {"", "-1", "none", "nodevfiles", "void"}
_SLOWING = {
    "CUDA_LAUNCH_BLOCKING",
    "GGML_CUDA_DISABLE_GRAPHS",
    "GGML_CUDA_ENABLE_UNIFIED_MEMORY",
    "GGML_CUDA_FORCE_CUBLAS",
    "GGML_CUDA_NO_PINNED",
}


def judge_driver(facts: DriverFacts) -> Check:
    """Is NVIDIA's driver there?"""
    if facts.answers and not facts.cards:
        return warned(
            "driver",
            say("NVIDIA's driver answers, but shows no card."),
            say("Restart the computer; if the card stays away, look whether it sits firmly."),
        )
    if facts.answers:
        return passed(
            "driver",
            say(
                "NVIDIA's driver {driver}, for CUDA up to {cuda}.",
                driver=facts.driver or "?",
                cuda=_version(facts.cuda),
            ),
        )
    if facts.device:
        return failed(
            "driver",
            say("There is an NVIDIA card, and its driver does not answer."),
            say("Install NVIDIA's driver; after an update of it, restart the computer."),
        )
    return passed("driver", say("There is no NVIDIA driver, and no card that would need it."))


def judge_library(library: LibraryFacts, driver: DriverFacts | None) -> Check:
    """Is llama.cpp there, and is it made for this driver?"""
    if library.failure:
        return failed(
            "library",
            say("llama.cpp could not be started: {why}.", why=library.failure),
            say("Install Fullbore again; parts of it are missing or do not fit this system."),
        )
    has_cards = driver is not None and bool(driver.cards)
    if library.pack_skipped:
        return warned(
            "library",
            say(
                "The GPU pack is left out, and models run on the processor: {why}.",
                why=library.pack_skipped,
            ),
            say("Update NVIDIA's driver; if that does not help, install the GPU pack again."),
        )
    if not _is_for_cuda(library):
        if has_cards:
            return failed(
                "library",
                say("llama.cpp was built for the processor alone, though there is a card."),
                say("Install the GPU pack: one click in the settings, below This machine."),
            )
        return passed("library", _without_cuda(library))
    known = None if driver is None else driver.cuda
    if library.cuda and known and library.cuda[0] > known[0]:
        return failed(
            "library",
            say(
                "llama.cpp carries CUDA {needed}, and the driver runs CUDA {known} at most.",
                needed=_version(library.cuda),
                known=_version(known),
            ),
            say("Update NVIDIA's driver."),
        )
    return passed(
        "library",
        say(
            "{library}, built for CUDA {cuda}.",
            library=library.library,
            cuda=_version(library.cuda),
        ),
    )


def judge_cards(
    library: LibraryFacts, driver: DriverFacts, variables: Mapping[str, str]
) -> Iterator[Check]:
    """Does llama.cpp see every card, and was it built for each of them?"""
    if library.failure or not driver.cards:
        return
    seen = sum(device.is_card for device in library.devices)
    there = len(driver.cards)
    if seen >= there:
        yield passed("cards", say("llama.cpp sees every card: {count}.", count=seen))
    elif "CUDA_VISIBLE_DEVICES" in variables:
        yield warned(
            "cards",
            say(
                "llama.cpp sees {seen} of {count} cards: CUDA_VISIBLE_DEVICES hides the others.",
                seen=seen,
                count=there,
            ),
            say("Start Fullbore without CUDA_VISIBLE_DEVICES to use them all."),
        )
    else:
        yield failed(
            "cards",
            say("llama.cpp sees {seen} of {count} cards.", seen=seen, count=there),
            say("Install Fullbore's build for NVIDIA cards, and update NVIDIA's driver."),
        )
    for card in driver.cards:
        yield from _built_for(card, library)


def judge_variables(variables: Mapping[str, str]) -> Check:
    """Do variables of the environment get in the way?"""
    visible = variables.get("CUDA_VISIBLE_DEVICES")
    if visible is not None and visible.strip().lower() in _HIDING:
        return warned(
            "environment",
            say("CUDA_VISIBLE_DEVICES hides every card."),
            say("Start Fullbore without CUDA_VISIBLE_DEVICES to use them all."),
        )
    odd = sorted(name for name in _SLOWING if variables.get(name, "0") not in {"", "0"})
    if odd:
        return warned(
            "environment",
            say("Variables of the environment make cards slower: {names:names}.", names=tuple(odd)),
            say("Start Fullbore without them, unless you set them on purpose."),
        )
    if variables.get("CUDA_DEVICE_ORDER", "PCI_BUS_ID") != "PCI_BUS_ID":
        return warned(
            "environment",
            say("CUDA_DEVICE_ORDER numbers the cards unlike their driver does."),
            say("Start Fullbore without CUDA_DEVICE_ORDER."),
        )
    if visible is not None:
        return passed("environment", say("CUDA_VISIBLE_DEVICES chooses among the cards."))
    return passed("environment", say("No variable of the environment gets in the way."))


def judge_proof(number: int, device: DeviceFacts) -> Check:
    """Does it compute what it should?"""
    name = f"computes {number}"
    if device.died:
        return failed(
            name,
            say("{name} took llama.cpp down, or hung, as it computed.", name=device.description),
            _unsound(device),
        )
    if device.error is not None and device.error > RIGHT:
        return failed(
            name,
            say(
                "{name} computes wrongly: {error:.0%} off the known answer.",
                name=device.description,
                error=device.error,
            ),
            _unsound(device),
        )
    if device.error is None:
        return warned(
            name,
            say(
                "{name} could not be tried: {why}.",
                name=device.description,
                why=device.failure or "?",
            ),
            say("Unload models, end other programs on the card, and run this again."),
        )
    if device.flops is None:
        return passed(name, say("{name} computes rightly.", name=device.description))
    return passed(
        name,
        say(
            "{name} computes rightly: {speed:,.0f} GFLOPS.",
            name=device.description,
            speed=device.flops / 1e9,
        ),
    )


def _unsound(device: DeviceFacts) -> Saying:
    if device.is_card:
        return say(
            "Update the driver and restart the computer; undo overclocking; "
            "if it stays, the card may be broken."
        )
    return say("Install Fullbore again; undo overclocking; if it stays, report it with this text.")


def _built_for(card: CardFacts, library: LibraryFacts) -> Iterator[Check]:
    found = _ARCHITECTURES.search(library.features)
    if found is None or card.capability is None:
        return
    name = f"built {card.index}"
    built = sorted(int(word) for word in found[1].split(",") if word)
    major, minor = card.capability
    own = major * 100 + minor * 10
    if not built or built[0] > own:
        yield failed(
            name,
            say(
                "llama.cpp was not built for {card}, of compute capability {own}.",
                card=card.name,
                own=f"{major}.{minor}",
            ),
            say("This card is too old for this build: use another, or llama.cpp's Vulkan build."),
        )
    elif not any(one // 100 == major and one <= own for one in built):
        yield warned(
            name,
            say(
                "llama.cpp holds no code made for {card}: its driver must translate, "
                "and the first load takes minutes.",
                card=card.name,
            ),
            say("Install Fullbore's newest build."),
        )
    else:
        yield passed(name, say("llama.cpp was built for {card}.", card=card.name))


def _without_cuda(library: LibraryFacts) -> Saying:
    cards = tuple(device.description for device in library.devices if device.is_card)
    if not cards:
        return say("{library}, built for the processor.", library=library.library)
    return say(
        "{library}, with {cards:names} by a plugin. How busy they are is not measured.",
        library=library.library,
        cards=cards,
    )


def _is_for_cuda(library: LibraryFacts) -> bool:
    return "CUDA :" in library.features or any(
        device.name.startswith("CUDA") for device in library.devices
    )


def _version(version: tuple[int, int] | None) -> str:
    return "?" if version is None else f"{version[0]}.{version[1]}"
