# ruff: noqa: D102, ARG002 - the ports say what each method does, and a fake needs not all it is told
"""Objects, queues, functions and mails, in memory."""

from collections.abc import Iterable, Mapping
from typing import Any

from tests.fake_basics import T, kept
from tests.journal import Journal
from vigie.messages import Message
from vigie.ports import Blobs, Mail, Mailer, Outbox, Workers


class FakeBlobs(Blobs):
    """A bucket."""

    def __init__(self, journal: Journal | None = None) -> None:
        self._journal = journal or Journal()
        self.objects: dict[str, bytes] = {}

    def put(self, key: str, content: bytes, content_type: str) -> None:
        with self._journal.write("blobs.put"):
            self.objects[key] = content

    def get(self, key: str) -> bytes | None:
        return self.objects.get(key)

    def keys(self, prefix: str) -> list[str]:
        return sorted((key for key in self.objects if key.startswith(prefix)), key=str.encode)


class FakeOutbox(Outbox):
    """Queues nobody reads but the test: ``sent`` holds each message as a consumer would get it, and its delay."""

    def __init__(self, journal: Journal | None = None) -> None:
        self._journal = journal or Journal()
        self.sent: list[tuple[Message, int]] = []

    def send(self, messages: Iterable[Message], *, delay_seconds: int = 0) -> None:
        if not 0 <= delay_seconds <= 900:
            raise ValueError(f"a queue delays 0 to 900 s, not {delay_seconds}")
        for message in messages:
            with self._journal.write("outbox.send"):
                self.sent.append((kept(message), delay_seconds))

    def take(self, kind: type[T]) -> list[T]:
        """Return the messages of a kind and forget them, as a consumer does."""
        taken: list[T] = [message for message, _ in self.sent if isinstance(message, kind)]
        self.sent = [entry for entry in self.sent if not isinstance(entry[0], kind)]
        return taken


class FakeWorkers(Workers):
    """A function that nobody runs but the test: ``started`` holds what it was given."""

    def __init__(self, journal: Journal | None = None) -> None:
        self._journal = journal or Journal()
        self.started: list[dict[str, Any]] = []

    def start(self, work: Mapping[str, Any]) -> None:
        with self._journal.write("workers.start"):
            self.started.append(dict(work))


class FakeMailer(Mailer):
    """A provider: ``sent`` holds the mails it accepted, ``refusals`` what it says to some recipients."""

    def __init__(self, journal: Journal | None = None) -> None:
        self._journal = journal or Journal()
        self.sent: list[Mail] = []
        self.refusals: dict[str, Exception] = {}

    def send(self, mail: Mail) -> str:
        if mail.to in self.refusals:
            raise self.refusals[mail.to]
        with self._journal.write("mailer.send"):
            self.sent.append(mail)
            return f"provider-{len(self.sent)}"
