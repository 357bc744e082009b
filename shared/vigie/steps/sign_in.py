"""Sign-in: links by mail that work once, and the sessions they open.

Asking for a link tells nothing of who is known here: whatever the address, the same counters are written, the same
work is handed on, and the same answer is given; what looks the address up, and mails, is another function, later.
"""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from vigie.domain.clients import LOCALES, Client, Locale, check_email
from vigie.domain.limits import Limit, counter, home_of, network_of
from vigie.domain.sign_in import (
    LINK_LIFETIME,
    SECRET_BYTES,
    SEEN_EVERY,
    Claim,
    Session,
    SessionClaim,
    Ticket,
    TokenPurpose,
    hash_of_token,
    is_secret,
    person_of,
    read_cookie,
    role_of,
    secret_text,
    session_of,
)
from vigie.errors import Expired, Forbidden, TooMany
from vigie.ports import AccountStore, AddressStore, Clock, SignInStore, Workers

MAILS_TO_ONE = Limit("mail", at_most=3, window_seconds=3600)
ASKED_FROM_HOME = Limit("home", at_most=20, window_seconds=3600)
ASKED_FROM_NETWORK = Limit("network", at_most=100, window_seconds=3600)
TRIES_FROM_HOME = Limit("tries", at_most=60, window_seconds=3600)

Random = Callable[[int], bytes]


def sign_out_of(store: SignInStore, client: Client) -> None:
    """End the sessions of a client's people, of whom it is the only client: it is erased."""
    for recipient in client.recipients:
        person = person_of(recipient.email)
        for session in store.sessions(person):
            if set(session.client_ids) <= {client.client_id}:
                store.remove_session(person, session.session_sha256)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Counts what is asked, and says when it is too much."""

    store: SignInStore

    def take(self, limit: Limit, key: str, now: datetime) -> None:
        """Count once more. Raises TooMany past the limit."""
        if self.store.count(counter(limit, key), now) > limit.at_most:
            raise TooMany("This was asked too often; wait a while.", limit.wait_seconds(now))

    def may(self, limit: Limit, key: str, now: datetime) -> bool:
        """Count once more; return whether that is within the limit, for who is not to be told."""
        return self.store.count(counter(limit, key), now) <= limit.at_most


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens:
    """Links that work once: issued, looked at as often as one likes, used once."""

    store: SignInStore
    random: Random = secrets.token_bytes

    def issue(self, purpose: TokenPurpose, subject: str, lifetime_seconds: int, now: datetime) -> str:
        """Return a new link's secret; only its hash is kept."""
        token = secret_text(self.random(SECRET_BYTES))
        ends = now + timedelta(seconds=lifetime_seconds)
        self.store.put_ticket(
            Ticket(token_sha256=hash_of_token(purpose, token), subject=subject, expires_at=ends)
        )
        return token

    def peek(self, purpose: TokenPurpose, token: str, now: datetime) -> str | None:
        """Return what a link is about while it is good; looking uses nothing up."""
        ticket = self.store.ticket(hash_of_token(purpose, token)) if is_secret(token) else None
        return ticket.subject if ticket and ticket.is_good(now) else None

    def consume(self, purpose: TokenPurpose, token: str, now: datetime) -> str | None:
        """Use a link and return what it is about, to one caller only."""
        ticket = self.store.use_ticket(hash_of_token(purpose, token), now) if is_secret(token) else None
        return ticket.subject if ticket else None


