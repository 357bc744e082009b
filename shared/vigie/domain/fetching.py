"""Fetching a source: what is asked, what came back, and what its headers say about coming again.

A failure that happens every hour (a time-out, a 404, a refused address) is a value here, not an exception:
the poll step stores it, shows it beside the source and decides when to try again.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Literal

FailureReason = Literal[
    "bad_url",  # not an address one can ask
    "refused_address",  # scheme, port or network address our guard does not allow
    "downgrade",  # a redirect left https for http
    "redirect_loop",  # too many hops, or a circle
    "dns",
    "connect",
    "tls",
    "timeout",
    "truncated",  # the body ended before it was complete
    "too_large",  # more bytes, raw or decoded, than the limits allow
    "bad_encoding",  # Content-Encoding is unknown, or its bytes are not what it says
    "bad_response",  # not HTTP
    "bad_status",
    "gone",  # 410: the publisher says never again
    "rate_limited",  # 429, or a 403 that means it
    "not_a_feed",  # fetched, but no parser can read it
    "unauthorised",  # a platform refuses our credential, or we have none
    "query_rejected",  # a platform does not understand what we ask
    "terms",  # a platform's terms do not allow it without a contract
]

# Asking again later may succeed without anybody changing anything (the address, the server, our limits).
_TRANSIENT: frozenset[FailureReason] = frozenset({"dns", "connect", "timeout", "truncated", "rate_limited"})
_TRANSIENT_STATUSES = frozenset({408, 425, 429})
_FORBIDDEN = 403
_REQUESTS_LEFT = (
    "X-RateLimit-Remaining",
    "X-Rate-Limit-Remaining",
    "RateLimit-Remaining",
)  # how they are all named


@dataclass(frozen=True, slots=True)
class Failure:
    """Why there is no feed: a closed ``reason`` to decide on, a ``detail`` sentence for people."""

    reason: FailureReason
    detail: str
    transient: bool

    @classmethod
    def of(cls, reason: FailureReason, detail: str) -> "Failure":
        """Return the failure, transient or not as its reason usually is."""
        return cls(reason, detail, reason in _TRANSIENT)

    @classmethod
    def from_status(cls, status: int) -> "Failure":
        """Return what an HTTP status that carries no feed means (RFC 9110 §15, RFC 6585 §4)."""
        if status == 410:
            return cls.of("gone", "the server answered 410: this feed is gone for good")
        if status == 429:
            return cls.of("rate_limited", "the server answered 429: too many requests")
        transient = status in _TRANSIENT_STATUSES or status >= 500
        return cls("bad_status", f"the server answered {status}", transient)

    @classmethod
    def from_answer(cls, status: int, headers: Mapping[str, str]) -> "Failure":
        """Return what a status means beside its headers: some servers say 403 for too many requests."""
        if status == _FORBIDDEN and _speaks_of_a_rate(headers):
            return cls.of("rate_limited", "the server answered 403, and that we may ask again later")
        return cls.from_status(status)


@dataclass(frozen=True, slots=True)
class FetchRequest:
    """One address to fetch, with the validators its last complete answer gave (RFC 9110 §8.8).

    Validators belong to the address that issued them. Where that was not ``url`` itself but where it
    redirects, ``validated_url`` says so (the ``final_url`` of then), and they are sent there and nowhere
    else: another server's ``"1"`` must not answer 304 for ours.
    """

    url: str
    etag: str | None = None
    last_modified: str | None = None
    validated_url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchOutcome:
    """What one fetch came to.

    ``fetched``: ``body`` holds the whole decoded answer. ``unchanged``: a 304 to our validators.
    ``failed``: ``failure`` says why; ``status`` is kept when there was one.

    ``etag`` and ``last_modified`` are what to store and send back verbatim (after a 304: the old ones,
    updated by the answer). ``partial`` says that the body shows only what changed since they were issued
    (RFC 3229: 226 to ``A-IM: feed``). ``final_url`` is the address that answered, ``permanent_url`` that
    address again when every hop to it was a 301 or 308. ``retry_after_seconds`` and ``max_age_seconds`` are
    the server's wishes, not clamped. ``links`` are its ``Link`` headers as they came (RFC 8288).
    """

    kind: Literal["fetched", "unchanged", "failed"]
    final_url: str
    status: int | None = None
    body: bytes = b""
    partial: bool = False
    content_type: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    permanent_url: str | None = None
    retry_after_seconds: int | None = None
    max_age_seconds: int | None = None
    links: tuple[str, ...] = ()
    failure: Failure | None = None
    elapsed_seconds: float = 0.0

    def __post_init__(self) -> None:
        if (self.kind == "failed") != (self.failure is not None):
            raise ValueError(f"a {self.kind} outcome and failure={self.failure!r} contradict each other")


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchLimits:
    """What one fetch may cost us: ``total_seconds`` covers all hops, the sizes are per answer.

    A body over ``ratio_floor_bytes`` may be at most ``ratio`` times what travelled: feeds compress 3 to 20
    times, decompression bombs 1,000 to 1,000,000 times.
    """

    connect_seconds: float = 5.0
    total_seconds: float = 20.0
    raw_bytes: int = 5_000_000
    decoded_bytes: int = 15_000_000
    ratio: int = 100
    ratio_floor_bytes: int = 1_000_000
    max_redirects: int = 5
    header_bytes: int = 64_000


_VALIDATOR_CHARACTERS = 1_000  # an ETag is 10 to 60; a longer one than this is not worth its storage
_BREAKS_A_HEADER = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")


def clean_validator(value: str | None) -> str | None:
    """Return a validator fit to be stored and echoed verbatim, quotes and ``W/`` included, or None.

    Line breaks and controls are taken out (they would inject headers into our next request); what cannot be
    encoded or is absurdly long is dropped, and the next poll is simply unconditional.
    """
    if value is None:
        return None
    cleaned = _BREAKS_A_HEADER.sub("", value).strip()
    encodable = cleaned.encode("utf-8", "replace").decode() == cleaned
    return cleaned if cleaned and encodable and len(cleaned) <= _VALIDATOR_CHARACTERS else None


def retry_after_seconds(value: str | None, *, now: datetime) -> int | None:
    """Read Retry-After, a number or a date, as seconds from ``now``, never negative (RFC 9110 §10.2.3)."""
    if value is None:
        return None
    seconds = _whole_seconds(value)
    if seconds is not None:
        return seconds
    moment = _http_date(value)
    return None if moment is None else max(0, round((moment - now).total_seconds()))


def max_age_seconds(
    *, cache_control: str | None, age: str | None, expires: str | None, date: str | None
) -> int | None:
    """Read how long an answer stays fresh: max-age less Age, else Expires less Date (RFC 9111 §4.2).

    None when the server wishes nothing: no header, ``no-cache``, ``no-store``, or already stale.
    """
    directives = _directives(cache_control or "")
    if "no-cache" in directives or "no-store" in directives:
        return None
    if "max-age" in directives:
        lifetime = _whole_seconds(directives["max-age"])
        fresh = None if lifetime is None else lifetime - (_whole_seconds(age or "") or 0)
    else:
        end, start = _http_date(expires or ""), _http_date(date or "")
        fresh = None if end is None or start is None else round((end - start).total_seconds())
    return fresh if fresh is not None and fresh > 0 else None


def _speaks_of_a_rate(headers: Mapping[str, str]) -> bool:
    """Say whether a refusal is one of a rate: it says when to come back, or that no requests are left."""
    left = next((headers[name] for name in _REQUESTS_LEFT if name in headers), "")
    return "Retry-After" in headers or re.fullmatch(r"\s*0+(\.\d*)?\s*", left) is not None


def _directives(cache_control: str) -> dict[str, str]:
    pairs = (part.partition("=") for part in cache_control.split(","))
    return {name.strip().lower(): value.strip().strip('"') for name, _, value in pairs}


def _whole_seconds(value: str) -> int | None:
    # Ten digits are three centuries; a longer run is an attack on int(), not a wish.
    return int(value) if re.fullmatch(r"[0-9]{1,10}", value.strip()) else None


def _http_date(value: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
