"""When a document came out."""

from datetime import timedelta

import pytest

from tests.builders import CUTOFF, a_document


@pytest.mark.parametrize(
    ("published_after_seen", "believed"),
    [
        (timedelta(minutes=-5), True),
        (timedelta(minutes=10), True),
        (timedelta(minutes=11), False),
        (timedelta(days=-30), True),
        (timedelta(days=-31), False),
    ],
)
def test_a_date_is_believed_where_it_can_be(published_after_seen: timedelta, believed: bool) -> None:
    """A document came out when it says, unless that is to come or a month before it was first seen."""
    published_at = CUTOFF + published_after_seen
    document = a_document(seen_at=CUTOFF, published_at=published_at)
    assert document.event_at == (published_at if believed else CUTOFF)
    assert document.published_at == published_at


def test_without_a_date_a_document_came_out_when_it_was_seen() -> None:
    """There is always an instant to order by."""
    assert a_document(seen_at=CUTOFF, published_at=None).event_at == CUTOFF
