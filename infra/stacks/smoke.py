"""The smoke test: a feed that holds one made-up article becomes a mention, a client's answer, and a digest.

A client, a watch and a source of its own go in, and everything of theirs is taken out again; nobody is mailed. The
feed lies in the artefacts' bucket, at a signed address good for an hour: ``poll`` fetches it as any other.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http import HTTPStatus
from typing import Any
from uuid import uuid4

from infra import functions
from infra.stacks.accounts import Account
from infra.stacks.formation import Stack, StackTrouble
from vigie import wiring
from vigie.domain.clients import Client, Watch
from vigie.domain.cutoffs import Interval
from vigie.domain.sources import Source
from vigie.messages import ShardDue

CLIENT_ID = "vigie-essai"
SOURCE_ID = "vigie-essai"
ASK_AGAIN_SECONDS = 20.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Smoke:
    """Tries a stack whose ``wiring`` this process has entered."""

    account: Account
    stack: Stack
    bucket: str
    limit_seconds: float
    clock: Callable[[], datetime] = wiring.now
    sleep: Callable[[float], None] = time.sleep

    def run(self) -> str:
        """Return the digest's id. Raises StackTrouble naming how far the article came, and what a function logged."""
        word = f"essai{uuid4().hex[:12]}"
        began = self.clock()
        self._clean()
        try:
            self._follow(word)
            self._invoke("ScheduleFunction", {})
            self._wait_for_mention(began)
            self._ask_the_api(word)
            return self._digest(word)
        except StackTrouble as trouble:
            raise StackTrouble(f"{trouble} {self._last_error(began)}".strip()) from trouble
        finally:
            self._clean()

    def _follow(self, word: str) -> None:
        """Put in a client that watches a word nobody else writes, and a feed that holds it."""
        now = self.clock()
        client = Client(client_id=CLIENT_ID, name="Essai", created_at=now)
        watch = Watch(
            client_id=CLIENT_ID,
            watch_id="essai",
            name="Essai",
            purpose="brand",
            query=f'"{word}"',
            created_at=now,
        )
        wiring.accounts().put_client(client)
        wiring.accounts().put_watch(watch)
        wiring.appointments().keep(client)
        source = Source(source_id=SOURCE_ID, name="Essai", url=self._feed(word, now), tier="blog")
        wiring.sources().put_sources([source], wiring.settings().shard_count)

    def _feed(self, word: str, now: datetime) -> str:
        """Lay the feed out and return its address."""
        s3, key = self.account.client("s3"), f"smoke/{word}.xml"
        s3.put_object(Bucket=self.bucket, Key=key, Body=feed(word, now), ContentType="application/rss+xml")
        return self.account.lent_url(self.bucket, key)

    def _wait_for_mention(self, began: datetime) -> None:
        deadline, asked_at = time.monotonic() + self.limit_seconds, 0.0
        while time.monotonic() < deadline:
            if time.monotonic() - asked_at >= ASK_AGAIN_SECONDS:
                self._ask_to_poll()
                asked_at = time.monotonic()
            interval = Interval(began - timedelta(minutes=1), self.clock() + timedelta(minutes=1))
            if wiring.mentions().recorded_in(CLIENT_ID, interval):
                return
            self.sleep(0.5)
        raise StackTrouble(
            f"{self.stack.name}: the article of the smoke test is no mention, {self._progress()}."
        )

    def _ask_to_poll(self) -> None:
        """Have the feed's shard polled now: what is not due there stays alone."""
        shard = wiring.sources().place(SOURCE_ID)
        if shard is not None:
            wiring.outbox().send([ShardDue(shard=shard, due_at=self.clock(), force=False)])

    def _progress(self) -> str:
        state = wiring.sources().states().get(SOURCE_ID)
        if state is None or state.polled_at is None:
            return "and its feed was not polled"
        if state.failure:
            return f"and its feed could not be fetched: {state.failure}"
        return "though its feed was fetched"

    def _ask_the_api(self, word: str) -> None:
        """Ask for the mention as a client does, with a key: a request may touch that client's items, and must."""
        key = wiring.desk().issue_key(CLIENT_ID)
        event = functions.get_event(
            "/clients/{client_id}/mentions", {"client_id": CLIENT_ID}, key, {"limit": "1"}
        )
        answer = self._invoke("ApiFunction", event)
        if answer["statusCode"] != HTTPStatus.OK or word not in answer["body"]:
            told = f"{answer['statusCode']} {str(answer['body'])[:300]}"
            raise StackTrouble(f"{self.stack.name}: the API does not show the smoke test's mention: {told}")

    def _digest(self, word: str) -> str:
        answer = self._invoke("DigestFunction", {"cutoff_at": "now", "clients": [CLIENT_ID]})
        for built in answer["digests"]:
            digest = wiring.digests().get(CLIENT_ID, built["digest_id"])
            if digest is not None and word in repr(digest):
                return str(built["digest_id"])
        raise StackTrouble(
            f"{self.stack.name}: the article of the smoke test is a mention, and in no digest."
        )

    def _invoke(self, function: str, event: Mapping[str, Any]) -> Any:
        try:
            return functions.invoke(self.account.client("lambda"), self.stack.outputs[function], event)
        except functions.FunctionFailedError as failed:
            raise StackTrouble(f"{self.stack.name}: {function} failed: {failed}") from failed

    def _last_error(self, since: datetime) -> str:
        """Return the newest error that a function logged since an instant, empty when there is none."""
        found = functions.last_error(self.account.client("logs"), self.stack.outputs, since)
        return f"{found[0]} logged: {found[1].strip()[:600]}" if found else ""

    def _clean(self) -> None:
        """Take out everything of the smoke test, of this one or of one that was interrupted."""
        wiring.sources().remove_source(SOURCE_ID)
        for due in wiring.digests().appointments(CLIENT_ID):
            wiring.digests().cancel(due)
        for watch in wiring.accounts().watches(CLIENT_ID):
            wiring.accounts().remove_watch(CLIENT_ID, watch.watch_id)
        wiring.client_data().owned.erase(CLIENT_ID)
        s3, bucket = self.account.client("s3"), self.stack.outputs["Bucket"]
        for key in wiring.blobs().keys(f"clients/{CLIENT_ID}/"):
            s3.delete_object(Bucket=bucket, Key=key)


def feed(word: str, now: datetime) -> bytes:
    """Return an RSS feed (RSS 2.0) of one article, published now, that holds the word."""
    link = f"https://vigie.example/essai/{word}"
    return (
        '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>Essai</title>'
        f"<link>https://vigie.example/</link><item><title>Essai de mise en service {word}</title>"
        f'<link>{link}</link><guid isPermaLink="true">{link}</guid>'
        f"<pubDate>{format_datetime(now.astimezone(UTC), usegmt=True)}</pubDate>"
        f"<description>Cet article n'existe que pour essayer la chaîne de bout en bout : {word}.</description>"
        "</item></channel></rss>"
    ).encode()
