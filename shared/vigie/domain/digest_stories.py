"""From a client's mentions to the subjects of its digest, in reading order."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import get_args

from vigie.domain.digest import (
    CHANNELS,
    Channel,
    Place,
    Publication,
    Relevance,
    StoryEntry,
    SubjectLine,
    Tone,
)
from vigie.domain.documents import Document
from vigie.domain.mentions import Mention
from vigie.domain.paywall import is_for_subscribers
from vigie.domain.sources import Source, Tier
from vigie.domain.stories.publishers import family_of
from vigie.domain.subjects.build import Subject
from vigie.domain.urls import site_of

Story = list[Mention]
"""The client's mentions of one story, the one to show first."""


@dataclass(frozen=True, slots=True)
class Topic:
    """What a digest tells of one subject: its stories of the interval, the one that names it first."""

    subject_id: str
    stories: list[Story]

    @property
    def mentions(self) -> list[Mention]:
        """The mentions of all its stories."""
        return [mention for story in self.stories for mention in story]


COMPETITOR = "competitor"
NAMING = frozenset({"brand", "campaign", "crisis"})
"""Purposes whose words are the client's own names; the others find what concerns it without naming it."""

_TIERS: tuple[Tier, ...] = get_args(Tier)
GRAVEST_FIRST: tuple[Tone, ...] = ("negative", "mixed", "positive", "to_verify", "neutral")
_PLACE_WEIGHT: tuple[Place, ...] = ("title", "text", "elsewhere")
_RELEVANCE_WEIGHT: dict[Relevance, int] = {"main": 0, "secondary": 1, "passing": 2}
_RELEVANCES: dict[str, Relevance] = {"main": "main", "secondary": "secondary", "passing": "passing"}
_IMPACTS: dict[str, Tone] = {
    "unfavourable": "negative",
    "mixed": "mixed",
    "neutral": "neutral",
    "favourable": "positive",
}
_TONES: dict[str, Tone] = {"negative": "negative", "neutral": "neutral", "positive": "positive"}
_VIDEO = frozenset({"youtube", "twitch", "dailymotion", "vimeo"})
_FORUMS = frozenset({"forum", "reddit", "discourse", "lemmy"})

_UNTITLED = frozenset({"post", "comment", "message"})  # their title is their own first words


def tone_of(mention: Mention) -> Tone:
    """Return what a mention does to the client: its impact where somebody judged it, else how it is written.

    What the classifier abstained on is to be verified.
    """
    assessed = mention.assessment
    label, known = (assessed.impact, _IMPACTS) if assessed else (mention.labels.tone, _TONES)
    return "to_verify" if label.abstained else known.get(label.value, "to_verify")


def relevance_of(mention: Mention) -> Relevance:
    """Return what part the client has in a mention, where somebody is sure of it."""
    assessed = mention.assessment
    if assessed is None or assessed.relevance.abstained:
        return "unknown"
    return _RELEVANCES.get(assessed.relevance.value, "unknown")


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


def topics_in_order(
    mentions: Iterable[Mention], subjects: Iterable[Subject], sources: Sequence[Source]
) -> list[Topic]:
    """Group mentions by story and stories by subject, and put the subjects in reading order.

    By impact (unfavourable first), by the client's part in them (their subject before cited in passing; where nobody
    judged it, named in a title before in a text), by the number of press groups, by the best outlet's tier
    (national, regional, trade, blog), and by freshness. A story that no subject has is one.
    """
    groups: dict[str, Story] = {}
    for mention in mentions:
        groups.setdefault(mention.story.story_id, []).append(mention)
    stories = {story_id: sorted(group, key=_precedence) for story_id, group in groups.items()}
    tiers = {source.source_id: source.tier for source in sources}
    return sorted(_topics(stories, subjects), key=lambda topic: _weight(topic, tiers))


def _topics(stories: dict[str, Story], subjects: Iterable[Subject]) -> list[Topic]:
    left = dict(stories)
    topics = []
    for subject in subjects:
        told = {story_id: left.pop(story_id) for story_id in subject.stories if story_id in left}
        if told:
            first = subject.headline_story(told)
            topics.append(Topic(subject.subject_id, [told.pop(first), *told.values()]))
    return topics + [Topic(story_id, [story]) for story_id, story in left.items()]


