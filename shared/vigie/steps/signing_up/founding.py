"""Making a client of a sign-up: the account, its watch, its trial, and a first digest within minutes."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from vigie.domain.clients import Client, Watch
from vigie.domain.cutoffs import Interval
from vigie.domain.rhythms import OPENING
from vigie.domain.signing_up.sign_ups import SignUp, client_of, watch_of
from vigie.ports import AccountStore, Clock, DigestStore, DueDigest, SourceStore

FIRST_DIGEST_AFTER = timedelta(minutes=4)
"""Time to look the archive through, and for what was found to come by the queues, a minute behind what is new; the
digest is built when that has settled, two minutes later."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Founding:
    """Makes clients of sign-ups. Doing it twice makes one: every id is the sign-up's, and what is there stays.

    ``within`` goes on under the credentials of the client that begins.
    """

    accounts: AccountStore
    digests: DigestStore
    sources: SourceStore
    enrol: Callable[[Client, Client | None], None]
    backfill: Callable[[Watch], None]
    start_trial: Callable[[str, datetime], Any]
    clock: Clock
    within: Callable[[str], AbstractContextManager[None]] = lambda _client_id: nullcontext()

    def begin(self, signup: SignUp) -> Client:
        """Return the client of a sign-up, with its watch, its past being looked up, and its digests to come."""
        with self.within(signup.client_id):
            return self._begin(signup)

    def _begin(self, signup: SignUp) -> Client:
        now = self.clock()
        client = self.accounts.client(signup.client_id)
        if client is None:
            client = client_of(signup, now)
            self.accounts.put_client(client)
        self.start_trial(client.client_id, now)
        self.enrol(client, None)
        if not self.accounts.watches(client.client_id):
            self.accounts.put_watch(watch_of(signup, now))
        for watch in self.accounts.watches(client.client_id):
            self.backfill(watch)
        self._have_first_digest(client, signup.email)
        return client

    def _have_first_digest(self, client: Client, email: str) -> None:
        """Set a digest of what the archive holds, beside the chain of the client's own."""
        if self.digests.upcoming(client.client_id, OPENING) or self.digests.entries(
            client.client_id, 1, OPENING
        ):
            return
        since = client.created_at.replace(microsecond=0)
        until = max(since, self.clock().replace(microsecond=0)) + FIRST_DIGEST_AFTER
        reading = self.sources.odometer()
        self.digests.schedule(
            DueDigest(
                client_id=client.client_id,
                rhythm=OPENING,
                interval=Interval(since, until),
                send_at=until,
                opening=reading,
                closing=reading,
                emails=(email,),
            )
        )
