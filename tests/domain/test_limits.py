"""Windows, counters and networks."""

from datetime import timedelta

import pytest

from tests.builders import CUTOFF
from vigie.domain.limits import Limit, counter, home_of, network_of

HOUR = Limit("mail", 3, 3600)


def test_a_window_holds_its_instants() -> None:
    """Every instant of an hour is in that hour's window, and told how long it still lasts."""
    start = CUTOFF.replace(minute=0)
    for minutes, wait in ((0, 3600), (15, 2700), (59, 60)):
        at = start + timedelta(minutes=minutes)
        assert (HOUR.window(at), HOUR.wait_seconds(at)) == (start, wait)
    assert HOUR.window(start + timedelta(hours=1)) == start + timedelta(hours=1)


def test_a_counter_is_of_one_kind_and_names_nobody() -> None:
    """The same key in any case is one counter, under another limit another; none holds the key."""
    ours = counter(HOUR, "Claire@ville.example")
    assert ours == counter(HOUR, "claire@VILLE.example")
    assert ours.key_sha256 != counter(Limit("home", 3, 3600), "claire@ville.example").key_sha256
    assert "claire" not in ours.key_sha256


@pytest.mark.parametrize(
    ("address", "home", "network"),
    [
        ("192.0.2.77", "192.0.2.77/32", "192.0.2.0/24"),
        ("2001:db8:1:2:3::4", "2001:db8:1:2::/64", "2001:db8:1::/48"),
        ("", "", ""),
        ("nowhere", "nowhere", "nowhere"),
    ],
)
def test_an_address_stands_for_a_household(address: str, home: str, network: str) -> None:
    """Of IPv6 a whole /64, since whoever has one has all its addresses."""
    assert (home_of(address), network_of(address)) == (home, network)
