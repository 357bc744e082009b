"""Mail stored digests and links to sign in, and take the provider's word for what it accepted.

Reads   digests queue (digest-ready, preview-ready); SES events of the configuration set, through SNS; addresses that
        somebody asked a link for, or signed up with, from ``site``
Writes  digests table (deliveries, reviews closed, addresses), accounts table (who complained is taken off; links
        that work once); mails
Fails   message by message; a recipient already served is never served again
"""

import json
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from vigie import observe, wiring
from vigie.adapters.ses_events import read_ses_event
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
    """Mail the digests of an SQS batch, or a link to sign in, or read the SES events of an SNS batch."""
    if "sign_in" in event:
        mailed = wiring.send_links().run(event["sign_in"])
        logger.info("link asked for", mailed=mailed)  # to whom is nobody's business, and not a log's
        return None
    if "sign_up" in event:
        mailed = wiring.send_confirmations().run(event["sign_up"]["signup_id"])
        logger.info("sign-up to confirm", mailed=mailed)
        return None
    if "Sns" in event["Records"][0]:
        for record in event["Records"]:
            for told in read_ses_event(json.loads(record["Sns"]["Message"])):
                wiring.mail_events().run(told)
                logger.info("mail event", kind=told.kind, delivery_key=told.delivery_key, detail=told.detail)
        return None
    return _send_digests(event, context)
