"""Subjects as the API shows them and as people correct them."""

from datetime import timedelta

import pytest

from tests.builders import CUTOFF, a_client, a_document, a_mention
from tests.fakes import World
from vigie.errors import BadField, NotFound
from vigie.requests import MergeRequest, SplitRequest
from vigie.steps.subject_desk import SubjectDesk
from vigie.steps.subjects import ClientSubjects, StackTerms

TEXTS = {
    "a": (
        "La Banque d'Armélie va fermer trois guichets",
        "Courbefosse, Ambrazac et Camparol perdront leur guichet.",
    ),
    "b": (
        "Trois villages perdent leur agence",
        "La fermeture des guichets d'Ambrazac et de Camparol inquiète.",
    ),
    "c": (
        "Mécénat : un prix pour la fondation",
        "Le jury du mécénat a salué des ateliers de lecture en Ehpad.",
    ),
}


def desk_of(world: World) -> SubjectDesk:
    """Return a desk whose client has two stories of one event, and one of another."""
    client = a_client()
    world.accounts.put_client(client)
    for number, (story_id, (title, summary)) in enumerate(TEXTS.items()):
        document = a_document(
            title,
            document_id=story_id,
            summary=summary,
            published_at=CUTOFF - timedelta(hours=6 - number),
            seen_at=CUTOFF - timedelta(hours=6 - number),
        )
        world.mentions.record([a_mention(document)])
    world.clock.instant = CUTOFF
    return SubjectDesk(
        accounts=world.accounts,
        mentions=world.mentions,
        digests=world.digests,
        sources=world.sources,
        subjects=ClientSubjects(
            mentions=world.mentions, accounts=world.accounts, terms=StackTerms(world.blobs, may_count=False)
        ),
        clock=world.clock,
    )


def shown(desk: SubjectDesk) -> set[frozenset[str]]:
    """Return the stories of each subject of the last day."""
    lines = desk.lines(a_client(), None, None)
    return {frozenset(story.story_id for story in line.stories) for line in lines}


def test_a_subject_is_one_entry_with_its_stories() -> None:
    """Two writers' articles on one event are one entry, named after the earliest, the other event another."""
    desk = desk_of(World())
    assert shown(desk) == {frozenset("ab"), frozenset("c")}
    assert {line.subject_id for line in desk.lines(a_client(), None, None)} == {"a", "c"}


def test_merging_twice_decides_once_and_lasts() -> None:
    """A merge asked twice is one decision, with who, when and why, and still stands the day after."""
    world = World()
    desk = desk_of(world)
    request = MergeRequest(other_subject_id="a", by="Jeanne", reason="Même conférence")
    for _ in range(2):
        (line,) = desk.merge(a_client(), "c", request, "banque-armelie")
        assert {story.story_id for story in line.stories} == set("abc")
    (decision,) = desk.decisions(a_client())
    assert (decision.decided_by, decision.reason) == ("Jeanne (banque-armelie)", "Même conférence")
    assert decision.decided_at == CUTOFF
    world.clock.advance(3_600 * 20)
    assert shown(desk) == {frozenset("abc")}


def test_a_story_split_off_stays_out() -> None:
    """A split asked twice is one decision; merging again afterwards has the last word."""
    world = World()
    desk = desk_of(world)
    for _ in range(2):
        desk.split(a_client(), "a", SplitRequest(story_id="b"), "ops")
        assert shown(desk) == {frozenset("a"), frozenset("b"), frozenset("c")}
    assert [decision.kind for decision in desk.decisions(a_client())] == ["split"]
    world.clock.advance(60)
    desk.merge(a_client(), "a", MergeRequest(other_subject_id="b"), "ops")
    assert shown(desk) == {frozenset("ab"), frozenset("c")}


def test_what_is_not_there_is_refused() -> None:
    """Unknown subjects and stories, and intervals that end before they begin, are told as such."""
    desk = desk_of(World())
    with pytest.raises(NotFound, match="no subject x"):
        desk.merge(a_client(), "x", MergeRequest(other_subject_id="a"), "ops")
    with pytest.raises(NotFound, match="no story x"):
        desk.split(a_client(), "a", SplitRequest(story_id="x"), "ops")
    with pytest.raises(BadField, match="since"):
        desk.lines(a_client(), CUTOFF, CUTOFF - timedelta(days=1))
