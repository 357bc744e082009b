"""From a form to a client: what is asked, confirmed, held, and what an attacker would try."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from tests.builders import a_client
from tests.fake_sign_ups import FakeRegister
from tests.fakes import FakeWorkers, World
from vigie.domain.clients import DigestSchedule, Recipient, Watch
from vigie.domain.rhythms import OPENING
from vigie.domain.signing_up.companies import Company
from vigie.domain.signing_up.sign_ups import SignUp
from vigie.errors import BadField, Expired, NotFound, TooMany
from vigie.steps.appointments import Appointments
from vigie.steps.billing.trials import Trials
from vigie.steps.sign_in import Limits, Tokens
from vigie.steps.signing_up.founding import FIRST_DIGEST_AFTER, Founding
from vigie.steps.signing_up.joining import (
    JOINED_FROM_NETWORK,
    MAILS_A_DAY,
    Joining,
    SendConfirmations,
    Wanted,
)

HERE = "192.0.2.7"
BAKERY = Company(siren="100000017", name="BOULANGERIE MOREL", town="Auzelle", trade_code="10.71C")
CAMILLE = Company(siren="100000066", name="CAMILLE FONTANEL", is_person=True)
WANTED = Wanted(
    email="claire@ville.example",
    name="Boulangerie Morel",
    siren="100000017",
    excluded=("football",),
    with_town=False,
    schedule=DigestSchedule(only_when_spoken=True),
    locale="fr",
    agrees=True,
)


@dataclass
class Counter:
    """The sign-up desk around fakes, and what went through it."""

    world: World = field(default_factory=World)
    register: FakeRegister = field(default_factory=lambda: FakeRegister(BAKERY, CAMILLE))
    workers: FakeWorkers = field(default_factory=FakeWorkers)
    looked_up: list[Watch] = field(default_factory=list)
    mailed: list[tuple[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        world = self.world
        appointments = Appointments(digests=world.digests, sources=world.sources, clock=world.clock)
        self.tokens = Tokens(store=world.sign_in)
        self.desk = Joining(
            store=world.sign_ups,
            register=self.register,
            tokens=self.tokens,
            limits=Limits(store=world.sign_in),
            workers=self.workers,
            founding=Founding(
                accounts=world.accounts,
                digests=world.digests,
                sources=world.sources,
                enrol=appointments.keep,
                backfill=self.looked_up.append,
                start_trial=Trials(world.billing).start_trial,
                clock=world.clock,
            ),
            clock=world.clock,
        )
        self.confirmations = SendConfirmations(
            store=world.sign_ups,
            accounts=world.accounts,
            addresses=world.addresses,
            tokens=self.tokens,
            letter=lambda signup, token: self.mailed.append((signup.email, token)),
            clock=world.clock,
        )

    def ask(self, ip: str = HERE, **changes: Any) -> SignUp:
        """Send the form, and run what it started."""
        signup = self.desk.ask(replace(WANTED, **changes), ip)
        while self.workers.started:
            self.confirmations.run(self.workers.started.pop(0)["sign_up"]["signup_id"])
        return signup

    def joined(self, **changes: Any) -> SignUp:
        """Sign up and confirm."""
        self.ask(**changes)
        return self.desk.confirm(self.mailed[-1][1], HERE)


@pytest.fixture
def counter() -> Counter:
    """Return an empty desk."""
    return Counter()


def test_a_confirmed_sign_up_is_a_client(counter: Counter) -> None:
    """It has its watch, looked up in the past, a trial, its own digests, and a first one within ten minutes."""
    signup = counter.joined()
    client = counter.world.accounts.client(signup.client_id)
    assert client is not None
    assert client.recipients == (Recipient("claire@ville.example", manager=True),)
    (watch,) = counter.world.accounts.watches(client.client_id)
    assert counter.looked_up == [watch]
    assert "football" in watch.query
    subscription = counter.world.billing.subscription(client.client_id)
    assert subscription is not None
    first = counter.world.digests.upcoming(client.client_id, OPENING)
    assert first is not None
    assert first.send_at - counter.world.clock() == FIRST_DIGEST_AFTER
    assert first.emails == ("claire@ville.example",)
    assert counter.world.digests.upcoming(client.client_id) is not None


@pytest.mark.parametrize("name", ["Boulangerie Morel", "Camille Dupont"])
def test_of_a_sign_up_that_came_to_its_end_nothing_personal_is_kept(counter: Counter, name: str) -> None:
    """What it said is the client's, and goes with it; whether it was held or not."""
    signup = counter.joined(name=name)
    if signup.state == "held":
        counter.desk.release(signup.signup_id)
    (kept,) = counter.world.sign_ups.kept.values()
    assert kept.state == "done"
    assert "claire" not in repr(kept)
    assert name.split()[1] not in repr(kept)


