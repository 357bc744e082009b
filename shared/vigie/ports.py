"""What the steps need of the world, as Protocols. Adapters provide them; tests pass fakes.

Every store keeps two promises, checked by one contract suite on the fakes and on the emulated services:
writes are idempotent by key, and what "claims" or "records once" returns the first answer ever after.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol, runtime_checkable

from vigie.domain.addresses import Address
from vigie.domain.adjudication.verdicts import Verdict
from vigie.domain.clients import Client, Locale, Watch
from vigie.domain.connectors.budgets import Bucket, Cost
from vigie.domain.connectors.followed import ClientPlan, StackPlan
from vigie.domain.connectors.lookouts import Lookout
from vigie.domain.connectors.native import Syntax
from vigie.domain.connectors.outcomes import Answer, Refusal
from vigie.domain.connectors.pushdown import Place
from vigie.domain.cutoffs import Interval
from vigie.domain.digest import Digest
from vigie.domain.documents import Document
from vigie.domain.entities import Entity
from vigie.domain.feedback import Correction
from vigie.domain.feeds import ParsedFeed
from vigie.domain.fetching import FetchOutcome, FetchRequest
from vigie.domain.keys import ApiKey
from vigie.domain.ledger import Evaluated
from vigie.domain.limits import Counter
from vigie.domain.matching import Decision
from vigie.domain.mention_questions import Place as MentionPlace
from vigie.domain.mentions import Labels, Mention, Parked
from vigie.domain.payments import Invoice
from vigie.domain.plans import Plan
from vigie.domain.query_fix import WatchFix
from vigie.domain.review import Review, ReviewState
from vigie.domain.sign_in import Session, Ticket
from vigie.domain.signing_up.companies import Company
from vigie.domain.signing_up.sign_ups import Consent, SignUp
from vigie.domain.site_links import DigestLinks
from vigie.domain.sources import Odometer, Source, SourceState, SourceWindow
from vigie.domain.stories.union import StoryMember
from vigie.domain.subjects.decisions import SubjectDecision
from vigie.domain.subscriptions import Billing
from vigie.domain.subscriptions import Subscription as Subscribed
from vigie.domain.websub.subscriptions import PushKey, Subscription
from vigie.messages import DigestReady, Message

NOTHING_COUNTED = Odometer()
RETIRED_DAYS = 400


class Clock(Protocol):
    """The time, so that tests can say it."""

    def __call__(self) -> datetime:
        """Return the instant, aware UTC."""
        ...


# -- outside ------------------------------------------------------------------------------------------------


class Fetcher(Protocol):
    """Fetches one address within limits. Never raises for what the other side does: see FetchOutcome."""

    async def fetch(self, request: FetchRequest) -> FetchOutcome:
        """Ask once, conditionally when the request holds validators."""
        ...


class Hub(Protocol):
    """Asks WebSub hubs. Never raises for what the other side does."""

    def __call__(self, hub_url: str, form: Mapping[str, str]) -> str | None:
        """Post a request; return None when the hub took it, else a sentence that says why not."""
        ...


class FeedParser(Protocol):
    """Reads a feed's bytes. Never raises for what they hold: see ParsedFeed.problem."""

    def __call__(self, body: bytes, *, url: str, content_type: str | None) -> ParsedFeed:
        """Return what the body says."""
        ...


LONGEST_DELAY_SECONDS = 900  # SQS delays no longer; what must wait more is put off again


class Outbox(Protocol):
    """Queues, by the kind of message. Returns only when every message is accepted."""

    def send(self, messages: Iterable[Message], *, delay_seconds: int = 0) -> None:
        """Queue all messages. Raises Transient when some were refused; sending again is harmless."""
        ...


