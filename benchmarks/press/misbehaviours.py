"""What goes wrong in feeds and servers, each in a small named function; the tables say how often.

What goes wrong in a body's bytes is in ``bodies``, and read by the real reader. Sockets are not played: what a
fetch comes to (a bomb refused, a body that ends too soon, a name that does not resolve) is handed over as the
fetcher says it, and the fetcher's own tests show that it does.
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from benchmarks.press.bodies import BYTES
from benchmarks.press.publishers import DAY, Feed
from vigie.domain.feeds import FeedEntry, PublishingHints
from vigie.domain.fetching import Failure, FetchOutcome, FetchRequest

Entries = Sequence[FeedEntry]


@dataclass(frozen=True, slots=True)
class Asked:
    """A request to a feed and the moment it came, in seconds since the start."""

    feed: Feed
    request: FetchRequest
    now: float


# -- what a document shows: (feed, entries, now) → entries --------------------------------------------------


def guids_turn_https(feed: Feed, entries: Entries, now: float) -> Entries:
    """Permalinks used as guids begin with http until the site moves to https."""
    if now >= feed.turn:
        return entries
    return [feed.changed(entry, guid=(entry.guid or "").replace("https:", "http:")) for entry in entries]


def new_website(feed: Feed, entries: Entries, now: float) -> Entries:
    """One night every guid and every link becomes another."""
    if now < feed.turn:
        return entries
    return [
        feed.changed(entry, guid=f"urn:x:{entry.author}", link=f"{feed.home}/v2/{entry.author}")
        for entry in entries
    ]


def guid_slugs_follow_titles(feed: Feed, entries: Entries, now: float) -> Entries:
    """Change a word of the title, which the guid holds, an hour after publication."""
    return [
        feed.changed(e, guid=f"{e.guid}#{'maj' if _age(e, feed, now) > 3_600 else 'v1'}") for e in entries
    ]


def one_guid_for_all(feed: Feed, entries: Entries, _now: float) -> Entries:
    """Every entry has the guid 0."""
    return [feed.changed(entry, guid="0") for entry in entries]


def no_guids(feed: Feed, entries: Entries, _now: float) -> Entries:
    """No entry has a guid."""
    return [feed.changed(entry, guid=None) for entry in entries]


def guids_of_the_hour(feed: Feed, entries: Entries, now: float) -> Entries:
    """Guids are made anew with each hourly rendering."""
    return [feed.changed(entry, guid=f"{entry.author}-{int(now // 3_600)}") for entry in entries]


def rotating_tracking(feed: Feed, entries: Entries, now: float) -> Entries:
    """Links carry another tracking value every hour, and there are no guids."""
    return [feed.changed(e, guid=None, link=f"{e.link}?xtor=RSS-{int(now // 3_600)}") for e in entries]


def reordered(_feed: Feed, entries: Entries, now: float) -> Entries:
    """Show another order every hour."""
    return random.Random(int(now // 3_600)).sample(list(entries), len(entries))


def edited(feed: Feed, entries: Entries, now: float) -> Entries:
    """Give a fifth of the articles another title an hour after they went on line."""
    return [
        feed.changed(e, title=f"{e.title} (actualisé)")
        if int(e.author) % 5 == 0 and _age(e, feed, now) > 3_600
        else e
        for e in entries
    ]


def without_dates(feed: Feed, entries: Entries, _now: float) -> Entries:
    """No entry is dated."""
    return [feed.changed(entry, published_at=None) for entry in entries]


def dated_in_the_future(feed: Feed, entries: Entries, _now: float) -> Entries:
    """Dates are three hours ahead."""
    return _shifted(feed, entries, 3)


def dated_in_local_time(feed: Feed, entries: Entries, _now: float) -> Entries:
    """Dates are those of Paris, said to be UTC."""
    return _shifted(feed, entries, 1)


def late_at_the_bottom(_feed: Feed, entries: Entries, _now: float) -> Entries:
    """Every seventh article is put at the end of the document."""
    return sorted(entries, key=lambda entry: int(entry.author) % 7 == 0)


def gone_and_back(_feed: Feed, entries: Entries, now: float) -> Entries:
    """Every fifth article is taken down every other hour."""
    if int(now // 3_600) % 2:
        return entries
    return [entry for entry in entries if int(entry.author) % 5]


def cut_to_the_newest(_feed: Feed, entries: Entries, now: float) -> Entries:
    """Show the newer half only, one hour in six."""
    return entries if int(now // 3_600) % 6 else entries[: len(entries) // 2]


# -- what a server answers: (asked, outcome) → outcome ------------------------------------------------------


def no_validators(_asked: Asked, outcome: FetchOutcome) -> FetchOutcome:
    """No ETag, no Last-Modified."""
    return replace(outcome, etag=None, last_modified=None)


def etag_of_the_request(asked: Asked, outcome: FetchOutcome) -> FetchOutcome:
    """Every answer has an ETag of its own."""
    return replace(outcome, etag=f'"{asked.now:.3f}"')


def unchanged_for_ever(asked: Asked, outcome: FetchOutcome) -> FetchOutcome:
    """Any conditional request is answered 304."""
    return _unchanged(asked) if asked.request.etag else outcome


def only_etag_changes(_asked: Asked, outcome: FetchOutcome) -> FetchOutcome:
    """Last-Modified stays what it was when the feed was set up."""
    return replace(outcome, last_modified="Mon, 01 Jan 2024 00:00:00 GMT")


def modified_in_the_future(asked: Asked, outcome: FetchOutcome) -> FetchOutcome:
    """Last-Modified is a date to come, and nothing is ever newer."""
    if asked.request.last_modified:
        return replace(_unchanged(asked), etag=None)
    return replace(outcome, etag=None, last_modified="Fri, 01 Jan 2100 00:00:00 GMT")


def asks_for_peace_by_max_age(asked: Asked, outcome: FetchOutcome) -> FetchOutcome:
    """Cache-Control asks for five minutes to a quarter of an hour."""
    return replace(outcome, max_age_seconds=300 + 150 * (asked.feed.number % 5))


def fails_at_times(asked: Asked, outcome: FetchOutcome) -> FetchOutcome:
    """Two answers in a hundred are 500."""
    return _failed(asked, Failure.from_status(500), 500) if asked.feed.mood.random() < 0.02 else outcome


def cut_short_at_times(asked: Asked, outcome: FetchOutcome) -> FetchOutcome:
    """Two bodies in a hundred end before they are complete."""
    cut = Failure.of("truncated", "the body ended too soon")
    return _failed(asked, cut) if asked.feed.mood.random() < 0.02 else outcome


def a_bomb_at_times(asked: Asked, outcome: FetchOutcome) -> FetchOutcome:
    """One answer in a hundred is larger than we take."""
    return _failed(asked, Failure.of("too_large", "a bomb")) if asked.feed.mood.random() < 0.01 else outcome


def down_for_hours(asked: Asked, outcome: FetchOutcome) -> FetchOutcome:
    """Nothing answers for six hours."""
    return _failed(asked, Failure.of("timeout", "no answer")) if _since(asked, 6) else outcome


def unknown_to_dns_for_hours(asked: Asked, outcome: FetchOutcome) -> FetchOutcome:
    """Resolve to nothing for three hours."""
    return _failed(asked, Failure.of("dns", "no such host")) if _since(asked, 3) else outcome


def too_many_requests(asked: Asked, outcome: FetchOutcome) -> FetchOutcome:
    """One request in fifty is refused, for twenty minutes."""
    if asked.feed.mood.random() >= 0.02:
        return outcome
    return replace(_failed(asked, Failure.from_status(429), 429), retry_after_seconds=1_200)


def forbidden_for_a_rate(asked: Asked, outcome: FetchOutcome) -> FetchOutcome:
    """One request in a hundred is a 403 that means 429."""
    if asked.feed.mood.random() >= 0.01:
        return outcome
    return _failed(asked, Failure.of("rate_limited", "403, and no requests remain"), 403)


def unavailable_for_a_while(asked: Asked, outcome: FetchOutcome) -> FetchOutcome:
    """One request in a hundred is told to come back in ten minutes."""
    if asked.feed.mood.random() >= 0.01:
        return outcome
    return replace(_failed(asked, Failure.from_status(503), 503), retry_after_seconds=600)


def slow(_asked: Asked, outcome: FetchOutcome) -> FetchOutcome:
    """Every answer takes twelve seconds."""
    return replace(outcome, elapsed_seconds=12.0)


def moved_for_good(asked: Asked, outcome: FetchOutcome) -> FetchOutcome:
    """Redirect for good during three days, then answer 404."""
    if asked.now < asked.feed.turn or asked.request.url != asked.feed.url:
        return outcome
    if asked.now > asked.feed.turn + 3 * DAY:
        return _failed(asked, Failure.from_status(404), 404)
    there = f"{asked.feed.url}/nouveau"
    return replace(outcome, final_url=there, permanent_url=there)


def redirected_for_now(asked: Asked, outcome: FetchOutcome) -> FetchOutcome:
    """Redirect for now, to another address every hour."""
    return replace(outcome, final_url=f"{asked.feed.url}?n={int(asked.now // 3_600)}")


def redirected_in_circles(asked: Asked, outcome: FetchOutcome) -> FetchOutcome:
    """Redirect to itself for three hours."""
    return _failed(asked, Failure.of("redirect_loop", "leads nowhere")) if _since(asked, 3) else outcome


def gone_one_day(asked: Asked, outcome: FetchOutcome) -> FetchOutcome:
    """From some day on, 410; nothing is published any more."""
    return _failed(asked, Failure.from_status(410), 410) if asked.now >= asked.feed.turn else outcome


# -- what a body says of itself -----------------------------------------------------------------------------

HTML_PAGE, EMPTY, OLD_COPY = "html page at times", "empty at times", "old copies at times"
NEW_ONLY = "only what is new (226)"
FLOODS = "thirty at once, on pages of ten"

ENTRIES: dict[str, tuple[float, Callable[[Feed, Entries, float], Entries]]] = {
    "guids turn https": (0.02, guids_turn_https),
    "new website": (0.01, new_website),
    "guid slugs follow titles": (0.01, guid_slugs_follow_titles),
    "one guid for all": (0.01, one_guid_for_all),
    "no guids": (0.04, no_guids),
    "guids of the hour": (0.01, guids_of_the_hour),
    "rotating tracking": (0.03, rotating_tracking),
    "reordered": (0.02, reordered),
    "edited": (0.05, edited),
    "without dates": (0.04, without_dates),
    "dated in the future": (0.02, dated_in_the_future),
    "dated in local time": (0.03, dated_in_local_time),
    "late at the bottom": (0.02, late_at_the_bottom),
    "gone and back": (0.02, gone_and_back),
    "cut to the newest": (0.01, cut_to_the_newest),
}
ANSWERS: dict[str, tuple[float, Callable[[Asked, FetchOutcome], FetchOutcome]]] = {
    "no validators": (0.25, no_validators),
    "etag of the request": (0.05, etag_of_the_request),
    "unchanged for ever": (0.015, unchanged_for_ever),
    "modified in the future": (0.01, modified_in_the_future),
    "only etag changes": (0.02, only_etag_changes),
    "max-age": (0.08, asks_for_peace_by_max_age),
    "slow": (0.01, slow),
    "moved for good": (0.01, moved_for_good),
    "redirected for now": (0.02, redirected_for_now),
    "fails at times": (0.05, fails_at_times),
    "cut short at times": (0.02, cut_short_at_times),
    "a bomb at times": (0.01, a_bomb_at_times),
    "too many requests": (0.02, too_many_requests),
    "forbidden for a rate": (0.005, forbidden_for_a_rate),
    "redirected in circles": (0.005, redirected_in_circles),
    "unavailable for a while": (0.01, unavailable_for_a_while),
    "down for hours": (0.02, down_for_hours),
    "unknown to dns": (0.01, unknown_to_dns_for_hours),
    "gone": (0.005, gone_one_day),
}
BODIES: dict[str, float] = {HTML_PAGE: 0.01, EMPTY: 0.01, OLD_COPY: 0.01, NEW_ONLY: 0.01, FLOODS: 0.004}
HINTS: dict[str, tuple[float, PublishingHints]] = {
    "ttl of half an hour": (0.05, PublishingHints(interval_seconds=1_800)),
    "skips the night": (0.01, PublishingHints(skip_hours=(23, 0, 1, 2))),
}
NEVER_TOGETHER = (
    {"no validators", "etag of the request", "unchanged for ever", "modified in the future", "only etag changes"},
    {"guids turn https", "new website", "guid slugs follow titles", "one guid for all", "no guids",
     "guids of the hour", "rotating tracking"},
    set(BYTES),
    {"gone", FLOODS},
)  # fmt: skip


def give_traits(feed: Feed) -> None:
    """Draw a feed's misbehaviours; of those that contradict each other it keeps the first."""
    shares = (
        {name: share for name, (share, _) in [*ENTRIES.items(), *ANSWERS.items(), *HINTS.items()]}
        | BODIES
        | BYTES
    )
    traits: list[str] = []
    for name, share in shares.items():
        rivals = set().union(*(group for group in NEVER_TOGETHER if name in group))
        if feed.mood.random() < share and rivals.isdisjoint(traits):
            traits.append(name)
    settle(feed, traits)


