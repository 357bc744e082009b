"""Answer hubs: verifications of intent, and pushed feeds (WebSub).

Reads   API Gateway (REST), without a key: the address and the signature prove who calls
Writes  shards queue (feed-pushed), sources table (subscriptions)
Fails   with 503, when a push cannot be queued now: hubs push again
"""

import base64
import binascii
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from vigie import observe, wiring
from vigie.errors import NotFound, Transient
from vigie.steps.callbacks import Reply

logger = observe.make_logger("webhooks")
meter = observe.make_metrics("webhooks")
_PLAIN = {"Content-Type": "text/plain; charset=utf-8", "X-Content-Type-Options": "nosniff"}


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:  # noqa: ARG001 - Lambda's shape
    """Answer one call."""
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
