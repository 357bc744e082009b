"""Read a JSON Feed, 1.0 or 1.1 (jsonfeed.org), as it comes: most fields may be missing or of another type."""

import json
from datetime import UTC, datetime

from vigie.adapters.feeds.text import language_tag, one_line, opaque, plain_lines, read_markup, safe_link
from vigie.domain.feeds import FeedEntry, ParsedFeed

# What `json.loads` gives; named so that nothing in it is trusted to be of any type.
_Json = object


def read_json_feed(body: bytes, *, url: str) -> ParsedFeed:
    """Read the feed; its ``problem`` says when the JSON is broken or is something else."""
    try:
        feed = json.loads(body)
    except (ValueError, RecursionError) as error:
        return ParsedFeed(problem=f"not a feed: looks like JSON, but does not read ({error})")
    items = feed.get("items") if isinstance(feed, dict) else None
    if not isinstance(items, list):
        return ParsedFeed(problem="not a feed: JSON without the items of a JSON Feed")
    language = language_tag(_text(feed.get("language")))
    hubs = _hubs(feed.get("hubs"), url)
    return ParsedFeed(
        title=one_line(_text(feed.get("title"))),
        language=language,
        entries=tuple(_read_item(item, url, language) for item in items if isinstance(item, dict)),
        site_url=safe_link(_text(feed.get("home_page_url")), url),
        hubs=hubs,
        self_url=safe_link(_text(feed.get("feed_url")), url) if hubs else None,
        next_url=safe_link(_text(feed.get("next_url")), url),
    )


def _hubs(listed: _Json, base: str) -> tuple[str, ...]:
    """Return the WebSub hubs; ``rssCloud`` and others speak another protocol."""
    hubs = listed if isinstance(listed, list) else []
    wanted = (hub for hub in hubs if isinstance(hub, dict) and _text(hub.get("type")).lower() == "websub")
    links = (safe_link(_text(hub.get("url")), base) for hub in wanted)
    return tuple(link for link in links if link)


def _read_item(item: dict[str, _Json], base: str, language: str | None) -> FeedEntry:
    reading = read_markup(_text(item.get("content_html")), base)
    published, updated = _instant(item.get("date_published")), _instant(item.get("date_modified"))
    return FeedEntry(
        guid=opaque(_text(item.get("id"))),
        link=safe_link(_text(item.get("url")) or _text(item.get("external_url")), base),
        title=one_line(_text(item.get("title"))),
        summary=plain_lines(_text(item.get("summary"))),
        body=reading.text or plain_lines(_text(item.get("content_text"))),
        author=_authors(item),
        published_at=published or updated,
        updated_at=updated,
        links=reading.links,
        media=tuple(sorted(reading.media | _attached(item))),
        language=language_tag(_text(item.get("language"))) or language,
    )


def _authors(item: dict[str, _Json]) -> str:
    listed = item.get("authors")  # 1.1; 1.0 has one ``author``
    people = listed if isinstance(listed, list) else [item.get("author")]
    names = (one_line(_text(person.get("name"))) for person in people if isinstance(person, dict))
    return ", ".join(name for name in names if name)


def _attached(item: dict[str, _Json]) -> set[str]:
    attachments = item.get("attachments")
    files = attachments if isinstance(attachments, list) else []
    types = {_text(file.get("mime_type")).partition("/")[0] for file in files if isinstance(file, dict)}
    pictured = {"image"} if item.get("image") or item.get("banner_image") else set()
    return (types & {"image", "video"}) | pictured


def _text(value: _Json) -> str:
    if isinstance(value, bool):
        return ""
    return str(value).strip() if isinstance(value, str | int | float) else ""


def _instant(value: _Json) -> datetime | None:
    """Read an RFC 3339 date; one without a zone is taken for UTC, as feed readers do."""
    try:
        moment = datetime.fromisoformat(_text(value))
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
