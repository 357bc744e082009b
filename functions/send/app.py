"""Mail stored digests, and take the provider's word for what it accepted.

Reads   digests queue (digest-ready, preview-ready); SES events of the configuration set, through SNS
Writes  digests table (deliveries, reviews closed); mails through SES
Fails   message by message; a recipient already served is never served again
"""

import json
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from vigie import observe, wiring
from vigie.handling import queue_handler
from vigie.messages import DigestReady, PreviewReady

logger = observe.make_logger("send")
_send_digests = queue_handler(
    "send",
    DigestReady,
    lambda message, _: wiring.send().run(message),
    also={PreviewReady: lambda message, _: wiring.preview().run(message)},
)


def handler(event: dict[str, Any], context: LambdaContext) -> Any:
    """Mail the digests of an SQS batch, or read the SES events of an SNS one."""
    if "Sns" in event["Records"][0]:
        for record in event["Records"]:
            _take_event(json.loads(record["Sns"]["Message"]))
        return None
    return _send_digests(event, context)


def _take_event(event: dict[str, Any]) -> None:
    """Mark the delivery of a Send event; other events (bounce, complaint…) are logged for ops."""
    mail = event["mail"]
    keys = mail.get("tags", {}).get("delivery_key", [])
    if event.get("eventType") == "Send" and keys:
        wiring.deliver().confirm(keys[0], mail["messageId"])
    logger.info(
        "mail event", event=event.get("eventType"), delivery_key=keys[:1], provider_id=mail["messageId"]
    )
