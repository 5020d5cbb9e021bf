"""The tree that a chat's messages make: pure functions over their parents.

`parents` has each message's parent (None: a first turn), by ascending id; a parent's id is always
smaller than its children's. Whoever's parent is not there stands for nothing.
"""

from collections import defaultdict
from collections.abc import Mapping

Parents = Mapping[int, int | None]


def is_path(parents: Parents) -> bool:
    """Whether each message follows from the one before: all are shown, none has versions."""
    return list(parents)[:-1] == list(parents.values())[1:]


def branch(parents: Parents, leaf: int | None) -> tuple[int, ...]:
    """From the first turn to that message; to the newest one if it is not there."""
    at = leaf if leaf in parents else max(parents, default=None)
    path = list[int]()
    while at is not None and at in parents:
        path.append(at)
        parent = parents[at]
        assert parent is None or parent < at
        at = parent
    return tuple(reversed(path))


def shown(parents: Parents, leaf: int | None) -> tuple[int, ...]:
    """The branch that goes through that leaf, to the message said last below it.

    A leaf that somebody kept while the chat went on thus hides nothing.
    """
    if leaf not in parents:
        return branch(parents, leaf)
    assert leaf is not None
    return branch(parents, newest_below(parents, leaf))


def below(parents: Parents, message: int) -> tuple[int, ...]:
    """That message and all that follow from it, ascending."""
    inside = {message}
    for number, parent in parents.items():
        if parent in inside:
            inside.add(number)
    return tuple(sorted(inside))


def newest_below(parents: Parents, message: int) -> int:
    """The message said last among those that follow from it: always the end of a branch."""
    return below(parents, message)[-1]


def versions(parents: Parents, path: tuple[int, ...]) -> dict[int, tuple[int, ...]]:
    """For each shown message that has other versions: all, itself included, oldest first."""
    siblings = defaultdict[int | None, list[int]](list)
    for number, parent in parents.items():
        siblings[parent].append(number)
    known = ((number, tuple(siblings[parents[number]])) for number in path)
    return {number: all_of_them for number, all_of_them in known if len(all_of_them) > 1}


def leaf_without(parents: Parents, message: int, leaf: int | None) -> int | None:
    """Where the shown branch ends when that message and all below it are gone.

    The version before it (else the one after) and on to its newest message; without versions, the
    message above.
    """
    gone = frozenset(below(parents, message))
    if leaf is not None and leaf not in gone:
        return leaf
    rest = {number: parent for number, parent in parents.items() if number not in gone}
    above = parents[message]
    others = [number for number, parent in rest.items() if parent == above]
    if not others:
        return above
    before = [number for number in others if number < message]
    return newest_below(rest, before[-1] if before else others[0])