def line_of(topic: Topic, told_before: Collection[str] = ()) -> SubjectLine:
    """Return a subject in one line; ``told_before`` are the ids of the subjects of the digest before."""
    lead = topic.stories[0][0]
    return SubjectLine(
        subject_id=topic.subject_id,
        story_id=lead.story.story_id,
        title=lead.document.title,
        source_name=lead.document.source_name,
        url=lead.document.url,
        published_at=lead.document.published_at,
        tone=_tone(topic),
        place=_place_of(topic),
        publications=len(topic.mentions),
        publishers=_publishers(topic.mentions),
        stories=tuple(entry_of(story) for story in topic.stories),
        press_groups=_press_groups(topic.mentions),
        relevance=_relevance(topic),
        continued=topic.subject_id in told_before,
        for_subscribers=is_for_subscribers(lead.document),
    )


def entry_of(story: Story) -> StoryEntry:
    """Return one story of a subject."""
    lead = story[0]
    return StoryEntry(
        story_id=lead.story.story_id,
        title=lead.document.title,
        source_name=lead.document.source_name,
        url=lead.document.url,
        published_at=lead.document.published_at,
        tone=tone_of(lead),
        reprints=tuple(_publication(mention.document) for mention in story[1:]),
    )


def _precedence(mention: Mention) -> tuple[bool, datetime, str]:
    return mention.story.role != "first", instant_of(mention), mention.mention_id


def _weight(topic: Topic, tiers: Mapping[str, str | None]) -> tuple[int, int, int, int, float, str]:
    mentions = topic.mentions
    return (
        GRAVEST_FIRST.index(_tone(topic)),
        _RELEVANCE_WEIGHT.get(_relevance(topic), _PLACE_WEIGHT.index(_place_of(topic))),
        -_press_groups(mentions),
        min(_tier_rank(tier_of(mention, tiers)) for mention in mentions),
        -max(instant_of(mention) for mention in mentions).timestamp(),
        topic.subject_id,
    )


def _tone(topic: Topic) -> Tone:
    """Return the gravest tone of its stories: a reader must not learn of an attack from the fourth line."""
    return min((tone_of(story[0]) for story in topic.stories), key=GRAVEST_FIRST.index)


def _relevance(topic: Topic) -> Relevance:
    """Return the client's greatest part in any of its stories."""
    known = [told for story in topic.stories if (told := relevance_of(story[0])) != "unknown"]
    return min(known, key=_RELEVANCE_WEIGHT.__getitem__, default="unknown")


def _place_of(topic: Topic) -> Place:
    return min((_place(story[0]) for story in topic.stories), key=_PLACE_WEIGHT.index)


def instant_of(mention: Mention) -> datetime:
    """Return when a mention came out, for putting mentions in order."""
    # A publication date later than our reading is a mistake or a lure to stay on top.
    document = mention.document
    return min(document.published_at or document.seen_at, document.seen_at)


def tier_of(mention: Mention, tiers: Mapping[str, str | None]) -> str | None:
    """Return an outlet's tier: the document's, else the one ops gave its source."""
    return mention.document.outlet_tier or tiers.get(mention.document.source_id)


def _tier_rank(tier: str | None) -> int:
    return next((rank for rank, known in enumerate(_TIERS) if known == tier), len(_TIERS))


def _place(mention: Mention) -> Place:
    naming = [hit for hit in mention.hits if hit.purpose in NAMING]
    fields = {span.field for hit in naming for span in hit.evidence} & {"title", "summary", "body"}
    if "title" in fields and mention.document.type not in _UNTITLED:
        return "title"
    return "text" if fields else "elsewhere"


def _publishers(mentions: Iterable[Mention]) -> int:
    return len({_publisher(mention.document) for mention in mentions})


def _press_groups(mentions: Iterable[Mention]) -> int:
    """Count who owns the titles of the press among them."""
    documents = (mention.document for mention in mentions)
    return len({family_of(document).family_id for document in documents if document.platform == "press"})


def _publisher(document: Document) -> str:
    """Name who published: the host in the press, the author where many people share a host."""
    host = document.site or site_of(document.canonical_url) or document.source_name.lower()
    return host if document.platform == "press" else f"{host}/{document.author}"


def _publication(document: Document) -> Publication:
    return Publication(
        title=document.title,
        source_name=document.source_name,
        url=document.url,
        published_at=document.published_at,
    )
