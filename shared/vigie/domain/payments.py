"""What a payment provider tells: signed events, invoices. Their content is a hint; state is read from the provider.

Signatures are those of Stripe (docs.stripe.com/webhooks#verify-manually): header ``Stripe-Signature``, ``t=`` the
second of signing, one or more ``v1=`` HMAC-SHA256 in hexadecimal over that second, a dot, and the body byte for byte.
"""

import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from vigie.errors import BadMessage, Forbidden

TOLERANCE_SECONDS: Final = 300
BODY_LIMIT_BYTES: Final = 500_000
_OF_SUBSCRIPTIONS: Final = ("checkout.session.", "customer.subscription.", "invoice.")


@dataclass(frozen=True, slots=True)
class PaymentEvent:
    """One event: its id, its type, and of which client's which subscription it speaks; "" when of none."""

    event_id: str
    kind: str
    client_id: str = ""
    billing_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Invoice:
    """One invoice of the provider's: amounts in cents, and where it is read (or paid) and kept."""

    number: str
    issued_at: datetime
    total_cents: int
    tax_cents: int
    is_paid: bool
    page_url: str
    pdf_url: str


def sign(body: bytes, secret: str, at: datetime) -> str:
    """Return the header that signs a body."""
    second = int(at.timestamp())
    return f"t={second},v1={_mac(second, body, secret)}"


def open_event(body: bytes, signature: str, secrets: Iterable[str], now: datetime) -> PaymentEvent:
    """Return what a signed body says.

    ``secrets`` are the endpoint's, two of them while one replaces the other. Raises Forbidden when none of them
    signed these bytes within the last five minutes, and BadMessage for signed bytes that are no event, or for more of
    them than any event has: those are not hashed.
    """
    if len(body) > BODY_LIMIT_BYTES:
        raise BadMessage(f"{len(body)} bytes are no event: at most {BODY_LIMIT_BYTES} are read.")
    second, given = _parts(signature)
    if second is None or abs(now.timestamp() - second) > TOLERANCE_SECONDS:
        raise Forbidden("The signature is missing, or older than five minutes.")
    macs = [_mac(second, body, secret) for secret in secrets]
    if not any(hmac.compare_digest(mac, each) for mac in macs for each in given):
        raise Forbidden("The signature is not that of these bytes.")
    try:
        return _event(json.loads(body))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadMessage(f"signed, and no event: {error!r}") from error


def _parts(signature: str) -> tuple[int | None, list[str]]:
    pairs = [part.partition("=") for part in signature.split(",")]
    seconds = [value for name, _, value in pairs if name.strip() == "t"]
    second = int(seconds[0]) if seconds and seconds[0].isascii() and seconds[0].isdigit() else None
    return second, [value for name, _, value in pairs if name.strip() == "v1" and value.isascii()]


def _mac(second: int, body: bytes, secret: str) -> str:
    return hmac.new(secret.encode(), b"%d." % second + body, hashlib.sha256).hexdigest()


def _event(told: Mapping[str, Any]) -> PaymentEvent:
    kind, thing = str(told["type"]), told["data"]["object"]
    if not kind.startswith(_OF_SUBSCRIPTIONS):
        return PaymentEvent(str(told["id"]), kind)
    if kind.startswith("customer.subscription."):
        billing_id, named = thing["id"], thing.get("metadata")
    elif kind.startswith("checkout.session."):
        billing_id, named = thing.get("subscription"), {"client_id": thing.get("client_reference_id")}
    else:
        # Since 2025 an invoice names its subscription under what it is for; before, itself.
        details = (thing.get("parent") or {}).get("subscription_details") or thing.get("subscription_details")
        billing_id = (details or {}).get("subscription") or thing.get("subscription")
        named = (details or {}).get("metadata")
    client_id = (named or {}).get("client_id")
    return PaymentEvent(str(told["id"]), kind, str(client_id or ""), str(billing_id or ""))


def instant(second: int | None) -> datetime | None:
    """Return a provider's second as an instant."""
    return None if second is None else datetime.fromtimestamp(second, UTC)
