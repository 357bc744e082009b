"""Read a feed of any format, from bytes nobody vouches for.

Reads   a body: RSS 0.9 to 2.0, RDF, Atom (feedparser, tolerant of the broken), JSON Feed (our own reader)
Gives   a ``ParsedFeed``, always: its ``problem`` says why a body is no feed
Raises  nothing: whatever a parser stumbles on is the feed's problem, not the poll's

What is held against hostile bodies: at most 5 MB are parsed; authors longer than 1,000 bytes are cut first
(feedparser's e-mail expression is quadratic: 100 KB take it more than 25 s); parsing is time-boxed for what
the cut does not see; the body goes through ``BytesIO``, for feedparser opens files and addresses by name.
"""

from dataclasses import replace

from vigie.adapters.feeds.hints import read_hints
from vigie.adapters.feeds.json_feed import read_json_feed
from vigie.adapters.feeds.text import tidy
from vigie.adapters.feeds.tolerant import read_tolerantly
from vigie.adapters.time_box import OutOfTime, time_box
from vigie.domain.feeds import ParsedFeed

LIMIT_BYTES = 5_000_000


def parse_feed(
    body: bytes, *, url: str, content_type: str | None, time_limit_seconds: float = 5.0
) -> ParsedFeed:
    """Read the feed that ``url`` answered with; relative links are resolved against it.

    ``content_type`` is the answer's header: its charset counts (RFC 7303 §3). Without a ``url`` (a file),
    relative links stay relative.
    """
    if len(body) > LIMIT_BYTES:
        return ParsedFeed(problem=f"too large: {len(body):,} bytes, and at most {LIMIT_BYTES:,} are parsed")
    start = body.lstrip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n")[:1]
    if not start:
        return ParsedFeed(problem="empty: there is nothing in it")
    try:
        with time_box(time_limit_seconds):
            if start in b"{[":
                return read_json_feed(body, url=url)
            return replace(read_tolerantly(body, url, content_type), hints=read_hints(body))
    except OutOfTime as error:
        return ParsedFeed(problem=f"too slow to read: {error}")
    except Exception as error:  # noqa: BLE001 - no list says what the parser raises; none may stop a poll
        said = tidy(f"{type(error).__name__}: {error}")[:200]
        return ParsedFeed(problem=f"not readable: the parser gave up ({said})")
