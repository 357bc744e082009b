# ruff: noqa: D102 - the port says what each method does
"""Links, sessions and counts in memory, held to the contract of the real store."""

from collections import Counter as Counts
from dataclasses import replace
from datetime import datetime

from tests.journal import Journal
from vigie.domain.limits import Counter
from vigie.domain.sign_in import Session, Ticket
from vigie.ports import SignInStore


class FakeSignIn(SignInStore):
    """What is kept of links and sessions."""

    def __init__(self, journal: Journal | None = None) -> None:
        self._journal = journal or Journal()
        self.tickets: dict[str, Ticket] = {}
        self.kept: dict[tuple[str, str], Session] = {}
        self.asked: Counts[tuple[Counter, datetime]] = Counts()

    def put_ticket(self, ticket: Ticket) -> None:
        self.tickets[ticket.token_sha256] = ticket

    def ticket(self, token_sha256: str) -> Ticket | None:
        return self.tickets.get(token_sha256)

    def use_ticket(self, token_sha256: str, now: datetime) -> Ticket | None:
        with self._journal.write("sign_in.use_ticket"):
            ticket = self.tickets.get(token_sha256)
            if ticket is None or not ticket.is_good(now):
                return None
            self.tickets[token_sha256] = used = replace(ticket, used_at=now)
            return used

    def put_session(self, session: Session) -> None:
        self.kept[session.person, session.session_sha256] = session

    def session(self, person: str, session_sha256: str) -> Session | None:
        return self.kept.get((person, session_sha256))

    def replace_session(self, session: Session) -> bool:
        if self.session(session.person, session.session_sha256) is None:
            return False
        self.put_session(session)
        return True

    def sessions(self, person: str) -> list[Session]:
        return [self.kept[key] for key in sorted(self.kept) if key[0] == person]

    def remove_session(self, person: str, session_sha256: str) -> None:
        self.kept.pop((person, session_sha256), None)

    def count(self, counter: Counter, now: datetime) -> int:
        with self._journal.write("sign_in.count"):
            key = counter, counter.limit.window(now)
            self.asked[key] += 1
            return self.asked[key]
