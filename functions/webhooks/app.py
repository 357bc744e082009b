"""Answer hubs (WebSub: verifications of intent, pushed feeds), and Stripe's events.

Reads   API Gateway (REST), without a key: the address and the signature prove who calls
Writes  shards queue (feed-pushed), sources table (what hubs were asked), accounts table (subscriptions of clients)
Fails   with 503, when it cannot be done now: hubs push again, Stripe tells again
"""

import base64
import binascii
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from vigie import observe, wiring
from vigie.errors import BadMessage, Forbidden, NotFound, Permanent, Transient
from vigie.steps.callbacks import Reply

logger = observe.make_logger("webhooks")
meter = observe.make_metrics("webhooks")
_PLAIN = {"Content-Type": "text/plain; charset=utf-8", "X-Content-Type-Options": "nosniff"}


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:  # noqa: ARG001 - Lambda's shape
    """Answer one call."""
    return _payment(event) if event.get("resource") == "/stripe" else _hub(event)


def _hub(event: dict[str, Any]) -> dict[str, Any]:
    token = (event.get("pathParameters") or {}).get("token", "")
    try:
        if event["httpMethod"] == "GET":
            reply = wiring.callbacks().verify(token, event.get("queryStringParameters") or {})
        else:
            reply = wiring.callbacks().receive(token, _headers(event), _body(event))
    except NotFound as error:
        reply = Reply(404, f"no subscription was ever asked for: {error}")
    except Transient as error:
        logger.exception("the hub is to call again")
        return _answer(Reply(503, str(error)), {"Retry-After": "60"})
    logger.info("hub answered", status=reply.status, outcome=reply.outcome, source_id=reply.source_id)
    dropped = reply.outcome.startswith("dropped")
    observe.count(meter, PushesQueued=reply.outcome == "queued", PushesDropped=dropped)
    return _answer(reply, {})


def _payment(event: dict[str, Any]) -> dict[str, Any]:
    """Take in what Stripe tells. 200 ends its tries, also for what another try would not mend: that is logged."""
    try:
        told, outcome = wiring.payment_events().receive(
            _body(event), _headers(event).get("stripe-signature", "")
        )
    except (Forbidden, BadMessage) as error:
        logger.warning("payment event refused", reason=str(error))
        observe.count(meter, PaymentEventsRefused=1)
        return _answer(Reply(400, "refused", str(error)), {})
    except Transient as error:
        logger.exception("Stripe is to tell again")
        return _answer(Reply(503, str(error)), {"Retry-After": "60"})
    except Permanent:
        logger.exception("a payment event cannot be applied")
        observe.count(meter, PaymentEventsFailed=1)
        return _answer(Reply(200, "failed"), {})
    logger.info("payment event", kind=told.kind, event_id=told.event_id, outcome=outcome)
    return _answer(Reply(200, outcome), {})


def _headers(event: dict[str, Any]) -> dict[str, str]:
    """Return headers by lower-case name; repeated ones are one list, as RFC 9110 §5.3 says."""
    several: dict[str, list[str]] = event.get("multiValueHeaders") or {}
    return {name.lower(): ", ".join(values) for name, values in several.items()}


def _body(event: dict[str, Any]) -> bytes:
    """Return the very bytes that were sent, as far as the gateway kept them."""
    body: str = event.get("body") or ""
    if not event.get("isBase64Encoded"):
        return body.encode("utf-8", "surrogatepass")
    try:
        return base64.b64decode(body)
    except binascii.Error:
        return b""  # nobody signed that


def _answer(reply: Reply, headers: dict[str, str]) -> dict[str, Any]:
    return {"statusCode": reply.status, "headers": _PLAIN | headers, "body": reply.text}
