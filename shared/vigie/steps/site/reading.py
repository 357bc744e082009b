"""Reading: digests on the web and what they left out, behind the link of one digest."""

from dataclasses import dataclass, replace
from datetime import timedelta

from vigie.domain.digest import Digest
from vigie.domain.digest_build import rhythm_in
from vigie.domain.site_links import DAYS_VALID, StoryRef
from vigie.domain.site_pages import HeldBack, Neighbour, Sheet, ToldStory
from vigie.domain.week import week_of
from vigie.errors import NotFound
from vigie.ports import Clock, DigestEntry, DigestStore, MentionStore
from vigie.steps.site.visits import Visit

DAYS_BEFORE = DAYS_VALID["digest"]
"""How far before its own digest a link lets its holder read: as long as it lasts afterwards."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """Shows digests to who holds a link to one."""

    digests: DigestStore
    mentions: MentionStore
    clock: Clock

    def sheet(self, visit: Visit, digest_id: str | None = None) -> Sheet:
        """Return the link's digest, or another that it lets its holder read. Raises NotFound."""
        entries = self._readable(visit)
        wanted = digest_id or visit.link.subject
        place = next((index for index, entry in enumerate(entries) if entry.digest_id == wanted), None)
        digest = self._digest(visit, wanted) if place is not None else None
        if place is None or digest is None:
            raise NotFound("There is no such digest behind this link.")
        closed = ((entry.interval.until, entry.mentions) for entry in entries)
        return Sheet(
            digest=digest,
            week=digest.history.week or week_of(closed, digest.interval.until, visit.client.tz),
            before=_neighbour(entries[place + 1 : place + 2]),
            after=_neighbour(entries[max(place - 1, 0) : place]),
        )

    def held(self, visit: Visit, digest_id: str | None = None) -> HeldBack:
        """Return a digest and the mentions kept out of it, oldest first. Raises NotFound."""
        digest = self.sheet(visit, digest_id).digest
        now = self.clock()
        held = tuple(
            mention
            for mention in self.mentions.recorded_in(visit.client.client_id, digest.interval)
            if mention.status == "held" and not mention.backfilled and mention.may_be_shown(now)
        )
        return HeldBack(digest, held)

    def story(self, visit: Visit, ref: StoryRef) -> ToldStory:
        """Return a story as its digest told it. Raises NotFound."""
        digest = self._digest(visit, ref.digest_id)
        for subject in (*digest.subjects, *digest.others) if digest else ():
            for story in subject.stories:
                if digest and story.story_id == ref.story_id:
                    return ToldStory(digest, subject, story)
        raise NotFound("This story is no longer here.")

    def _digest(self, visit: Visit, digest_id: str) -> Digest | None:
        """Return a digest of the client, in the reader's language."""
        digest = self.digests.get(visit.client.client_id, digest_id)
        return replace(digest, locale=visit.locale) if digest else None

    def _readable(self, visit: Visit) -> list[DigestEntry]:
        """Return the digests a link opens, newest first: its own, those since, and those of the month before."""
        rhythm = rhythm_in(visit.link.subject)
        entries = self.digests.entries(visit.client.client_id, rhythm=rhythm)
        own = next((entry for entry in entries if entry.digest_id == visit.link.subject), None)
        if own is None:
            raise NotFound("This digest is no longer here.")
        first = own.interval.until - timedelta(days=DAYS_BEFORE)
        return [entry for entry in entries if entry.interval.until >= first]


def _neighbour(entries: list[DigestEntry]) -> Neighbour | None:
    return Neighbour(entries[0].digest_id, entries[0].interval.until) if entries else None