def test_nothing_is_made_before_the_address_is_confirmed(counter: Counter) -> None:
    """Looking at the link, as mail scanners do, makes nothing either."""
    signup = counter.ask()
    assert counter.desk.peek(counter.mailed[0][1], HERE).signup_id == signup.signup_id
    assert counter.world.accounts.clients() == []


def test_a_link_works_once(counter: Counter) -> None:
    """A second press finds it used up, and the client as it was."""
    counter.ask()
    token = counter.mailed[0][1]
    counter.desk.confirm(token, HERE)
    with pytest.raises(Expired):
        counter.desk.confirm(token, HERE)
    assert len(counter.world.accounts.clients()) == 1


def test_a_link_is_good_for_two_days(counter: Counter) -> None:
    """Then one signs up again."""
    counter.ask()
    counter.world.clock.advance(48 * 3600)
    with pytest.raises(Expired):
        counter.desk.confirm(counter.mailed[0][1], HERE)


def test_a_run_that_died_is_done_again_by_the_same_link(counter: Counter) -> None:
    """Making the client twice makes one, with one watch and one first digest."""
    signup = counter.ask()
    counter.world.accounts.put_client(a_client(client_id=signup.client_id))
    counter.desk.confirm(counter.mailed[0][1], HERE)
    assert len(counter.world.accounts.clients()) == 1
    assert len(counter.world.accounts.watches(signup.client_id)) == 1


def test_consent_is_kept_with_the_client(counter: Counter) -> None:
    """Which text, when, and a hash of the address: never the address."""
    signup = counter.joined()
    (consent,) = counter.world.sign_ups.consents(signup.client_id)
    assert consent.terms_version
    assert HERE not in consent.address_sha256


def test_a_known_address_gets_another_mail_and_the_same_answer(counter: Counter) -> None:
    """Who asks sees no difference; the owner of the address is told to sign in."""
    known = replace(a_client(), recipients=(Recipient("CLAIRE@ville.example"),))
    counter.world.accounts.put_client(known)
    signup = counter.ask()
    assert signup.state == "asked"
    assert counter.mailed == [("claire@ville.example", "")]


def test_an_address_cannot_be_flooded(counter: Counter) -> None:
    """Past a few mails a day nothing more leaves, wherever it is asked from; who asks is told nothing."""
    for number in range(MAILS_A_DAY.at_most + 3):
        counter.ask(ip=f"198.51.{number}.7")
    assert len(counter.mailed) == MAILS_A_DAY.at_most


def test_a_network_cannot_flood(counter: Counter) -> None:
    """Neighbours of a /24 are counted together."""
    for number in range(JOINED_FROM_NETWORK.at_most):
        counter.ask(ip=f"192.0.2.{number}", email=f"a{number}@ville.example")
    with pytest.raises(TooMany):
        counter.ask(ip="192.0.2.250")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"email": "claire@ville.example\r\nBcc: all@ville.example"}, "email"),
        ({"email": "claire"}, "email"),
        ({"email": "claire@yopmail.com"}, "email"),
        ({"name": " \n "}, "name"),
        ({"agrees": False}, "agree"),
    ],
)
def test_what_cannot_be_kept_is_refused(counter: Counter, changes: dict[str, Any], field: str) -> None:
    """A header put into an address, a throw-away mailbox, no name, no consent."""
    with pytest.raises(BadField) as refused:
        counter.ask(**changes)
    assert refused.value.field == field
    assert counter.mailed == []


def test_a_persons_name_waits_for_somebody(counter: Counter) -> None:
    """Confirmed, it is no client until ops release it; then it begins at once."""
    signup = counter.joined(name="Jean Morel", siren="")
    assert signup.state == "held"
    assert counter.world.accounts.clients() == []
    assert counter.desk.held() == [signup]
    released = counter.desk.release(signup.signup_id)
    assert released.state == "done"
    assert len(counter.world.accounts.clients()) == 1
    with pytest.raises(NotFound):
        counter.desk.release(signup.signup_id)


def test_a_refused_name_begins_never(counter: Counter) -> None:
    """Its link is over."""
    signup = counter.ask(name="Jean Morel", siren="")
    counter.desk.refuse(signup.signup_id)
    with pytest.raises(Expired):
        counter.desk.confirm(counter.mailed[0][1], HERE)


@pytest.mark.parametrize(
    ("siren", "break_register", "state"),
    [
        ("100000066", lambda _register: None, "done"),
        ("100000017", lambda _register: None, "held"),
        ("100000066", lambda register: setattr(register, "is_down", True), "held"),
    ],
)
def test_the_register_alone_clears_a_name(
    counter: Counter, siren: str, break_register: Callable[[FakeRegister], None], state: str
) -> None:
    """The number that a form names is looked up: a bakery's clears no person, and a silent register nobody."""
    break_register(counter.register)
    assert counter.joined(name="Camille Fontanel", siren=siren).state == state
