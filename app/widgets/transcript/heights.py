"""Heights of many things, one below the other."""

from collections.abc import Sequence


class Heights:
    """Where each thing begins, and which lies where: a Fenwick tree, so that one change is cheap.

    With 10,000 messages a list of tops would be counted again for every height that was guessed
    wrongly while scrolling.
    """

    def __init__(self, heights: Sequence[float] = ()) -> None:
        self._heights = list(heights)
        self._tree = [0.0, *self._heights]
        for at in range(1, len(self._tree)):
            above = at + (at & -at)
            if above < len(self._tree):
                self._tree[above] += self._tree[at]

    def __len__(self) -> int:
        return len(self._heights)

    def __getitem__(self, index: int) -> float:
        return self._heights[index]

    def after(self, heights: Sequence[float]) -> "Heights":
        """These below those."""
        return Heights([*heights, *self._heights])

    def top(self, index: int) -> float:
        """The sum of all before it."""
        total = 0.0
        while index > 0:
            total += self._tree[index]
            index &= index - 1
        return total

    def change(self, index: int, height: float) -> None:
        """Give one thing another height."""
        change = height - self._heights[index]
        self._heights[index] = height
        at = index + 1
        while at < len(self._tree):
            self._tree[at] += change
            at += at & -at

    def append(self, height: float) -> None:
        """One more at the end."""
        self._heights.append(height)
        at = len(self._heights)
        lowest = at & -at
        total, child = height, 1
        while child < lowest:
            total += self._tree[at - child]
            child <<= 1
        self._tree.append(total)

    def index_at(self, y: float) -> int:
        """The thing at that height; the first or the last one beyond them."""
        at, rest = 0, y
        step = 1 << len(self._heights).bit_length()
        while step:
            ahead = at + step
            if ahead < len(self._tree) and self._tree[ahead] <= rest:
                at = ahead
                rest -= self._tree[ahead]
            step >>= 1
        return max(0, min(at, len(self._heights) - 1))
