"""What a feed shows at an instant: the newest items already published."""

from collections.abc import Iterator
from datetime import datetime

from infra.demo_press.model import Feed, Item, Press


def shown(feed: Feed, now: datetime) -> tuple[Item, ...]:
    """Return the items in the feed at ``now``, newest first."""
    published = [item for item in feed.items if item.published_at <= now]
    return tuple(reversed(published[-feed.style.window :]))


def changed_at(feed: Feed, now: datetime) -> datetime | None:
    """Return when the feed last changed, or None while it is empty."""
    moments = [
        version.since for item in shown(feed, now) for version in item.versions if version.since <= now
    ]
    return max(moments, default=None)


def visible_ids(press: Press, now: datetime) -> frozenset[str]:
    """Return the ids of the documents that one pass over all feeds can see at ``now``."""
    return frozenset(_visible(press, now))


def _visible(press: Press, now: datetime) -> Iterator[str]:
    for feed in press.feeds:
        if feed.style.answer != "error":
            yield from (item.document_id for item in shown(feed, now))
