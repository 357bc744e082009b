"""Messages that come before their time go back, and come again when it has."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.fakes import FakeOutbox
from vigie.messages import PreviewReady
from vigie.steps.putting_off import put_off

AT = datetime(2026, 12, 8, 6, 0, tzinfo=UTC)
MESSAGE = PreviewReady(
    client_id="banque-armelie",
    digest_id="20261208T053000Z",
    preview_at=AT,
    send_at=AT + timedelta(minutes=30),
)


@pytest.mark.parametrize(("early_seconds", "delay_seconds"), [(2, 3), (600, 601), (7_200, 900)])
def test_what_is_early_waits_as_long_as_a_queue_lets_it(early_seconds: int, delay_seconds: int) -> None:
    """It comes again a second after its time, or in a quarter of an hour."""
    outbox = FakeOutbox()
    assert put_off(MESSAGE, AT, outbox, AT - timedelta(seconds=early_seconds))
    assert outbox.sent == [(MESSAGE, delay_seconds)]


def test_what_is_in_time_is_not_put_off() -> None:
    """Nor is what is late, or a second early: clocks differ by as much."""
    outbox = FakeOutbox()
    assert not any(put_off(MESSAGE, AT, outbox, AT - timedelta(seconds=early)) for early in (1, 0, -60))
    assert outbox.sent == []
