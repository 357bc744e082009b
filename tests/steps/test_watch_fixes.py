"""Fixes of watches: proposed, accepted, refused, undone."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from tests.builders import CUTOFF, a_client, a_document, a_hit, a_mention, a_watch
from tests.contracts.together import at_once
from tests.fakes import World
from tests.journal import Crash
from vigie.domain.clients import Watch
from vigie.domain.feedback import Wish
from vigie.errors import Conflict, NotFound, VigieError
from vigie.steps.corrected import CorrectedMentions
from vigie.steps.feedback import FeedbackDesk
from vigie.steps.watch_fixes import WatchFixes

CLIENT = a_client()
QUERY = "Orange   OR orange  (groupe)"  # as its client wrote it
WATCH = a_watch(query=QUERY)
JUICE = "Orange : le jus de sanguine fait un tabac au groupe scolaire"


@dataclass
class Room:
    """A client whose watch found twenty offers and a juice, which it rejected."""

    world: World = field(default_factory=World)
    backfilled: list[Watch] = field(default_factory=list)

    def __post_init__(self) -> None:
        world = self.world
        mentions = CorrectedMentions(world.mentions, world.feedback, world.stories)
        titles = [f"Orange lance une offre numéro {n} pour le groupe" for n in range(20)] + [JUICE]
        for number, title in enumerate(titles):
            document = a_document(title, document_id="juice" if title == JUICE else f"offer-{number}")
            mentions.record([a_mention(document, hits=(a_hit(document, "Orange"),))])
        world.clock.instant = CUTOFF
        world.accounts.put_watch(WATCH)
        self.feedback = FeedbackDesk(mentions=mentions, feedback=world.feedback, clock=world.clock)
        self.fixes = WatchFixes(
            accounts=world.accounts, mentions=mentions, backfill=self.backfilled.append, clock=world.clock
        )

    def reject(self) -> None:
        """Say "pas nous" to the juice."""
        self.feedback.give(CLIENT, "juice", Wish(label="relevance", value="homonym", by="Jeanne"))

    @property
    def query(self) -> str:
        """The watch's query as it stands."""
        (watch,) = self.world.accounts.watches(CLIENT.client_id)
        return watch.query

    @property
    def fix_id(self) -> str:
        """The id of the fix proposed."""
        proposal = self.fixes.proposal(CLIENT, "brand")
        assert proposal is not None
        return proposal.fix_id


@pytest.fixture
def room() -> Room:
    """Return a client that rejected the juice."""
    room = Room()
    room.reject()
    return room


def test_a_rejected_mention_proposes_what_it_would_remove(room: Room) -> None:
    """The proposal names the query before to the letter, the one after, and the mentions it takes."""
    proposal = room.fixes.proposal(CLIENT, "brand")
    assert proposal is not None
    assert proposal.query_before == QUERY
    assert (proposal.matched, proposal.removed, proposal.rejected, proposal.relevant) == (21, 1, 1, 0)
    assert [sample.mention_id for sample in proposal.samples] == ["juice"]
    assert room.query == QUERY


def test_without_a_rejected_mention_nothing_is_proposed() -> None:
    """And one whose "pas nous" was undone is not rejected; one of more than a month ago says nothing any more."""
    room = Room()
    assert room.fixes.proposal(CLIENT, "brand") is None
    room.reject()
    room.feedback.take_back(CLIENT, "juice", "1", "Jeanne", "")
    assert room.fixes.proposal(CLIENT, "brand") is None
    room.reject()
    assert room.fixes.proposal(CLIENT, "brand") is not None
    room.world.clock.advance(timedelta(days=31).total_seconds())
    assert room.fixes.proposal(CLIENT, "brand") is None
    with pytest.raises(NotFound):
        room.fixes.proposal(CLIENT, "unknown")


