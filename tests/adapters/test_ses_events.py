"""SES's events, read from the samples."""

import copy
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from vigie.adapters.ses_events import read_ses_event
from vigie.domain.addresses import MailEvent

SAMPLES = Path(__file__).resolve().parents[2] / "events" / "send"
EMAIL, KEY = "direction@banque-du-ponant.example", "banque-du-ponant_20261120T061500Z_b0e6896dab59225a"


def sample(name: str) -> dict[str, Any]:
    """Return what SES published."""
    event = json.loads((SAMPLES / f"{name}.json").read_text(encoding="utf-8"))
    told: dict[str, Any] = json.loads(event["Records"][0]["Sns"]["Message"])
    return told


def test_a_bounce_is_told_of_its_address() -> None:
    """With the provider's words and the time it happened."""
    (told,) = read_ses_event(sample("ses_bounce"))
    assert (told.kind, told.email, told.delivery_key) == ("bounced", EMAIL, KEY)
    assert told.detail == "smtp; 550 5.1.1 user unknown"
    assert datetime(2026, 11, 20, 6, 30, 3, tzinfo=UTC) == told.at


@pytest.mark.parametrize("kind", ["Transient", "Undetermined"])
def test_a_bounce_that_may_pass_is_told_as_such(kind: str) -> None:
    """What SES cannot tell the kind of may pass too."""
    event = copy.deepcopy(sample("ses_bounce"))
    event["bounce"]["bounceType"] = kind
    assert [told.kind for told in read_ses_event(event)] == ["bounced_softly"]


def test_a_complaint_and_a_send_event_are_told() -> None:
    """Who complains, and that a mail was taken."""
    (complaint,) = read_ses_event(sample("ses_complaint"))
    assert (complaint.kind, complaint.email, complaint.detail) == ("complained", EMAIL, "abuse")
    (sent,) = read_ses_event(sample("ses_send"))
    assert isinstance(sent, MailEvent)
    assert (sent.kind, sent.email) == ("sent", "")


def test_a_mail_refused_for_its_content_and_what_we_ask_nothing_of() -> None:
    """A reject has its reason; a click is none of our business."""
    event = copy.deepcopy(sample("ses_send"))
    event |= {"eventType": "Reject", "reject": {"reason": "Bad content"}}
    assert [told.detail for told in read_ses_event(event)] == ["Bad content"]
    assert read_ses_event(event | {"eventType": "Click"}) == []
