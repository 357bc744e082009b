"""Who is mailed, once, and what happens when the provider says no."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from tests.builders import a_client
from tests.fakes import World
from tests.journal import Crash
from tests.pipeline.spine import Spine, Web
from vigie.domain.addresses import MailEvent, after
from vigie.domain.clients import Recipient
from vigie.errors import AddressRefused, Permanent, Transient
from vigie.messages import DigestReady
from vigie.ports import RenderedDigest
from vigie.steps.deliver import CLAIM_SECONDS, Pace

SEND_AT = datetime(2026, 12, 8, 6, 30, tzinfo=UTC)
RECIPIENTS = (Recipient("com@banque.test"), Recipient("dg@banque.test"))


@pytest.fixture
def world() -> World:
    """Return a stack with a digest ready for two recipients, at the hour it may leave."""
    world = World()
    world.clock.instant = SEND_AT.replace(hour=1)
    client = a_client(recipients=RECIPIENTS)
    world.accounts.put_client(client)
    spine = Spine(world, Web())
    spine.appointments.keep(client)
    world.clock.instant = SEND_AT.replace(minute=17)
    spine.digest.run()
    world.clock.instant = SEND_AT
    return world


def ready(world: World) -> DigestReady:
    """Return the message that waits."""
    message = world.outbox.sent[0][0]
    assert isinstance(message, DigestReady)
    return message


def to(world: World) -> list[str]:
    """Return the addresses mailed."""
    return [mail.to for mail in world.mailer.sent]


def test_each_recipient_is_mailed_once_however_often_it_is_asked(world: World) -> None:
    """A second delivery of the message finds every mail sent."""
    spine = Spine(world, Web())
    first, second = spine.send.run(ready(world)), spine.send.run(ready(world))
    assert to(world) == ["com@banque.test", "dg@banque.test"]
    assert (len(first.sent), len(second.sent_before)) == (2, 2)


def test_a_digest_that_comes_too_early_is_put_off(world: World) -> None:
    """Before its hour a digest goes back to the queue, with what a queue can delay at most."""
    spine = Spine(world, Web())
    message = ready(world)
    world.outbox.sent.clear()
    world.clock.instant = SEND_AT.replace(hour=6, minute=0)
    assert spine.send.run(message).put_off
    assert [delay for _, delay in world.outbox.sent] == [900]
    assert to(world) == []


def test_one_address_refused_for_good_stops_no_other(world: World) -> None:
    """The refusal is kept for ops, the others are mailed, and nobody is tried again."""
    world.mailer.refusals["com@banque.test"] = Permanent("address rejected")
    spine = Spine(world, Web())
    report = spine.send.run(ready(world))
    world.mailer.refusals.clear()
    spine.send.run(ready(world))
    assert to(world) == ["dg@banque.test"]
    assert list(report.refused.values()) == ["address rejected"]
    assert [parked.reason for parked in world.ledger.parked()] == ["address rejected"]


def test_a_provider_that_asks_to_wait_is_asked_again(world: World) -> None:
    """The message comes back, those served are not served again, the other is."""
    world.mailer.refusals["com@banque.test"] = Transient("throttled")
    spine = Spine(world, Web())
    message = ready(world)
    world.outbox.sent.clear()
    assert spine.send.run(message).waits_for == "throttled"
    assert [(message, 60)] == world.outbox.sent
    assert [message] == world.digests.unsent(world.clock.advance(1))
    world.mailer.refusals.clear()
    spine.send.run(message)
    assert to(world) == ["dg@banque.test", "com@banque.test"]
    assert world.digests.unsent(world.clock()) == []


def _die_after_the_provider_accepted(world: World, spine: Spine) -> None:
    world.journal.interrupt(after=2)  # the claim, the mail
    with pytest.raises(Crash):
        spine.send.run(ready(world))
    assert to(world) == ["com@banque.test"]


def test_the_providers_word_settles_a_claim_left_open(world: World) -> None:
    """Dead between the provider's yes and our mark: its Send event marks the mail, and it is sent once."""
    spine = Spine(world, Web())
    _die_after_the_provider_accepted(world, spine)
    spine.deliver_mail.confirm(world.mailer.sent[0].delivery_key, "provider-1")
    spine.send.run(ready(world))
    assert to(world) == ["com@banque.test", "dg@banque.test"]


def test_a_claim_left_open_is_not_touched_before_it_runs_out(world: World) -> None:
    """While the claim may still be somebody's, the message waits; the other recipient is served."""
    spine = Spine(world, Web())
    _die_after_the_provider_accepted(world, spine)
    assert "claimed" in spine.send.run(ready(world)).waits_for
    assert to(world) == ["com@banque.test", "dg@banque.test"]