def test_accepting_changes_the_watch_and_undoing_restores_it_to_the_letter(room: Room) -> None:
    """Spaces, parentheses and all; what it would have found meanwhile is looked up; all is told with who and why."""
    fix_id = room.fix_id
    for _ in range(2):
        fix = room.fixes.accept(CLIENT, "brand", fix_id, "Jeanne", "Trop de jus")
    assert room.query == fix.query_after != QUERY
    assert room.fixes.proposal(CLIENT, "brand") is None
    for _ in range(2):
        undone = room.fixes.undo(CLIENT, "brand", fix_id, "Paul", "Trop large").undone
    assert room.query == QUERY
    assert undone is not None
    assert (undone.by, undone.reason) == ("Paul", "Trop large")
    assert room.backfilled == [WATCH]
    (decided,) = room.fixes.decided(CLIENT, "brand")
    assert (decided.decided_by, decided.reason, decided.undone) == ("Jeanne", "Trop de jus", undone)


def test_a_fix_undone_can_be_accepted_again(room: Room) -> None:
    """Trying, going back and trying again is how people work."""
    fix_id = room.fix_id
    room.fixes.accept(CLIENT, "brand", fix_id, "Jeanne", "")
    room.fixes.undo(CLIENT, "brand", fix_id, "Jeanne", "")
    fix = room.fixes.accept(CLIENT, "brand", fix_id, "Jeanne", "")
    assert fix.undone is None
    assert room.query == fix.query_after


def test_a_refused_fix_is_not_proposed_again_until_that_is_undone(room: Room) -> None:
    """The watch stays as it is, and the next best exclusion is proposed."""
    fix_id = room.fix_id
    for _ in range(2):
        room.fixes.refuse(CLIENT, "brand", fix_id, "Jeanne", "Nous vendons du jus")
    assert room.query == QUERY
    assert room.fix_id != fix_id
    room.fixes.undo(CLIENT, "brand", fix_id, "Jeanne", "")
    assert room.fix_id == fix_id


def test_what_is_not_proposed_today_is_neither_accepted_nor_refused_nor_undone(room: Room) -> None:
    """Nobody agrees to what they have not seen."""
    fixes = room.fixes
    for decide in (fixes.accept, fixes.refuse):
        with pytest.raises(Conflict):
            decide(CLIENT, "brand", "0" * 16, "Jeanne", "")
    with pytest.raises(NotFound):
        fixes.undo(CLIENT, "brand", "0" * 16, "Jeanne", "")


def test_a_watch_changed_since_is_left_to_its_client(room: Room) -> None:
    """Neither accepting late nor undoing late writes over a query that somebody wrote meanwhile."""
    fix_id = room.fix_id
    room.fixes.accept(CLIENT, "brand", fix_id, "Jeanne", "")
    room.world.accounts.put_watch(a_watch(query="Orange groupe"))
    for decide in (room.fixes.accept, room.fixes.undo):
        with pytest.raises(Conflict):
            decide(CLIENT, "brand", fix_id, "Jeanne", "")
    assert room.query == "Orange groupe"


def test_accepting_at_once_changes_the_watch_once(room: Room) -> None:
    """Four clicks are one change."""
    fix_id, version = room.fix_id, room.world.accounts.watches_state().version

    def accept(_: int) -> bool:
        try:
            room.fixes.accept(CLIENT, "brand", fix_id, "Jeanne", "")
        except VigieError:
            return False
        return True

    assert any(at_once(4, accept))
    assert room.world.accounts.watches_state().version == version + 1


@pytest.mark.parametrize("point", ["before", "after"])
@pytest.mark.parametrize("which", ["accept", "undo"])
def test_a_crash_is_mended_by_asking_again(room: Room, point: str, which: str) -> None:
    """The watch and what was decided of it are written together: never one without the other."""
    fix_id = room.fix_id
    if which == "undo":
        room.fixes.accept(CLIENT, "brand", fix_id, "Jeanne", "")
    decide: Callable[..., object] = getattr(room.fixes, which)
    room.world.journal.interrupt(**{point: 1})
    with pytest.raises(Crash):
        decide(CLIENT, "brand", fix_id, "Jeanne", "")
    decide(CLIENT, "brand", fix_id, "Jeanne", "")
    (decided,) = room.fixes.decided(CLIENT, "brand")
    assert (room.query == QUERY) == (which == "undo") == (decided.undone is not None)
