"""What stacks are deployed from, built once and kept under names made of its content: layer, functions, template."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from infra.local.deploy import packages, with_code
from infra.local.emulator import ROOT
from infra.stacks.accounts import Account
from vigie.errors import NotFound


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """A template whose code is in the bucket. The same sources give the same ``release_id``, on any machine."""

    release_id: str
    template: Mapping[str, Any]
    url: str


class Artefacts:
    """The bucket of an account's artefacts; nothing in it ever changes, and nothing is put there twice."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._bucket: str | None = None

    @property
    def bucket(self) -> str:
        """The bucket's name, which is the account's and region's own; made when it is not there."""
        if self._bucket is None:
            who = self._account.client("sts").get_caller_identity()["Account"]
            region = self._account.client("s3").meta.region_name
            self._bucket = f"vigie-artefacts-{who}-{region}"
            _make(self._account.client("s3"), self._bucket, region)
        return self._bucket

    def release(self, template: Mapping[str, Any], layer: Path, root: Path = ROOT) -> Release:
        """Put a template's code into the bucket, and the template that names it. Raises CannotRun."""
        keys = {}
        for name, packed in packages(template, layer, root):
            keys[name] = f"code/{packed.key}"
            self.put(keys[name], packed.content)
        return self.keep(with_code(template, self.bucket, keys))

    def keep(self, template: Mapping[str, Any]) -> Release:
        """Keep a template whose code is in the bucket already, as a former deployment's is."""
        bare = {name: part for name, part in template.items() if name != "Metadata"}
        release_id = hashlib.sha256(json.dumps(bare, sort_keys=True).encode()).hexdigest()[:12]
        named = {**bare, "Metadata": {"Release": release_id}}
        key = f"templates/{release_id}.json"
        self.put(key, json.dumps(named, separators=(",", ":")).encode())
        return Release(release_id=release_id, template=named, url=self._account.object_url(self.bucket, key))

    def former(self, release_id: str) -> Release:
        """Return a release that was deployed once, to go back to. Raises NotFound."""
        s3, key = self._account.client("s3"), f"templates/{release_id}.json"
        try:
            content = s3.get_object(Bucket=self.bucket, Key=key)["Body"].read()
        except s3.exceptions.NoSuchKey:
            raise NotFound(
                f"There is no release {release_id}: `vigie stack status` names each stack's."
            ) from None
        return self.keep(json.loads(content))

    def put(self, key: str, content: bytes) -> None:
        """Put an object that is not there yet; its key names its content."""
        s3 = self._account.client("s3")
        try:
            s3.head_object(Bucket=self.bucket, Key=key)
        except ClientError as error:
            if error.response["Error"]["Code"] not in {"404", "NoSuchKey"}:
                raise
            s3.put_object(Bucket=self.bucket, Key=key, Body=content)


def _make(s3: Any, bucket: str, region: str) -> None:
    try:
        s3.head_bucket(Bucket=bucket)
    except ClientError as error:
        if error.response["Error"]["Code"] not in {"404", "NoSuchBucket"}:
            raise
        place = {} if region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": region}}
        s3.create_bucket(Bucket=bucket, **place)
        s3.put_public_access_block(
            Bucket=bucket,
            PublicAccessBlockConfiguration={
                "BlockPublicAcls": True,
                "IgnorePublicAcls": True,
                "BlockPublicPolicy": True,
                "RestrictPublicBuckets": True,
            },
        )
