"""One-use links, sessions and counts of what was asked, in AccountsTable.

::

    TOKEN#<sha256>     TICKET             what a link is about, until when; when it was used
    PERSON#<person>    SESSION#<sha256>   a browser in which somebody is signed in
    ASKED#<sha256>     <kind>#<window>    how often, within one window

Each goes by itself when its time is past; DynamoDB takes up to days for that, so reading looks at the time too.
"""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from vigie.adapters.dynamo.table import PRESENT, Change, Condition, ConditionFailed, Item, Table
from vigie.adapters.dynamo.values import expiry, stamp
from vigie.domain.limits import Counter
from vigie.domain.sign_in import Session, Ticket
from vigie.ports import SignInStore

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

_TICKET = "TICKET"
_USED_KEPT_DAYS = 1  # a link used twice is told so for a day


class DynamoSignIn(SignInStore):
    """``SignInStore`` on AccountsTable."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._table = Table(client, table)

    def put_ticket(self, ticket: Ticket) -> None:
        """Keep what a link is about."""
        self._table.put(
            {
                "pk": f"TOKEN#{ticket.token_sha256}",
                "sk": _TICKET,
                "subject": ticket.subject,
                "good_until": stamp(ticket.expires_at),
                "used_at": stamp(ticket.used_at) if ticket.used_at else None,
                "expires_at": expiry(ticket.expires_at, _USED_KEPT_DAYS),
            }
        )

    def ticket(self, token_sha256: str) -> Ticket | None:
        """Return what a link is about."""
        item = self._table.get(f"TOKEN#{token_sha256}", _TICKET)
        return _ticket(item) if item else None

    def use_ticket(self, token_sha256: str, now: datetime) -> Ticket | None:
        """Mark a link used, which one caller alone can."""
        good = Condition(
            "attribute_exists(pk) AND attribute_not_exists(used_at) AND good_until > :now",
            {":now": stamp(now)},
        )
        try:
            item = self._table.update(
                f"TOKEN#{token_sha256}", _TICKET, Change(sets={"used_at": stamp(now)}), good
            )
        except ConditionFailed:
            return None
        return _ticket(item)

    def put_session(self, session: Session) -> None:
        """Keep a session."""
        self._table.put(_session_item(session))

    def session(self, person: str, session_sha256: str) -> Session | None:
        """Return a session of a person."""
        item = self._table.get(f"PERSON#{person}", f"SESSION#{session_sha256}")
        return _session(item) if item else None

    def replace_session(self, session: Session) -> bool:
        """Replace a session that is still there."""
        try:
            self._table.put(_session_item(session), PRESENT)
        except ConditionFailed:
            return False
        return True

    def sessions(self, person: str) -> list[Session]:
        """Return a person's sessions."""
        return [_session(item) for item in self._table.query_prefix(f"PERSON#{person}", "SESSION#")]

    def remove_session(self, person: str, session_sha256: str) -> None:
        """End a session."""
        try:
            self._table.delete(f"PERSON#{person}", f"SESSION#{session_sha256}", PRESENT)
        except ConditionFailed:
            return  # ended before

    def count(self, counter: Counter, now: datetime) -> int:
        """Count once more."""
        limit = counter.limit
        window = limit.window(now)
        until = window + timedelta(seconds=2 * limit.window_seconds)
        change = Change(sets={"expires_at": int(until.timestamp())}, adds={"asked": 1})
        sk = f"{limit.kind}#{stamp(window)}"
        return int(self._table.update(f"ASKED#{counter.key_sha256}", sk, change)["asked"])


def _ticket(item: Item) -> Ticket:
    used_at = item.get("used_at")
    return Ticket(
        token_sha256=item["pk"].removeprefix("TOKEN#"),
        subject=item["subject"],
        expires_at=datetime.fromisoformat(item["good_until"]),
        used_at=datetime.fromisoformat(used_at) if used_at else None,
    )


def _session_item(session: Session) -> Item:
    return {
        "pk": f"PERSON#{session.person}",
        "sk": f"SESSION#{session.session_sha256}",
        "email": session.email,
        "client_ids": list(session.client_ids),
        "client_id": session.client_id,
        "created_at": stamp(session.created_at),
        "seen_at": stamp(session.seen_at),
        "expires_at": expiry(session.ends_at, 0),
    }


def _session(item: Item) -> Session:
    return Session(
        person=item["pk"].removeprefix("PERSON#"),
        session_sha256=item["sk"].removeprefix("SESSION#"),
        email=item["email"],
        client_ids=tuple(item["client_ids"]),
        client_id=item.get("client_id"),
        created_at=datetime.fromisoformat(item["created_at"]),
        seen_at=datetime.fromisoformat(item["seen_at"]),
    )
