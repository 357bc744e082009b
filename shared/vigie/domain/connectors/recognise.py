"""Recognising in feeds what platforms call by ids of their own: YouTube's videos, the posts of forums. Pure.

A video found by a search and shown by its channel's feed is one document, and a forum's topic one whichever of its
feeds shows it. Sources: YouTube's channel feeds (Atom ids ``yt:video:…``), Discourse's RSS templates (guids
``<host>-topic-<n>`` and ``<host>-post-<topic>-<n>``, links ``/t/<slug>/<topic>/<n>``), phpBB's feeds (links
``viewtopic.php?t=…&p=…``).
"""

import re
from dataclasses import replace
from datetime import datetime, timedelta
from urllib.parse import parse_qs, urlsplit

from vigie.domain.feeds import FeedEntry, Native, ParsedFeed

YOUTUBE_KEEPS = timedelta(days=30)  # what its terms let us keep of what nobody authorised
_VIDEO = re.compile(r"yt:video:([\w-]{11})")
_DISCOURSE_GUID = re.compile(r"[\w.-]+-(?:topic-(\d+)|post-(\d+)-(\d+))")
_DISCOURSE_FEED = re.compile(r"/(?:latest|posts|top|new|hot)\.rss$|/(?:t|c|tag)/.*\.rss$")
_DISCOURSE_LINK = re.compile(r"/t/(?:[^/]*[^/\d][^/]*/)?(\d+)(?:/(\d+))?/?")
_PHPBB_FEED = re.compile(r"/feed\.php$|/app\.php/feed(?:/|$)")
_REPLY = re.compile(r"(?:^|• )Re: ?")


def recognised(feed: ParsedFeed, feed_url: str, seen_at: datetime) -> ParsedFeed:
    """Return a feed whose entries say which things of a platform they are, where they are some."""
    path = _path(feed_url)
    entries = tuple(_named(entry, path, seen_at) for entry in feed.entries)
    return feed if entries == feed.entries else replace(feed, entries=entries)


def _named(entry: FeedEntry, feed_path: str, seen_at: datetime) -> FeedEntry:
    if entry.native is not None:
        return entry
    video = _VIDEO.fullmatch(entry.guid or "")
    if video:
        media = tuple(sorted({*entry.media, "video"}))
        return replace(entry, native=youtube_video(video[1], seen_at), media=media)
    native = _discourse(entry, feed_path) or _phpbb(entry, feed_path)
    return replace(entry, native=native) if native else entry


def youtube_video(video_id: str, seen_at: datetime, metrics: dict[str, int] | None = None) -> Native:
    """Return what identifies a video, wherever it is shown."""
    return Native(
        platform="youtube",
        native_id=video_id,
        type="video",
        metrics=metrics or {},
        retain_until=seen_at + YOUTUBE_KEEPS,
    )


def _discourse(entry: FeedEntry, feed_path: str) -> Native | None:
    """Recognise a topic or a post; the first post of a topic is the topic, whichever feed shows it."""
    named = _DISCOURSE_GUID.fullmatch(entry.guid or "")
    linked = _DISCOURSE_LINK.search(_path(entry.link or ""))
    if linked is None or not (named or _DISCOURSE_FEED.search(feed_path)):
        return None
    topic = f"{_host(entry.link or '')}/t/{linked[1]}"
    fragment = re.search(r"#post_(\d+)$", entry.link or "")
    number = (named and named[3]) or linked[2] or (fragment and fragment[1]) or "1"
    if number == "1":
        return Native(platform="forum", native_id=topic, type="post")
    return Native(platform="forum", native_id=f"{topic}/{number}", type="comment", parent_id=topic)


def _phpbb(entry: FeedEntry, feed_path: str) -> Native | None:
    """Recognise a post by its number; which one opened the topic is told by the title only."""
    home, found, _ = _path(entry.link or "").rpartition("viewtopic.php")
    if not found or not _PHPBB_FEED.search(feed_path):
        return None
    asked = parse_qs(urlsplit(entry.link or "").query)
    topic, number = asked.get("t", [""])[0], asked.get("p", [""])[0]
    forum = f"{_host(entry.link or '')}{home}"
    if not topic and not number:
        return None
    native_id = f"{forum}p/{number}" if number else f"{forum}t/{topic}"
    if not _REPLY.search(entry.title):
        return Native(platform="forum", native_id=native_id, type="post")
    return Native(
        platform="forum",
        native_id=native_id,
        type="comment",
        parent_id=f"{forum}t/{topic}" if topic else None,
    )


def _path(url: str) -> str:
    try:
        return urlsplit(url).path
    except ValueError:
        return ""


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""
