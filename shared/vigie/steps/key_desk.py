"""Key desk: who holds a key, and what of keys is issued, replaced and revoked.

A key that asks too often is told to wait. Counting every request would cost a write each: workers count for
themselves and tell each other now and then (``TOLD_EVERY``), so that a key may pass its limit by what the workers
have not told yet, and a key that asks little costs one write an hour (which says when it was last used).
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from vigie.domain.keys import ALL_SCOPES, ApiKey, Caller, Scope, format_key, hash_of_key, read_authorization
from vigie.errors import BadField, Conflict, Forbidden, NotAllowed, NotFound, TooMany
from vigie.ports import Clock, KeyStore

KEYS_LIMIT = 20
TOLD_EVERY = 10  # requests
USE_NOTED_EVERY = timedelta(hours=1)


@dataclass(slots=True)
class _Count:
    """What this worker let a key ask in a minute since it last told the others."""

    minute: str
    untold: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyDesk:
    """Opens the door to keys; ``requests_per_minute`` is what each may ask."""

    keys: KeyStore
    clock: Clock
    requests_per_minute: int
    token: Callable[[], str] = lambda: secrets.token_urlsafe(32)
    _counts: dict[str, _Count] = field(default_factory=dict)

    def caller(self, authorization: str | None) -> Caller:
        """Return who holds this ``Authorization`` header. Raises Forbidden or TooMany."""
        claim = read_authorization(authorization)
        key = self.keys.get(claim.client_id, claim.key_sha256)
        if key is None:
            raise Forbidden("This key is unknown, or was revoked.")
        now = self.clock()
        if not key.is_good(now):
            raise Forbidden("This key has expired; ask for a new one.")
        self._count(key, now)
        return Caller(key.client_id, key.scopes, key.key_id)

    def _count(self, key: ApiKey, now: datetime) -> None:
        """Count a request of a key, and tell the others when it is due. Raises TooMany."""
        minute = f"{now:%Y-%m-%dT%H:%M}"
        count = self._counts.get(key.key_sha256)
        if count is None or count.minute != minute:
            count = self._counts[key.key_sha256] = _Count(minute)
        told = key.asked if key.asked_in == minute else 0
        if told + count.untold >= self.requests_per_minute:
            limit, wait = self.requests_per_minute, 60 - now.second
            raise TooMany(f"This key has asked {limit} times this minute; wait {wait} s.", wait)
        count.untold += 1
        is_due = key.used_at is None or now - key.used_at >= USE_NOTED_EVERY
        if is_due or count.untold >= TOLD_EVERY:
            self.keys.note_use(key, minute, count.untold, now)
            count.untold = 0

    def issue(
        self,
        client_id: str,
        scopes: tuple[Scope, ...] = ALL_SCOPES,
        *,
        name: str = "",
        good_until: datetime | None = None,
    ) -> tuple[ApiKey, str]:
        """Return a new key, and its text, shown this once: only its hash is kept. Raises Conflict."""
        now = self.clock()
        if sum(key.is_good(now) for key in self.keys.of(client_id)) >= KEYS_LIMIT:
            raise Conflict(f"There are {KEYS_LIMIT} good keys already; revoke one.")
        text = format_key(client_id, self.token())
        key = ApiKey(
            client_id=client_id,
            key_sha256=hash_of_key(text),
            scopes=tuple(scope for scope in ALL_SCOPES if scope in scopes),
            created_at=now,
            name=name,
            good_until=good_until,
        )
        self.keys.put(key)
        return key, text

    def give(
        self, caller: Caller, client_id: str, scopes: tuple[Scope, ...], name: str, days: int | None
    ) -> tuple[ApiKey, str]:
        """Return a key for a client, with no more rights than the caller's. Raises BadField or NotAllowed."""
        if not scopes:
            raise BadField("scopes", "is empty", f"Use one of {', '.join(ALL_SCOPES)}.")
        for scope in scopes:
            if scope not in caller.scopes:
                raise NotAllowed(f"This key has no right to {scope}.")
        good_until = None if days is None else self.clock() + timedelta(days=days)
        return self.issue(client_id, scopes, name=name, good_until=good_until)

    def rotate(self, caller: Caller, client_id: str, key_id: str, grace_hours: int) -> tuple[ApiKey, str]:
        """Return a key in another's place, which stays good for a while. Raises NotFound, NotAllowed or Conflict."""
        old, now = self.key(client_id, key_id), self.clock()
        if not old.is_good(now):
            raise Conflict(f"The key {key_id} is past its time; issue another.")
        days = None if old.good_until is None else max(1, (old.good_until - old.created_at).days)
        new = self.give(caller, client_id, old.scopes, old.name, days)
        grace = now + timedelta(hours=grace_hours)
        self.keys.put(replace(old, good_until=min(grace, old.good_until or grace)))
        return new

    def revoke(self, client_id: str, key_id: str) -> None:
        """Forget a key at once. Raises NotFound."""
        if not self.keys.remove(self.key(client_id, key_id)):
            raise NotFound(f"There is no key {key_id}.")

    def key(self, client_id: str, key_id: str) -> ApiKey:
        """Return one key of a client by its id. Raises NotFound."""
        found = next((key for key in self.keys.of(client_id) if key.key_id == key_id), None)
        if found is None:
            raise NotFound(f"There is no key {key_id}.")
        return found
