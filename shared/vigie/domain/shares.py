"""Percentages that add up to a hundred."""

from collections.abc import Sequence


def shares(counts: Sequence[int]) -> list[int]:
    """Return each count's share in whole percents, adding up to 100 (or all 0 when every count is).

    Largest remainders (Hamilton's method): each share is its exact value rounded down or up.
    """
    total = sum(counts)
    if not total:
        return [0] * len(counts)
    percents = [100 * count // total for count in counts]
    by_remainder = sorted(range(len(counts)), key=lambda place: (-(100 * counts[place] % total), place))
    for place in by_remainder[: 100 - sum(percents)]:
        percents[place] += 1
    return percents
