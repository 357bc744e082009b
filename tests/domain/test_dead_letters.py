"""Dead letters, by what they died of."""

from datetime import UTC, datetime, timedelta

import pytest

from vigie.domain.dead_letters import DeadLetter, fingerprint, grouped, is_stale

SENT = datetime(2026, 12, 8, 6, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Transient: write 12 items: Throttling", "Transient: write 7 items: Throttling"),
        ("KeyError: 'client_id'", "KeyError: 'digest_id'"),
        ("Busy: story 9f86d081884c7d659a2f is held", "Busy: story 60303ae22b998861bce3 is held"),
        ("no answer from https://a.test/x?y=1", "no answer from https://b.test/"),
    ],
)
def test_errors_of_one_cause_look_alike(one: str, other: str) -> None:
    """Numbers, ids, names in quotes and addresses do not tell causes apart."""
    assert fingerprint(one) == fingerprint(other)


def test_errors_of_two_causes_do_not() -> None:
    """What kind of error it was, and the words around what varies, do."""
    assert fingerprint("KeyError: 'client_id'") != fingerprint("TypeError: 'client_id'")


def letter(number: int, kind: str, error: str) -> DeadLetter:
    """Return a dead letter."""
    sent_at = SENT + timedelta(minutes=number)
    return DeadLetter(message_id=f"m{number}", kind=kind, body="{}", sent_at=sent_at, error=error)


def test_the_most_frequent_cause_comes_first() -> None:
    """Groups are by kind and cause; within one, the oldest letter is first."""
    letters = [
        letter(3, "shard-due/1", "Busy: 1"),
        letter(2, "digest-ready/1", "KeyError: 'a'"),
        letter(1, "digest-ready/1", "KeyError: 'b'"),
    ]
    first, second = grouped(letters)
    assert ([each.message_id for each in first.letters], second.kind) == (["m1", "m2"], "shard-due/1")


@pytest.mark.parametrize(
    ("now", "zone", "stale"),
    [
        (SENT + timedelta(hours=16), "Europe/Paris", False),  # 23:30 the same day
        (SENT + timedelta(hours=17), "Europe/Paris", True),  # half past midnight
        (SENT + timedelta(hours=17), "America/Martinique", False),  # still 19:30
        (SENT - timedelta(hours=1), "Europe/Paris", False),
    ],
)
def test_a_digest_is_stale_when_its_day_is_over_for_its_reader(now: datetime, zone: str, stale: bool) -> None:
    """The day is the client's own."""
    assert is_stale(SENT, zone, now) is stale
