"""Contract of KeyStore."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from tests.builders import CUTOFF
from vigie.domain.keys import ApiKey

OURS = "banque-armelie"
KEY = ApiKey(
    client_id=OURS, key_sha256="ab" * 32, scopes=("read", "export"), created_at=CUTOFF, name="Tableau"
)


def test_a_key_opens_its_own_client_only(stores: Any) -> None:
    """It comes back whole under its client; another client with the same hash has none."""
    stores.keys.put(KEY)
    assert stores.keys.get(OURS, KEY.key_sha256) == KEY
    assert stores.keys.get("other", KEY.key_sha256) is None
    assert stores.keys.get(OURS, "cd" * 32) is None


def test_what_is_put_last_stands(stores: Any) -> None:
    """A key replaced keeps its place in the list, with its new end."""
    other = replace(KEY, key_sha256="0b" * 32)
    ending = replace(KEY, good_until=CUTOFF + timedelta(days=1))
    for key in (KEY, other, ending):
        stores.keys.put(key)
    assert stores.keys.of(OURS) == [other, ending]
    assert stores.keys.of("other") == []


def test_a_key_forgotten_is_gone_and_stays_gone(stores: Any) -> None:
    """Forgetting is done once, and a use told late does not bring it back."""
    stores.keys.put(KEY)
    assert stores.keys.remove(KEY)
    assert not stores.keys.remove(KEY)
    stores.keys.note_use(KEY, "2026-12-08T06:15", 3, CUTOFF)
    assert stores.keys.of(OURS) == []


def test_uses_add_up_within_a_minute(stores: Any) -> None:
    """Workers that tell of the same minute add to it; another minute begins anew."""
    stores.keys.put(KEY)
    later = CUTOFF + timedelta(minutes=1)
    for minute, asked, now in (("06:15", 3, CUTOFF), ("06:15", 4, CUTOFF), ("06:16", 2, later)):
        stores.keys.note_use(KEY, minute, asked, now)
        known = stores.keys.get(OURS, KEY.key_sha256)
        assert (known.asked_in, known.used_at) == (minute, now)
    assert known.asked == 2
    stores.keys.note_use(KEY, "06:16", 5, later)
    assert stores.keys.get(OURS, KEY.key_sha256) == replace(KEY, used_at=later, asked=7, asked_in="06:16")