@dataclass(frozen=True, slots=True, kw_only=True)
class SignIn:
    """The door of the client area."""

    store: SignInStore
    tokens: Tokens
    limits: Limits
    workers: Workers
    clock: Clock
    random: Random = secrets.token_bytes

    def ask(self, email: str, locale: Locale, ip: str) -> None:
        """Have a link mailed to an address, if anybody here knows it. Raises BadField or TooMany.

        Does the same whoever it is: nothing is looked up here.
        """
        asked, now = check_email("email", email.strip()), self.clock()
        self.limits.take(ASKED_FROM_HOME, home_of(ip), now)
        self.limits.take(ASKED_FROM_NETWORK, network_of(ip), now)
        self.limits.take(MAILS_TO_ONE, asked, now)
        self.workers.start({"sign_in": {"email": asked, "locale": locale}})

    def peek(self, token: str, ip: str) -> Claim:
        """Return whom a link signs in; opening it uses nothing up. Raises Expired or TooMany."""
        now = self.clock()
        self.limits.take(TRIES_FROM_HOME, home_of(ip), now)
        subject = self.tokens.peek("sign_in", token, now)
        if subject is None:
            raise Expired("This link was used, or is past its time. Ask for another one.")
        return Claim.read(subject)

    def enter(self, token: str, cookie: str, ip: str) -> tuple[Session, SessionClaim]:
        """Use a link and open a session under a secret of its own. Raises Expired or TooMany.

        Whatever session the browser came with ends: nobody can have had one waiting there (fixation).
        """
        now = self.clock()
        self.limits.take(TRIES_FROM_HOME, home_of(ip), now)
        subject = self.tokens.consume("sign_in", token, now)
        if subject is None:
            raise Expired("This link was used, or is past its time. Ask for another one.")
        return self.open(Claim.read(subject), cookie)

    def open(self, claim: Claim, cookie: str = "") -> tuple[Session, SessionClaim]:
        """Open a session for somebody who has just shown that an address is theirs."""
        if before := read_cookie(cookie):
            self.store.remove_session(before.person, before.session_sha256)
        secret = secret_text(self.random(SECRET_BYTES))
        session = session_of(claim, secret, self.clock())
        self.store.put_session(session)
        return session, SessionClaim(session.person, secret)

    def session(self, cookie: str) -> tuple[Session, SessionClaim]:
        """Return the session that a Cookie header holds. Raises Forbidden."""
        claim = read_cookie(cookie)
        session = self.store.session(claim.person, claim.session_sha256) if claim else None
        now = self.clock()
        if claim is None or session is None or not session.is_good(now):
            raise Forbidden("Nobody is signed in here.")
        if now - session.seen_at < SEEN_EVERY:
            return session, claim
        return self._kept(replace(session, seen_at=now)), claim

    def choose(self, session: Session, client_id: str) -> Session:
        """Look at another of one's clients. Raises NotFound, or Forbidden when the session ended meanwhile."""
        return self._kept(session.looking_at(client_id))

    def _kept(self, session: Session) -> Session:
        if not self.store.replace_session(session):
            raise Forbidden("This session was ended.")
        return session

    def sessions(self, session: Session) -> list[Session]:
        """Return a person's sessions that still let in, the one used last first."""
        now = self.clock()
        good = [each for each in self.store.sessions(session.person) if each.is_good(now)]
        return sorted(good, key=lambda each: each.seen_at, reverse=True)

    def leave(self, session: Session) -> None:
        """End a session."""
        self.store.remove_session(session.person, session.session_sha256)

    def leave_everywhere(self, email: str) -> None:
        """End every session of a person."""
        person = person_of(email)
        for each in self.store.sessions(person):
            self.store.remove_session(person, each.session_sha256)


Letter = Callable[[str, Locale, str, datetime], None]
"""Mails a link's secret to an address, in a language; the instant is when it was asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SendLinks:
    """Looks an address up, and mails it a link when somebody knows it. Run where nobody waits for the answer."""

    accounts: AccountStore
    addresses: AddressStore
    tokens: Tokens
    letter: Letter
    clock: Clock

    def run(self, asked: Mapping[str, str]) -> bool:
        """Mail a link if the address is known and is written to; return whether it was. Raises Transient.

        Done twice it mails two links, each good once.
        """
        email, now = asked["email"], self.clock()
        known = [client for client in self.accounts.clients() if role_of(client, email)]
        if not known or not self.addresses.get(email).is_written_to(now):
            return False
        claim = Claim(email, tuple(client.client_id for client in known))
        token = self.tokens.issue("sign_in", str(claim), int(LINK_LIFETIME.total_seconds()), now)
        self.letter(email, _locale(asked), token, now)
        return True


def _locale(asked: Mapping[str, str]) -> Locale:
    for locale in LOCALES:
        if asked.get("locale") == locale:
            return locale
    return "fr"
