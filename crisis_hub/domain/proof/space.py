"""Sets of combinations as whole numbers: one bit for each combination, one axis for each thing that varies."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from math import prod

Mask = int
"""A set of combinations of one space."""

MOST_STATES = 1 << 27
"""More combinations than this in one space are not walked: sixteen megabytes a set."""


class TooLarge(Exception):
    """There are more combinations than can be walked; the message says of what."""


class Space:
    """Every combination of one value of each axis; an axis is known by its number, a value by its place on it."""

    def __init__(self, sizes: Sequence[int], what: str = "") -> None:
        self.sizes = tuple(sizes)
        self.size = prod(self.sizes)
        if self.size > MOST_STATES:
            raise TooLarge(f"{what} has {self.size:,} combinations that differ; at most {MOST_STATES:,} are walked")
        self.full: Mask = (1 << self.size) - 1
        self.strides = tuple(prod(self.sizes[:number]) for number in range(len(self.sizes)))
        self._axes: dict[int, Mask] = {}

    def where(self, axis: int, value: int) -> Mask:
        """Return the combinations that have this value on this axis."""
        return self._first(axis) << (value * self.strides[axis])

    def any_of(self, axis: int, values: Iterable[int]) -> Mask:
        """Return the combinations that have one of these values on this axis."""
        found = 0
        for value in values:
            found |= self.where(axis, value)
        return found

    def moved(self, mask: Mask, axis: int, before: int, after: int) -> Mask:
        """Return the combinations of the set that have `before` on the axis, with `after` in its place."""
        held = mask & self.where(axis, before)
        by = (after - before) * self.strides[axis]
        return held << by if by >= 0 else held >> -by

    def values(self, place: int) -> tuple[int, ...]:
        """Return the value on each axis of the combination at that place."""
        return tuple(place // stride % size for stride, size in zip(self.strides, self.sizes, strict=True))

    def place(self, values: Sequence[int]) -> int:
        """Return the place of the combination with these values."""
        return sum(value * stride for value, stride in zip(values, self.strides, strict=True))

    def fewest(self, mask: Mask, costs: Sequence[Sequence[int]]) -> int:
        """Return the place of a combination of the set that costs least; `costs` names the price of each value."""
        for found in self.cheapest_first(mask, costs):
            return found
        raise ValueError("There is nothing in the set.")

    def cheapest_first(self, mask: Mask, costs: Sequence[Sequence[int]], most: int = 1) -> Iterator[int]:
        """Return combinations of the set, those that cost least first, at most so many of each price."""
        for held in self._by_cost(mask, costs):
            left = held
            for _ in range(most):
                if not left:
                    break
                place = lowest(left)
                yield place
                left &= ~(1 << place)

    def _by_cost(self, mask: Mask, costs: Sequence[Sequence[int]]) -> Iterator[Mask]:
        """Split a set by price: for each axis in turn, whoever has a value moves on by what it costs."""
        groups: dict[int, Mask] = {0: mask} if mask else {}
        for axis, prices in enumerate(costs):
            split: dict[int, Mask] = {}
            for spent, held in groups.items():
                for price in set(prices):
                    part = held & self.any_of(axis, (v for v, p in enumerate(prices) if p == price))
                    if part:
                        split[spent + price] = split.get(spent + price, 0) | part
            groups = split
        for spent in sorted(groups):
            yield groups[spent]

    def _first(self, axis: int) -> Mask:
        """Return the combinations with the first value of an axis: a pattern, doubled until it fills the space."""
        if axis not in self._axes:
            stride, turn = self.strides[axis], self.strides[axis] * self.sizes[axis]
            mask, length = (1 << stride) - 1, turn
            while length < self.size:
                mask |= mask << length
                length *= 2
            self._axes[axis] = mask & self.full
        return self._axes[axis]


class Lookup:
    """A set in which single places are looked up many times."""

    def __init__(self, mask: Mask) -> None:
        self.mask = mask

    @cached_property
    def _bytes(self) -> bytes:
        return self.mask.to_bytes((self.mask.bit_length() + 7) // 8, "little")

    def __contains__(self, place: object) -> bool:
        """Say whether the combination at that place is in the set."""
        if not isinstance(place, int):
            return False
        byte = place >> 3
        return byte < len(self._bytes) and bool(self._bytes[byte] >> (place & 7) & 1)


def lowest(mask: Mask) -> int:
    """Return the lowest place of a set that is not empty."""
    return (mask & -mask).bit_length() - 1
