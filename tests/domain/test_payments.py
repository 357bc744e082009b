"""Signed events of the payment provider."""

import json
from datetime import timedelta

import pytest

from tests.builders import CUTOFF
from vigie.domain.payments import PaymentEvent, open_event, sign
from vigie.errors import BadMessage, Forbidden

SECRET = "whsec_test"
BODY = json.dumps(
    {
        "id": "evt_1",
        "type": "customer.subscription.updated",
        "data": {"object": {"id": "sub_1", "metadata": {"client_id": "perrin"}}},
    }
).encode()
SIGNED = sign(BODY, SECRET, CUTOFF)


def test_a_signed_event_says_of_whom_it_speaks() -> None:
    """Client and subscription are read; the rest is for the provider to say when asked."""
    event = PaymentEvent("evt_1", "customer.subscription.updated", "perrin", "sub_1")
    assert open_event(BODY, SIGNED, [SECRET], CUTOFF + timedelta(seconds=299)) == event


@pytest.mark.parametrize(
    ("body", "signature", "late_seconds"),
    [
        (BODY + b" ", SIGNED, 0),
        (json.dumps(json.loads(BODY), indent=1).encode(), SIGNED, 0),
        (BODY, SIGNED, 301),
        (BODY, SIGNED, -301),
        (BODY, sign(BODY, "whsec_other", CUTOFF), 0),
        (BODY, SIGNED.replace("t=", "t=1"), 0),
        (BODY, "", 0),
        (BODY, "t=,v1=", 0),
        (BODY, "v1=" + "0" * 64, 0),
        (BODY, SIGNED.partition(",")[0], 0),
        (BODY, SIGNED.replace("v1=", "v0="), 0),
        (BODY, SIGNED.partition(",")[0] + ",v1=é", 0),
    ],
)
def test_what_is_not_signed_just_now_is_refused(body: bytes, signature: str, late_seconds: int) -> None:
    """Bytes changed or written anew, an old or a future second, another secret, no signature, another scheme."""
    with pytest.raises(Forbidden):
        open_event(body, signature, [SECRET], CUTOFF + timedelta(seconds=late_seconds))


def test_either_of_two_secrets_counts_while_one_replaces_the_other() -> None:
    """Stripe signs with both for a day: any of the signatures by any of ours will do."""
    both = f"{sign(BODY, 'whsec_new', CUTOFF)},{SIGNED.partition(',')[2]}"
    assert open_event(BODY, both, ["whsec_old", SECRET], CUTOFF).event_id == "evt_1"


def test_no_secret_signs_nothing() -> None:
    """A stack without a secret takes no event, the empty secret least of all."""
    with pytest.raises(Forbidden):
        open_event(BODY, sign(BODY, "", CUTOFF), [], CUTOFF)


@pytest.mark.parametrize(
    "body", [b"[]", b"{}", b"no json", b'{"id": "e", "type": "invoice.paid", "data": null}']
)
def test_signed_bytes_that_are_no_event_are_a_bad_message(body: bytes) -> None:
    """Another try would be useless."""
    with pytest.raises(BadMessage):
        open_event(body, sign(body, SECRET, CUTOFF), [SECRET], CUTOFF)


@pytest.mark.parametrize(
    ("kind", "thing"),
    [
        ("checkout.session.completed", {"client_reference_id": "perrin", "subscription": "sub_1"}),
        (
            "invoice.paid",
            {
                "parent": {
                    "subscription_details": {"subscription": "sub_1", "metadata": {"client_id": "perrin"}}
                }
            },
        ),
        (
            "invoice.payment_failed",
            {"subscription": "sub_1", "subscription_details": {"metadata": {"client_id": "perrin"}}},
        ),
    ],
)
def test_each_kind_names_them_in_its_own_place(kind: str, thing: dict[str, object]) -> None:
    """Invoices of before 2025 too."""
    body = json.dumps({"id": "evt_1", "type": kind, "data": {"object": thing}}).encode()
    event = open_event(body, sign(body, SECRET, CUTOFF), [SECRET], CUTOFF)
    assert (event.client_id, event.billing_id) == ("perrin", "sub_1")


@pytest.mark.parametrize(
    ("kind", "thing"), [("charge.succeeded", {"id": "ch_1"}), ("invoice.paid", {"parent": None})]
)
def test_an_event_of_no_subscription_names_none(kind: str, thing: dict[str, object]) -> None:
    """A single payment taken by hand is none of ours."""
    body = json.dumps({"id": "evt_1", "type": kind, "data": {"object": thing}}).encode()
    event = open_event(body, sign(body, SECRET, CUTOFF), [SECRET], CUTOFF)
    assert (event.client_id, event.billing_id) == ("", "")