def test_without_any_word_a_lost_mail_is_worse_than_a_doubled_one(world: World) -> None:
    """A claim that ran out without a word is sent again, and the report says it was in doubt."""
    spine = Spine(world, Web())
    _die_after_the_provider_accepted(world, spine)
    world.clock.advance(CLAIM_SECONDS)
    report = spine.send.run(ready(world))
    assert len(report.sent_in_doubt) == 1
    assert sorted(to(world)) == ["com@banque.test", "com@banque.test", "dg@banque.test"]


def test_a_digest_that_is_not_there_is_permanent(world: World) -> None:
    """A message about a digest nobody has is parked, not retried for days."""
    message = DigestReady(
        client_id="banque-armelie", digest_id="20200101T000000Z", send_at=SEND_AT, emails=()
    )
    with pytest.raises(Permanent):
        Spine(world, Web()).send.run(message)


def test_a_mails_identity_is_the_same_on_every_try(world: World) -> None:
    """Its message id follows from client, digest and address only."""
    Spine(world, Web()).send.run(ready(world))
    ids: Any = {mail.message_id for mail in world.mailer.sent}
    assert len(ids) == 2
    assert all(mail.message_id == f"<{mail.delivery_key}@vigie.example>" for mail in world.mailer.sent)
    assert all(mail.delivery_key.startswith("banque-armelie_") for mail in world.mailer.sent)


def test_a_worker_hands_over_when_its_time_is_up(world: World) -> None:
    """Many recipients, few mails a second: the digest goes on with the next worker, and nobody gets it twice."""
    spine = Spine(world, Web())
    slow = Pace(lambda: 30, lambda wait: void(world.clock.advance(wait)), lambda: world.clock().timestamp())
    send = replace(spine.send, deliver=replace(spine.deliver_mail, pace=slow), budget_seconds=20)
    recipients = tuple(Recipient(f"r{number}@banque.test") for number in range(5))
    world.accounts.put_client(a_client(recipients=recipients))
    message = msgspec.structs.replace(ready(world), emails=tuple(each.email for each in recipients))
    world.outbox.sent = [(message, 0)]
    runs = 0
    while world.outbox.sent:
        send.run(world.outbox.take(DigestReady)[0])
        runs += 1
    assert [each.email for each in recipients] == to(world)
    assert runs > 1


def test_a_rate_that_cannot_be_asked_now_is_waited_for(world: World) -> None:
    """Nothing is mailed and no delivery stays claimed; once the provider answers, each gets the mail once."""
    spine = Spine(world, Web())
    answers = iter([Transient("the quota cannot be read now")])

    def seconds_between() -> float:
        for answer in answers:
            raise answer
        return 0

    pace = replace(spine.deliver_mail.pace, seconds_between=seconds_between)
    send = replace(spine.send, deliver=replace(spine.deliver_mail, pace=pace))
    recipients = (Recipient("dg@banque.test"),)
    world.accounts.put_client(a_client(recipients=recipients))
    message = msgspec.structs.replace(ready(world), emails=("dg@banque.test",))
    assert send.run(message).waits_for == "the quota cannot be read now"
    assert to(world) == []
    send.run(world.outbox.take(DigestReady)[0])
    assert to(world) == ["dg@banque.test"]


def void(_: object) -> None:
    """Return nothing, as sleeping does."""


def test_a_mailbox_that_is_not_there_is_not_written_to_again(world: World) -> None:
    """Refused by the receiving side for good: by any client of the stack."""
    world.mailer.refusals["com@banque.test"] = AddressRefused("550 5.1.1 user unknown")
    spine = Spine(world, Web())
    spine.send.run(ready(world))
    stop = world.addresses.get("com@banque.test").suppression
    assert stop is not None
    assert (stop.reason, stop.detail) == ("bounce", "550 5.1.1 user unknown")
    world.mailer.refusals.clear()
    later = msgspec.structs.replace(ready(world), digest_id=ready(world).digest_id)
    assert spine.send.run(later).sent == []
    assert to(world) == ["dg@banque.test"]


def test_a_suppressed_address_is_left_out(world: World) -> None:
    """Nothing is sent, nothing claimed, and the digest is done with."""
    complaint = MailEvent(kind="complained", provider_id="p", at=SEND_AT, email="com@banque.test")
    world.addresses.change("com@banque.test", lambda address: after(address, complaint))
    report = Spine(world, Web()).send.run(ready(world))
    assert to(world) == ["dg@banque.test"]
    assert len(report.suppressed) == 1
    assert world.digests.unsent(world.clock.advance(60)) == []


def test_the_mail_speaks_the_recipients_language(world: World) -> None:
    """One digest, told to each in theirs."""
    spine = Spine(world, Web())
    told = []
    send = replace(
        spine.send,
        render=lambda digest, _: told.append(digest.locale) or RenderedDigest("s", "h", "t"),  # type: ignore[func-returns-value]
    )
    world.accounts.put_client(a_client(recipients=(RECIPIENTS[0], replace(RECIPIENTS[1], locale="en"))))
    send.run(ready(world))
    assert told == ["fr", "en"]
