"""Contract of DigestStore."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from tests.builders import A_DAY, CUTOFF
from tests.contracts.together import at_once
from vigie.domain.cutoffs import Interval
from vigie.domain.digest import TONES, Coverage, Digest, Totals
from vigie.domain.ledger import Ledger
from vigie.domain.sources import Odometer
from vigie.messages import DigestReady
from vigie.ports import DigestEntry, DueDigest

OURS = "banque-armelie"
SEND_AT = CUTOFF + timedelta(minutes=15)


def a_due(until: datetime = CUTOFF, client_id: str = OURS) -> DueDigest:
    """Return a digest to come that covers the day before ``until``."""
    return DueDigest(
        client_id=client_id,
        interval=Interval(until - timedelta(days=1), until),
        send_at=until + timedelta(minutes=15),
        opening=Odometer(3, 2, {"timeout": 1}),
        carried_in=2,
    )


def a_digest(client_id: str = OURS, *, retained: int = 3, days: int = 0) -> Digest:
    """Return a digest that closes ``days`` after the cut-off."""
    interval = Interval(A_DAY.since + timedelta(days=days), A_DAY.until + timedelta(days=days))
    return Digest(
        client_id=client_id,
        client_name="Banque d'Armélie",
        locale="fr",
        zone="Europe/Paris",
        digest_id=f"{interval.until:%Y%m%dT%H%MZ}",
        interval=interval,
        built_at=interval.until,
        next_send_at=interval.until + timedelta(days=1),
        totals=Totals(
            retained=retained,
            stories=0,
            subjects=0,
            channels={"press": retained},
            tones=dict.fromkeys(TONES, 0),
        ),
        coverage=Coverage(total=0, on_time=0, late=0, failing=0, gone=0, new=0),
        ledger=Ledger(seen=9, matched=retained, retained=retained, held={"same_address": 0}),
        odometer=Odometer(5, 9, {"dns": 1}),
    )


def test_a_client_has_one_digest_to_come(stores: Any) -> None:
    """The next digest replaces the one before, for the scheduler and for the client."""
    for due in (a_due(), a_due(), a_due(CUTOFF + timedelta(days=1))):
        stores.digests.schedule(due)
        assert stores.digests.upcoming(OURS) == due
        assert stores.digests.due(CUTOFF + timedelta(days=9)) == [due]


def test_schedules_at_once_leave_one(stores: Any) -> None:
    """However many workers schedule at once, what is due is what is upcoming."""
    at_once(5, lambda n: stores.digests.schedule(a_due(CUTOFF + timedelta(minutes=n))))
    assert stores.digests.due(CUTOFF + timedelta(days=1)) == [stores.digests.upcoming(OURS)]


def test_a_digest_is_due_from_its_cutoff_on(stores: Any) -> None:
    """Due at the very instant, oldest first, clients apart."""
    early = a_due(CUTOFF - timedelta(hours=1), "zebre")
    for due in (a_due(), early, a_due(CUTOFF + timedelta(microseconds=1), "abeille")):
        stores.digests.schedule(due)
    assert stores.digests.due(CUTOFF - timedelta(microseconds=1)) == [early]
    assert stores.digests.due(CUTOFF) == [early, a_due()]


def test_each_rhythm_has_its_digest_to_come(stores: Any) -> None:
    """One of another rhythm stands beside the client's own, is due with it, and is cancelled alone."""
    own, other = a_due(), replace(a_due(), rhythm="r0123456789")
    for due in (own, other):
        stores.digests.schedule(due)
    assert stores.digests.appointments(OURS) == stores.digests.due(CUTOFF) == [own, other]
    assert stores.digests.upcoming(OURS, "r0123456789") == other
    stores.digests.cancel(own)
    assert stores.digests.appointments(OURS) == [other]
    assert stores.digests.appointments("banque") == []


def test_a_worker_that_is_late_sets_nothing_back(stores: Any) -> None:
    """An appointment that opens before the one that stands is past; one that opens with it moves it."""
    moved = replace(a_due(), send_at=SEND_AT + timedelta(hours=1))
    for due in (a_due(), moved, a_due(CUTOFF - timedelta(days=1))):
        stores.digests.schedule(due)
    assert stores.digests.upcoming(OURS) == moved


