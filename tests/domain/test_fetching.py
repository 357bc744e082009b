"""What the headers of an answer say about coming again."""

from datetime import UTC, datetime

import pytest

from vigie.domain.fetching import (
    Failure,
    FetchOutcome,
    clean_validator,
    max_age_seconds,
    retry_after_seconds,
)

NOW = datetime(2026, 3, 2, 12, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (None, None),
        ("120", 120),
        (" 0 ", 0),
        ("Mon, 02 Mar 2026 12:05:00 GMT", 300),
        ("Mon, 02 Mar 2026 11:00:00 GMT", 0),
        ("Monday, 02-Mar-26 12:01:00 GMT", 60),
        ("soon", None),
        ("-5", None),
        ("9" * 5000, None),
        ("", None),
    ],
)
def test_retry_after_is_read_in_both_forms(value: str | None, seconds: int | None) -> None:
    """Retry-After is seconds or a date; nonsense is no wish at all."""
    assert retry_after_seconds(value, now=NOW) == seconds


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"cache_control": "public, max-age=600"}, 600),
        ({"cache_control": 'MAX-AGE="600"', "age": "100"}, 500),
        ({"cache_control": "max-age=60", "age": "100"}, None),
        ({"cache_control": "max-age=0"}, None),
        ({"cache_control": "no-cache, max-age=600"}, None),
        ({"cache_control": "max-age=soon"}, None),
        ({"expires": "Mon, 02 Mar 2026 12:10:00 GMT", "date": "Mon, 02 Mar 2026 12:00:00 GMT"}, 600),
        ({"expires": "0", "date": "Mon, 02 Mar 2026 12:00:00 GMT"}, None),
        ({"expires": "Mon, 02 Mar 2026 12:10:00 GMT"}, None),
        ({}, None),
    ],
)
def test_freshness_is_max_age_less_age_else_expires_less_date(
    headers: dict[str, str], seconds: int | None
) -> None:
    """An answer stays fresh as long as its headers say, and never when they say not to keep it."""
    wishes = {"cache_control": None, "age": None, "expires": None, "date": None} | headers
    assert max_age_seconds(**wishes) == seconds


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        ('W/"a-b"', 'W/"a-b"'),
        ('"a"\r\nX-Injected: 1', '"a"X-Injected: 1'),
        ("\x00", None),
        ("", None),
        (None, None),
        ('"\udce9"', None),
        ("x" * 1001, None),
    ],
)
def test_validators_are_kept_verbatim_but_cannot_break_a_header(value: str | None, kept: str | None) -> None:
    """A validator is echoed as it came, without line breaks, or not at all."""
    assert clean_validator(value) == kept


@pytest.mark.parametrize(
    ("status", "reason", "transient"),
    [
        (404, "bad_status", False),
        (408, "bad_status", True),
        (410, "gone", False),
        (429, "rate_limited", True),
        (503, "bad_status", True),
        (204, "bad_status", False),
    ],
)
def test_a_status_says_whether_another_try_makes_sense(status: int, reason: str, transient: bool) -> None:
    """A 5xx may pass by itself, a 404 needs somebody, a 410 is final."""
    failure = Failure.from_status(status)
    assert (failure.reason, failure.transient) == (reason, transient)


def test_an_outcome_cannot_be_a_failure_without_its_reason() -> None:
    """Only a failed outcome has a failure, and it always has one."""
    with pytest.raises(ValueError, match="contradict"):
        FetchOutcome(kind="failed", final_url="https://exemple.test/")
    with pytest.raises(ValueError, match="contradict"):
        FetchOutcome(kind="fetched", final_url="https://exemple.test/", failure=Failure.of("dns", "x"))
