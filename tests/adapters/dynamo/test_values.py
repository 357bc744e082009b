"""How values are written in items."""

import zlib
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from boto3.dynamodb.types import Binary
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import a_document, a_mention
from vigie.adapters.dynamo import values
from vigie.adapters.dynamo.values import expiry, pack, stamp, unpack
from vigie.domain.classification import classify
from vigie.domain.mentions import Mention
from vigie.domain.sources import SourceWindow
from vigie.errors import BadMessage
from vigie.messages import encode

RELEASED = 3401480442  # the first dictionary, by its checksum

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


def an_article() -> Mention:
    """Return a mention of an article of two hundred words, with its labels."""
    body = " ".join(f"Le mot numéro {number} de cette phrase dit autre chose." for number in range(18))
    document = a_document("Trois guichets vont fermer", body=body)
    return a_mention(document, labels=classify(document))


def test_large_values_are_kept_small() -> None:
    """What our JSON says again and again costs nothing in each item: three tenths less, at least."""
    mention = an_article()
    packed = pack(mention)
    assert isinstance(packed, bytes)
    assert unpack(Binary(packed), Mention) == mention
    assert len(packed) < 0.7 * len(zlib.compress(encode(mention), 9))


def test_what_was_written_without_a_dictionary_is_read() -> None:
    """Items of a release that had none stay readable."""
    assert unpack(Binary(zlib.compress(encode(an_article()), 9)), Mention) == an_article()


def test_a_dictionary_of_a_later_release_is_said() -> None:
    """What cannot be opened says why, instead of what zlib thinks of it."""
    squeeze = zlib.compressobj(9, zdict=b"of another time")
    stream = squeeze.compress(b"{}" * 800) + squeeze.flush()
    with pytest.raises(BadMessage, match="later release"):
        unpack(Binary(stream), Mention)


def test_the_dictionary_that_was_released_stays() -> None:
    """Changing it would make every item that was written with it unreadable: add the next one instead."""
    words = Path(values.__file__).with_name("dictionary-1.txt").read_bytes()
    assert zlib.adler32(words) == RELEASED
