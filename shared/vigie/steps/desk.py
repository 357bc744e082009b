"""Desk: what clients and ops ask of the API, every answer within one client."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from vigie.domain.clients import Client, Locale, Recipient, Watch, check_client, check_slug
from vigie.domain.digest import Digest
from vigie.domain.keys import ALL_SCOPES, OPS, Caller, Scope
from vigie.domain.mentions import Mention
from vigie.domain.query import lint, parse
from vigie.domain.query.sentences import refusal, told_refusal
from vigie.errors import BadQuery, Conflict, NotAllowed, NotFound
from vigie.ports import AccountStore, Clock, DigestEntry, DigestStore, MentionStore
from vigie.requests import ClientRequest, RecipientRequest, WatchRequest
from vigie.steps.key_desk import KeyDesk


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Answers the API. A client asked about by somebody else does not exist for them."""

    accounts: AccountStore
    keys: KeyDesk
    mentions: MentionStore
    digests: DigestStore
    enrol: Callable[[Client, Client | None], None]
    clock: Clock
    backfill: Callable[[Watch], None] = lambda _watch: None
    default_locale: Locale = "fr"

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

    def change_client(self, client: Client, request: ClientRequest) -> Client:
        """Replace what a client may change of itself."""
        asked = request.to_client(client.client_id, client.created_at, self.default_locale)
        return self._replace_client(client, replace(asked, monthly_mentions=client.monthly_mentions))

    def change_plan(self, client: Client, monthly_mentions: int | None) -> Client:
        """Replace what a client's plan includes."""
        return self._replace_client(client, replace(client, monthly_mentions=monthly_mentions))

    def _replace_client(self, client: Client, changed: Client) -> Client:
        self.accounts.put_client(changed)
        self.enrol(changed, client)
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
        if any(_same(each.email, request.email) for each in client.recipients):
            raise Conflict(f"There is a recipient {request.email} already; change that one.")
        return self._keep_recipients(client, (*client.recipients, request.to_recipient()))[-1]

    def change_recipient(self, client: Client, email: str, request: RecipientRequest) -> Recipient:
        """Replace a recipient, its address included. Raises NotFound, Conflict or BadField."""
        place = client.recipients.index(self.recipient(client, email))
        others = (*client.recipients[:place], *client.recipients[place + 1 :])
        if any(_same(each.email, request.email) for each in others):
            raise Conflict(f"There is a recipient {request.email} already; change that one.")
        changed = (*others[:place], request.to_recipient(), *others[place:])
        return self._keep_recipients(client, changed)[place]

    def remove_recipient(self, client: Client, email: str) -> None:
        """Send no more digests to an address. Raises NotFound."""
        gone = self.recipient(client, email)
        self._keep_recipients(client, tuple(each for each in client.recipients if each != gone))

    def _keep_recipients(self, client: Client, recipients: tuple[Recipient, ...]) -> tuple[Recipient, ...]:
        return self._replace_client(client, check_client(replace(client, recipients=recipients))).recipients

    # -- watches --------------------------------------------------------------------------------------------

    def create_watch(self, client: Client, request: WatchRequest) -> Watch:
        """Add a watch, and have the archive looked through for it.

        Raises Conflict when the id is taken, BadQuery when its query cannot be kept.
        """
        watch_id = check_slug("watch_id", request.watch_id or slug_of(request.name))
        if self._watch(client.client_id, watch_id) is not None:
            raise Conflict(f"There is a watch {watch_id} already; change that one, or give another watch_id.")
        watch = self._keep(client, request, watch_id, self.clock())
        self.backfill(watch)
        return watch

    def change_watch(self, client: Client, watch_id: str, request: WatchRequest) -> Watch:
        """Replace a watch; documents matched from now on follow it, and the archive is looked through again."""
        watch = self.watch(client, watch_id)
        changed = self._keep(client, request, watch_id, watch.created_at)
        if changed.query != watch.query:
            self.backfill(changed)
        return changed

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

    def _watch(self, client_id: str, watch_id: str) -> Watch | None:
        return next((w for w in self.accounts.watches(client_id) if w.watch_id == watch_id), None)

    def _keep(self, client: Client, request: WatchRequest, watch_id: str, created_at: datetime) -> Watch:
        try:
            watch = request.to_watch(client.client_id, watch_id, created_at)
            check_query(watch.query)
        except BadQuery as error:
            raise told_refusal(error, client.locale) from error
        self.accounts.put_watch(watch)
        return watch

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
