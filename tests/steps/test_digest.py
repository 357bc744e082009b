"""Which digests are built, over which interval, and what follows each."""

from dataclasses import replace
from datetime import UTC, datetime, time

import pytest

from tests.builders import a_client, a_document, a_mention
from tests.fakes import World
from tests.pipeline.spine import Spine, Web
from vigie.domain.clients import DigestSchedule
from vigie.domain.feedback import Wish
from vigie.domain.mentions import StoryRef
from vigie.domain.subscriptions import trial_of
from vigie.messages import DigestReady
from vigie.steps.corrected import CorrectedMentions
from vigie.steps.feedback import FeedbackDesk

EVENING = datetime(2026, 12, 7, 17, 0, tzinfo=UTC)
CUTOFF = datetime(2026, 12, 8, 6, 15, tzinfo=UTC)  # 7:15 in Paris


@pytest.fixture
def world() -> World:
    """Return a stack whose one client subscribed in the evening."""
    world = World()
    world.clock.instant = EVENING
    world.accounts.put_client(a_client())
    Spine(world, Web()).appointments.keep(a_client())
    return world


def record(world: World, at: datetime) -> None:
    """Record a mention at an instant."""
    mention = a_mention(recorded_at=at)
    document = replace(mention.document, document_id=f"d-{at:%d%H%M%S}")
    story = StoryRef(document.document_id, "first")
    world.mentions.record([replace(mention, document=document, story=story)])


def test_a_digest_waits_until_its_interval_has_settled(world: World) -> None:
    """Nothing is built before the cut-off and the settling time have passed."""
    spine = Spine(world, Web())
    world.clock.instant = CUTOFF.replace(minute=16, second=59)
    assert spine.digest.run() == []
    world.clock.instant = CUTOFF.replace(minute=17)
    (digest,) = spine.digest.run()
    assert (digest.interval.since, digest.interval.until) == (EVENING, CUTOFF)


def test_an_interval_is_half_open(world: World) -> None:
    """What is recorded at the cut-off belongs to the next digest, and to no other."""
    spine = Spine(world, Web())
    record(world, CUTOFF.replace(minute=14, second=59))
    record(world, CUTOFF)
    world.clock.instant = CUTOFF.replace(minute=20)
    (first,) = spine.digest.run()
    world.clock.instant = CUTOFF.replace(day=9, minute=20)
    (second,) = spine.digest.run()
    assert (first.totals.retained, second.totals.retained) == (1, 1)
    assert first.interval.until == second.interval.since == CUTOFF


def test_the_mail_leaves_at_the_clients_hour(world: World) -> None:
    """The digest is queued with the delay that remains, and says when it may leave."""
    spine = Spine(world, Web())
    world.clock.instant = CUTOFF.replace(minute=17)
    spine.digest.run()
    ((message, delay_seconds),) = world.outbox.sent
    assert isinstance(message, DigestReady)
    assert (message.send_at, delay_seconds) == (CUTOFF.replace(minute=30), 13 * 60)


def test_a_paused_subscription_has_its_digest_and_no_mail(world: World) -> None:
    """It is stored for the pages; resumed, the next one leaves again."""
    spine = Spine(world, Web())
    paused = replace(trial_of("banque-armelie", EVENING), state="paused", pause_reason="asked")
    world.billing.change("banque-armelie", EVENING, lambda _: paused)
    world.clock.instant = CUTOFF.replace(minute=17)
    (digest,) = spine.digest.run()
    assert world.digests.get("banque-armelie", digest.digest_id) == digest
    assert world.outbox.sent == []
    assert world.digests.unsent(CUTOFF.replace(day=9)) == []
    world.billing.change(
        "banque-armelie", EVENING, lambda _: replace(paused, state="active", pause_reason=None)
    )
    world.clock.instant = CUTOFF.replace(day=9, minute=17)
    spine.digest.run()
    assert len(world.outbox.sent) == 1


def test_a_quiet_interval_has_its_digest_too(world: World) -> None:
    """Silence is told: a digest without a mention is built and sent."""
    world.clock.instant = CUTOFF.replace(minute=20)
    (digest,) = Spine(world, Web()).digest.run()
    assert digest.is_quiet
    assert len(world.outbox.take(DigestReady)) == 1


def test_what_was_carried_out_is_carried_in(world: World) -> None:
    """A correspondence decided and not yet recorded is told twice: as carried out, then as carried in."""
    spine = Spine(world, Web())
    world.ledger.record_decision(_decision(world))
    world.clock.instant = CUTOFF.replace(minute=20)
    (first,) = spine.digest.run()
    record(world, world.clock())
    world.clock.instant = CUTOFF.replace(day=9, minute=20)
    (second,) = spine.digest.run()
    assert (first.ledger.matched, first.ledger.carried_out) == (1, 1)
    assert (second.ledger.carried_in, second.ledger.retained, second.ledger.carried_out) == (1, 1, 0)
    assert first.ledger.check() == second.ledger.check() == []


def _decision(world: World):  # type: ignore[no-untyped-def]
    from vigie.domain.matching import Decision, Pair
    from vigie.domain.mentions import ClientMatch

    pair = Pair(position=0, match=ClientMatch("banque-armelie", ()))
    return Decision(batch_id="b", part=0, decided_at=world.clock(), pairs=(pair,), documents=1)


