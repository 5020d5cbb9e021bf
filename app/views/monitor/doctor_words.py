"""What the doctor's checks are called in the window."""

from PySide6.QtCore import QCoreApplication


def title(name: str) -> str:
    """A check's name in the window's language; a number at its end is a card's."""
    kind, _, number = name.partition(" ")
    titles = _titles()
    said = titles.get(kind, kind)
    return (
        said
        if not number
        else QCoreApplication.translate("Doctor", "{0}, {1}").format(said, number)
    )


def state(word: str) -> str:
    """A state, as a word beside its colour."""
    states = {
        "pass": QCoreApplication.translate("Doctor", "✓ Good"),
        "warn": QCoreApplication.translate("Doctor", "! Could be better"),
        "fail": QCoreApplication.translate("Doctor", "✗ Wrong"),
    }
    return states[word]


def _titles() -> dict[str, str]:
    return {
        "driver": QCoreApplication.translate("Doctor", "Driver"),
        "library": QCoreApplication.translate("Doctor", "llama.cpp"),
        "cards": QCoreApplication.translate("Doctor", "Cards"),
        "built": QCoreApplication.translate("Doctor", "Built for the card"),
        "computes": QCoreApplication.translate("Doctor", "Computing"),
        "link": QCoreApplication.translate("Doctor", "PCIe"),
        "bar": QCoreApplication.translate("Doctor", "Resizable BAR"),
        "power": QCoreApplication.translate("Doctor", "Power limit"),
        "persistence": QCoreApplication.translate("Doctor", "Persistence"),
        "ecc": QCoreApplication.translate("Doctor", "Memory errors"),
        "display": QCoreApplication.translate("Doctor", "Display"),
        "others": QCoreApplication.translate("Doctor", "Others on the card"),
        "peers": QCoreApplication.translate("Doctor", "Between cards"),
        "environment": QCoreApplication.translate("Doctor", "Environment"),
        "system": QCoreApplication.translate("Doctor", "System"),
        "clock": QCoreApplication.translate("Doctor", "Clock"),
        "memory": QCoreApplication.translate("Doctor", "RAM"),
        "bars": QCoreApplication.translate("Doctor", "Bars of RAM"),
        "folders": QCoreApplication.translate("Doctor", "Folders"),
        "disk": QCoreApplication.translate("Doctor", "Disk"),
        "port": QCoreApplication.translate("Doctor", "Port"),
        "programs": QCoreApplication.translate("Doctor", "Other programs"),
        "opening": QCoreApplication.translate("Doctor", "Opening a model"),
        "reading": QCoreApplication.translate("Doctor", "Reading"),
    }
