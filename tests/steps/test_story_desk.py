"""A story as a client sees it: only what its own watches found, after merges too."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest

from tests.builders import CUTOFF, a_client, a_document, a_mention
from tests.fakes import World
from vigie import views
from vigie.domain.mentions import Mention, StoryRef
from vigie.errors import NotFound
from vigie.ports import StoryRoots
from vigie.steps.following import FollowedMentions
from vigie.steps.story_desk import StoryDesk


@dataclass
class Merged(StoryRoots):
    """Stories that became parts of others."""

    parents: dict[str, str] = field(default_factory=dict)

    def roots(self, story_ids: Iterable[str]) -> dict[str, str]:
        """Return each story's story."""
        return {story_id: self.parents.get(story_id, story_id) for story_id in story_ids}


def a_copy(name: str, host: str, body: str, story: str = "one", **fields: Any) -> Mention:
    """Return a mention of a document of a story, each a minute after the one before in the alphabet."""
    at = CUTOFF - timedelta(hours=2) + timedelta(minutes=ord(name))
    document = a_document(
        f"Titre {name}",
        document_id=name,
        host=host,
        source_name=host,
        body=body,
        published_at=at,
        seen_at=at,
        **fields,
    )
    mention = a_mention(document, recorded_at=at)
    return replace(mention, story=StoryRef(story, "first" if name == "a" else "reprint"))


MENTIONS = [
    a_copy("a", "ledauphine.com", "Bilan : 12 blessés. (AFP)", outlet_tier="regional"),
    a_copy("b", "estrepublicain.fr", "Bilan : 12 blessés. (AFP)"),
    a_copy("c", "sudouest.fr", "Bilan : 12 blessés. (AFP)", story="late", outlet_tier="national"),
    a_copy("d", "sudouest.fr", "Autre chose.", story="other"),
]


def desk_of(*mentions: Mention) -> StoryDesk:
    """Return a desk over these mentions, where "late" turned out to be a part of "one"."""
    world = World()
    world.mentions.record(list(mentions))
    world.clock.instant = CUTOFF + timedelta(hours=1)
    merged = Merged({"late": "one"})
    return StoryDesk(FollowedMentions(world.mentions, merged), merged, world.clock)


@pytest.mark.parametrize("asked", ["one", "late"])
def test_a_story_tells_who_was_first_and_which_groups_reprinted(asked: str) -> None:
    """Three titles of two groups, from an agency's text, by today's id or by the one before the merge."""
    shown = views.of_story(desk_of(*MENTIONS).show(a_client(), asked))
    assert shown["story_id"] == "one"
    assert shown["first_source"] == "ledauphine.com"
    assert shown["families"] == [
        {"family_id": "ebra", "name": "EBRA", "documents": 2},
        {"family_id": "sud-ouest", "name": "Sud Ouest", "documents": 1},
    ]
    assert (shown["reprints"], shown["best_tier"], shown["agencies"]) == (1, "national", ["AFP"])
    assert [mention["mention_id"] for mention in shown["mentions"]] == ["a", "b", "c"]


def test_a_correction_is_told_in_full_only_where_terms_allow() -> None:
    """A page that changed its figures says which; of a source that allows a link alone, only that it changed."""
    page = "https://ledauphine.com/bilan"
    for display, changes in (("full", [{"before": "12", "after": "15"}]), ("link_only", [])):
        versions = [
            a_copy(name, "ledauphine.com", f"Bilan : {count} blessés.", canonical_url=page, display=display)
            for name, count in (("a", 12), ("b", 15))
        ]
        versions = [
            replace(mention, document=replace(mention.document, title="Bilan")) for mention in versions
        ]
        shown = views.of_story(desk_of(*versions).show(a_client(), "one"))
        assert shown["corrections"] == [{"document_id": "b", "changes": changes}]


def test_what_was_withdrawn_or_never_found_is_no_story() -> None:
    """A story whose every mention was taken back is not there, as one the client never found."""
    gone = replace(MENTIONS[3], status="held", held_reason="withdrawn")
    for story_id in ("other", "unknown"):
        with pytest.raises(NotFound, match=story_id):
            desk_of(gone).show(a_client(), story_id)
