"""A reviewer looks a digest over, from the preview to the mails that leave."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.builders import a_client, a_document, a_mention
from tests.fakes import World
from tests.pipeline.spine import Spine, Web
from vigie.domain.clients import Client, Recipient, Reviewer
from vigie.domain.digest import Digest
from vigie.errors import BadField, Conflict, Expired, NotFound, Outdated
from vigie.messages import DigestReady, PreviewReady
from vigie.requests import AddedRequest, ReviewRequest
from vigie.steps.review_desk import ReviewDesk
from vigie.steps.reviewed import ReviewedDigests

LEAVES_AT = datetime(2026, 12, 8, 6, 30, tzinfo=UTC)
CLIENT = a_client(recipients=(Recipient("com@banque.test"),), reviewer=Reviewer("claire@agence.test"))


@pytest.fixture
def world() -> World:
    """Return a stack whose reviewed client has a digest of two subjects, ready an hour before it leaves."""
    world = World()
    world.clock.instant = LEAVES_AT - timedelta(hours=12)
    world.accounts.put_client(CLIENT)
    spine = Spine(world, Web())
    spine.appointments.keep(CLIENT)
    for title in ("Trois guichets ferment", "Une application en panne"):
        world.mentions.record([a_mention(a_document(title), recorded_at=LEAVES_AT - timedelta(hours=9))])
    world.clock.instant = LEAVES_AT - timedelta(minutes=43)
    spine.digest.run()
    return world


def desk_of(world: World) -> ReviewDesk:
    """Return the desk."""
    return ReviewDesk(digests=world.digests, reviews=world.reviews, clock=world.clock)


def the_id(world: World) -> str:
    """Return the digest's id."""
    (entry,) = world.digests.entries(CLIENT.client_id)
    return entry.digest_id


def drained(world: World) -> list[tuple[str, str]]:
    """Deliver all messages in time; return who was mailed what, in order."""
    Spine(world, Web()).drain()
    return [(mail.to, mail.raw.decode().split("Subject: ")[1].split("\r\n")[0]) for mail in world.mailer.sent]


def test_a_reviewed_digest_closes_early_enough(world: World) -> None:
    """Three quarters of an hour before it leaves: time to build it, then half an hour to look it over."""
    (entry,) = world.digests.entries(CLIENT.client_id)
    assert timedelta(minutes=45) == LEAVES_AT - entry.interval.until
    assert entry.send_at == LEAVES_AT


def test_the_reviewer_is_asked_half_an_hour_before(world: World) -> None:
    """Then the digest goes by itself when nobody touches it."""
    (preview,) = [each for each, _ in world.outbox.sent if isinstance(each, PreviewReady)]
    assert LEAVES_AT - timedelta(minutes=30) == preview.preview_at
    previewed, left = drained(world)
    assert (previewed[0], left[0]) == ("claire@agence.test", "com@banque.test")
    assert previewed[1] == f"preview {left[1]}"
    assert world.clock() >= LEAVES_AT


def test_a_preview_heard_twice_is_mailed_once(world: World) -> None:
    """As any mail."""
    Spine(world, Web(), copies=2).drain()
    assert [mail.to for mail in world.mailer.sent] == ["claire@agence.test", "com@banque.test"]


def test_what_is_decided_leaves_and_stays(world: World) -> None:
    """The mail, and whoever reads the digest later, see it as the reviewer left it."""
    desk, digest_id = desk_of(world), the_id(world)
    dropped = desk.sheet(CLIENT, digest_id).found.subjects[0].subject_id
    wanted = ReviewRequest(
        dropped=(dropped,), note="À suivre.", added=(AddedRequest("Fermetures", "Radio Gaves", kind="radio"),)
    )
    sheet = desk.decide(CLIENT, digest_id, wanted, "Claire")
    assert (sheet.review.version, sheet.is_open) == (1, True)
    drained(world)
    read = ReviewedDigests(world.digests, world.reviews).get(CLIENT.client_id, digest_id)
    assert sheet.digest == read
    assert isinstance(read, Digest)
    assert read.review is not None
    assert (
        read.review.by,
        read.review.note,
        [item.item_id for item in read.review.added],
    ) == ("Claire", "À suivre.", ["added-1"])


def test_before_it_leaves_nobody_else_sees_the_review(world: World) -> None:
    """A client who reads the digest early reads what was found."""
    desk, digest_id = desk_of(world), the_id(world)
    desk.decide(CLIENT, digest_id, ReviewRequest(note="Brouillon"), "Claire")
    read = ReviewedDigests(world.digests, world.reviews).get(CLIENT.client_id, digest_id)
    assert read is not None
    assert read.review is None


def test_who_had_not_read_the_last_version_is_told(world: World) -> None:
    """Two reviewers never write over each other unseen."""
    desk, digest_id = desk_of(world), the_id(world)
    desk.decide(CLIENT, digest_id, ReviewRequest(note="un"), "Claire")
    with pytest.raises(Outdated):
        desk.decide(CLIENT, digest_id, ReviewRequest(note="deux"), "Paul")
    assert desk.decide(CLIENT, digest_id, ReviewRequest(version=1, note="deux"), "Paul").review.note == "deux"


def test_after_the_first_mail_nothing_is_decided(world: World) -> None:
    """All recipients read the same: a decision at or after the hour is refused, with a sentence."""
    desk, digest_id = desk_of(world), the_id(world)
    world.clock.instant = LEAVES_AT
    with pytest.raises(Expired, match="has left"):
        desk.decide(CLIENT, digest_id, ReviewRequest(note="tard"), "Claire")
    assert not desk.sheet(CLIENT, digest_id).is_open


def test_a_preview_that_comes_too_late_is_not_mailed(world: World) -> None:
    """Nobody is asked to look over what has left."""
    world.clock.instant = LEAVES_AT
    Spine(world, Web()).drain()
    assert [mail.to for mail in world.mailer.sent] == ["com@banque.test"]


def test_what_is_not_there_is_refused(world: World) -> None:
    """An unknown digest, a wish about what it does not hold, a client whose digests wait for nobody."""
    desk, digest_id = desk_of(world), the_id(world)
    with pytest.raises(NotFound):
        desk.sheet(CLIENT, "20200101T000000Z")
    with pytest.raises(BadField):
        desk.decide(CLIENT, digest_id, ReviewRequest(dropped=("nobody",)), "Claire")
    with pytest.raises(Conflict):
        desk.decide(_without_reviewer(), digest_id, ReviewRequest(), "Claire")


def _without_reviewer() -> Client:
    return a_client()


def test_a_client_without_reviewer_has_no_preview() -> None:
    """Its interval closes when it did, and only the digest is queued."""
    world = World()
    world.clock.instant = LEAVES_AT - timedelta(hours=12)
    world.accounts.put_client(a_client())
    spine = Spine(world, Web())
    spine.appointments.keep(a_client())
    world.clock.instant = LEAVES_AT - timedelta(minutes=12)
    spine.digest.run()
    assert [DigestReady] == [type(message) for message, _ in world.outbox.sent]
