"""Mentions follow the merges of their stories when they are read."""

from datetime import timedelta

from tests.builders import A_DAY, CUTOFF, a_document, a_mention
from tests.fakes import World
from vigie.domain.stories.fingerprint import fingerprint
from vigie.domain.stories.union import StoryMember
from vigie.steps.following import FollowedMentions

CLIENT = "banque-armelie"


def merged_world() -> tuple[World, FollowedMentions]:
    """Return a world in which two stories were recorded, then found to be one."""
    world = World()
    for name in ("early", "late"):
        document = a_document(name, document_id=name)
        world.mentions.record([a_mention(document)])
        member = StoryMember(document_id=name, mark=fingerprint(document)[0], arrival=1)
        world.stories.add(member, CUTOFF)
    world.stories.link("late", "early", CUTOFF)
    return world, FollowedMentions(world.mentions, world.stories)


def test_every_way_of_reading_follows_the_merge() -> None:
    """In the digest, on a page and alone, a mention is in the story of today, its part in it unchanged."""
    _, followed = merged_world()
    recorded = followed.recorded_in(CLIENT, A_DAY)
    assert {mention.story.story_id for mention in recorded} == {"early"}
    assert [mention.story.role for mention in recorded] == ["first", "first"]
    assert {mention.story.story_id for mention in followed.page(CLIENT, A_DAY, 10).mentions} == {"early"}
    late = followed.get(CLIENT, "late")
    assert late is not None
    assert late.story.story_id == "early"
    assert followed.get(CLIENT, "unknown") is None


def test_what_is_recorded_stays_as_it_was() -> None:
    """A merge rewrites no mention."""
    world, followed = merged_world()
    later = a_mention(a_document("new", document_id="new"), recorded_at=CUTOFF - timedelta(minutes=1))
    assert followed.record([later]).new == 1
    stored = world.mentions.get(CLIENT, "late")
    assert stored is not None
    assert stored.story.story_id == "late"
