"""Corrections as people make them, and what is read with them."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.builders import A_DAY, CUTOFF, a_client, a_document, a_mention
from tests.contracts.together import at_once
from tests.fakes import World
from tests.journal import Crash
from vigie.domain.cutoffs import Interval
from vigie.domain.feedback import Wish, awaited
from vigie.domain.mentions import Assessment, Label
from vigie.domain.stories.fingerprint import fingerprint
from vigie.domain.stories.union import StoryMember
from vigie.errors import BadField, NotFound
from vigie.steps.corrected import CorrectedMentions
from vigie.steps.feedback import FeedbackDesk
from vigie.steps.following import FollowedMentions

CLIENT = a_client()
NOT_US = Wish(label="relevance", value="homonym", by="Jeanne", reason="Un autre")
FIRST = a_mention(a_document("first", document_id="first"))
REPRINT = a_mention(a_document("reprint", document_id="reprint"), story="first")


def desk_of(world: World) -> FeedbackDesk:
    """Return a desk whose client has a story of two mentions."""
    followed = FollowedMentions(world.mentions, world.stories)
    mentions = CorrectedMentions(followed, world.feedback, world.stories)
    mentions.record([FIRST, REPRINT])
    world.clock.instant = CUTOFF
    return FeedbackDesk(mentions=mentions, feedback=world.feedback, clock=world.clock)


def test_every_way_of_reading_sees_the_correction() -> None:
    """In the digest, on a page and alone; what is recorded stays as it was."""
    world = World()
    desk = desk_of(world)
    told = desk.give(CLIENT, "first", NOT_US)
    assert told.mention.held_reason == "not_us"
    read = desk.mentions
    assert {m.status for m in read.recorded_in(CLIENT.client_id, A_DAY)} == {"held"}
    assert {m.status for m in read.page(CLIENT.client_id, A_DAY, 10).mentions} == {"held"}
    assert world.mentions.recorded_in(CLIENT.client_id, A_DAY) == [FIRST, REPRINT]
    assert read.get(CLIENT.client_id, "unknown") is None


def test_feedback_given_twice_or_at_once_is_given_once() -> None:
    """Eight clicks are one correction, made by one person."""
    desk = desk_of(World())
    at_once(8, lambda _: desk.give(CLIENT, "first", NOT_US))
    (correction,) = desk.listed(CLIENT, None, None)
    assert (correction.given_by, correction.given_at, correction.reason) == ("Jeanne", CUTOFF, "Un autre")


def test_a_crash_before_the_write_leaves_nothing_after_it_everything() -> None:
    """Whoever sends the request again ends with one correction."""
    for point in ("before", "after"):
        world = World()
        desk = desk_of(world)
        world.journal.interrupt(**{point: 1})
        with pytest.raises(Crash):
            desk.give(CLIENT, "first", NOT_US)
        assert len(desk.give(CLIENT, "first", NOT_US).corrections) == 1


def test_a_story_is_corrected_by_its_id_and_by_one_it_had_before_a_merge() -> None:
    """What a digest's link names is corrected whole, however its story goes on."""
    world = World()
    desk = desk_of(world)
    for name in ("older", "first"):
        member = StoryMember(document_id=name, mark=fingerprint(a_document(name))[0], arrival=1)
        world.stories.add(member, CUTOFF)
    told = desk.give_to_story(CLIENT, "first", NOT_US)
    world.stories.link("first", "older", CUTOFF)
    late = a_mention(a_document("late", document_id="late"), story="older", recorded_at=CUTOFF)
    desk.mentions.record([late])
    read = desk.mentions.recorded_in(CLIENT.client_id, Interval(A_DAY.since, CUTOFF + timedelta(days=1)))
    assert {mention.held_reason for mention in read} == {"not_us"}
    assert desk.told_of_story(CLIENT, "first").corrections == told.corrections
    assert desk.give_to_story(CLIENT, "first", NOT_US).corrections == told.corrections
    assert desk.give_to_story(CLIENT, "older", NOT_US).mention.held_reason == "not_us"
    with pytest.raises(NotFound):
        desk.give_to_story(CLIENT, "unknown", NOT_US)


