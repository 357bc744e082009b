"""What answers people: the API, the command line."""

from functools import cache
from typing import TYPE_CHECKING, Any

from vigie.domain.clients import LOCALES, Locale
from vigie.domain.websub.subscriptions import Subscription
from vigie.errors import BadField
from vigie.wiring.common import late_after_seconds, now, settings
from vigie.wiring.mailing import appointments
from vigie.wiring.recording import subjects
from vigie.wiring.stores import (
    accounts,
    addresses,
    blobs,
    current_mentions,
    deliveries,
    digests,
    entitlements,
    feedback_store,
    history,
    ledger,
    mentions,
    quotas,
    reviewed_digests,
    reviews,
    sources,
    subscriptions,
)
from vigie.wiring.watches import start_backfill

if TYPE_CHECKING:
    from vigie.steps.address_desk import AddressDesk
    from vigie.steps.desk import Desk
    from vigie.steps.exports import Exports
    from vigie.steps.feedback import FeedbackDesk
    from vigie.steps.key_desk import KeyDesk
    from vigie.steps.mention_desk import MentionDesk
    from vigie.steps.review_desk import ReviewDesk
    from vigie.steps.story_desk import StoryDesk
    from vigie.steps.subject_desk import SubjectDesk
    from vigie.steps.usage_desk import UsageDesk
    from vigie.steps.watch_fixes import WatchFixes
    from vigie.steps.why import Why


@cache
def desk() -> "Desk":
    """Return what answers the API."""
    from vigie.steps.desk import Desk

    return Desk(
        accounts=accounts(),
        keys=key_desk(),
        mentions=current_mentions(),
        digests=reviewed_digests(),
        enrol=appointments().keep,
        clock=now,
        backfill=start_backfill,
        default_locale=default_locale(),
        plan_of=entitlements().plan_of,
    )


@cache
def key_desk() -> "KeyDesk":
    """Return what opens the door to keys, and issues them."""
    from vigie.adapters import aws
    from vigie.adapters.dynamo.keys import DynamoKeys
    from vigie.steps.key_desk import KeyDesk

    return KeyDesk(
        keys=DynamoKeys(aws.dynamodb(), settings().need("accounts_table")),
        clock=now,
        requests_per_minute=settings().key_requests_per_minute,
    )


@cache
def usage_desk() -> "UsageDesk":
    """Return what counts what clients use."""
    from vigie.steps.usage_desk import UsageDesk

    return UsageDesk(
        mentions=mentions(), deliveries=deliveries(), blobs=blobs(), clock=now, quota=quotas().use
    )


@cache
def mention_desk() -> "MentionDesk":
    """Return what lists and searches a client's mentions."""
    from vigie.steps.mention_desk import MentionDesk

    return MentionDesk(mentions=current_mentions(), blobs=blobs(), clock=now, history_edge=history().edge)


@cache
def exports() -> "Exports":
    """Return what reads mentions to be taken away."""
    from vigie.steps.exports import Exports

    return Exports(mention_desk())


@cache
def address_desk() -> "AddressDesk":
    """Return what shows and lifts suppressions."""
    from vigie.steps.address_desk import AddressDesk

    return AddressDesk(addresses(), now)


@cache
def review_desk() -> "ReviewDesk":
    """Return what lets reviewers look digests over."""
    from vigie.steps.review_desk import ReviewDesk

    return ReviewDesk(digests=digests(), reviews=reviews(), clock=now)


@cache
def story_desk() -> "StoryDesk":
    """Return what shows a client's stories."""
    from vigie.steps.story_desk import StoryDesk

    mentions = current_mentions()
    return StoryDesk(mentions, mentions.stories, now)


@cache
def subject_desk() -> "SubjectDesk":
    """Return what shows subjects and keeps what people decide of them."""
    from vigie.steps.subject_desk import SubjectDesk

    return SubjectDesk(
        accounts=accounts(),
        mentions=current_mentions(),
        digests=digests(),
        sources=sources(),
        subjects=subjects(may_count=False),
        clock=now,
    )


def default_locale() -> Locale:
    """Return the language of who names none."""
    for locale in LOCALES:
        if locale == settings().locale:
            return locale
    raise BadField("VIGIE_LOCALE", f"{settings().locale!r} is unknown", f"Use one of {', '.join(LOCALES)}.")


@cache
def feedback() -> "FeedbackDesk":
    """Return what takes corrections of mentions."""
    from vigie.steps.feedback import FeedbackDesk

    return FeedbackDesk(mentions=current_mentions(), feedback=feedback_store(), clock=now)


@cache
def watch_fixes() -> "WatchFixes":
    """Return what proposes exclusions to watches."""
    from vigie.steps.watch_fixes import WatchFixes

    return WatchFixes(accounts=accounts(), mentions=current_mentions(), backfill=start_backfill, clock=now)


@cache
def why() -> "Why":
    """Return what answers ``vigie why``."""
    from vigie.steps.fates import Fates
    from vigie.steps.why import Why

    fates = Fates(
        accounts=accounts(),
        mentions=current_mentions(),
        digests=digests(),
        deliveries=deliveries(),
        clock=now,
    )
    return Why(
        sources=sources(),
        blobs=blobs(),
        ledger=ledger(),
        accounts=accounts(),
        fates=fates,
        clock=now,
        late_after_seconds=late_after_seconds(),
    )


def source_views(client_id: str | None = None) -> list[dict[str, Any]]:
    """Return every source and how it does, as the API and the command line show it.

    A client sees no search but its own: the words of the others are theirs.
    """
    from vigie.views import sources as views_sources

    plan = accounts().search_plan(client_id) if client_id is not None else None
    own = {source_id for found in plan.searches.values() for source_id in found} if plan else set()
    states = sources().states()
    pushes: dict[str, list[Subscription]] = {}
    for found in subscriptions().all():
        pushes.setdefault(found.source_id, []).append(found)
    return [
        views_sources.of_source(source, states.get(source.source_id), now(), late_after_seconds())
        | {"push": views_sources.of_pushes(pushes.get(source.source_id, []), now())}
        for source in sources().sources()
        if source.connector is None or client_id is None or source.source_id in own
    ]
