"""The first digest of a business that signed up: what the archive holds of it, within ten minutes."""

from datetime import datetime, timedelta

from tests.fakes import World
from tests.pipeline.spine import Spine, Web
from tests.steps.test_backtest import NOW, WEEK, archived
from vigie.domain.clients import DigestSchedule, Watch
from vigie.domain.query.builder import Wishes
from vigie.domain.rhythms import OPENING
from vigie.domain.signing_up.sign_ups import TERMS_VERSION, Consent, SignUp
from vigie.messages import Message
from vigie.steps.backfill import OPENING_BEHIND_SECONDS, Backfill
from vigie.steps.billing.trials import Trials
from vigie.steps.signing_up.founding import Founding

SLOW = timedelta(seconds=45)
"""What each function waits for before it works: a worker that starts cold, a queue that is long."""
SIGN_UP = SignUp(
    signup_id="a1b2c3d4e5f6",
    email="claire@ville.example",
    name="Guichets",
    wishes=Wishes(any=("guichets",)),
    about="",
    schedule=DigestSchedule(only_when_spoken=True),
    locale="fr",
    asked_at=NOW,
    consent=Consent(terms_version=TERMS_VERSION, at=NOW, address_sha256="0" * 64),
    confirmed_at=NOW,
)


def sign_up(world: World, spine: Spine) -> list[Watch]:
    """Begin a client; return the watches whose past is to be looked up."""
    looked_up: list[Watch] = []
    founding = Founding(
        accounts=world.accounts,
        digests=world.digests,
        sources=world.sources,
        enrol=spine.appointments.keep,
        backfill=looked_up.append,
        start_trial=Trials(world.billing).start_trial,
        clock=world.clock,
    )
    founding.begin(SIGN_UP)
    return looked_up


def play_until_mailed(world: World, spine: Spine) -> datetime:
    """Deliver each message once its delay and a slow worker's are over; return when the mail left."""
    ends = world.clock() + timedelta(minutes=20)
    waiting: list[tuple[datetime, Message]] = []
    while not world.mailer.sent and world.clock() < ends:
        waiting += [
            (world.clock() + timedelta(seconds=delay) + SLOW, message) for message, delay in world.outbox.sent
        ]
        world.outbox.sent.clear()
        for due in [each for each in waiting if each[0] <= world.clock()]:
            waiting.remove(due)
            spine.deliver(due[1])
        if world.clock().second == 0:
            spine.digest.run()
        world.clock.advance(1)
    return world.clock()


def test_the_first_digest_comes_within_ten_minutes_and_is_not_empty() -> None:
    """Though every worker is slow to start: what the archive held is in it, and in no other digest."""
    world = World()
    world.clock.advance(int((NOW - world.clock()).total_seconds()))
    world.blobs.objects |= archived(*WEEK).objects
    spine = Spine(world, Web())
    (watch,) = sign_up(world, spine)
    world.clock.advance(int(SLOW.total_seconds()))
    Backfill(
        accounts=world.accounts,
        blobs=world.blobs,
        outbox=world.outbox,
        clock=world.clock,
        budget_seconds=60,
        stopwatch=lambda: 0.0,
    ).run(watch.client_id, watch.watch_id, OPENING_BEHIND_SECONDS)

    mailed_at = play_until_mailed(world, spine)

    assert mailed_at - NOW <= timedelta(minutes=10)
    (mail,) = world.mailer.sent
    assert mail.to == "claire@ville.example"
    (entry,) = world.digests.entries(watch.client_id, rhythm=OPENING)
    digest = world.digests.get(watch.client_id, entry.digest_id)
    assert digest is not None
    assert (digest.totals.retained, digest.check()) == (2, [])
    assert world.digests.entries(watch.client_id) == []
