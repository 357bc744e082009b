"""From a client's mentions to the stories of its digest, in reading order."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import get_args

from vigie.domain.digest import CHANNELS, Channel, FoundBy, Place, Publication, StoryCard, StoryLine, Tone
from vigie.domain.documents import Document
from vigie.domain.extracts import extract_of
from vigie.domain.mentions import Evidence, Mention, WatchHit
from vigie.domain.sources import Source, Tier
from vigie.domain.urls import site_of

Story = list[Mention]
"""The client's mentions of one story, the one to show first."""

COMPETITOR = "competitor"
NAMING = frozenset({"brand", "campaign", "crisis"})
"""Purposes whose words are the client's own names; the others find what concerns it without naming it."""

_TIERS: tuple[Tier, ...] = get_args(Tier)
_TONE_WEIGHT: tuple[Tone, ...] = ("negative", "positive", "to_verify", "neutral")
_PLACE_WEIGHT: tuple[Place, ...] = ("title", "text", "elsewhere")
_JUDGED: dict[str, Tone] = {"negative": "negative", "neutral": "neutral", "positive": "positive"}
_VIDEO = frozenset({"youtube", "twitch", "dailymotion", "vimeo"})
_FORUMS = frozenset({"forum", "reddit", "discourse", "lemmy"})

_UNTITLED = frozenset({"post", "comment", "message"})  # their title is their own first words


def tone_of(mention: Mention) -> Tone:
    """Return the tone to print; whatever is not one of the three judged values is to be verified."""
    return _JUDGED.get(mention.labels.tone.value, "to_verify")


def channel_of(document: Document) -> Channel:
    """Return the channel a document counts in."""
    if document.type in {"video", "clip"} or document.platform in _VIDEO:
        return "video"
    if document.type == "review":
        return "reviews"
    if document.type == "comment" or document.platform in _FORUMS:
        return "forums"
    return "press" if document.platform == "press" else "social"


def channel_counts(mentions: Iterable[Mention]) -> dict[str, int]:
    """Count mentions by channel, in the printed order, channels without any left out."""
    counts = Counter(channel_of(mention.document) for mention in mentions)
    return {channel: counts[channel] for channel in CHANNELS if counts[channel]}


def is_own(mention: Mention) -> bool:
    """Whether a watch other than a competitor's found it: only then it counts for the client."""
    return any(hit.purpose != COMPETITOR for hit in mention.hits)


def stories_in_order(mentions: Iterable[Mention], sources: Sequence[Source]) -> list[Story]:
    """Group mentions by story and put the stories in reading order.

    Unfavourable first (a stand-in for impact), then the client in the title, the number of distinct outlets,
    the best outlet's tier (national, regional, trade, blog), and freshness.
    """
    groups: dict[str, Story] = {}
    for mention in mentions:
        groups.setdefault(mention.story.story_id, []).append(mention)
    tiers = {source.source_id: source.tier for source in sources}
    stories = [sorted(group, key=_precedence) for group in groups.values()]
    return sorted(stories, key=lambda story: _weight(story, tiers))


def line_of(story: Story) -> StoryLine:
    """Return a story in one line."""
    lead = story[0]
    return StoryLine(
        story_id=lead.story.story_id,
        title=lead.document.title,
        source_name=lead.document.source_name,
        url=lead.document.url,
        published_at=lead.document.published_at,
        tone=tone_of(lead),
        place=_place(lead),
        publications=len(story),
        publishers=_publishers(story),
    )


def card_of(story: Story, sources: Sequence[Source]) -> StoryCard:
    """Return a story in full."""
    lead = story[0]
    line = line_of(story)
    return StoryCard(
        story_id=line.story_id,
        title=line.title,
        source_name=line.source_name,
        url=line.url,
        published_at=line.published_at,
        tone=line.tone,
        place=line.place,
        publications=line.publications,
        publishers=line.publishers,
        tier=_tier(lead, {source.source_id: source.tier for source in sources}),
        channels=channel_counts(story),
        last_published_at=_latest(story),
        found_by=_found_by(story),
        extract=extract_of(lead.document, _evidence(lead)),
        reprints=tuple(_publication(mention.document) for mention in story[1:]),
    )


def _precedence(mention: Mention) -> tuple[bool, datetime, str]:
    return mention.story.role != "first", _instant(mention), mention.mention_id


def _weight(story: Story, tiers: dict[str, str | None]) -> tuple[int, int, int, int, float, str]:
    lead = story[0]
    best = min(_tier_rank(_tier(mention, tiers)) for mention in story)
    return (
        _TONE_WEIGHT.index(tone_of(lead)),
        _PLACE_WEIGHT.index(_place(lead)),
        -_publishers(story),
        best,
        -max(_instant(mention) for mention in story).timestamp(),
        lead.story.story_id,
    )


def _instant(mention: Mention) -> datetime:
    # A publication date later than our reading is a mistake or a lure to stay on top.
    document = mention.document
    return min(document.published_at or document.seen_at, document.seen_at)


def _latest(story: Story) -> datetime | None:
    return max((at for m in story if (at := m.document.published_at)), default=None)


def _tier(mention: Mention, tiers: dict[str, str | None]) -> str | None:
    return mention.document.outlet_tier or tiers.get(mention.document.source_id)


def _tier_rank(tier: str | None) -> int:
    return next((rank for rank, known in enumerate(_TIERS) if known == tier), len(_TIERS))


def _place(mention: Mention) -> Place:
    naming = [hit for hit in mention.hits if hit.purpose in NAMING]
    fields = {span.field for hit in naming for span in hit.evidence} & {"title", "summary", "body"}
    if "title" in fields and mention.document.type not in _UNTITLED:
        return "title"
    return "text" if fields else "elsewhere"


def _publishers(story: Story) -> int:
    return len({_publisher(mention.document) for mention in story})


def _publisher(document: Document) -> str:
    """Name who published: the host in the press, the author where many people share a host."""
    host = document.site or site_of(document.canonical_url) or document.source_name.lower()
    return host if document.platform == "press" else f"{host}/{document.author}"


def _evidence(mention: Mention) -> list[Evidence]:
    own = [hit for hit in mention.hits if hit.purpose != COMPETITOR]
    naming = [hit for hit in own if hit.purpose in NAMING]
    return [span for hit in naming or own for span in hit.evidence]


def _found_by(story: Story) -> tuple[FoundBy, ...]:
    """Gather, watch by watch, the words of the whole story; a word spelt twice is told once."""
    hits: dict[str, list[WatchHit]] = {}
    for mention in story:
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


def _publication(document: Document) -> Publication:
    return Publication(
        title=document.title,
        source_name=document.source_name,
        url=document.url,
        published_at=document.published_at,
    )
