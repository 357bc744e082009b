"""Key desk: issued, replaced, revoked, and told to wait."""

from datetime import timedelta

import pytest

from tests.fakes import FakeClock, FakeKeys
from vigie.domain.keys import OPS, Caller
from vigie.errors import BadField, Conflict, Forbidden, NotAllowed, NotFound, TooMany
from vigie.steps.key_desk import KEYS_LIMIT, TOLD_EVERY, KeyDesk

OURS = "banque-armelie"
ADMIN = Caller(OURS, ("read", "write", "admin"))


class Counted(FakeKeys):
    """Keys that count what is written of their use."""

    told = 0

    def note_use(self, *what: object) -> None:
        """Count one."""
        self.told += 1
        super().note_use(*what)  # type: ignore[arg-type]


def desk(keys: FakeKeys | None = None, clock: FakeClock | None = None, limit: int = 300) -> KeyDesk:
    """Return a worker's desk."""
    return KeyDesk(keys=keys or FakeKeys(), clock=clock or FakeClock(), requests_per_minute=limit)


def test_a_key_opens_its_client_until_its_time() -> None:
    """Whoever holds it is its client with its scopes; past its time, or forgotten, it opens nothing."""
    clock = FakeClock()
    at = desk(clock=clock)
    key, text = at.give(ADMIN, OURS, ("read",), "Tableau de bord", 30)
    assert at.caller(f"Bearer {text}") == Caller(OURS, ("read",), key.key_id)
    clock.instant += timedelta(days=30)
    with pytest.raises(Forbidden, match="expired"):
        at.caller(f"Bearer {text}")
    at.revoke(OURS, key.key_id)
    with pytest.raises(Forbidden, match="unknown"):
        at.caller(f"Bearer {text}")
    with pytest.raises(NotFound):
        at.revoke(OURS, key.key_id)


def test_a_key_gives_no_right_that_it_has_not() -> None:
    """Nor does it give none at all."""
    with pytest.raises(NotAllowed, match="export"):
        desk().give(ADMIN, OURS, ("read", "export"), "", None)
    with pytest.raises(BadField, match="scopes"):
        desk().give(ADMIN, OURS, (), "", None)


def test_a_key_and_the_one_in_its_place_are_both_good_for_a_while() -> None:
    """Nobody has to change a key everywhere in the same second."""
    clock = FakeClock()
    at = desk(clock=clock)
    old, old_text = at.issue(OURS, ("read", "write"), name="Tableau")
    new, new_text = at.rotate(ADMIN, OURS, old.key_id, 24)
    assert (new.name, new.scopes, new.good_until) == ("Tableau", ("read", "write"), None)
    for text in (old_text, new_text):
        assert at.caller(f"Bearer {text}").client_id == OURS
    clock.instant += timedelta(hours=24)
    with pytest.raises(Forbidden):
        at.caller(f"Bearer {old_text}")
    assert at.caller(f"Bearer {new_text}").key_id == new.key_id
    with pytest.raises(Conflict):
        at.rotate(ADMIN, OURS, old.key_id, 24)


def test_a_key_of_a_client_is_not_another_clients() -> None:
    """An id opens no other client's list."""
    at = desk()
    theirs, _ = at.issue("union")
    with pytest.raises(NotFound):
        at.revoke(OURS, theirs.key_id)
    with pytest.raises(NotFound):
        at.rotate(Caller(OPS, ("admin",)), OURS, theirs.key_id, 1)


def test_a_client_has_so_many_good_keys() -> None:
    """One past its time makes room."""
    clock = FakeClock()
    at = desk(clock=clock)
    for _ in range(KEYS_LIMIT):
        at.give(ADMIN, OURS, ("read",), "", 1)
    with pytest.raises(Conflict):
        at.issue(OURS)
    clock.instant += timedelta(days=1)
    at.issue(OURS)


def test_a_key_that_asks_too_often_waits_for_the_next_minute() -> None:
    """It is told how long; the next minute it may ask again."""
    clock = FakeClock()
    at = desk(clock=clock, limit=25)
    _, text = at.issue(OURS)
    for _ in range(25):
        at.caller(f"Bearer {text}")
    with pytest.raises(TooMany) as refusal:
        at.caller(f"Bearer {text}")
    assert refusal.value.retry_after_seconds == 60 - clock.instant.second
    clock.instant += timedelta(seconds=refusal.value.retry_after_seconds)
    at.caller(f"Bearer {text}")


def test_workers_together_pass_the_limit_by_what_they_have_not_told() -> None:
    """Five workers let at most their untold requests through beyond it."""
    keys, clock = FakeKeys(), FakeClock()
    workers = [desk(keys, clock, limit=100) for _ in range(5)]
    _, text = workers[0].issue(OURS)
    let_in = 0
    for turn in range(1000):
        try:
            workers[turn % 5].caller(f"Bearer {text}")
            let_in += 1
        except TooMany:
            continue
    assert 100 <= let_in <= 100 + 5 * TOLD_EVERY


def test_a_key_that_asks_little_costs_a_write_an_hour() -> None:
    """A request a minute for a day is a write an hour; when it was last used is known to the hour."""
    keys, clock = Counted(), FakeClock()
    at = desk(keys, clock)
    key, text = at.issue(OURS)
    for _ in range(24 * 60):
        at.caller(f"Bearer {text}")
        clock.instant += timedelta(minutes=1)
    assert keys.told == 24
    known = keys.get(OURS, key.key_sha256)
    assert known is not None
    assert known.used_at is not None
    assert clock.instant - known.used_at <= timedelta(hours=1, minutes=1)
