"""How values are written in items."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vigie.adapters.dynamo.values import expiry, pack, stamp, unpack
from vigie.domain.sources import SourceWindow
from vigie.errors import BadMessage

instants = st.datetimes(
    min_value=datetime(1000, 1, 2),  # noqa: DTZ001 - hypothesis adds the zone itself
    timezones=st.sampled_from([UTC, timezone(timedelta(hours=5, minutes=45)), timezone(timedelta(hours=-9))]),
    max_value=datetime(9999, 12, 30),  # noqa: DTZ001
)


@given(left=instants, right=instants)
def test_stamps_sort_as_instants_do(left: datetime, right: datetime) -> None:
    """Whatever the zone, texts of one width compare as the instants and read back as them."""
    assert (stamp(left) < stamp(right)) == (left < right)
    assert len(stamp(left)) == len("2026-11-22T19:04:44.000000Z")
    assert datetime.fromisoformat(stamp(left)) == left


def test_a_naive_instant_has_no_stamp() -> None:
    """A time without a zone is a fault of ours."""
    with pytest.raises(ValueError, match="no zone"):
        stamp(datetime(2026, 11, 22))  # noqa: DTZ001


def test_an_item_expires_after_its_days() -> None:
    """The attribute counts seconds since 1970, as DynamoDB's time-to-live wants."""
    assert expiry(datetime(1970, 1, 1, tzinfo=UTC), 2) == 172_800


def test_small_values_stay_readable() -> None:
    """What compressing would not make cheaper is stored as its JSON."""
    assert pack(SourceWindow("source", ("é",))) == '{"source_id":"source","keys":["é"],"retired":[]}'


def test_a_value_of_another_shape_is_bad() -> None:
    """What an older or broken version stored is named, not guessed at."""
    with pytest.raises(BadMessage, match="SourceWindow"):
        unpack('{"keys": []}', SourceWindow)