class Blobs(Protocol):
    """Large values by key (S3)."""

    def put(self, key: str, content: bytes, content_type: str) -> None:
        """Write, replacing what the key held."""
        ...

    def get(self, key: str) -> bytes | None:
        """Return what the key holds, or None."""
        ...

    def keys(self, prefix: str) -> list[str]:
        """Return every key that starts with ``prefix``, in the order of their bytes."""
        ...


class Workers(Protocol):
    """A function that does longer work for others."""

    def start(self, work: Mapping[str, Any]) -> None:
        """Hand work over as JSON values; it is done once or more, later. Raises Transient when it was not taken."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """One mail to one recipient. ``delivery_key`` is the same on every try."""

    delivery_key: str
    message_id: str
    sender: str
    to: str
    raw: bytes


class Mailer(Protocol):
    """Hands mails to the provider."""

    def send(self, mail: Mail) -> str:
        """Send, and return the provider's id.

        Raises Transient (not sent; try later), Permanent (not sent, never will be) or Unanswered (perhaps sent).
        """
        ...


# -- platforms ----------------------------------------------------------------------------------------------


class Platform(Protocol):
    """What planning needs to know of a platform under one credential; nothing of it touches the network.

    ``place`` and ``syntax`` compile watches into its queries, ``packed`` says that searches are so dear that all
    clients' words share them. ``bucket`` is what the credential may spend; one page of a search costs ``units``
    of it, and what ``also`` says of other budgets.
    """

    @property
    def place(self) -> Place:
        """What is known of every document it brings."""
        ...

    @property
    def syntax(self) -> Syntax:
        """How its queries are written."""
        ...

    @property
    def packed(self) -> bool:
        """Whether the alternatives of all watches share searches."""
        ...

    @property
    def bucket(self) -> Bucket:
        """The budget that pages are taken from."""
        ...

    @property
    def units(self) -> int:
        """What one page costs."""
        ...

    @property
    def also(self) -> Sequence[Cost]:
        """What one page costs besides; of budgets that are less scarce."""
        ...

    def page_url(self, native: str) -> str:
        """Return the web page on which a person sees the same search."""
        ...


class Connector(Platform, Protocol):
    """A platform that can be asked, while its connections are open."""

    async def poll(self, native: str, cursor: str | None, now: datetime) -> Answer:
        """Ask for one page, oldest unseen first where the platform can. No waiting, no retry.

        ``cursor`` is what the last answer gave, or None at first. Never raises for what the other side does.
        """
        ...


@runtime_checkable
class FollowsFeeds(Protocol):
    """A platform that watches ask nothing of: its searches are what feeds are followed (a channel's comments)."""

    def search_of_feed(self, feed_url: str) -> str | None:
        """Return the query to ask when this feed is followed, or None."""
        ...


@runtime_checkable
class Rechecks(Protocol):
    """A connector that can be asked whether what it brought is still there."""

    @property
    def recheck(self) -> Cost:
        """What asking costs."""
        ...

    @property
    def rechecked_at_once(self) -> int:
        """How many things may be asked about together."""
        ...

    async def missing(self, native_ids: Sequence[str], now: datetime) -> frozenset[str] | Refusal:
        """Return which of at most ``rechecked_at_once`` native ids are gone; those it cannot tell are not."""
        ...


@dataclass(frozen=True, slots=True)
class PlatformSetup:
    """The connectors that a stack has credentials for, by name; and, by platform, why a credential cannot be used."""

    connectors: Mapping[str, Connector]
    troubles: Mapping[str, str] = field(default_factory=dict)


class Budgets(Protocol):
    """What every credential has spent of its budgets."""

    def take(self, bucket: Bucket, units: int, now: datetime, *, urgent: bool = False) -> bool:
        """Spend ``units`` of the bucket's window at ``now`` unless that exceeds the allowance; say which."""
        ...

    def spent(self, bucket: Bucket, now: datetime) -> int:
        """Return how many units of the bucket's window at ``now`` are spent."""
        ...


# -- stores -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class ShardHead:
    """A shard's small item: who holds it, when it is due, what it has yet to finish.

    ``pending`` is the key of a committed poll whose effects may not all be applied yet (a redo log).
    """

    shard: str
    next_due_at: datetime | None = None
    lease_until: datetime | None = None
    holder: str = ""
    pending: str | None = None


class SourceStore(Protocol):
    """Sources, shards and their hot state. Belongs to the stack; holds nothing of a client."""

    def put_sources(self, sources: Iterable[Source], shard_count: int) -> int:
        """Add or replace sources by id (a host's shard never changes); return how many were new."""
        ...

    def remove_source(self, source_id: str) -> bool:
        """Stop following a source; return whether it was followed."""
        ...

    def sources(self) -> list[Source]:
        """Return every source, by id."""
        ...

    def place(self, source_id: str) -> str | None:
        """Return the shard of a followed source, or None."""
        ...

    def states(self) -> dict[str, SourceState]:
        """Return the last known state of every source, by source id."""
        ...

    def odometer(self) -> Odometer:
        """Return what all polls have counted since the stack was born."""
        ...

    def search_plan(self) -> StackPlan:
        """Return what searches were last planned from; an empty plan at first."""
        ...

    def keep_search_plan(self, plan: StackPlan) -> None:
        """Remember what searches are planned from."""
        ...

    def heads(self) -> list[ShardHead]:
        """Return the head of every shard that ever had sources: what it counted stays counted."""
        ...

    def acquire(self, shard: str, holder: str, now: datetime, lease_seconds: int) -> ShardHead | None:
        """Take the shard's lease and return its head, or None when somebody holds it."""
        ...

    def load(self, shard: str) -> tuple[list[Source], dict[str, SourceState]]:
        """Return a shard's sources and their states."""
        ...

    def windows(self, shard: str, source_ids: Sequence[str]) -> dict[str, SourceWindow]:
        """Return the identity windows of some sources of a shard."""
        ...

    def retired(self, asked: Mapping[str, Iterable[str]]) -> dict[str, frozenset[str]]:
        """Return which of some keys have retired from their source's window, by source; sources without are left out.

        A key is kept for ``RETIRED_DAYS`` at least after it was last seen.
        """
        ...

    def lookouts(self, connector: str, now: datetime, limit: int) -> list[Lookout]:
        """Return at most so many of a connector's lookouts that are due, the longest due first."""
        ...

    def change_lookouts(self, added: Iterable[Lookout], done: Iterable[Lookout]) -> None:
        """Keep some lookouts, then forget those that are done. Doing it again changes nothing."""
        ...

    def commit(self, shard: str, holder: str, pending: str) -> None:
        """Set ``pending``, the key of a poll that has now happened, while holding the lease.

        Raises Busy when the lease is no longer held by ``holder``.
        """
        ...

    def save(
        self,
        shard: str,
        poll_id: str,
        states: Iterable[SourceState],
        windows: Iterable[SourceWindow],
        counted: Odometer,
    ) -> None:
        """Write windows and the keys that retired from them, then states and what the poll counted in one write.

        The shard remembers the last ``poll_id``: saving the same poll again changes nothing.
        """
        ...

    def release(self, shard: str, holder: str, next_due_at: datetime | None) -> None:
        """Clear ``pending``, set the next due time and give the lease back. No effect for another holder."""
        ...


class SubscriptionStore(Protocol):
    """What we asked hubs to push. Belongs to the stack; holds neither secrets nor anything of a client."""

    def of(self, shard: str) -> list[Subscription]:
        """Return a shard's subscriptions, by source and offer."""
        ...

    def all(self) -> list[Subscription]:
        """Return every subscription."""
        ...

    def get(self, key: PushKey) -> Subscription | None:
        """Return one subscription."""
        ...

    def change(
        self, key: PushKey, decide: Callable[[Subscription | None], Subscription | None]
    ) -> Subscription | None:
        """Replace a subscription by what ``decide`` makes of it, and return that; one that is ``left`` goes.

        ``decide`` is pure: it is asked again when somebody else changed the subscription meanwhile. Returning what
        it was given writes nothing.
        """
        ...


class StoryRoots(Protocol):
    """Which stories turned out to be parts of others."""

    def roots(self, story_ids: Iterable[str]) -> dict[str, str]:
        """Return, for each story id ever given, that of the story it is part of today."""
        ...


class StoryStore(StoryRoots, Protocol):
    """Story fingerprints of the stack: members by document, postings by key. What is past its time is not there."""

    def postings(self, keys: Sequence[str], now: datetime) -> dict[str, tuple[str, ...]]:
        """Return the documents posted under each key, keys without any left out; may lag behind ``post``."""
        ...

    def members(self, document_ids: Sequence[str], now: datetime) -> dict[str, StoryMember]:
        """Return the members that are there, as they stand."""
        ...

    def add(self, member: StoryMember, now: datetime) -> StoryMember:
        """Record a member unless its document is recorded; return the one that stands."""
        ...

    def post(
        self, key: str, seen: tuple[str, ...], posted: tuple[str, ...], now: datetime
    ) -> tuple[str, ...]:
        """Replace the documents under ``key``, if they are still ``seen``; return those that stand."""
        ...

    def link(self, root_id: str, parent_id: str, now: datetime) -> str:
        """Give a root its parent, unless it has one; return the one that stands. Raises Transient without root."""
        ...

    def keep(self, root: StoryMember, now: datetime) -> None:
        """See to it that a root that still gains members outlives what they have posted."""
        ...


class LedgerStore(Protocol):
    """Batch records: what was put before the watches, what matched, what had to be parked."""

    def record_decision(self, decision: Decision) -> Decision:
        """Record a batch's decision with its counts, all or nothing; return the one recorded first."""
        ...

    def evaluated(self, interval: Interval) -> list[Evaluated]:
        """Return the stack's batch records of the interval."""
        ...

    def matched(self, client_id: str, interval: Interval) -> int:
        """Return how many documents matched the client in the interval."""
        ...

    def park(self, parked: Parked) -> None:
        """Keep a thing that can never succeed; once per stage and thing."""
        ...

    def parked(self, limit: int = 100) -> list[Parked]:
        """Return what was parked, newest first."""
        ...


@dataclass(frozen=True, slots=True)
class Page:
    """Mentions newest first; ``cursor`` fetches the next page, None when there is none."""

    mentions: list[Mention]
    cursor: str | None = None


@dataclass(frozen=True, slots=True)
class Recording:
    """What recording came to: how many mentions were new, and those whose document another batch had brought.

    Neither counts those that this same batch had recorded: they are a delivery repeated.
    """

    new: int
    seen_before: list[Mention]


class MentionStore(Protocol):
    """Mentions, each key starting with its client."""

    def record(self, mentions: Sequence[Mention]) -> Recording:
        """Record each mention unless its id is recorded for that client; one withdrawn before, without its texts."""
        ...

    def withdraw(self, client_id: str, document_id: str, now: datetime) -> None:
        """Blank a client's mentions of a document, those there and those that are still to come."""
        ...

    def recorded_in(self, client_id: str, interval: Interval) -> list[Mention]:
        """Return the client's mentions recorded in the interval, oldest first, held ones included."""
        ...

    def page(self, client_id: str, interval: Interval, limit: int, cursor: str | None = None) -> Page:
        """Return a page of the client's mentions recorded in the interval, newest first, as of a moment ago."""
        ...

    def cursor_after(self, client_id: str, place: MentionPlace) -> str:
        """Return the cursor of ``page`` that goes on after a place."""
        ...

    def at(self, client_id: str, places: Sequence[MentionPlace]) -> list[Mention]:
        """Return the client's mentions at some places, those that are there; as they were a moment ago."""
        ...

    def get(self, client_id: str, mention_id: str) -> Mention | None:
        """Return one mention of the client."""
        ...


Corrections = tuple[Correction, ...]


@dataclass(frozen=True, slots=True)
class Said:
    """What was said of some mentions' labels after they were recorded."""

    corrections: list[Correction]
    verdicts: list[Verdict]


class FeedbackStore(Protocol):
    """What people corrected, beside the mentions and as long as these."""

    def change(
        self,
        client_id: str,
        recorded_at: datetime,
        mention_id: str,
        decide: Callable[[Corrections], Corrections],
    ) -> Corrections:
        """Replace the corrections made on a mention by what ``decide`` makes of them, and return that.

        ``decide`` is pure: it is asked again when somebody else changed them meanwhile. Returning what it was given
        writes nothing.
        """
        ...

    def made_on(self, client_id: str, interval: Interval) -> list[Correction]:
        """Return the corrections made on mentions recorded in the interval, undone ones included."""
        ...

    def said_on(self, client_id: str, interval: Interval) -> Said:
        """Return all that was said of mentions recorded in the interval: by people, and by a large model."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class DueDigest:
    """A digest to build: the interval of one of the client's rhythms, and when the mail may leave.

    ``opening`` is the reading of the polls' odometers when the interval opened, ``carried_in`` the
    correspondences then still on their way. One with ``closing``, the reading when it closed, is a bridge: built
    once, for ``emails`` alone, who changed rhythm.
    """

    client_id: str
    interval: Interval
    send_at: datetime
    rhythm: str = ""
    opening: Odometer = NOTHING_COUNTED
    carried_in: int = 0
    closing: Odometer | None = None
    emails: tuple[str, ...] = ()

    @property
    def is_bridge(self) -> bool:
        """Whether no other digest follows it."""
        return self.closing is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestEntry:
    """What the list of a client's digests says of each."""

    client_id: str
    digest_id: str
    interval: Interval
    built_at: datetime
    send_at: datetime
    mentions: int


class DigestStore(Protocol):
    """Digests to come, digests stored, and the reading of the odometers each closed with."""

    def schedule(self, due: DueDigest) -> None:
        """Set the next digest of a rhythm, replacing the one that was to come; none that opens later is replaced."""
        ...

    def cancel(self, due: DueDigest) -> None:
        """Forget a digest to come (its client is gone)."""
        ...

    def upcoming(self, client_id: str, rhythm: str = "") -> DueDigest | None:
        """Return the next digest of a rhythm, the client's own unless told."""
        ...

    def appointments(self, client_id: str) -> list[DueDigest]:
        """Return the client's digests to come, by the name of their rhythm."""
        ...

    def due(self, now: datetime) -> list[DueDigest]:
        """Return digests whose interval closed at or before ``now``, oldest first."""
        ...

    def put(self, digest: Digest, built_at: datetime, send_at: datetime) -> Digest:
        """Store a digest unless one closes at the same instant; return the one stored."""
        ...

    def get(self, client_id: str, digest_id: str) -> Digest | None:
        """Return one stored digest of the client."""
        ...

    def entry(self, client_id: str, digest_id: str) -> DigestEntry | None:
        """Return what the list says of one stored digest."""
        ...

    def entries(self, client_id: str, limit: int = 60, rhythm: str = "") -> list[DigestEntry]:
        """Return the digests of a rhythm, the client's own unless told, newest first."""
        ...

    def expect(self, ready: DigestReady) -> None:
        """Remember that a stored digest is to be mailed."""
        ...

    def settle(self, ready: DigestReady) -> None:
        """Forget it: its mails are sent."""
        ...

    def unsent(self, before: datetime) -> list[DigestReady]:
        """Return the digests that were to leave before an instant and whose mails are not all sent, oldest first."""
        ...


class ReviewStore(Protocol):
    """What reviewers decided of digests before these left."""

    def get(self, client_id: str, digest_id: str) -> ReviewState:
        """Return how the review of a digest stands; one of version 0 when nobody decided anything."""
        ...

    def keep(self, review: Review, now: datetime) -> Review:
        """Keep a review, one version further, and return it as kept.

        Raises Outdated when another version than ``review.version`` stands, and Expired when the review is closed.
        """
        ...

    def close(self, client_id: str, digest_id: str, now: datetime) -> Review:
        """Close the review for good, and return what was decided; the same answer ever after."""
        ...


class DeliveryStore(Protocol):
    """Who was sent which digest: claimed, then sent; and what the provider says it accepted."""

    def claim(self, client_id: str, delivery_key: str, now: datetime, lease_seconds: int) -> str:
        """Claim a delivery and return how it stands.

        ``claimed``: go on. ``sent``: done. ``held``: another worker is at it. ``doubtful``: a claim ran out
        without a word, it may have been sent or not; it is claimed again for whoever asks next.
        """
        ...

    def give_back(self, client_id: str, delivery_key: str) -> None:
        """Undo a claim whose mail the provider refused for now; no effect once sent."""
        ...

    def mark_sent(self, client_id: str, delivery_key: str, provider_id: str, now: datetime) -> None:
        """Record that the provider accepted it: by us, or by the provider's own event."""
        ...

    def is_sent(self, client_id: str, delivery_key: str) -> bool:
        """Return whether a delivery is done with, without claiming it."""
        ...

    def count_sent(self, client_id: str, prefix: str) -> int:
        """Return how many of a client's deliveries were sent whose key starts so."""
        ...


class AddressStore(Protocol):
    """How addresses take our mails. Belongs to the stack."""

    def forget(self, email: str) -> bool:
        """Forget an address; return whether anything was known of it."""
        ...

    def get(self, email: str) -> Address:
        """Return an address as it stands, in any case of letters."""
        ...

    def all(self) -> list[Address]:
        """Return every address that something happened to, in order."""
        ...

    def change(self, email: str, decide: Callable[[Address], Address]) -> Address:
        """Replace an address by what ``decide`` makes of it, and return that; asked again if it changed meanwhile."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchesState:
    """How many changes the watches have seen, and the compiled file that holds the first of these (none: no key)."""

    version: int = 0
    compiled_key: str = ""
    compiled_version: int = 0
    compiled_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchChange:
    """The change that made the watches this version: a watch put, or removed (``watch`` is None)."""

    version: int
    client_id: str
    watch_id: str
    watch: Watch | None


class AccountStore(Protocol):
    """Clients and watches."""

    def put_client(self, client: Client) -> None:
        """Add or replace a client."""
        ...

    def client(self, client_id: str) -> Client | None:
        """Return a client."""
        ...

    def change_client(self, client_id: str, decide: Callable[[Client], Client]) -> Client | None:
        """Replace a client that is there by what ``decide`` makes of it; asked again when it changed meanwhile."""
        ...

    def clients(self) -> list[Client]:
        """Return every client, by id."""
        ...

    def put_watch(self, watch: Watch) -> None:
        """Add or replace a watch."""
        ...

    def remove_watch(self, client_id: str, watch_id: str) -> bool:
        """Remove a watch; return whether it was there."""
        ...

    def watches(self, client_id: str) -> list[Watch]:
        """Return a client's watches, by id."""
        ...

    def all_watches(self) -> list[Watch]:
        """Return the watches of every client."""
        ...

    def swap_watch(self, before: Watch, after: Watch, fix: WatchFix | None = None) -> bool:
        """Replace a watch and keep the fix that did it, both or neither; False when it is not ``before`` any more."""
        ...

    def put_fix(self, fix: WatchFix) -> None:
        """Keep what was decided of a fix that leaves its watch as it is."""
        ...

    def fixes(self, client_id: str, watch_id: str) -> list[WatchFix]:
        """Return what was decided of a watch's fixes, oldest first."""
        ...

    def watches_version(self) -> str:
        """Return a text that changes whenever any watch does; cheap to ask."""
        ...

    def watches_state(self) -> WatchesState:
        """Return the version as a number, and the compiled file that stands; cheap to ask."""
        ...

    def watch_changes(self, after: int) -> list[WatchChange]:
        """Return the changes that followed a version, in order. Those a compiled file holds may be gone."""
        ...

    def put_compiled(self, key: str, version: int, now: datetime) -> bool:
        """Let a compiled file of ``version`` stand, and forget the changes that it holds.

        Return False, and change nothing, when one of a later version stands.
        """
        ...

    def put_search_plan(self, plan: ClientPlan) -> None:
        """Replace what is searched for a client."""
        ...

    def search_plan(self, client_id: str) -> ClientPlan:
        """Return what is searched for a client; an empty plan when none was made yet."""
        ...

    def put_subject_decision(self, decision: SubjectDecision) -> None:
        """Keep what somebody decided of a client's subjects, by its id."""
        ...

    def subject_decisions(self, client_id: str) -> list[SubjectDecision]:
        """Return what was decided of a client's subjects, oldest first."""
        ...


class BillingStore(Protocol):
    """Self-serve clients' subscriptions, each under its client; and the provider's events dealt with."""

    def subscription(self, client_id: str) -> Subscribed | None:
        """Return a client's subscription, None for one without (an agency's)."""
        ...

    def change(
        self, client_id: str, now: datetime, decide: Callable[[Subscribed | None], Subscribed | None]
    ) -> Subscribed | None:
        """Replace a subscription by what ``decide`` makes of it, None forgets it; return that.

        ``decide`` is asked again, with what stands then, when somebody else changed it meanwhile: what it reads
        elsewhere it reads anew. Returning what it was given writes nothing.
        """
        ...

    def due(self, now: datetime) -> list[str]:
        """Return the clients for whose subscription time has something to do at ``now``, the longest due first."""
        ...

    def is_handled(self, event_id: str) -> bool:
        """Return whether an event of the payment provider was dealt with."""
        ...

    def handled(self, event_id: str, now: datetime) -> None:
        """Remember, for longer than the provider repeats itself, that an event was dealt with."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckoutOrder:
    """What a client is about to subscribe to. Asked again on the same ``occasion`` it is the same order.

    ``paid_url`` may hold ``{CHECKOUT_SESSION_ID}``, which the provider fills in.
    """

    client_id: str
    plan: Plan
    email: str
    locale: Locale
    paid_url: str
    back_url: str
    occasion: str
    customer_id: str = ""


class Payments(Protocol):
    """Who takes the money. All raise Transient when it cannot be asked now, Permanent when it refuses."""

    def checkout(self, order: CheckoutOrder) -> str:
        """Return the address of the page that takes a card for a new subscription."""
        ...

    def bought(self, session_id: str, client_id: str) -> str | None:
        """Return the subscription that a client's own checkout made, None when it made none."""
        ...

    def portal(self, customer_id: str, locale: Locale, return_url: str) -> str:
        """Return the address of the page to change the means of payment."""
        ...

    def billing(self, billing_id: str) -> Billing | None:
        """Return a subscription as the provider has it now."""
        ...

    def change_plan(self, billing_id: str, plan: Plan) -> None:
        """Have another plan billed; until what it costs more is paid, the plan stays."""
        ...

    def set_cancelling(self, billing_id: str, *, cancelling: bool) -> None:
        """Let a subscription end with the period that is paid, or go on after all."""
        ...

    def set_paused(self, billing_id: str, *, paused: bool) -> None:
        """Ask for no money while a subscription is paused."""
        ...

    def end(self, billing_id: str) -> None:
        """End a subscription now; doing it again changes nothing."""
        ...

    def invoices(self, customer_id: str) -> list[Invoice]:
        """Return a customer's invoices, the latest first."""
        ...


class KeyStore(Protocol):
    """Hashed API keys, under their clients."""

    def put(self, key: ApiKey) -> None:
        """Keep a key, or replace what is kept of it."""
        ...

    def get(self, client_id: str, key_sha256: str) -> ApiKey | None:
        """Return a client's key, None for one that is not the client's."""
        ...

    def of(self, client_id: str) -> list[ApiKey]:
        """Return a client's keys, by id, those past their time for a month."""
        ...

    def remove(self, key: ApiKey) -> bool:
        """Forget a key; return whether it was there."""
        ...

    def note_use(self, key: ApiKey, minute: str, asked: int, now: datetime) -> None:
        """Add to what a key has asked in a minute, and say that it was used; nothing when it is gone."""
        ...


class SignInStore(Protocol):
    """One-use links and sessions, by their hashes; how often who asked for what."""

    def put_ticket(self, ticket: Ticket) -> None:
        """Keep what a link is about until its time is past."""
        ...

    def ticket(self, token_sha256: str) -> Ticket | None:
        """Return what a link is about, used or not; None once it is forgotten."""
        ...

    def use_ticket(self, token_sha256: str, now: datetime) -> Ticket | None:
        """Mark a link used and return it; None for whoever comes second, too late, or with one we never made."""
        ...

    def put_session(self, session: Session) -> None:
        """Keep a session, or replace what is kept of it."""
        ...

    def session(self, person: str, session_sha256: str) -> Session | None:
        """Return a session of a person."""
        ...

    def replace_session(self, session: Session) -> bool:
        """Replace a session that is still there; False when it was ended meanwhile, and stays so."""
        ...

    def sessions(self, person: str) -> list[Session]:
        """Return a person's sessions, by their hash."""
        ...

    def remove_session(self, person: str, session_sha256: str) -> None:
        """End a session; ended before, it stays so."""
        ...

    def count(self, counter: Counter, now: datetime) -> int:
        """Count once more in the window that ``now`` is in, and return how many times that makes."""
        ...


# -- people who sign up by themselves -----------------------------------------------------------------------


class CompanyRegister(Protocol):
    """A public register of companies. Raises Transient when it cannot answer now."""

    def search(self, text: str) -> list[Company]:
        """Return open companies that a text may mean, likeliest first, few."""
        ...

    def company(self, siren: str) -> Company | None:
        """Return the company of a number."""
        ...


class SignUpStore(Protocol):
    """Sign-ups until they are clients, and what clients agreed to."""

    def put(self, signup: SignUp) -> None:
        """Keep a sign-up, or replace what is kept of it, until ``goes_at``."""
        ...

    def get(self, signup_id: str) -> SignUp | None:
        """Return a sign-up; None once it is forgotten."""
        ...

    def held(self) -> list[SignUp]:
        """Return those that somebody must look at, the oldest first."""
        ...

    def keep_consent(self, client_id: str, consent: Consent) -> None:
        """Keep what a client agreed to, as long as the client."""
        ...

    def consents(self, client_id: str) -> list[Consent]:
        """Return what a client agreed to, in order."""
        ...


# -- decisions that need a library --------------------------------------------------------------------------


class Classifier(Protocol):
    """Labels one document, and what it does to each entity that watches name. Pure."""

    def __call__(self, document: Document, entities: Sequence[Entity] = ()) -> Labels:
        """Return its labels, one assessment for each entity, by its key; abstention is a label too."""
        ...


@dataclass(frozen=True, slots=True)
class RenderedDigest:
    """One digest as a mail: subject, HTML and text, from one model."""

    subject: str
    html: str
    text: str


class Renderer(Protocol):
    """Turns a digest into what a client reads, in the client's language."""

    def __call__(self, digest: Digest, links: DigestLinks | None) -> RenderedDigest:
        """Return the three texts; ``links`` are one recipient's, None without a site to lead to."""
        ...
