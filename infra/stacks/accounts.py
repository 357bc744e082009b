"""Where stacks live: an AWS account, or the emulator on this machine. One contract, its gaps filled."""

from collections.abc import Mapping
from typing import Any, Protocol

import boto3
from botocore.config import Config

from infra.local.cloud import Cloud
from infra.local.deploy import complete

LENT_SECONDS = 3600


class Account(Protocol):
    """An account and region that stacks are deployed in."""

    local: bool
    patience_seconds: float
    """How long CloudFormation is given for one operation."""
    pause_seconds: float
    """Between two looks at it."""

    def client(self, service: str) -> Any:
        """Return the client of a service, made on first use."""
        ...

    def object_url(self, bucket: str, key: str) -> str:
        """Return where CloudFormation reads an object."""
        ...

    def lent_url(self, bucket: str, key: str) -> str:
        """Return where anybody who is told can read an object for an hour."""
        ...

    def complete(
        self, template: Mapping[str, Any], values: Mapping[str, str], outputs: Mapping[str, str]
    ) -> None:
        """Do what the template asks and this place left undone."""
        ...


class AwsAccount:
    """The account, region and credentials that boto3 finds, as every AWS tool does."""

    local = False
    patience_seconds = 3600.0
    pause_seconds = 5.0

    def __init__(self, session: Any = None) -> None:
        self._session: Any = session or boto3.Session()
        self._clients: dict[str, Any] = {}

    def client(self, service: str) -> Any:
        """Return the client of a service."""
        if service not in self._clients:
            self._clients[service] = self._session.client(service)
        return self._clients[service]

    def object_url(self, bucket: str, key: str) -> str:
        """Return an object's address in its region."""
        region = self.client("s3").meta.region_name
        return f"https://{bucket}.s3.{region}.amazonaws.com/{key}"

    def lent_url(self, bucket: str, key: str) -> str:
        """Return an address signed with the caller's credentials."""
        # The bucket's address in its region: the global one redirects there, where the signature is another's.
        s3 = self._session.client("s3", config=Config(s3={"addressing_style": "virtual"}))
        address: str = s3.generate_presigned_url(
            "get_object", Params={"Bucket": bucket, "Key": key}, ExpiresIn=LENT_SECONDS
        )
        return address

    def complete(
        self, template: Mapping[str, Any], values: Mapping[str, str], outputs: Mapping[str, str]
    ) -> None:
        """Do nothing: CloudFormation did all of it."""


class LocalAccount:
    """The emulator: the same calls, and through the API what it drops from a template."""

    local = True
    patience_seconds = 120.0
    pause_seconds = 0.1

    def __init__(self, cloud: Cloud) -> None:
        self._cloud = cloud

    def client(self, service: str) -> Any:
        """Return the client of a service."""
        return self._cloud.client(service)

    def object_url(self, bucket: str, key: str) -> str:
        """Return an object's address on the emulator."""
        return f"{self._cloud.endpoint_url}/{bucket}/{key}"

    def lent_url(self, bucket: str, key: str) -> str:
        """Return the plain address: the emulator shows objects to anybody, and knows no signature but its own."""
        return self.object_url(bucket, key)

    def complete(
        self, template: Mapping[str, Any], values: Mapping[str, str], outputs: Mapping[str, str]
    ) -> None:
        """Ask for expiry, point-in-time recovery, lifecycles and the sender's identity."""
        complete(self._cloud, template, values, outputs)
