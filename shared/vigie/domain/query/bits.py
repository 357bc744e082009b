"""Sets of positions as whole numbers: bit ``p`` is position ``p``.

Shifting, joining and meeting sets then cost a few machine instructions for sixty-four positions at a time, and what
joins occurrences (NEAR, windows) stays bounded however often they come.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import reduce
from typing import TypeAlias

Spans: TypeAlias = dict[int, int]
"""For each first token of an occurrence, its last tokens, as bits counted from the first."""


def bits(positions: Sequence[int]) -> int:
    """Return the number that has these bits."""
    if len(positions) < 8:
        return reduce(lambda mask, position: mask | 1 << position, positions, 0)
    packed = bytearray((max(positions) >> 3) + 1)
    for position in positions:
        packed[position >> 3] |= 1 << (position & 7)
    return int.from_bytes(packed, "little")


def each_bit(mask: int) -> Iterator[int]:
    """Give the positions of a set, in order."""
    base = 0
    while mask:
        # By words of 64 bits, so that taking a bit away does not copy the whole of a long mask.
        skip = (mask & -mask).bit_length() - 1
        mask >>= skip
        base += skip
        word = mask & 0xFFFFFFFFFFFFFFFF
        mask >>= 64
        while word:
            bit = word & -word
            yield base + bit.bit_length() - 1
            word ^= bit
        base += 64


def after(ends: int, distance: int) -> int:
    """Return the positions that follow one of ``ends`` with at most ``distance`` between."""
    reach = ends << 1
    left = distance  # how many positions more must be reached; what is reached doubles each time
    step = 1
    while left:
        step = min(step, left)
        reach |= reach << step
        left -= step
        step *= 2
    return reach


def followed(before: Spans, behind: Spans, distance: int) -> Spans:
    """Return the spans from one of ``before`` to the end of one of ``behind`` that is near after it."""
    starts = bits(list(behind))
    found: Spans = {}
    for first, lasts in before.items():
        covered = 0
        for gap in each_bit(after(lasts, distance) & (starts >> first)):
            covered |= behind[first + gap] << gap
        if covered:
            found[first] = covered
    return found


def add(spans: Spans, others: Spans) -> None:
    """Put ``others`` into ``spans``."""
    for first, lasts in others.items():
        spans[first] = spans.get(first, 0) | lasts


def window_ends(window: Sequence[int], fits: Mapping[int, Sequence[int]], size: int) -> int:
    """Return where a window that begins with the first of its places may end, as bits counted from there.

    ``fits`` says which of ``size`` words (8 at most) a place can stand for; the places of a window stand for all of
    them, each for one, the first and the last included. One number holds the sets of words that the places up to
    here can stand for: bit ``s`` is the set whose members are the bits of ``s``.
    """
    without = _WITHOUT[size]
    whole = 1 << (1 << size) - 1
    lasts = reached = 0
    for place in window:
        grown = 0
        for bit in fits[place]:
            grown |= ((reached or 1) & without[bit]) << (1 << bit)
        if grown & whole:
            lasts |= 1 << place - window[0]
        reached |= grown
    return lasts


def _sets_without(bit: int, sets: int) -> int:
    """Return, as bits, the sets below ``sets`` that lack the member ``bit``."""
    return sum(1 << number for number in range(sets) if not number >> bit & 1)


_WITHOUT = [[_sets_without(bit, 1 << size) for bit in range(size)] for size in range(9)]
