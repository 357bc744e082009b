"""How many messages wait in queues: SQS's own counts, which are about right and a minute late."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from vigie.adapters.aws import transient_failures

if TYPE_CHECKING:
    from types_boto3_sqs import SQSClient


@dataclass(frozen=True, slots=True)
class SqsCounts:
    """Counts of some queues, by the name they go by here."""

    client: "SQSClient"
    queue_urls: Mapping[str, str]

    def __call__(self) -> dict[str, tuple[int, int]]:
        """Return how many wait, those delayed included, and how many are being worked on."""
        return {name: self._counts(url) for name, url in self.queue_urls.items()}

    def _counts(self, queue_url: str) -> tuple[int, int]:
        with transient_failures(f"ask how many wait in {queue_url}"):
            counts = self.client.get_queue_attributes(QueueUrl=queue_url, AttributeNames=["All"])[
                "Attributes"
            ]
        waiting = int(counts.get("ApproximateNumberOfMessages", "0"))
        delayed = int(counts.get("ApproximateNumberOfMessagesDelayed", "0"))
        return waiting + delayed, int(counts.get("ApproximateNumberOfMessagesNotVisible", "0"))
