"""Large values in the stack's bucket."""

from typing import TYPE_CHECKING

from vigie.adapters.aws import transient_failures
from vigie.ports import Blobs

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client


class S3Blobs(Blobs):
    """``Blobs`` on one bucket. The role needs ``s3:ListBucket``: without it an absent key answers 403."""

    def __init__(self, client: "S3Client", bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def put(self, key: str, content: bytes, content_type: str) -> None:
        """Write, replacing what the key held."""
        with transient_failures(f"write {key}"):
            self._client.put_object(Bucket=self._bucket, Key=key, Body=content, ContentType=content_type)

    def get(self, key: str) -> bytes | None:
        """Return what the key holds, or None."""
        with transient_failures(f"read {key}"):
            try:
                return self._client.get_object(Bucket=self._bucket, Key=key)["Body"].read()
            except self._client.exceptions.NoSuchKey:
                return None

    def remove(self, key: str) -> None:
        """Delete what the key holds; nothing when it holds nothing."""
        with transient_failures(f"delete {key}"):
            self._client.delete_object(Bucket=self._bucket, Key=key)

    def keys(self, prefix: str) -> list[str]:
        """Return every key that starts with ``prefix``, in the order of their bytes: a request per thousand."""
        pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=prefix)
        with transient_failures(f"list {prefix}"):
            return [item["Key"] for page in pages for item in page.get("Contents", ())]