def test_only_the_digest_that_is_to_come_is_cancelled(stores: Any) -> None:
    """Cancelling what was replaced meanwhile changes nothing; cancelling twice neither."""
    stores.digests.schedule(a_due())
    stores.digests.schedule(a_due(CUTOFF, "other"))
    stores.digests.cancel(a_due(CUTOFF - timedelta(days=1)))
    assert stores.digests.upcoming(OURS) == a_due()
    for _ in range(2):
        stores.digests.cancel(a_due())
    assert stores.digests.upcoming(OURS) is None
    assert stores.digests.due(CUTOFF) == [a_due(CUTOFF, "other")]


def test_the_first_digest_of_a_cutoff_stands(stores: Any) -> None:
    """A digest built again, with other figures, is not the one that was stored."""
    first = a_digest()
    assert stores.digests.put(first, CUTOFF, SEND_AT) == first
    assert stores.digests.put(a_digest(retained=99), CUTOFF, SEND_AT) == first
    assert stores.digests.get(OURS, first.digest_id) == first


def test_of_digests_at_once_one_stands_for_all(stores: Any) -> None:
    """Two workers that build the same digest mail the same digest."""
    stored = at_once(5, lambda n: stores.digests.put(a_digest(retained=n), CUTOFF, SEND_AT))
    assert len({digest.totals.retained for digest in stored}) == 1
    assert stores.digests.get(OURS, a_digest().digest_id) == stored[0]


def test_entries_run_newest_first(stores: Any) -> None:
    """The list says of each digest what a reader needs to choose one."""
    for days in (1, 0, 2):
        stores.digests.put(a_digest(days=days), CUTOFF, SEND_AT)
    newest = a_digest(days=2)
    entries = stores.digests.entries(OURS, limit=2)
    assert [entry.digest_id for entry in entries] == [newest.digest_id, a_digest(days=1).digest_id]
    assert entries[0] == DigestEntry(
        client_id=OURS,
        digest_id=newest.digest_id,
        interval=newest.interval,
        built_at=CUTOFF,
        send_at=SEND_AT,
        mentions=3,
    )


def test_the_digests_of_a_rhythm_are_listed_apart(stores: Any) -> None:
    """The same cut-off in two rhythms is two digests."""
    own = a_digest()
    other = replace(own, digest_id=f"{own.digest_id}-r0123456789")
    for digest in (own, other):
        assert stores.digests.put(digest, CUTOFF, SEND_AT) == digest
        assert stores.digests.get(OURS, digest.digest_id) == digest
    assert [entry.digest_id for entry in stores.digests.entries(OURS)] == [own.digest_id]
    (listed,) = stores.digests.entries(OURS, rhythm="r0123456789")
    assert listed == stores.digests.entry(OURS, other.digest_id)
    assert stores.digests.entry(OURS, "20200101T000000Z") is None


def test_what_is_not_mailed_yet_is_known_until_it_is(stores: Any) -> None:
    """From the hour it was to leave on; expecting and settling twice is harmless."""
    late, later = a_ready(), a_ready(SEND_AT + timedelta(minutes=1))
    for ready in (later, late, late):
        stores.digests.expect(ready)
    assert stores.digests.unsent(SEND_AT) == []
    assert stores.digests.unsent(SEND_AT + timedelta(seconds=1)) == [late]
    assert stores.digests.unsent(SEND_AT + timedelta(hours=1)) == [late, later]
    for _ in range(2):
        stores.digests.settle(late)
    assert stores.digests.unsent(SEND_AT + timedelta(hours=1)) == [later]


def a_ready(send_at: datetime = SEND_AT) -> DigestReady:
    """Return a digest that two people are to get."""
    return DigestReady(
        client_id=OURS,
        digest_id="20261208T061500Z",
        send_at=send_at,
        emails=("a@banque.test", "b@banque.test"),
    )


def test_one_client_never_sees_another_s(stores: Any) -> None:
    """Neither what is stored nor what is to come."""
    digest = a_digest()
    stores.digests.put(digest, CUTOFF, SEND_AT)
    stores.digests.schedule(a_due())
    for other in ("banque", "banque-armelie-2"):
        assert stores.digests.get(other, digest.digest_id) is None
        assert stores.digests.entries(other) == []
        assert stores.digests.upcoming(other) is None
    theirs = replace(a_digest("banque-armelie-2"), client_name="Autre")
    assert stores.digests.put(theirs, CUTOFF, SEND_AT) == theirs
    assert stores.digests.get(OURS, digest.digest_id) == digest
