"""A digest of many subjects, for tests of what is done to one."""

from datetime import timedelta

from tests.builders import A_DAY, CUTOFF, a_client, a_document, a_mention, a_source, a_watch
from vigie.domain.digest import Digest
from vigie.domain.digest_build import build_digest
from vigie.domain.ledger import Evaluated, close_interval
from vigie.domain.sources import Odometer


def a_digest_of(subjects: int) -> Digest:
    """Return a digest of so many subjects, a neutral story each."""
    mentions = [a_mention(a_document(f"Sujet {number:02}")) for number in range(subjects)]
    ledger = close_interval(
        polls=Odometer(polled=9, fetched=subjects),
        evaluated=[Evaluated(subjects)],
        matched=subjects,
        mentions=mentions,
        carried_in=0,
    )
    return build_digest(
        client=a_client(),
        watches=[a_watch()],
        interval=A_DAY,
        mentions=mentions,
        ledger=ledger,
        polls_reading=Odometer(),
        sources=[a_source()],
        states={},
        previous=None,
        next_send_at=CUTOFF + timedelta(days=1, minutes=15),
        now=CUTOFF,
        late_after_seconds=1800,
    )


def ids(digest: Digest) -> list[str]:
    """Return the ids of its subjects, in order."""
    return [line.subject_id for line in (*digest.subjects, *digest.others)]
