"""Read what a feed says about coming again: RSS 2.0 ``ttl``, ``skipHours``, ``skipDays``; ``sy:updatePeriod``.

Read from the bytes of the channel's head, not from a parsed tree, so that every way of reading a feed, strict or
tolerant, gives the same hints. What is not understood is no hint.
"""

import re

from vigie.domain.feeds import PublishingHints

_HEAD_BYTES = 65_536
_FIRST_ENTRY = re.compile(rb"<(?:[\w.-]+:)?(?:item|entry)[\s>]", re.IGNORECASE)
# What any hint begins with: most feeds give none, and this is quicker than asking for each.
_SAID = re.compile(rb"<(?:ttl|skip|[\w.-]+:update)", re.IGNORECASE)
_NOTHING_SAID = PublishingHints()
_PERIODS = {
    b"hourly": 3_600,
    b"daily": 86_400,
    b"weekly": 604_800,
    b"monthly": 2_592_000,
    b"yearly": 31_536_000,
}
_DAYS = (b"monday", b"tuesday", b"wednesday", b"thursday", b"friday", b"saturday", b"sunday")


def read_hints(body: bytes) -> PublishingHints:
    """Return the hints in a feed's head; those of bodies that are no ASCII-like text are not read."""
    head = body[:_HEAD_BYTES]
    entry = _FIRST_ENTRY.search(head)
    head = head[: entry.start()] if entry else head
    if not _SAID.search(head):
        return _NOTHING_SAID
    hours = (
        int(hour) % 24  # 24 is midnight in old versions of RSS
        for hour in _inside(head, b"skipHours", b"hour")
        if re.fullmatch(rb"[01]?\d|2[0-4]", hour)
    )
    days = (_DAYS.index(day.lower()) for day in _inside(head, b"skipDays", b"day") if day.lower() in _DAYS)
    return PublishingHints(
        interval_seconds=max(_ttl_seconds(head), _period_seconds(head)) or None,
        skip_hours=tuple(sorted(set(hours))),
        skip_days=tuple(sorted(set(days))),
    )


def _ttl_seconds(head: bytes) -> int:
    minutes = _text(head, b"ttl")
    return 60 * int(minutes) if re.fullmatch(rb"\d{1,7}", minutes) else 0


def _period_seconds(head: bytes) -> int:
    """Return the syndication module's period over its frequency; without a frequency it is one."""
    period = _PERIODS.get(_text(head, rb"[\w.-]+:updatePeriod").lower(), 0)
    frequency = _text(head, rb"[\w.-]+:updateFrequency")
    return period // max(int(frequency), 1) if re.fullmatch(rb"\d{1,5}", frequency) else period


def _text(head: bytes, name: bytes) -> bytes:
    found = re.search(rb"<" + name + rb"(?:\s[^<>]*)?>([^<]{0,40})<", head, re.IGNORECASE)
    return found[1].strip() if found else b""


def _inside(head: bytes, outer: bytes, inner: bytes) -> list[bytes]:
    block = re.search(rb"<" + outer + rb"[^<>]*>(.{0,4000}?)</" + outer, head, re.IGNORECASE | re.DOTALL)
    texts = re.findall(rb"<" + inner + rb"[^<>]*>([^<]{0,20})<", block[1], re.IGNORECASE) if block else []
    return [text.strip() for text in texts]
