"""Mail through Amazon SES, one recipient at a time.

SES has no idempotency key, so what matters is to tell "certainly not sent" from "perhaps sent":

==============================================  ===========  ===========================
throttled, quota reached, sending paused        Transient    not sent, try later
no connection                                   Transient    not sent, try later
refused: content, address, sender               Permanent    not sent, never will be
connected, then silence, or SES's own fault     Unanswered   perhaps sent
==============================================  ===========  ===========================
"""

import re
from typing import TYPE_CHECKING

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectTimeoutError,
    EndpointConnectionError,
    ProxyConnectionError,
    SSLError,
)

from vigie.adapters.aws import error_code, is_connection_trouble, transient_failures
from vigie.errors import Permanent, Transient, Unanswered
from vigie.ports import Mail, Mailer

if TYPE_CHECKING:
    from types_boto3_sesv2 import SESV2Client

DELIVERY_TAG = "delivery_key"
_TAG_VALUE = re.compile(r"[A-Za-z0-9_-]{1,256}")
_LATER = frozenset({
    "AccountSuspendedException",
    "LimitExceededException",
    "MailFromDomainNotVerifiedException",
    "SendingPausedException",
    "ServiceUnavailable",
    "Throttling",
    "ThrottlingException",
    "TooManyRequestsException",
})  # fmt: skip
_NEVER = frozenset({"BadRequestException", "MessageRejected"})
_NOT_REACHED = (EndpointConnectionError, ConnectTimeoutError, ProxyConnectionError, SSLError)


class SesMailer(Mailer):
    """``Mailer`` on SESv2. Its events carry the delivery key in the tag ``delivery_key``."""

    def __init__(self, client: "SESV2Client", configuration_set: str) -> None:
        self._client = client
        self._configuration_set = configuration_set

    def send(self, mail: Mail) -> str:
        """Send, and return SES's message id. Sender and recipient are given beside the raw mail's headers.

        Raises as the module says; ValueError for a delivery key that cannot be a tag (SES: letters, digits,
        ``_`` and ``-``, at most 256), which is a fault of ours.
        """
        if not _TAG_VALUE.fullmatch(mail.delivery_key):
            raise ValueError(f"delivery key {mail.delivery_key!r} cannot be an SES tag")
        try:
            answer = self._client.send_email(
                FromEmailAddress=mail.sender,
                Destination={"ToAddresses": [mail.to]},
                Content={"Raw": {"Data": mail.raw}},
                ConfigurationSetName=self._configuration_set,
                EmailTags=[{"Name": DELIVERY_TAG, "Value": mail.delivery_key}],
            )
        except ClientError as error:
            raise _meaning(error, mail) from error
        except BotoCoreError as error:
            if isinstance(error, _NOT_REACHED):
                raise Transient(f"mail {mail.delivery_key}: {error}") from error
            if is_connection_trouble(error):
                raise Unanswered(f"mail {mail.delivery_key}: {error}") from error
            raise
        return answer["MessageId"]


def mails_per_second(client: "SESV2Client") -> float:
    """Return how many mails a second SES takes from the account, all its stacks together: one in the sandbox.

    Raises Transient when SES cannot say now.
    """
    with transient_failures("read the account's sending quota"):
        return float(client.get_account()["SendQuota"]["MaxSendRate"])


def _meaning(error: ClientError, mail: Mail) -> Exception:
    text = f"mail {mail.delivery_key}: {error}"
    status = int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
    if error_code(error) in _LATER or status in {429, 503}:
        return Transient(text)
    if error_code(error) in _NEVER:
        return Permanent(text)
    return Unanswered(text) if status >= 500 else error
