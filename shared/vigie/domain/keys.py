"""API keys: ``vigie_<client>_<43 characters>``; only their hash is kept, under the client."""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

from vigie.errors import Forbidden

OPS = "ops"
"""The client id whose keys may see the whole stack; no client can be called so."""

Scope = Literal["read", "write", "feedback", "export", "admin"]
"""What a key may be allowed: to see, to change, to correct what was found, to take it away, to issue keys."""
ALL_SCOPES: tuple[Scope, ...] = get_args(Scope)

_KEY = re.compile(r"vigie_(?P<client>[a-z0-9-]{1,48})_[A-Za-z0-9_-]{43}")
_SCHEME = re.compile(r"bearer +", re.IGNORECASE)  # in any case: RFC 9110 §11.1
_ID_CHARACTERS = 16


@dataclass(frozen=True, slots=True)
class KeyClaim:
    """Whose key somebody says they hold, and its hash to look up."""

    client_id: str
    key_sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKey:
    """What is kept of a key. ``key_id`` is the beginning of its hash: enough to name it, of no use to open anything.

    After ``good_until`` it opens nothing. ``used_at`` is when it was last used, to the hour. ``asked`` counts what it
    has asked in the minute ``asked_in``, as far as workers have told.
    """

    client_id: str
    key_sha256: str
    scopes: tuple[Scope, ...]
    created_at: datetime
    name: str = ""
    good_until: datetime | None = None
    used_at: datetime | None = None
    asked: int = 0
    asked_in: str = ""

    @property
    def key_id(self) -> str:
        """What the key is called by."""
        return self.key_sha256[:_ID_CHARACTERS]

    def is_good(self, now: datetime) -> bool:
        """Whether it still opens its client."""
        return self.good_until is None or now < self.good_until


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks: a client, or ops; by which key (none on routes that need none)."""

    client_id: str
    scopes: tuple[Scope, ...]
    key_id: str = ""

    def may(self, scope: str, client_id: str) -> bool:
        """Return whether the caller may do this for that client."""
        return scope in self.scopes and self.client_id in {client_id, OPS}


def format_key(client_id: str, token: str) -> str:
    """Return the key of a client around ``token``: 32 random bytes, url-safe base64, 43 characters."""
    return f"vigie_{client_id}_{token}"


def hash_of_key(key: str) -> str:
    """Return what is kept of a key. One round of SHA-256 is enough for 256 random bits."""
    return hashlib.sha256(key.encode()).hexdigest()


def read_authorization(header: str | None) -> KeyClaim:
    """Return the claim in an ``Authorization: Bearer`` header. Raises Forbidden when it holds no key."""
    match = _KEY.fullmatch(_SCHEME.sub("", (header or "").strip(), count=1))
    if match is None:
        raise Forbidden("Give your key in the header Authorization: Bearer vigie_….")
    return KeyClaim(match["client"], hash_of_key(match[0]))
