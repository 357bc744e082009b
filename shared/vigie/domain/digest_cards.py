"""A subject in full: which words found it, whose text it is, what was corrected since it came out."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime

from vigie.domain.digest import Corrected, FoundBy, SubjectCard, SubjectLine
from vigie.domain.digest_stories import (
    COMPETITOR,
    NAMING,
    Topic,
    channel_counts,
    line_of,
    tier_of,
)
from vigie.domain.extracts import extract_of
from vigie.domain.mentions import Evidence, Mention, WatchHit
from vigie.domain.stories.facts import StoryFacts, facts_of

CORRECTIONS_AT_MOST = 3


@dataclass(frozen=True, slots=True)
class CardMaker:
    """Makes the cards of one digest.

    ``tiers`` are the sources' by id; ``again`` the mentions held back because their page had been seen, by story:
    how a page changed is in them; ``told_before`` the ids of the subjects of the digest before.
    """

    tiers: Mapping[str, str | None]
    again: Mapping[str, Sequence[Mention]] = field(default_factory=dict)
    told_before: Collection[str] = ()

    def card(self, topic: Topic) -> SubjectCard:
        """Return a subject in full."""
        lead = topic.stories[0][0]
        line = line_of(topic, self.told_before)
        story_ids = {mention.story.story_id for mention in topic.mentions}
        pages = [mention for story_id in sorted(story_ids) for mention in self.again.get(story_id, ())]
        facts = facts_of(mention.document for mention in (*topic.mentions, *pages))
        return SubjectCard(
            **{each.name: getattr(line, each.name) for each in fields(SubjectLine)},
            tier=tier_of(lead, self.tiers),
            channels=channel_counts(topic.mentions),
            tiers=self._tiers(topic.mentions),
            last_published_at=_latest(topic.mentions),
            found_by=_found_by(topic.mentions),
            extract=extract_of(lead.document, _evidence(lead)),
            reprints=line.stories[0].reprints,
            agencies=facts.agencies,
            corrections=tuple(_corrections([*topic.mentions, *pages], facts)),
        )

    def _tiers(self, mentions: Iterable[Mention]) -> dict[str, int]:
        tiers = (tier_of(each, self.tiers) for each in mentions if each.document.platform == "press")
        return dict(Counter(tier for tier in tiers if tier).most_common())


def seen_again(mentions: Iterable[Mention]) -> dict[str, list[Mention]]:
    """Return, by story, the mentions held back because their page or their text had been seen."""
    found: dict[str, list[Mention]] = {}
    for mention in mentions:
        if mention.held_reason in {"same_address", "seen_before"}:
            found.setdefault(mention.story.story_id, []).append(mention)
    return found


def _latest(mentions: Iterable[Mention]) -> datetime | None:
    return max((at for m in mentions if (at := m.document.published_at)), default=None)


def _evidence(mention: Mention) -> list[Evidence]:
    own = [hit for hit in mention.hits if hit.purpose != COMPETITOR]
    naming = [hit for hit in own if hit.purpose in NAMING]
    return [span for hit in naming or own for span in hit.evidence]


def _found_by(mentions: Iterable[Mention]) -> tuple[FoundBy, ...]:
    """Gather, watch by watch, the words of the whole subject; a word spelt twice is told once."""
    hits: dict[str, list[WatchHit]] = {}
    for mention in mentions:
        for hit in mention.hits:
            hits.setdefault(hit.watch_id, []).append(hit)
    found = []
    for same in hits.values():
        spans = [span for hit in same for span in hit.evidence]
        words = {span.term.casefold(): span.term for span in reversed(spans)}
        words = dict(reversed(words.items()))
        found.append(
            FoundBy(same[0].watch_name, tuple(words.values()), tuple(dict.fromkeys(s.field for s in spans)))
        )
    return tuple(found)


def _corrections(mentions: Sequence[Mention], facts: StoryFacts) -> Iterable[Corrected]:
    """Yield what pages changed, of those whose terms let us quote them; one correction a page, the last."""
    by_id = {mention.document.document_id: mention.document for mention in mentions}
    last = {
        by_id[correction.document_id].canonical_url: correction
        for correction in facts.corrections
        if by_id[correction.document_id].display == "full"
    }
    for correction in list(last.values())[:CORRECTIONS_AT_MOST]:
        document, change = by_id[correction.document_id], correction.changes[0]
        yield Corrected(
            source_name=document.source_name,
            seen_at=document.seen_at,
            before=change.before,
            after=change.after,
        )
