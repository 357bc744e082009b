"""How small the hot state of polling is packed."""

import hashlib
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from tests.builders import CUTOFF, a_state
from vigie.adapters.dynamo.hot import Times, pack_state, pack_window, unpack_window
from vigie.domain.feeds import PublishingHints
from vigie.domain.rhythm import Rhythm
from vigie.domain.sources import Odometer, SourceWindow

SECONDS = st.integers(0, 2**31)


def test_times_of_a_hundred_sources_fit_a_write_unit() -> None:
    """Keys, next and last polls of a whole shard, with its odometer, stay under 1 KB with the names around them."""
    states = [
        a_state(
            f"journal-{n}",
            polled_at=CUTOFF - timedelta(seconds=n * 7919 % 67 * 300),  # at the ticks of its shard
            next_poll_at=CUTOFF + timedelta(seconds=n * 104_729 % 30_000),
        )
        for n in range(100)
    ]
    counted = Odometer(10**7, 10**6, {"bad_status": 9_999, "timeout": 9_999, "dns": 99})
    assert len(Times().after("0007-20261208T061500123456", counted, states).pack()) <= 980


def test_state_of_a_feed_stays_within_its_budget() -> None:
    """Everything a state can hold of an ordinary feed is under 300 bytes."""
    digest = hashlib.sha256(b"body").hexdigest()
    state = a_state(
        etag=f'W/"{digest[:40]}"',
        last_modified="Tue, 08 Dec 2026 06:00:00 GMT",
        validators_url="https://www.courrier-armelie.example/rss/actualites/economie.xml",
        full_at=CUTOFF,
        body_sha256=digest[:32],
        failures=2,
        failing_since=CUTOFF,
        failure="bad_status: the server answered 503",
        rhythm=Rhythm(per_day=3.2, peak_per_day=48.5, window=30, burst=2, hours=(9,) * 24, news_at=CUTOFF),
        hints=PublishingHints(interval_seconds=3600, skip_hours=(0, 1, 2, 3), skip_days=(6,)),
    )
    assert len(pack_state(state)) <= 300


@given(st.dictionaries(st.text(min_size=1, max_size=8), st.tuples(SECONDS, SECONDS), max_size=40))
def test_times_survive_packing(polled: dict[str, tuple[int, int]]) -> None:
    """Whatever instants a shard holds come back, and of an unknown source there are none."""
    times = Times(
        "poll",
        Odometer(1, 2, {"dns": 1}),
        {hashlib.sha256(k.encode()).digest()[:4]: v for k, v in polled.items()},
    )
    assert Times.unpack(times.pack()) == times
    assert times.of("unknown source") == (None, None)


@given(st.lists(st.binary(min_size=8, max_size=8), max_size=50))
def test_window_survives_packing(keys: list[bytes]) -> None:
    """A window takes eight bytes a key and comes back in order."""
    window = SourceWindow("source", tuple(key.hex() for key in keys))
    assert len(pack_window(window)) == 8 * len(keys)
    assert unpack_window("source", pack_window(window)) == window
