"""What an API's answers amount to."""

from datetime import UTC, datetime, timedelta

import pytest

from vigie.adapters.platforms.client import Reply, patience_until, refusal_of
from vigie.domain.connectors.outcomes import AuthRevoked, QueryRejected, RetryAfter, TermsBlocked, Unavailable

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, QueryRejected),
        (401, AuthRevoked),
        (403, AuthRevoked),
        (422, QueryRejected),
        (429, RetryAfter),
        (451, TermsBlocked),
        (302, Unavailable),
        (500, Unavailable),
        (503, Unavailable),
    ],
)
def test_a_status_is_the_refusal_it_usually_means(status: int, kind: type) -> None:
    """Each status of 300 or more is one of the reactions we have."""
    assert isinstance(refusal_of(Reply(status, {}, None), NOW), kind)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "30"}, 30),
        ({"Retry-After": "Sun, 22 Nov 2026 12:01:30 GMT"}, 90),
        ({"RateLimit-Reset": "20"}, 20),
        ({"RateLimit-Reset": str(int(NOW.timestamp()) + 45)}, 45),
        ({"X-RateLimit-Reset": "2026-11-22T12:05:00.000Z"}, 300),
        ({"X-RateLimit-Reset": "soon"}, 60),
        ({}, 60),
        ({"Retry-After": "99999999"}, 86_400),
        ({"Retry-After": "0"}, 1),
    ],
)
def test_patience_is_read_in_every_form(headers: dict[str, str], seconds: int) -> None:
    """Seconds, dates, epochs and ISO instants are understood; none, or nonsense, is a minute; a day at most."""
    assert patience_until(headers, NOW) == NOW + timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"error": {"code": 403, "message": "quota"}}, "quota"),
        ({"error": "InvalidRequest", "message": "bad q"}, "InvalidRequest: bad q"),
        ({"error": "The access token is invalid"}, "The access token is invalid"),
        ({"message": "a\nb\x1b[31m"}, "a b [31m"),
        ({"error": {"error": {"error": {}}}}, ""),
        ([1], ""),
    ],
)
def test_the_platforms_words_are_quoted_on_one_line(data: object, said: str) -> None:
    """What the platform says of its refusal is shown, printable and short."""
    refusal = refusal_of(Reply(400, {}, data), NOW)
    assert isinstance(refusal, QueryRejected)
    assert refusal.detail == "the platform answered 400" + (f": {said}" if said else "")
