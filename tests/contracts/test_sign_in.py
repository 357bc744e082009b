"""Contract of SignInStore."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from tests.builders import CUTOFF
from tests.contracts.together import at_once
from vigie.domain.limits import Limit, counter
from vigie.domain.sign_in import Claim, Ticket, session_of

SOON = CUTOFF + timedelta(minutes=15)
TICKET = Ticket(token_sha256="ab" * 32, subject="claire@ville.example ville", expires_at=SOON)
SESSION = session_of(Claim("claire@ville.example", ("ville", "port")), "s" * 43, CUTOFF)


def test_a_link_is_looked_at_as_often_as_one_likes(stores: Any) -> None:
    """Looking uses nothing up, and a hash that is nobody's finds nothing."""
    stores.sign_in.put_ticket(TICKET)
    assert [stores.sign_in.ticket(TICKET.token_sha256) for _ in range(2)] == [TICKET, TICKET]
    assert stores.sign_in.ticket("cd" * 32) is None
    assert stores.sign_in.use_ticket("cd" * 32, CUTOFF) is None


def test_a_link_is_used_by_one_alone(stores: Any) -> None:
    """Of many who use a link at once one is let in; whoever comes later is not, and sees that it was used."""
    stores.sign_in.put_ticket(TICKET)
    used = at_once(8, lambda _: stores.sign_in.use_ticket(TICKET.token_sha256, CUTOFF))
    assert [each for each in used if each] == [replace(TICKET, used_at=CUTOFF)]
    assert stores.sign_in.ticket(TICKET.token_sha256) == replace(TICKET, used_at=CUTOFF)


def test_a_link_past_its_time_is_used_by_nobody(stores: Any) -> None:
    """At its last instant it is over, though it may still lie there."""
    stores.sign_in.put_ticket(TICKET)
    assert stores.sign_in.use_ticket(TICKET.token_sha256, SOON) is None


def test_sessions_are_kept_under_their_person(stores: Any) -> None:
    """A session comes back whole under its person and hash, and under no other."""
    other = replace(SESSION, session_sha256="0" * 64)
    for session in (SESSION, other):
        stores.sign_in.put_session(session)
    assert stores.sign_in.session(SESSION.person, SESSION.session_sha256) == SESSION
    assert stores.sign_in.session("f" * 32, SESSION.session_sha256) is None
    assert stores.sign_in.sessions(SESSION.person) == sorted(
        [SESSION, other], key=lambda each: each.session_sha256
    )


def test_an_ended_session_stays_ended(stores: Any) -> None:
    """Ending is done once, and what is written to it late does not bring it back."""
    stores.sign_in.put_session(SESSION)
    chosen = SESSION.looking_at("port")
    assert stores.sign_in.replace_session(chosen)
    assert stores.sign_in.session(SESSION.person, SESSION.session_sha256) == chosen
    for _ in range(2):
        stores.sign_in.remove_session(SESSION.person, SESSION.session_sha256)
    assert not stores.sign_in.replace_session(chosen)
    assert stores.sign_in.sessions(SESSION.person) == []


def test_counts_add_up_within_a_window(stores: Any) -> None:
    """Each count is one more, by key and kind; the next window begins anew."""
    hour = Limit("mail", 3, 3600)
    ours, other = counter(hour, "claire@ville.example"), counter(Limit("home", 3, 3600), "10.0.0.1")
    assert sorted(at_once(4, lambda _: stores.sign_in.count(ours, CUTOFF))) == [1, 2, 3, 4]
    assert stores.sign_in.count(other, CUTOFF) == 1
    assert stores.sign_in.count(ours, CUTOFF + timedelta(hours=1)) == 1
