"""Bounds of grouping."""

from vigie.domain.subjects.grouping import OF_FEW, OF_MANY, bounds_of


def test_the_fewer_documents_rarity_is_counted_over_the_nearer_subjects_must_be() -> None:
    """From few to many the bounds fall steadily; where nothing was counted they are the usual ones."""
    joins = [bounds_of(documents).joins_at for documents in (1, 500, 800, 1_200, 1_500, 9_000)]
    assert joins == sorted(joins, reverse=True)
    assert (bounds_of(1), bounds_of(500)) == (OF_FEW, OF_FEW)
    assert (bounds_of(0), bounds_of(1_500), bounds_of(9_000)) == (OF_MANY, OF_MANY, OF_MANY)
