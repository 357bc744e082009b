"""API keys: ``vigie_<client>_<43 characters>``; only their hash is kept, under the client."""

import hashlib
import re
from dataclasses import dataclass

from vigie.errors import Forbidden

_KEY = re.compile(r"vigie_(?P<client>[a-z0-9-]{1,48})_[A-Za-z0-9_-]{43}")
_SCHEME = re.compile(r"bearer +", re.IGNORECASE)  # in any case: RFC 9110 §11.1


@dataclass(frozen=True, slots=True)
class KeyClaim:
    """Whose key somebody says they hold, and its hash to look up."""

    client_id: str
    key_sha256: str


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
