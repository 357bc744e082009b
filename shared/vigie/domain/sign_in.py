"""Signing in: links by mail that work once, and the sessions they open.

Whoever holds the secret of a link or of a session is let in, so only its hash is kept: a copy of the table opens
nothing. One round of SHA-256 is enough for 256 random bits. The hash of a link's secret covers its purpose: what was
made to confirm an address signs nobody in, whoever forgets to check.
"""

import hashlib
import hmac
import re
from base64 import urlsafe_b64encode
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from vigie.domain.clients import Client
from vigie.errors import NotFound

TokenPurpose = Literal["sign_in", "confirm"]
Role = Literal["reader", "manager", "reviewer"]
"""What somebody is to a client: who receives its digest, who may also change what is watched, who looks it over."""

SECRET_BYTES = 32
LINK_LIFETIME = timedelta(minutes=15)
SESSION_IDLE = timedelta(days=30)
SESSION_AT_MOST = timedelta(days=180)
SEEN_EVERY = timedelta(days=1)
"""How often a session is written to say that it is used: a write a day, not one a page."""

COOKIE = "__Host-vigie"
_SECRET = re.compile(r"[A-Za-z0-9_-]{43}")
_COOKIE = re.compile(r"(?P<person>[0-9a-f]{32})\.(?P<secret>[A-Za-z0-9_-]{43})")


def role_of(client: Client, email: str) -> Role | None:
    """Return what an address is to a client, in any case of its letters; None when it is nothing to it."""
    wanted = email.casefold()
    if client.reviewer is not None and client.reviewer.email.casefold() == wanted:
        return "reviewer"
    found = next((each for each in client.recipients if each.email.casefold() == wanted), None)
    if found is None:
        return None
    return "manager" if found.manager else "reader"


def secret_text(random_bytes: bytes) -> str:
    """Return 32 random bytes as 43 characters that an address can hold."""
    if len(random_bytes) != SECRET_BYTES:
        raise ValueError(f"a secret has {SECRET_BYTES} bytes")
    return urlsafe_b64encode(random_bytes).decode().rstrip("=")


def is_secret(text: str) -> bool:
    """Whether a text could be a secret of ours: what could not is looked up nowhere."""
    return _SECRET.fullmatch(text) is not None


def hash_of_token(purpose: TokenPurpose, token: str) -> str:
    """Return what is kept of a link's secret."""
    return hashlib.sha256(f"{purpose} {token}".encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """What is kept of a link: whom or what it is about, until when, and when it was used."""

    token_sha256: str
    subject: str
    expires_at: datetime
    used_at: datetime | None = None

    def is_good(self, now: datetime) -> bool:
        """Whether it may still be used."""
        return self.used_at is None and now < self.expires_at


@dataclass(frozen=True, slots=True)
class Claim:
    """What a link to sign in is about: an address, and the clients that knew it when the link was asked for."""

    email: str
    client_ids: tuple[str, ...]

    def __str__(self) -> str:
        return " ".join((self.email, *self.client_ids))

    @classmethod
    def read(cls, subject: str) -> "Claim":
        """Read a ticket's subject."""
        email, *client_ids = subject.split(" ")
        return cls(email, tuple(client_ids))


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One browser in which a person is signed in.

    ``client_ids`` are the clients that knew the address when it signed in; ``client_id`` is the one they look at,
    None until they chose. Whether the client still knows them is asked anew at each request.
    """

    person: str
    session_sha256: str
    email: str
    client_ids: tuple[str, ...]
    client_id: str | None
    created_at: datetime
    seen_at: datetime

    @property
    def ends_at(self) -> datetime:
        """When it ends if nobody comes back: thirty days after it was last used, half a year after it began."""
        return min(self.seen_at + SESSION_IDLE, self.created_at + SESSION_AT_MOST)

    def is_good(self, now: datetime) -> bool:
        """Whether it still lets in."""
        return now < self.ends_at

    def looking_at(self, client_id: str) -> "Session":
        """Return the session on one of its clients. Raises NotFound for any other."""
        if client_id not in self.client_ids:
            raise NotFound("There is no such client.")
        return replace(self, client_id=client_id)


def person_of(email: str) -> str:
    """Return what an address's sessions are kept under, in any case of its letters."""
    return hashlib.sha256(f"person {email.casefold()}".encode()).hexdigest()[:32]


def session_of(claim: Claim, secret: str, now: datetime) -> Session:
    """Return the session that a link opens; of one client there is nothing to choose."""
    return Session(
        person=person_of(claim.email),
        session_sha256=hash_of_session(secret),
        email=claim.email,
        client_ids=claim.client_ids,
        client_id=claim.client_ids[0] if len(claim.client_ids) == 1 else None,
        created_at=now,
        seen_at=now,
    )


def hash_of_session(secret: str) -> str:
    """Return what is kept of a session's secret."""
    return hashlib.sha256(f"session {secret}".encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class SessionClaim:
    """Whose session a browser says it holds, and the secret that shows it."""

    person: str
    secret: str

    @property
    def session_sha256(self) -> str:
        """What to look up."""
        return hash_of_session(self.secret)

    @property
    def cookie(self) -> str:
        """The cookie's value."""
        return f"{self.person}.{self.secret}"

    @property
    def csrf(self) -> str:
        """What forms must send back: derived from the session, so that no other session's will do."""
        return hmac.new(self.secret.encode(), b"vigie csrf", hashlib.sha256).hexdigest()

    def owns(self, csrf: str) -> bool:
        """Whether a form's token is this session's."""
        return hmac.compare_digest(self.csrf.encode(), csrf.encode())


def read_cookie(header: str) -> SessionClaim | None:
    """Return the claim in a Cookie header (RFC 6265, section 4.2), None when it holds none of ours."""
    for pair in header.split(";"):
        name, _, value = pair.strip().partition("=")
        if name == COOKIE and (found := _COOKIE.fullmatch(value)):
            return SessionClaim(found["person"], found["secret"])
    return None


def set_cookie(claim: SessionClaim) -> str:
    """Return the Set-Cookie header that signs a browser in.

    ``__Host-`` holds it to this very host and to https (RFC 6265bis, section 4.1.3.2). ``Lax``, not ``Strict``: who
    follows a link of a mail arrives signed in; what changes something is posted, which Lax sends from nowhere else.
    """
    age = int(SESSION_AT_MOST.total_seconds())
    return f"{COOKIE}={claim.cookie}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age={age}"


def unset_cookie() -> str:
    """Return the Set-Cookie header that has a browser forget its session."""
    return f"{COOKIE}=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0"
