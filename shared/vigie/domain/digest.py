"""A digest: what one client reads about the time between two cut-offs, as content.

The mail, its text part, the page and the API all show this one value; ``domain.digest_build`` makes it. It
holds facts and counts, no sentence and no markup, and survives JSON unchanged (tuples, aware instants).
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, get_args

from vigie.domain.clients import Locale
from vigie.domain.connectors.standings import Standing
from vigie.domain.cutoffs import Interval
from vigie.domain.digest_blocks import AlertBand, Ask
from vigie.domain.digest_history import History
from vigie.domain.ledger import Ledger
from vigie.domain.sources import Health, Odometer

Tone = Literal["negative", "mixed", "neutral", "positive", "to_verify"]
TONES: tuple[Tone, ...] = ("negative", "mixed", "neutral", "positive", "to_verify")
"""What a text does to the client, in the order of the printed bar; ``to_verify`` is what nobody is sure of."""

Channel = Literal["press", "social", "forums", "video", "reviews"]
CHANNELS: tuple[Channel, ...] = ("press", "social", "forums", "video", "reviews")

AddedKind = Literal["radio", "television", "print", "other"]
ADDED_KINDS: tuple[AddedKind, ...] = get_args(AddedKind)

Place = Literal["title", "text", "elsewhere"]
"""Where a subject names the client: in a title, in its text only, or nowhere (a sector watch found it)."""

Relevance = Literal["main", "secondary", "passing", "unknown"]
"""Whether a text is about the client, gives it a part, or names it in passing; ``unknown``: see ``Place``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """One place where a story was published."""

    title: str
    source_name: str
    url: str
    published_at: datetime | None


