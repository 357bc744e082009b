"""Desk: what clients and ops ask of the API, every answer within one client."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from vigie.domain.clients import Client, DigestSchedule, Locale, Recipient, Watch, check_client, check_slug
from vigie.domain.digest import Digest
from vigie.domain.keys import ALL_SCOPES, OPS, Caller, Scope
from vigie.domain.mentions import Mention
from vigie.domain.plan_limits import check_recipients, check_watch
from vigie.domain.plans import Plan
from vigie.domain.query import lint, parse
from vigie.domain.query.sentences import refusal, told_refusal
from vigie.errors import BadQuery, Conflict, NotAllowed, NotFound, Transient
from vigie.ports import AccountStore, Clock, DigestEntry, DigestStore, MentionStore
from vigie.requests import ClientRequest, RecipientRequest, WatchRequest
from vigie.steps.key_desk import KeyDesk

_TRIES = 8


def _whatever(_standing: Any) -> None:
    """Ask nothing of what is about to be replaced."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Answers the API. A client asked about by somebody else does not exist for them.

    What replaces a thing takes a ``check`` of it: asked of the thing as it stands in the write itself, and again when
    it changed meanwhile; what it raises is raised.
    """

    accounts: AccountStore
    keys: KeyDesk
    mentions: MentionStore
    digests: DigestStore
    enrol: Callable[[Client, Client | None], None]
    clock: Clock
    backfill: Callable[[Watch], None] = lambda _watch: None
    default_locale: Locale = "fr"
    plan_of: Callable[[str], Plan | None] = lambda _client_id: None

    # -- who asks -------------------------------------------------------------------------------------------

    def caller(self, authorization: str | None) -> Caller:
        """Return who holds this ``Authorization`` header. Raises Forbidden or TooMany."""
        return self.keys.caller(authorization)

    def issue_key(self, client_id: str, scopes: tuple[Scope, ...] = ALL_SCOPES) -> str:
        """Return a new key of a client, shown this once: only its hash is kept."""
        return self.keys.issue(client_id, scopes)[1]

    def demand(self, caller: Caller, scope: str, client_id: str) -> Client:
        """Return the client, when the caller may do this for it. Raises NotFound or NotAllowed."""
        if not caller.may(scope, client_id):
            if caller.client_id in {client_id, OPS}:
                raise NotAllowed(f"This key has no right to {scope}.")
            raise NotFound(f"There is no client {client_id}.")
        client = self.accounts.client(client_id)
        if client is None:
            raise NotFound(f"There is no client {client_id}.")
        return client

    def demand_ops(self, caller: Caller) -> None:
        """Let ops pass. Raises NotAllowed."""
        if caller.client_id != OPS:
            raise NotAllowed("Only the agency's own keys may do this.")

    def demand_scope(self, caller: Caller, scope: str) -> None:
        """Let pass who may do this for themselves. Raises NotAllowed."""
        if scope not in caller.scopes:
            raise NotAllowed(f"This key has no right to {scope}.")

    # -- clients -------------------------------------------------------------------------------------------

    def create_client(self, request: ClientRequest) -> tuple[Client, str]:
        """Add a client and its first key; its first interval opens now. Raises Conflict when the id is taken."""
        client_id = check_slug("client_id", request.client_id or "")
        if client_id == OPS or self.accounts.client(client_id) is not None:
            raise Conflict(f"The id {client_id} is taken.")
        client = request.to_client(client_id, self.clock(), self.default_locale)
        self.accounts.put_client(client)
        self.enrol(client, None)
        return client, self.issue_key(client_id)

    def change_client(
        self, client: Client, request: ClientRequest, check: Callable[[Client], None] = _whatever
    ) -> Client:
        """Replace what a client may change of itself."""

        def decide(standing: Client) -> Client:
            check(standing)
            asked = request.to_client(standing.client_id, standing.created_at, self.default_locale)
            plan = self.plan_of(standing.client_id)
            if plan and len(asked.recipients) > len(standing.recipients):
                check_recipients(plan, len(asked.recipients))
            return replace(asked, monthly_mentions=standing.monthly_mentions)

        return self._change_client(client, decide)

    def change_plan(
        self, client: Client, monthly_mentions: int | None, check: Callable[[Client], None] = _whatever
    ) -> Client:
        """Replace what a client's plan includes."""

        def decide(standing: Client) -> Client:
            check(standing)
            return replace(standing, monthly_mentions=monthly_mentions)

        return self._change_client(client, decide)

    def change_hours(self, client: Client, schedule: DigestSchedule, zone: str) -> Client:
        """Let the client's own digest leave at other hours. Raises BadField."""
        return self._change_client(
            client, lambda standing: check_client(replace(standing, schedule=schedule, zone=zone))
        )

    def _change_client(self, client: Client, decide: Callable[[Client], Client]) -> Client:
        """Replace a client by what is decided of it as it stands, and follow what that changes."""
        before = client

        def decide_of(standing: Client) -> Client:
            nonlocal before
            before = standing
            return decide(standing)

        changed = self.accounts.change_client(client.client_id, decide_of)
        if changed is None:
            raise NotFound(f"There is no client {client.client_id}.")
        self.enrol(changed, before)
        return changed

    # -- recipients -----------------------------------------------------------------------------------------

    def recipient(self, client: Client, email: str) -> Recipient:
        """Return a recipient by its address, in any case. Raises NotFound."""
        found = next((each for each in client.recipients if _same(each.email, email)), None)
        if found is None:
            raise NotFound(f"There is no recipient {email}.")
        return found

    def add_recipient(self, client: Client, request: RecipientRequest) -> Recipient:
        """Add a recipient: the next digest goes there too. Raises Conflict or BadField."""

        def decide(standing: Client) -> Client:
            if any(_same(each.email, request.email) for each in standing.recipients):
                raise Conflict(f"There is a recipient {request.email} already; change that one.")
            if plan := self.plan_of(client.client_id):
                check_recipients(plan, len(standing.recipients) + 1)
            return _with_recipients(standing, (*standing.recipients, request.to_recipient()))

        return self.recipient(self._change_client(client, decide), request.email)

    def change_recipient(
        self,
        client: Client,
        email: str,
        request: RecipientRequest,
        check: Callable[[Recipient], None] = _whatever,
    ) -> Recipient:
        """Replace a recipient, its address included. Raises NotFound, Conflict or BadField."""

        def decide(standing: Client) -> Client:
            old = self.recipient(standing, email)
            check(old)
            if any(_same(each.email, request.email) for each in standing.recipients if each != old):
                raise Conflict(f"There is a recipient {request.email} already; change that one.")
            new = request.to_recipient()
            return _with_recipients(standing, (new if each == old else each for each in standing.recipients))

        return self.recipient(self._change_client(client, decide), request.email)

    def remove_recipient(self, client: Client, email: str) -> None:
        """Send no more digests to an address. Raises NotFound."""

        def decide(standing: Client) -> Client:
            gone = self.recipient(standing, email)
            return _with_recipients(standing, (each for each in standing.recipients if each != gone))

        self._change_client(client, decide)

    # -- watches --------------------------------------------------------------------------------------------

    def create_watch(self, client: Client, request: WatchRequest) -> Watch:
        """Add a watch, and have the archive looked through for it.

        Raises Conflict when the id is taken, BadQuery when its query cannot be kept.
        """
        watch_id = check_slug("watch_id", request.watch_id or slug_of(request.name))
        if self._watch(client.client_id, watch_id) is not None:
            raise Conflict(f"There is a watch {watch_id} already; change that one, or give another watch_id.")
        watch = _asked(client, request, watch_id, self.clock())
        self._check_plan(watch)
        self.accounts.put_watch(watch)
        self.backfill(watch)
        return watch

    def change_watch(
        self,
        client: Client,
        watch_id: str,
        request: WatchRequest,
        check: Callable[[Watch], None] = _whatever,
    ) -> Watch:
        """Replace a watch; documents matched from now on follow it, and the archive is looked through again."""
        for _ in range(_TRIES):
            watch = self.watch(client, watch_id)
            check(watch)
            changed = _asked(client, request, watch_id, watch.created_at)
            self._check_plan(changed, watch)
            if self.accounts.swap_watch(watch, changed):
                if changed.query != watch.query:
                    self.backfill(changed)
                return changed
        raise Transient(f"the watch {watch_id} changes too often")

    def watch(self, client: Client, watch_id: str) -> Watch:
        """Return one watch. Raises NotFound."""
        watch = self._watch(client.client_id, watch_id)
        if watch is None:
            raise NotFound(f"There is no watch {watch_id}.")
        return watch

    def remove_watch(self, client: Client, watch_id: str) -> None:
        """Stop a watch; its mentions stay. Raises NotFound."""
        if not self.accounts.remove_watch(client.client_id, watch_id):
            raise NotFound(f"There is no watch {watch_id}.")

    def _check_plan(self, watch: Watch, before: Watch | None = None) -> None:
        """Let a watch pass that its client's plan allows. Raises NotAllowed."""
        if plan := self.plan_of(watch.client_id):
            others = [w for w in self.accounts.watches(watch.client_id) if w.watch_id != watch.watch_id]
            check_watch(plan, others, watch.query, before)

    def _watch(self, client_id: str, watch_id: str) -> Watch | None:
        return next((w for w in self.accounts.watches(client_id) if w.watch_id == watch_id), None)

    # -- mentions and digests -------------------------------------------------------------------------------

    def mention(self, client: Client, mention_id: str) -> Mention:
        """Return one mention. Raises NotFound."""
        mention = self.mentions.get(client.client_id, mention_id)
        if mention is None or not mention.may_be_shown(self.clock()):
            raise NotFound(f"There is no mention {mention_id}.")
        return mention

    def digest_entries(self, client: Client) -> list[DigestEntry]:
        """Return the client's digests, newest first."""
        return self.digests.entries(client.client_id)

    def digest(self, client: Client, digest_id: str) -> Digest:
        """Return one digest; ``latest`` is the newest. Raises NotFound."""
        if digest_id == "latest":
            entries = self.digests.entries(client.client_id, limit=1)
            digest_id = entries[0].digest_id if entries else digest_id
        digest = self.digests.get(client.client_id, digest_id)
        if digest is None:
            raise NotFound(f"There is no digest {digest_id}.")
        return digest


def _asked(client: Client, request: WatchRequest, watch_id: str, created_at: datetime) -> Watch:
    try:
        watch = request.to_watch(client.client_id, watch_id, created_at)
        check_query(watch.query)
    except BadQuery as error:
        raise told_refusal(error, client.locale) from error
    return watch


def _with_recipients(client: Client, recipients: Iterable[Recipient]) -> Client:
    return check_client(replace(client, recipients=tuple(recipients)))


def check_query(query: str) -> None:
    """Let a query pass that may be saved. Raises BadQuery: refused by the language, or held by nothing."""
    parsed = parse(query)
    for remark in lint(parsed):
        if remark.code == "UNANCHORED":
            raise refusal(remark.reason, remark.position)


def _same(one: str, other: str) -> bool:
    return one.casefold() == other.casefold()


def slug_of(name: str) -> str:
    """Return an id made of a name, for a caller who gives none."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:48].strip("-")