def test_undoing_gives_the_mention_back() -> None:
    """Undone twice is undone once, by who did it first; the list still tells it."""
    desk = desk_of(World())
    desk.give(CLIENT, "first", NOT_US)
    for by in ("Paul", "Anne"):
        told = desk.take_back(CLIENT, "first", "1", by, "Si, c'est nous")
    assert told.mention.status == "kept"
    (correction,) = desk.listed(CLIENT, None, None)
    assert correction.undone is not None
    assert correction.undone.by == "Paul"
    with pytest.raises(NotFound):
        desk.take_back(CLIENT, "first", "2", "Paul", "")


def test_a_watch_that_was_mistaken_can_be_named_again() -> None:
    """After "pas nous" the mention's watches are still known: relevance can be given back by another word."""
    desk = desk_of(World())
    desk.give(CLIENT, "first", NOT_US)
    told = desk.give(CLIENT, "first", replace(NOT_US, value="main"))
    assert told.mention.status == "kept"


def test_what_may_not_be_shown_cannot_be_corrected() -> None:
    """A mention past its platform's terms is not there; neither is another client's."""
    world = World()
    desk = desk_of(world)
    gone = a_document("gone", document_id="gone", retain_until=CUTOFF - timedelta(seconds=1))
    desk.mentions.record([a_mention(gone)])
    for client, mention_id in ((CLIENT, "gone"), (a_client(client_id="union"), "first")):
        with pytest.raises(NotFound):
            desk.give(client, mention_id, NOT_US)
        with pytest.raises(NotFound):
            desk.told(client, mention_id)


def test_the_list_is_of_the_days_asked_for_the_last_made_first() -> None:
    """Days too many, or none, are refused by their field."""
    world = World()
    desk = desk_of(world)
    desk.give(CLIENT, "first", NOT_US)
    world.clock.advance(60)
    desk.give(CLIENT, "reprint", replace(NOT_US, label="tone", value="negative"))
    assert [each.label for each in desk.listed(CLIENT, None, None)] == ["tone", "relevance"]
    assert desk.listed(CLIENT, CUTOFF, None) == []
    for since in (CUTOFF + timedelta(days=9), CUTOFF - timedelta(days=900)):
        with pytest.raises(BadField):
            desk.listed(CLIENT, since, None)


def test_what_awaits_a_person_is_listed_once_a_story() -> None:
    """With its labels by watch, until somebody says what they are; what is kept out awaits nobody."""
    world = World()
    desk = desk_of(world)
    unsure, sure = Label("neutral", 0.4, abstained=True), Label("neutral", 0.9)
    judged = Assessment(watch_id="brand", relevance=sure, impact=unsure, tone=sure, crisis=sure)
    for name, story in (("u1", "u1"), ("u2", "u1"), ("u3", "u3")):
        mention = a_mention(a_document(name, document_id=name), story=story)
        labels = replace(mention.labels, assessments=(judged,))
        desk.mentions.record([replace(mention, labels=labels)])
    held = a_mention(a_document("held", document_id="held"), status="held", held_reason="same_address")
    desk.mentions.record([replace(held, labels=replace(held.labels, assessments=(judged,)))])

    def listed() -> list[str]:
        return [mention.story.story_id for mention in desk.to_verify(CLIENT, None, None, 100).mentions]

    assert sorted(listed()) == ["u1", "u3"]
    (first, *_) = desk.to_verify(CLIENT, None, None, 100).mentions
    assert awaited(first) == {"brand": ("impact",)}
    desk.give_to_story(CLIENT, "u1", Wish(label="impact", value="mixed", by="Jeanne"))
    assert listed() == ["u3"]
    page = desk.to_verify(CLIENT, None, None, 1)
    assert page.cursor is not None
