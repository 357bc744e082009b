"""What the cloud does for steps: queues, objects, functions called."""

from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from vigie.messages import Message

LONGEST_DELAY_SECONDS = 900  # SQS delays no longer; what must wait more is put off again


class Outbox(Protocol):
    """Queues, by the kind of message. Returns only when every message is accepted."""

    def send(self, messages: Iterable[Message], *, delay_seconds: int = 0) -> None:
        """Queue all messages. Raises Transient when some were refused; sending again is harmless."""
        ...


class Blobs(Protocol):
    """Large values by key (S3)."""

    def put(self, key: str, content: bytes, content_type: str) -> None:
        """Write, replacing what the key held."""
        ...

    def get(self, key: str) -> bytes | None:
        """Return what the key holds, or None."""
        ...

    def keys(self, prefix: str) -> list[str]:
        """Return every key that starts with ``prefix``, in the order of their bytes."""
        ...


class Workers(Protocol):
    """A function that does longer work for others."""

    def start(self, work: Mapping[str, Any]) -> None:
        """Hand work over as JSON values; it is done once or more, later. Raises Transient when it was not taken."""
        ...