@dataclass(frozen=True, slots=True)
class FoundBy:
    """A watch that found a story: its name, the words that matched, and the fields they were in."""

    watch_name: str
    words: tuple[str, ...]
    fields: tuple[str, ...]  # of title, summary, body, author


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryEntry:
    """One story of a subject: where it came out first, and everywhere its text was carried since."""

    story_id: str
    title: str
    source_name: str
    url: str
    published_at: datetime | None
    tone: Tone
    reprints: tuple[Publication, ...] = ()

    @property
    def publications(self) -> int:
        """How many times it was published."""
        return 1 + len(self.reprints)


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectLine:
    """A subject in one line, told by its most central story (``story_id``), with all its ``stories``, that one first.

    ``publications`` counts the mentions of all its stories, ``publishers`` the distinct outlets, ``press_groups``
    who owns those of the press. ``continued``: the digest before told of it too.
    """

    subject_id: str = ""
    story_id: str
    title: str
    source_name: str
    url: str
    published_at: datetime | None
    tone: Tone
    place: Place
    publications: int
    publishers: int
    stories: tuple[StoryEntry, ...] = ()  # none in digests stored before they were told
    press_groups: int = 0
    relevance: Relevance = "unknown"
    continued: bool = False
    for_subscribers: bool = False  # its first publication says so


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrected:
    """A page that was changed after it came out: the first passage changed, figures first."""

    source_name: str
    seen_at: datetime
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectCard(SubjectLine):
    """A subject in full.

    ``reprints`` are its first story's; ``extract`` is at most 160 characters around its first hit,
    never the whole lead; ``agencies`` are the news agencies its texts credit.
    """

    tier: str | None
    channels: dict[str, int]
    tiers: dict[str, int] = field(default_factory=dict)  # press publications, of outlets whose tier is known
    last_published_at: datetime | None
    found_by: tuple[FoundBy, ...]
    extract: str
    reprints: tuple[Publication, ...]
    agencies: tuple[str, ...] = ()
    corrections: tuple[Corrected, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """The client's own mentions. Both mappings sum to ``retained``; tones always hold every key.

    ``competitor_only`` are mentions retained for competitor watches alone: outside every other count here.
    """

    retained: int
    stories: int
    subjects: int = 0
    channels: dict[str, int]
    tones: dict[str, int]
    competitor_only: int = 0


@dataclass(frozen=True, slots=True)
class Earlier:
    """What the digest before counted, over its own interval."""

    retained: int
    interval: Interval


@dataclass(frozen=True, slots=True)
class Voice:
    """Mentions of one competitor watch, or of the client (``watch_id`` None). Video is left out."""

    watch_id: str | None
    name: str
    mentions: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceTrouble:
    """A source that did not answer in time, and since when (None: since always)."""

    source_id: str
    name: str
    health: Health
    since: datetime | None
    reason: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """How the sources did at the cut-off. ``total`` is the sum of the five counts that follow.

    Searches on platforms are not among them: ``searches`` says how those made for the client stood.
    ``gaps`` are sources of which articles may have come and gone unseen during the interval, whatever they do now.
    """

    total: int
    on_time: int
    late: int
    failing: int
    gone: int
    new: int
    troubles: tuple[SourceTrouble, ...] = ()  # failing, gone, late; the longest first
    gaps: tuple[SourceTrouble, ...] = ()
    searches: tuple[Standing, ...] = ()  # of the platforms searched, or that a watch cannot be searched on


@dataclass(frozen=True, slots=True, kw_only=True)
class AddedItem:
    """What the reviewer heard or read where no machine of ours looks: counted in no total."""

    item_id: str
    kind: AddedKind
    title: str
    outlet: str
    at: datetime | None = None  # when it was on air, or printed
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewedBy:
    """What the client's reviewer did to a digest before it left; ``domain.review`` lays it over.

    ``dropped`` subjects are shown no more but stay counted: the totals are the ledger's. ``pinned`` and
    ``corrected`` are ids of subjects that are shown.
    """

    by: str
    at: datetime
    note: str = ""
    dropped: tuple[SubjectLine, ...] = ()
    pinned: tuple[str, ...] = ()
    corrected: tuple[str, ...] = ()
    added: tuple[AddedItem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """One client's digest. ``digest_id`` is its cut-off; ``next_send_at`` when the next one leaves.

    ``subjects`` are those shown in full, ``others`` every remaining one, both in reading order.
    ``odometer`` is the reading of the polls at the cut-off, for the next digest to subtract.
    """

    client_id: str
    client_name: str
    locale: Locale
    zone: str
    digest_id: str
    interval: Interval
    built_at: datetime
    next_send_at: datetime
    totals: Totals
    coverage: Coverage
    ledger: Ledger
    earlier: Earlier | None = None
    subjects: tuple[SubjectCard, ...] = ()
    others: tuple[SubjectLine, ...] = ()
    voices: tuple[Voice, ...] = ()  # the client first; empty without competitor watches
    voices_video: int = 0  # video mentions of those, counted apart
    alerts: tuple[AlertBand, ...] = ()
    is_rising: bool = False  # more is said day by day, too slowly for an alert
    asks: tuple[Ask, ...] = ()  # all of them, those without an answer first
    history: History = field(default_factory=History)
    odometer: Odometer = field(default_factory=Odometer)
    review: ReviewedBy | None = None  # None: it left, or leaves, by itself

    @property
    def is_quiet(self) -> bool:
        """Whether nothing was retained for the client itself."""
        return self.totals.retained == 0

    def check(self) -> list[str]:
        """Return the sums that do not hold, in words, the ledger's included; empty when all add up."""
        totals = self.totals
        subjects = (*self.subjects, *self.others, *(self.review.dropped if self.review else ()))
        stories = [story for subject in subjects for story in subject.stories]
        coverage = self.coverage
        health = coverage.on_time + coverage.late + coverage.failing + coverage.gone + coverage.new
        sums = {
            "channels = retained": (sum(totals.channels.values()), totals.retained),
            "tones = retained": (sum(totals.tones.values()), totals.retained),
            "publications = retained": (sum(story.publications for story in stories), totals.retained),
            "a subject's publications": (
                sum(subject.publications for subject in subjects),
                totals.retained,
            ),
            "subjects + others + dropped = subjects": (len(subjects), totals.subjects),
            "stories of subjects = stories": (len(stories), totals.stories),
            "retained + competitor_only = ledger": (
                totals.retained + totals.competitor_only,
                self.ledger.retained,
            ),
            "sources": (health, coverage.total),
        }
        wrong = [f"{name}: {left} is not {right}" for name, (left, right) in sums.items() if left != right]
        return wrong + self.ledger.check()
