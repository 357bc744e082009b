"""Signing in: links by mail, sessions, and what an attacker would try."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.builders import a_client
from tests.fakes import World
from vigie.domain.addresses import MailEvent, after
from vigie.domain.clients import Recipient
from vigie.domain.sign_in import LINK_LIFETIME, SESSION_IDLE, Claim, SessionClaim
from vigie.errors import BadField, Expired, Forbidden, NotFound, TooMany
from vigie.steps.sign_in import Limits, SendLinks, SignIn, Tokens

EMAIL, HERE = "claire@ville.example", "192.0.2.7"


@dataclass
class Door:
    """The client area's door around fakes, and what went through it."""

    world: World = field(default_factory=World)
    started: list[Mapping[str, Any]] = field(default_factory=list)
    mailed: list[tuple[str, str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.tokens = Tokens(store=self.world.sign_in)
        self.desk = SignIn(
            store=self.world.sign_in,
            tokens=self.tokens,
            limits=Limits(store=self.world.sign_in),
            workers=self,
            clock=self.world.clock,
        )
        self.links = SendLinks(
            accounts=self.world.accounts,
            addresses=self.world.addresses,
            tokens=self.tokens,
            letter=self.letter,
            clock=self.world.clock,
        )

    def start(self, work: Mapping[str, Any]) -> None:
        """Take work over, as Lambda does."""
        self.started.append(work)

    def letter(self, email: str, locale: str, token: str, _at: datetime) -> None:
        """Mail a link."""
        self.mailed.append((email, locale, token))

    def known(self, *client_ids: str) -> None:
        """Have some clients know the address."""
        for client_id in client_ids:
            client = replace(a_client(client_id=client_id), recipients=(Recipient(EMAIL),))
            self.world.accounts.put_client(client)

    def token(self) -> str:
        """Ask for a link and return its secret, as the mail holds it."""
        self.desk.ask(EMAIL, "fr", HERE)
        self.links.run(self.started.pop()["sign_in"])
        return self.mailed.pop()[2]


@pytest.fixture
def door() -> Door:
    """Return a door nobody went through."""
    return Door()


def test_a_link_signs_in_who_is_known(door: Door) -> None:
    """Asked, mailed, looked at, used: the session is of the address, and of the clients that know it."""
    door.known("port", "ville")
    token = door.token()
    assert door.desk.peek(token, HERE) == Claim(EMAIL, ("port", "ville"))
    session, claim = door.desk.enter(token, "", HERE)
    assert (session.email, session.client_ids, session.client_id) == (EMAIL, ("port", "ville"), None)
    assert door.desk.session(f"__Host-vigie={claim.cookie}") == (session, claim)


def test_asking_is_the_same_whoever_it_is(door: Door) -> None:
    """Nothing is looked up where somebody waits: the same counts and work for who is known and who is not."""
    door.known("ville")
    seen = []
    for email in (EMAIL, "autre@ville.example"):
        before = sum(door.world.sign_in.asked.values())
        door.desk.ask(email, "fr", HERE)
        seen.append((sum(door.world.sign_in.asked.values()) - before, door.started[-1].keys()))
    assert seen[0] == seen[1]
    assert [door.links.run(each["sign_in"]) for each in door.started] == [True, False]
    assert [email for email, _, _ in door.mailed] == [EMAIL]


def test_a_link_works_once(door: Door) -> None:
    """Used again, or with a sign changed, it opens nothing; nor does one of another purpose."""
    door.known("ville")
    token = door.token()
    door.desk.enter(token, "", HERE)
    confirm = door.tokens.issue("confirm", EMAIL, 60, door.world.clock())
    for wrong in (token, token[:-1] + ("A" if token[-1] != "A" else "B"), "", confirm, f"{token} "):
        with pytest.raises(Expired):
            door.desk.enter(wrong, "", HERE)
        with pytest.raises(Expired):
            door.desk.peek(wrong, HERE)


def test_opening_a_link_uses_nothing_up(door: Door) -> None:
    """A scanner that follows it any number of times leaves it good."""
    door.known("ville")
    token = door.token()
    for _ in range(5):
        door.desk.peek(token, HERE)
    assert door.desk.enter(token, "", HERE)[0].email == EMAIL


def test_a_link_ends_after_a_quarter_of_an_hour(door: Door) -> None:
    """At fifteen minutes it is over."""
    door.known("ville")
    token = door.token()
    door.world.clock.instant += LINK_LIFETIME
    with pytest.raises(Expired):
        door.desk.enter(token, "", HERE)


def test_a_session_planted_beforehand_is_not_the_one_that_opens(door: Door) -> None:
    """Signing in makes a new secret, and ends whatever session the browser came with."""
    door.known("ville")
    _, planted = door.desk.open(Claim("mallory@ville.example", ()))
    header = f"__Host-vigie={planted.cookie}"
    _, claim = door.desk.enter(door.token(), header, HERE)
    assert claim.secret != planted.secret
    with pytest.raises(Forbidden):
        door.desk.session(header)


def test_a_session_is_no_other_persons(door: Door) -> None:
    """Somebody else's name before one's own secret opens nothing."""
    _, ours = door.desk.open(Claim(EMAIL, ("ville",)))
    theirs, _ = door.desk.open(Claim("mallory@ville.example", ("port",)))
    with pytest.raises(Forbidden):
        door.desk.session(f"__Host-vigie={SessionClaim(theirs.person, ours.secret).cookie}")


def test_a_session_is_told_of_once_a_day_and_ends_unused(door: Door) -> None:
    """Used within a day it is written no more; left for thirty it is over."""
    first, claim = door.desk.open(Claim(EMAIL, ("ville",)))
    header = f"__Host-vigie={claim.cookie}"
    door.world.clock.instant += timedelta(hours=23)
    assert door.desk.session(header)[0] == first
    door.world.clock.instant += timedelta(hours=2)
    assert door.desk.session(header)[0].seen_at == door.world.clock.instant
    door.world.clock.instant += SESSION_IDLE
    with pytest.raises(Forbidden):
        door.desk.session(header)


def test_signing_out_everywhere_ends_every_session_of_a_person(door: Door) -> None:
    """All of theirs, none of others'; and a page that was being written does not bring one back."""
    sessions = [door.desk.open(Claim(EMAIL, ("port", "ville"))) for _ in range(3)]
    _, other = door.desk.open(Claim("autre@ville.example", ("ville",)))
    assert len(door.desk.sessions(sessions[0][0])) == 3
    door.desk.leave_everywhere(EMAIL.upper())
    for session, claim in sessions:
        with pytest.raises(Forbidden):
            door.desk.session(f"__Host-vigie={claim.cookie}")
        with pytest.raises(Forbidden):
            door.desk.choose(session, "ville")
    door.desk.session(f"__Host-vigie={other.cookie}")


def test_only_ones_own_clients_can_be_chosen(door: Door) -> None:
    """One that did not know the address at sign-in does not exist."""
    session, claim = door.desk.open(Claim(EMAIL, ("port", "ville")))
    assert door.desk.choose(session, "port").client_id == "port"
    assert door.desk.session(f"__Host-vigie={claim.cookie}")[0].client_id == "port"
    with pytest.raises(NotFound):
        door.desk.choose(session, "union")


def test_links_are_rationed(door: Door) -> None:
    """Three an hour to one address, twenty from one home; the next hour begins anew."""
    for _ in range(3):
        door.desk.ask(EMAIL, "fr", HERE)
    with pytest.raises(TooMany) as refused:
        door.desk.ask(EMAIL.upper(), "fr", "198.51.100.1")
    assert 0 < refused.value.retry_after_seconds <= 3600
    for number in range(17):
        door.desk.ask(f"p{number}@ville.example", "fr", HERE)
    with pytest.raises(TooMany):
        door.desk.ask("encore@ville.example", "fr", HERE)
    door.world.clock.instant += timedelta(hours=1)
    door.desk.ask(EMAIL, "fr", HERE)


def test_guessing_is_rationed(door: Door) -> None:
    """Sixty tries an hour from one home: 256 bits need a few more."""
    for _ in range(60):
        with pytest.raises(Expired):
            door.desk.enter("x" * 43, "", HERE)
    with pytest.raises(TooMany):
        door.desk.enter("x" * 43, "", HERE)


@pytest.mark.parametrize(
    "email",
    ["", "claire", "a@b", "a@b.example\r\nBcc: c@d.example", "a@b.example\n", "a b@c.example", "é@c.example"],
)
def test_what_is_no_address_is_refused(door: Door, email: str) -> None:
    """A line end in it least of all: nothing is counted or handed on."""
    if email.strip() != email:
        email = f"{email}x"
    with pytest.raises(BadField) as refused:
        door.desk.ask(email, "fr", HERE)
    assert refused.value.field == "email"
    assert door.started == []


def test_no_link_goes_to_an_address_that_is_written_to_no_more(door: Door) -> None:
    """One that bounced keeps its silence, and the answer is the same."""
    door.known("ville")
    bounce = MailEvent(kind="bounced", provider_id="1", at=door.world.clock(), email=EMAIL)
    door.world.addresses.change(EMAIL, lambda address: after(address, bounce))
    assert not door.links.run({"email": EMAIL, "locale": "fr"})
    assert door.mailed == []


def test_a_link_is_written_in_the_language_asked(door: Door) -> None:
    """English stays English; one we do not speak is French."""
    door.known("ville")
    for locale in ("en", "de"):
        door.links.run({"email": EMAIL, "locale": locale})
    assert [locale for _, locale, _ in door.mailed] == ["en", "fr"]