def test_a_digest_by_hand_closes_the_interval_now(world: World) -> None:
    """The next one starts where the one by hand ended, and still closes at its hour."""
    spine = Spine(world, Web())
    record(world, EVENING.replace(hour=18))
    world.clock.instant = EVENING.replace(hour=19)
    (digest,) = spine.digest.run_on_demand(world.clock())
    upcoming = world.digests.upcoming("banque-armelie")
    assert upcoming is not None
    assert digest.totals.retained == 1
    assert (upcoming.interval.since, upcoming.interval.until) == (world.clock(), CUTOFF)


def test_by_hand_the_unchanged_can_be_skipped(world: World) -> None:
    """A client who had a digest today and of whom nothing was said since is left alone; a quiet first is not."""
    spine = Spine(world, Web())
    for minute, expected in ((1, 1), (2, 0)):
        now = EVENING.replace(minute=minute)
        world.clock.instant = now
        assert len(spine.digest.run_on_demand(now, skip_unchanged=True)) == expected
    record(world, EVENING.replace(minute=2, second=30))
    world.clock.instant = EVENING.replace(minute=3)
    assert len(spine.digest.run_on_demand(world.clock(), skip_unchanged=True)) == 1


def test_by_hand_clients_can_be_chosen(world: World) -> None:
    """Only those named are built."""
    other = a_client(client_id="union", name="Union des Gaves")
    world.accounts.put_client(other)
    spine = Spine(world, Web())
    spine.appointments.keep(other)
    world.clock.advance(60)
    (digest,) = spine.digest.run_on_demand(world.clock(), ["union"])
    assert digest.client_id == "union"


def test_a_client_who_left_has_no_digest_and_no_appointment(world: World) -> None:
    """The appointment of a client who is gone is cancelled, and the others are built."""
    gone = a_client(client_id="gone", name="Partie")
    spine = Spine(world, Web())
    spine.appointments.keep(gone)
    world.clock.instant = CUTOFF.replace(minute=20)
    assert [digest.client_id for digest in spine.digest.run()] == ["banque-armelie"]
    assert world.digests.upcoming("gone") is None


def test_a_stack_that_slept_builds_what_it_owes(world: World) -> None:
    """After three days without a run the long interval is one digest, and the next closes at the next hour."""
    spine = Spine(world, Web())
    record(world, datetime(2026, 12, 9, 12, 0, tzinfo=UTC))
    world.clock.instant = datetime(2026, 12, 10, 12, 0, tzinfo=UTC)
    days = []
    while built := spine.digest.run():
        days += [digest.interval.until.day for digest in built]
    assert days == [8, 9, 10]
    upcoming = world.digests.upcoming("banque-armelie")
    assert upcoming is not None
    assert upcoming.interval.until.day == 11


def test_who_moves_their_hour_keeps_the_interval_open(world: World) -> None:
    """A client who changes something keeps what was counted since it came."""
    world.clock.advance(3600)
    spine = Spine(world, Web())
    spine.appointments.keep(replace(a_client(), schedule=DigestSchedule(send_at=time(9, 0))))
    upcoming = world.digests.upcoming("banque-armelie")
    assert upcoming is not None
    assert upcoming.interval.since == EVENING


def test_a_correction_counts_in_the_digests_built_after_it(world: World) -> None:
    """A "pas nous" said before the digest is built keeps the mention out, and the ledger tells it as held back."""
    record(world, CUTOFF.replace(minute=0))
    record(world, CUTOFF.replace(minute=1))
    correct(world, "d-08060000")
    world.clock.instant = CUTOFF.replace(minute=20)
    (digest,) = Spine(world, Web()).digest.run()
    assert digest.totals.retained == 1
    assert (digest.ledger.retained, digest.ledger.held) == (1, {"not_us": 1})


def test_a_correction_leaves_the_digest_that_was_sent_as_it_was(world: World) -> None:
    """What was mailed stays; the next digest counts by the correction, in the same story too."""
    record(world, CUTOFF.replace(minute=0))
    world.clock.instant = CUTOFF.replace(minute=20)
    (first,) = Spine(world, Web()).digest.run()
    correct(world, "d-08060000")
    reprint = a_mention(a_document("Reprint", document_id="r"), story="d-08060000", recorded_at=CUTOFF)
    world.mentions.record([reprint])
    world.clock.instant = CUTOFF.replace(day=9, minute=20)
    (second,) = Spine(world, Web()).digest.run()
    assert world.digests.get("banque-armelie", first.digest_id) == first
    assert (first.totals.retained, second.totals.retained) == (1, 0)
    assert second.ledger.held == {"not_us": 1}


def correct(world: World, mention_id: str) -> None:
    """Say "pas nous" of a mention."""
    mentions = CorrectedMentions(world.mentions, world.feedback, world.stories)
    desk = FeedbackDesk(mentions=mentions, feedback=world.feedback, clock=world.clock)
    desk.give(a_client(), mention_id, Wish(label="relevance", value="homonym", by="Jeanne"))
