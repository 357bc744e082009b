"""A sign-up: what somebody asked for before anything of theirs exists, and what they agreed to."""

import hashlib
import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Literal

from vigie.domain.clients import Client, DigestSchedule, Locale, Recipient, Watch, WatchedEntity
from vigie.domain.query.builder import Wishes, query_of
from vigie.domain.query.text import fold
from vigie.domain.sign_in import SECRET_BYTES

TERMS_VERSION = "2026-11-23.2"
"""Which version of the terms of sale and of the privacy page stands: a sign-up keeps the one it saw."""

CONFIRM_LIFETIME = timedelta(hours=48)
HELD_LIFETIME = timedelta(days=30)
NAME_LIMIT = 120
WATCH_ID = "brand"

State = Literal["asked", "held", "refused", "done"]
_DISPOSABLE = Path(__file__).with_name("disposable.txt")


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """What somebody agreed to, when, and from where: the address as a hash, enough to show and too little to find."""

    terms_version: str
    at: datetime
    address_sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SignUp:
    """What somebody asked for. ``held_name`` is the name that somebody must look at, empty when none.

    It becomes a client when its address is confirmed and nothing holds it, in whichever order the two come.
    """

    signup_id: str
    email: str
    name: str
    wishes: Wishes
    about: str
    schedule: DigestSchedule
    locale: Locale
    asked_at: datetime
    consent: Consent
    siren: str = ""
    held_name: str = ""
    state: State = "asked"
    confirmed_at: datetime | None = None

    @property
    def client_id(self) -> str:
        """The id of the client it becomes: always the same, so that making it twice makes one."""
        words = re.sub(r"[^a-z0-9]+", "-", fold(self.name)).strip("-")[:36].strip("-")
        return f"{words or 'client'}-{self.signup_id[:8]}"

    @property
    def goes_at(self) -> datetime:
        """When it is forgotten, if nothing comes of it."""
        return self.asked_at + (HELD_LIFETIME if self.held_name else CONFIRM_LIFETIME)

    @property
    def is_ready(self) -> bool:
        """Whether the client can be made."""
        return self.state == "asked" and self.confirmed_at is not None

    def confirmed(self, now: datetime) -> "SignUp":
        """Return it with its address confirmed; the first time counts."""
        return self if self.confirmed_at else replace(self, confirmed_at=now)


def new_id(random_bytes: bytes) -> str:
    """Return a sign-up's id, of random bytes."""
    return hashlib.sha256(random_bytes[:SECRET_BYTES]).hexdigest()[:32]


def hash_of_address(ip: str, signup_id: str) -> str:
    """Return what is kept of the address a consent came from: of no use without the sign-up it belongs to."""
    return hashlib.sha256(f"consent {signup_id} {ip}".encode()).hexdigest()


def client_of(signup: SignUp, now: datetime) -> Client:
    """Return the client a sign-up becomes; its only recipient manages it."""
    return Client(
        client_id=signup.client_id,
        name=signup.name,
        created_at=now,
        locale=signup.locale,
        schedule=signup.schedule,
        recipients=(Recipient(signup.email, manager=True),),
    )


def watch_of(signup: SignUp, now: datetime) -> Watch:
    """Return the first watch of a sign-up. Raises BadQuery for words that cannot be looked for."""
    return Watch(
        client_id=signup.client_id,
        watch_id=WATCH_ID,
        name=signup.name,
        purpose="brand",
        query=query_of(signup.wishes),
        created_at=now,
        entity=WatchedEntity(name=signup.name, about=signup.about),
    )


def is_disposable(email: str) -> bool:
    """Whether an address is at a domain whose addresses are thrown away, or under one."""
    labels = email.rpartition("@")[2].casefold().split(".")
    return any(".".join(labels[start:]) in _disposable() for start in range(len(labels)))


@cache
def _disposable() -> frozenset[str]:
    lines = _DISPOSABLE.read_text("utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))