def settle(feed: Feed, traits: Sequence[str]) -> None:
    """Give a feed these misbehaviours, and what they make of its times and wishes."""
    feed.traits = tuple(traits)
    for name in traits:
        if name in HINTS:
            feed.hints = HINTS[name][1]
        if name == "gone":
            feed.times = [moment for moment in feed.times if moment < feed.turn]
        if name == FLOODS:
            feed.flood()


def _age(entry: FeedEntry, feed: Feed, now: float) -> float:
    return now - feed.published_at(int(entry.author))


def _shifted(feed: Feed, entries: Entries, hours: int) -> Entries:
    ahead = timedelta(hours=hours)
    return [feed.changed(e, published_at=e.published_at + ahead) if e.published_at else e for e in entries]


def _since(asked: Asked, hours: float) -> bool:
    return asked.feed.turn <= asked.now < asked.feed.turn + hours * 3_600


def _failed(asked: Asked, failure: Failure, status: int | None = None) -> FetchOutcome:
    return FetchOutcome(kind="failed", final_url=asked.request.url, status=status, failure=failure)


def _unchanged(asked: Asked) -> FetchOutcome:
    request = asked.request
    return FetchOutcome(
        kind="unchanged",
        final_url=request.url,
        status=304,
        etag=request.etag,
        last_modified=request.last_modified,
    )
