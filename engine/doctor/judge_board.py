"""RAM, disk, port, folders, clock and system."""

from collections.abc import Iterator

from engine.doctor.facts import (
    FoldersFacts,
    MemoryFacts,
    OpeningFacts,
    PortFacts,
    ProgramsFacts,
    ReadingFacts,
    SystemFacts,
)
from engine.doctor.judged import failed, passed, warned
from engine.fit.saying import say
from engine.monitor.values import Check

_GB = 1_000_000_000
_OLDEST, _NEWEST = 1_767_225_600.0, 4_102_444_800.0  # 2026 and 2100
_NETWORK = {"nfs", "nfs4", "cifs", "smb3", "smbfs", "sshfs", "fuse.sshfs", "9p", "afpfs", "webdav"}
_SLOW_DISK = 300e6
_OLD_GLIBC = (2, 28)


def judge_system(facts: SystemFacts) -> Iterator[Check]:
    """System and clock."""
    libc = "" if facts.glibc is None else f", glibc {facts.glibc[0]}.{facts.glibc[1]}"
    python = f"Python {facts.python}"
    place = f"{facts.system} ({facts.machine}){libc}"
    if facts.glibc is not None and facts.glibc < _OLD_GLIBC:
        yield warned(
            "system",
            say("This system is older than what llama.cpp is built for: {system}.", system=place),
            say("Use a newer system: Ubuntu 22.04, Debian 12 or later."),
        )
    elif facts.bundle:
        yield passed(
            "system", say("{system}; Fullbore's own {python}.", system=place, python=python)
        )
    else:
        yield passed("system", say("{system}; {python}.", system=place, python=python))
    if _OLDEST < facts.now < _NEWEST:
        yield passed("clock", say("The clock can be right."))
    else:
        yield warned(
            "clock",
            say("The clock is years off: downloads will be refused."),
            say("Set the computer's date and time."),
        )


def judge_memory(facts: MemoryFacts) -> Iterator[Check]:
    """RAM, swap and bars."""
    if facts.swap_used_bytes > max(_GB, facts.total_bytes // 20):
        yield warned(
            "memory",
            say(
                "{used:memory} of RAM were moved to the disk.",
                used=facts.swap_used_bytes,
            ),
            say("End programs that are not needed; what lies on the disk slows everything."),
        )
    elif facts.total_bytes < 7 * _GB:
        yield warned(
            "memory",
            say("There are only {total:memory} of RAM.", total=facts.total_bytes),
            say("Small models alone will fit; more RAM helps."),
        )
    else:
        yield passed(
            "memory",
            say(
                "{free:memory} of {total:memory} of RAM are free; {swap:memory} of swap.",
                free=facts.free_bytes,
                total=facts.total_bytes,
                swap=facts.swap_bytes,
            ),
        )
    yield _bars(facts)


def _bars(facts: MemoryFacts) -> Check:
    if facts.modules is None:
        return passed("bars", say("The system does not tell how many bars of RAM there are."))
    count = len(facts.modules)
    speeds = [speed for _, speed in facts.modules if speed]
    speed = min(speeds) if speeds else "?"
    if count == 1:
        return warned(
            "bars",
            say("There is one bar of RAM, at {speed} MT/s: one channel alone.", speed=speed),
            say("A second bar of the same kind doubles the speed of what runs on the processor."),
        )
    return passed("bars", say("{count} bars of RAM, at {speed} MT/s.", count=count, speed=speed))


def judge_folders(facts: FoldersFacts) -> Iterator[Check]:
    """Whether the home can be written to, its secrets are kept, and its disk has room."""
    shut = tuple(folder.path for folder in facts.folders if not folder.writable)
    away = tuple(one.path for one in facts.folders if one.name == "downloads" and not one.there)
    if away:
        yield warned(
            "folders",
            say("The folder chosen for downloads is not there: {names:names}.", names=away),
            say("Connect its disk and start Fullbore again; until then its own folder is used."),
        )
    elif shut:
        yield failed(
            "folders",
            say("Nothing can be written to {names:names}.", names=shut),
            say("Give yourself the right to write there, or free some room."),
        )
    elif facts.open_secrets:
        yield warned(
            "folders",
            say("Others on this computer can read {names:names}.", names=facts.open_secrets),
            say("Take that right from them: chmod go-r, with those files."),
        )
    else:
        yield passed("folders", say("Fullbore's folders can be written to, and keep its secrets."))
    if facts.free_bytes is None:
        return
    if facts.free_bytes < 10 * _GB:
        judged = failed if facts.free_bytes < _GB else warned
        yield judged(
            "disk",
            say("Only {free:memory} are free on the models' disk.", free=facts.free_bytes),
            say("Delete models you do not use, or keep new ones on another disk."),
        )
    elif facts.file_system in _NETWORK:
        yield warned(
            "disk",
            say("The models lie on another computer ({kind}).", kind=facts.file_system or "?"),
            say("Loads take as long as the network does: keep models on a disk of this one."),
        )
    else:
        yield passed(
            "disk", say("{free:memory} are free on the models' disk.", free=facts.free_bytes)
        )


def judge_reading(facts: ReadingFacts) -> Check:
    """Is the disk fast enough?"""
    speed = facts.bytes_per_second / 1e9
    if not facts.cold:
        return passed(
            "reading",
            say("Models are read at {speed:.2f} GB/s, perhaps from memory.", speed=speed),
        )
    if facts.bytes_per_second < _SLOW_DISK:
        return warned(
            "reading",
            say("The models' disk reads only {speed:.2f} GB/s.", speed=speed),
            say("Keep models on an SSD: a load waits for every byte."),
        )
    return passed("reading", say("The models' disk reads {speed:.2f} GB/s.", speed=speed))


def judge_opening(facts: OpeningFacts) -> Check:
    """Does something watch files as they are opened?"""
    slow = facts.mapped_seconds > 1.0 and facts.mapped_seconds > 6 * facts.plain_seconds
    if facts.open_seconds > 0.5 or slow:
        return warned(
            "opening",
            say(
                "Opening a model takes {opened:.1f} s, and mapping its beginning {mapped:.1f} s: "
                "something looks through it.",
                opened=facts.open_seconds,
                mapped=facts.mapped_seconds,
            ),
            say("Except the models' folder from your antivirus program, or from indexing."),
        )
    return passed("opening", say("Models open at once."))


def judge_port(facts: PortFacts, *, own: bool) -> Check:
    """Can the local port be had?"""
    if own or facts.answers:
        return passed("port", say("Fullbore answers at port {port}.", port=str(facts.port)))
    if facts.free:
        return passed("port", say("Port {port} is free.", port=str(facts.port)))
    return warned(
        "port",
        say("Another program holds port {port}.", port=str(facts.port)),
        say("End it, or choose another port in the settings; Fullbore takes the next free one."),
    )


def judge_programs(facts: ProgramsFacts) -> Check:
    """Do other programs that run models hold RAM?"""
    if not facts.programs:
        return passed("programs", say("No other program that runs models is there."))
    names = tuple(name for name, _ in facts.programs)
    held = sum(size for _, size in facts.programs)
    if held < 2 * _GB:
        return passed("programs", say("{names:names} run, and hold little RAM.", names=names))
    return warned(
        "programs",
        say("{names:names} hold {size:memory} of RAM.", names=names, size=held),
        say("End them, or unload their models, while Fullbore runs big ones."),
    )
