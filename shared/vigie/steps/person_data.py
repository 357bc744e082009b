"""A person's data, erased with a receipt: whom we write to, or who wrote.

What a person decided (a correction, a review) stays with the client it was made for, under the name they gave: it
goes with the client. What was sent to them is theirs.
"""

from dataclasses import dataclass, replace
from datetime import timedelta

from vigie.domain.alerts.settings import AlertSettings
from vigie.domain.clients import Client
from vigie.domain.cutoffs import Interval
from vigie.domain.objections import hash_of_name, objects
from vigie.domain.owned import NOTES, Receipt, hashed
from vigie.domain.sign_in import person_of
from vigie.ports import AccountStore, AddressStore, Clock, MentionStore, ObjectionStore, SignInStore
from vigie.ports.alerts import AlertStore
from vigie.steps.client_data import OwnedStore

_DELIVERIES = "Which digests were sent is kept under a hash of the address, as long as the digests."
_DIGESTS = "Digests that were stored before still hold what they said; they go after their retention."


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonData:
    """Erases people. Doing it again erases what came meanwhile."""

    accounts: AccountStore
    addresses: AddressStore
    alerts: AlertStore
    sign_in: SignInStore
    mentions: MentionStore
    objections: ObjectionStore
    owned: OwnedStore
    clock: Clock
    kept_days: int

    def erase_address(self, email: str, by: str) -> Receipt:
        """Take an address off everything that is written to, and forget what is known of it."""
        counts = {"recipient": 0, "reviewer": 0, "alerted": 0}
        for client in self.accounts.clients():
            counts["recipient"] += sum(_same(each.email, email) for each in client.recipients)
            counts["reviewer"] += client.reviewer is not None and _same(client.reviewer.email, email)
            self.accounts.change_client(client.client_id, lambda standing: _without(standing, email))
            counts["alerted"] += self._silence(client.client_id, email)
        person = person_of(email)
        sessions = self.sign_in.sessions(person)
        for session in sessions:
            self.sign_in.remove_session(person, session.session_sha256)
        known = self.addresses.forget(email)
        return self._receipt(
            "person", email, by, {**counts, "sessions": len(sessions), "address": int(known)}
        )

    def erase_author(self, author: str, by: str) -> Receipt:
        """Blank every mention of what an author wrote, for every client; the counts stay."""
        now, blanked = self.clock(), 0
        lifetime = Interval(now - timedelta(days=self.kept_days), now + timedelta(days=1))
        for client in self.accounts.clients():
            own = self.mentions.recorded_in(client.client_id, lifetime)
            documents = {each.document.document_id for each in own if _same(each.document.author, author)}
            for document_id in sorted(documents):
                self.mentions.withdraw(client.client_id, document_id, now)
            blanked += len(documents)
        return self._receipt("author", author, by, {"mentions": blanked})

    def object_author(self, author: str, by: str) -> Receipt:
        """Name an author no more: in new mentions of any client, and in those there are. The list keeps a hash.

        Listed first: doing it again takes away what was on its way meanwhile.
        """
        name = hash_of_name(author)
        self.objections.add(name)
        now, unnamed = self.clock(), 0
        lifetime = Interval(now - timedelta(days=self.kept_days), now + timedelta(days=1))
        for client in self.accounts.clients():
            own = self.mentions.recorded_in(client.client_id, lifetime)
            documents = {each.document.document_id for each in own if objects(each.document.author, (name,))}
            for document_id in sorted(documents):
                self.objections.unsign(client.client_id, document_id)
            unnamed += len(documents)
        return self._receipt("author", author, by, {"mentions": unnamed})

    def _silence(self, client_id: str, email: str) -> int:
        """Take a person out of a client's chain of alerts; return how often they were in it."""
        before = self.alerts.settings(client_id)
        found = sum(_same(channel.to, email) for person in before.people for channel in person.channels)
        if found:
            self.alerts.change_settings(client_id, lambda standing: _unchained(standing, email))
        return found

    def _receipt(self, kind: str, subject: str, by: str, erased: dict[str, int]) -> Receipt:
        receipt = Receipt(
            kind="person" if kind == "person" else "author",
            subject=hashed(subject),
            erased_at=self.clock(),
            by=by,
            erased=erased,
            notes=(*NOTES, _DELIVERIES if kind == "person" else _DIGESTS),
        )
        self.owned.keep_receipt(receipt)
        return receipt


def _without(client: Client, email: str) -> Client:
    reviewer = client.reviewer
    if reviewer is not None and _same(reviewer.email, email):
        reviewer = None
    left = tuple(each for each in client.recipients if not _same(each.email, email))
    return replace(client, recipients=left, reviewer=reviewer)


def _unchained(settings: AlertSettings, email: str) -> AlertSettings:
    """Return settings without an address; who has no other channel is in the chain no more."""
    people = [
        replace(person, channels=tuple(each for each in person.channels if not _same(each.to, email)))
        for person in settings.people
    ]
    return replace(settings, people=tuple(person for person in people if person.channels))


def _same(one: str, other: str) -> bool:
    return one.strip().casefold() == other.strip().casefold()
