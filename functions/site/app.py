"""Serve pages behind signed links.

Reads   API Gateway (REST), without a key: the address is the permission; every route is listed in template.yaml
Writes  what a person does on a page (POST); a GET changes nothing
Fails   with a page in the reader's language; 500 says only its request id, and no log line holds an address
"""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from vigie import observe, wiring
from vigie.site.door import answer_to, failed

logger = observe.make_logger("site")


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Answer one request."""
    asked = {"route": event.get("resource"), "method": event.get("httpMethod")}
    try:
        with wiring.scoped_request():
            reply = answer_to(event)
    except Exception:  # whatever it was, a person is waiting for a page
        logger.exception("page failed", asked=asked)
        return failed(event, context.aws_request_id).as_gateway()
    logger.info("page answered", asked=asked, status=reply.status)
    return reply.as_gateway()
