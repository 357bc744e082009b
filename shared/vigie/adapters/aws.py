"""AWS clients, each made on first use and once; and what AWS's errors mean to us.

Region, credentials and (for the local run) the endpoint come from the environment, as boto3 reads it.
Clients are made lazily because each costs a cold start 50 to 100 ms.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any

import boto3
from botocore import exceptions as botocore_errors
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from vigie.errors import Transient

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient
    from types_boto3_s3 import S3Client
    from types_boto3_sesv2 import SESV2Client
    from types_boto3_sqs import SQSClient

TRANSIENT_CODES = frozenset({
    "InternalServerError",
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "RequestThrottled",
    "RequestTimeout",
    "ServiceUnavailable",
    "SlowDown",
    "Throttling",
    "ThrottlingException",
    "TooManyRequestsException",
    "TransactionInProgressException",
})  # fmt: skip
"""What AWS answers when the same request may succeed later, whatever the service."""


_CONNECTION_TROUBLE = (
    botocore_errors.ConnectionError,  # not reached, or not in time
    botocore_errors.HTTPClientError,  # reached, and broken off
    botocore_errors.IncompleteReadError,
)


def _config(*, read_timeout: int, attempts: int) -> Config:
    return Config(
        connect_timeout=2,
        read_timeout=read_timeout,
        retries={"mode": "standard", "total_max_attempts": attempts},
        tcp_keepalive=True,
    )


@cache
def dynamodb() -> "DynamoDBClient":
    """Return the DynamoDB client: answers come in milliseconds, so it gives up early and asks again."""
    return boto3.client("dynamodb", config=_config(read_timeout=5, attempts=4))


@cache
def sqs() -> "SQSClient":
    """Return the SQS client."""
    return boto3.client("sqs", config=_config(read_timeout=10, attempts=4))


@cache
def s3() -> "S3Client":
    """Return the S3 client."""
    return boto3.client("s3", config=_config(read_timeout=15, attempts=4))


@cache
def functions() -> Any:
    """Return the Lambda client."""
    return boto3.client("lambda", config=_config(read_timeout=10, attempts=4))


@cache
def ses() -> "SESV2Client":
    """Return the SES client. It asks once: asking again after silence could send a mail twice."""
    return boto3.client("sesv2", config=_config(read_timeout=20, attempts=1))


@cache
def bedrock() -> Any:
    """Return Bedrock's client. It asks once: asking costs."""
    return boto3.client("bedrock-runtime", config=_config(read_timeout=20, attempts=1))


@cache
def comprehend() -> Any:
    """Return Comprehend's client. It asks once: asking costs."""
    return boto3.client("comprehend", config=_config(read_timeout=10, attempts=1))


@cache
def ssm() -> Any:
    """Return the parameter store's client (no types: two calls do not make up for a library of them)."""
    return boto3.client("ssm", config=_config(read_timeout=5, attempts=4))


@cache
def sts() -> Any:
    """Return the client that assumes roles; a person waits, so it gives up early."""
    return boto3.client("sts", config=_config(read_timeout=3, attempts=3))


@cache
def sns() -> Any:
    """Return the SNS client, for SMS. It asks once: asking again after silence could send a message twice."""
    return boto3.client("sns", config=_config(read_timeout=10, attempts=1))


@cache
def topics() -> Any:
    """Return the SNS client, for topics: whoever hears a message twice takes it once."""
    return boto3.client("sns", config=_config(read_timeout=10, attempts=4))


@contextmanager
def transient_failures(doing: str) -> Iterator[None]:
    """Turn throttling, AWS's own faults and a broken connection into Transient; let the rest through.

    What remains (a denied role, a missing table) is a fault of the deployment, which no code can mend.
    """
    try:
        yield
    except ClientError as error:
        if is_transient(error):
            raise Transient(f"{doing}: {error}") from error
        raise
    except BotoCoreError as error:
        if is_connection_trouble(error):
            raise Transient(f"{doing}: {error}") from error
        raise


def is_transient(error: ClientError) -> bool:
    """Whether AWS says, by code or status, that the same request may succeed later."""
    status = int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
    return error_code(error) in TRANSIENT_CODES or status >= 500 or status == 429


def is_connection_trouble(error: BotoCoreError) -> bool:
    """Whether the connection failed, rather than the request."""
    return isinstance(error, _CONNECTION_TROUBLE)


def error_code(error: ClientError) -> str:
    """Return AWS's name for an error."""
    return error.response.get("Error", {}).get("Code", "")
