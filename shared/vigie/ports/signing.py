"""People who sign up and sign in by themselves."""

from datetime import datetime
from typing import Protocol

from vigie.domain.limits import Counter
from vigie.domain.sign_in import Session, Ticket
from vigie.domain.signing_up.companies import Company
from vigie.domain.signing_up.sign_ups import Consent, SignUp


class SignInStore(Protocol):
    """One-use links and sessions, by their hashes; how often who asked for what."""

    def put_ticket(self, ticket: Ticket) -> None:
        """Keep what a link is about until its time is past."""
        ...

    def ticket(self, token_sha256: str) -> Ticket | None:
        """Return what a link is about, used or not; None once it is forgotten."""
        ...

    def use_ticket(self, token_sha256: str, now: datetime) -> Ticket | None:
        """Mark a link used and return it; None for whoever comes second, too late, or with one we never made."""
        ...

    def put_session(self, session: Session) -> None:
        """Keep a session, or replace what is kept of it."""
        ...

    def session(self, person: str, session_sha256: str) -> Session | None:
        """Return a session of a person."""
        ...

    def replace_session(self, session: Session) -> bool:
        """Replace a session that is still there; False when it was ended meanwhile, and stays so."""
        ...

    def sessions(self, person: str) -> list[Session]:
        """Return a person's sessions, by their hash."""
        ...

    def remove_session(self, person: str, session_sha256: str) -> None:
        """End a session; ended before, it stays so."""
        ...

    def count(self, counter: Counter, now: datetime) -> int:
        """Count once more in the window that ``now`` is in, and return how many times that makes."""
        ...


class CompanyRegister(Protocol):
    """A public register of companies. Raises Transient when it cannot answer now."""

    def search(self, text: str) -> list[Company]:
        """Return open companies that a text may mean, likeliest first, few."""
        ...

    def company(self, siren: str) -> Company | None:
        """Return the company of a number."""
        ...


class SignUpStore(Protocol):
    """Sign-ups until they are clients, and what clients agreed to."""

    def put(self, signup: SignUp) -> None:
        """Keep a sign-up, or replace what is kept of it, until ``goes_at``."""
        ...

    def get(self, signup_id: str) -> SignUp | None:
        """Return a sign-up; None once it is forgotten."""
        ...

    def held(self) -> list[SignUp]:
        """Return those that somebody must look at, the oldest first."""
        ...

    def keep_consent(self, client_id: str, consent: Consent) -> None:
        """Keep what a client agreed to, as long as the client."""
        ...

    def consents(self, client_id: str) -> list[Consent]:
        """Return what a client agreed to, in order."""
        ...
