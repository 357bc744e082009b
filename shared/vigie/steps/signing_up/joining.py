"""From a form to a client: ask, confirm by mail, begin. Every answer is the same whoever is known here."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace

from vigie.domain.clients import DigestSchedule, Locale, check_client, check_email, check_watch
from vigie.domain.limits import Limit, home_of, network_of
from vigie.domain.query.builder import Wishes
from vigie.domain.sign_in import SECRET_BYTES
from vigie.domain.signing_up.companies import Company
from vigie.domain.signing_up.looking import wishes_of_name
from vigie.domain.signing_up.persons import to_review
from vigie.domain.signing_up.sign_ups import (
    CONFIRM_LIFETIME,
    NAME_LIMIT,
    TERMS_VERSION,
    Consent,
    SignUp,
    client_of,
    hash_of_address,
    is_disposable,
    new_id,
    watch_of,
)
from vigie.domain.typography import one_line
from vigie.errors import BadField, Expired, NotFound, Transient
from vigie.ports import AccountStore, AddressStore, Clock, CompanyRegister, SignUpStore, Workers
from vigie.steps.sign_in import TRIES_FROM_HOME, Limits, Random, Tokens
from vigie.steps.signing_up.founding import Founding

JOINED_FROM_HOME = Limit("join", at_most=10, window_seconds=3600)
JOINED_FROM_NETWORK = Limit("joins", at_most=60, window_seconds=3600)
MAILS_A_DAY = Limit("confirm", at_most=3, window_seconds=86_400)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What the form says."""

    email: str
    name: str
    siren: str
    excluded: tuple[str, ...]
    with_town: bool
    schedule: DigestSchedule
    locale: Locale
    agrees: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Joining:
    """Takes sign-ups in, and makes clients of those that are confirmed."""

    store: SignUpStore
    register: CompanyRegister
    tokens: Tokens
    limits: Limits
    workers: Workers
    founding: Founding
    clock: Clock
    random: Random = secrets.token_bytes

    def ask(self, wanted: Wanted, ip: str) -> SignUp:
        """Keep what is asked for, and have a link mailed to confirm it. Raises BadField or TooMany.

        Whether the address is known is looked up by whoever mails, later. An address that was mailed enough links
        today gets none, and whoever asked is not told: it need not be theirs.
        """
        now = self.clock()
        signup = self._checked(wanted, ip)
        self.limits.take(JOINED_FROM_HOME, home_of(ip), now)
        self.limits.take(JOINED_FROM_NETWORK, network_of(ip), now)
        self.store.put(signup)
        if self.limits.may(MAILS_A_DAY, signup.email, now):
            self.workers.start({"sign_up": {"signup_id": signup.signup_id}})
        return signup

    def peek(self, token: str, ip: str) -> SignUp:
        """Return what a link confirms; opening it uses nothing up. Raises Expired or TooMany."""
        now = self.clock()
        self.limits.take(TRIES_FROM_HOME, home_of(ip), now)
        return self._of(self.tokens.peek("confirm", token, now))

    def confirm(self, token: str, ip: str) -> SignUp:
        """Confirm an address: make the client, or leave it to ops. Raises Expired or TooMany.

        The link is used up last: a run that dies is done again by the same link, and makes the same client.
        """
        now = self.clock()
        signup = self.peek(token, ip).confirmed(now)
        self.store.put(signup)
        signup = self._begun(signup)
        self.tokens.consume("confirm", token, now)
        self._forget(signup)
        return signup

    def held(self) -> list[SignUp]:
        """Return the sign-ups that ops must look at."""
        return self.store.held()

    def release(self, signup_id: str) -> SignUp:
        """Let a held sign-up go on; one already confirmed begins at once. Raises NotFound."""
        signup = self._held(signup_id)
        released = replace(signup, state="asked")
        self.store.put(released)
        begun = self._begun(released)
        self._forget(begun)
        return begun

    def refuse(self, signup_id: str) -> SignUp:
        """Let nothing come of a held sign-up. Raises NotFound."""
        refused = replace(self._held(signup_id), state="refused")
        self.store.put(refused)
        return refused

    def _held(self, signup_id: str) -> SignUp:
        signup = self.store.get(signup_id)
        if signup is None or signup.state != "held":
            raise NotFound(f"There is no sign-up {signup_id} to look at.")
        return signup

    def _begun(self, signup: SignUp) -> SignUp:
        if not signup.is_ready:
            return signup
        self.founding.begin(signup)
        with self.founding.within(signup.client_id):
            self.store.keep_consent(signup.client_id, signup.consent)
        done = replace(signup, state="done")
        self.store.put(done)
        return done

    def _forget(self, signup: SignUp) -> None:
        """Keep of a sign-up that came to its end only that it did: the rest is the client's now."""
        if signup.state == "done":
            self.store.put(
                replace(signup, email="", name="", about="", wishes=Wishes(), siren="", held_name="")
            )

    def _of(self, signup_id: str | None) -> SignUp:
        signup = self.store.get(signup_id) if signup_id else None
        if signup is None or signup.state == "refused":
            raise Expired("This link was used, or is past its time. Ask for another one.")
        return signup

    def _checked(self, wanted: Wanted, ip: str) -> SignUp:
        """Return the sign-up that a form asks for. Raises BadField naming what cannot be."""
        now, signup_id = self.clock(), new_id(self.random(SECRET_BYTES))
        email, name = check_email("email", wanted.email.strip()), one_line(wanted.name, NAME_LIMIT).strip()
        if is_disposable(email):
            raise BadField("email", "belongs to a throw-away mailbox", "Give an address that you keep.")
        if not any(letter.isalnum() for letter in name):
            raise BadField("name", "is empty", "Give the name the client is known by.")
        if not wanted.agrees:
            raise BadField("agree", "is not ticked", "Tick the box if you agree.")
        company = self._company(wanted)
        town = company.town if company and wanted.with_town else ""
        held = to_review((name,), company) or ""
        signup = SignUp(
            signup_id=signup_id,
            email=email,
            name=name,
            wishes=wishes_of_name(name, wanted.excluded, town),
            about=_about(company),
            schedule=wanted.schedule,
            locale=wanted.locale,
            asked_at=now,
            consent=Consent(
                terms_version=TERMS_VERSION, at=now, address_sha256=hash_of_address(ip, signup_id)
            ),
            siren=company.siren if company else "",
            held_name=held,
            state="held" if held else "asked",
        )
        check_client(client_of(signup, now))
        check_watch(watch_of(signup, now))
        return signup

    def _company(self, wanted: Wanted) -> Company | None:
        """Return the company that the form names, as the register has it now: a form can name any."""
        if not (len(wanted.siren) == 9 and wanted.siren.isdigit()):
            return None
        try:
            return self.register.company(wanted.siren)
        except Transient:
            return None


def _about(company: Company | None) -> str:
    if company is None:
        return ""
    trade = company.trade.fr if company.trade else ""
    return ", ".join(part for part in (company.name, trade, company.town) if part)


Letter = Callable[[SignUp, str], None]
"""Mails a sign-up's address: the secret of a link to confirm it, or none: that it is known here already."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SendConfirmations:
    """Mails links that confirm sign-ups. Run where nobody waits for the answer."""

    store: SignUpStore
    accounts: AccountStore
    addresses: AddressStore
    tokens: Tokens
    letter: Letter
    clock: Clock

    def run(self, signup_id: str) -> bool:
        """Mail an address its link, or that it has an account; return whether it was mailed. Raises Transient.

        Done twice it mails two links, of which the first used counts.
        """
        now, signup = self.clock(), self.store.get(signup_id)
        if signup is None or signup.confirmed_at or not self.addresses.get(signup.email).is_written_to(now):
            return False
        wanted = signup.email.casefold()
        is_known = any(
            each.email.casefold() == wanted
            for client in self.accounts.clients()
            for each in client.recipients
        )
        seconds = int(CONFIRM_LIFETIME.total_seconds())
        self.letter(signup, "" if is_known else self.tokens.issue("confirm", signup_id, seconds, now))
        return True
