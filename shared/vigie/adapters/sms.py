"""SMS through Amazon SNS, for alerts; transactional, so that carriers let them pass first."""

from typing import Any

from botocore.exceptions import ClientError

from vigie.adapters.aws import error_code, transient_failures
from vigie.errors import Permanent

_NEVER = frozenset({"InvalidParameter", "InvalidParameterException", "OptedOut", "OptedOutException"})


class SnsSms:
    """Sends one message to one number."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def __call__(self, number: str, text: str) -> None:
        """Send. Raises Permanent for a number that takes none, Transient for the rest."""
        attributes = {"AWS.SNS.SMS.SMSType": {"DataType": "String", "StringValue": "Transactional"}}
        with transient_failures("send an SMS"):
            try:
                self._client.publish(PhoneNumber=number, Message=text, MessageAttributes=attributes)
            except ClientError as error:
                if error_code(error) in _NEVER:
                    raise Permanent(f"the number takes no SMS: {error_code(error)}") from error
                raise
