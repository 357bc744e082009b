"""Desk: what is replaced is looked at in the write itself, so that nobody writes over what they have not read."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.builders import a_client, a_watch
from tests.fakes import FakeAccounts, FakeClock, FakeDigests, FakeKeys, FakeMentions
from vigie.domain.clients import Client, Recipient, Watch
from vigie.domain.plans import plan_named
from vigie.errors import NotAllowed, NotFound, Outdated
from vigie.requests import ClientRequest, RecipientRequest, WatchRequest
from vigie.steps.desk import Desk
from vigie.steps.key_desk import KeyDesk

CLIENT = a_client(recipients=(Recipient("com@banque.test"),))
WATCH = a_watch()


class Meddled(FakeAccounts):
    """Accounts that somebody else changes once, between a desk's reading of them and its write."""

    meddle: Callable[[], None] | None = None

    def change_client(self, client_id: str, decide: Callable[[Client], Client]) -> Client | None:
        """Let the other be first."""

        def decide_late(client: Client) -> Client:
            decided = decide(client)
            self._let_meddle()
            return decided

        return super().change_client(client_id, decide_late)

    def swap_watch(self, before: Watch, after: Watch, *fix: object) -> bool:
        """Let the other be first."""
        self._let_meddle()
        return super().swap_watch(before, after, *fix)  # type: ignore[arg-type]

    def _let_meddle(self) -> None:
        meddle, self.meddle = self.meddle, None
        if meddle:
            meddle()


@pytest.fixture
def accounts() -> Meddled:
    """Return accounts of one client with one watch."""
    accounts = Meddled()
    accounts.put_client(CLIENT)
    accounts.put_watch(WATCH)
    return accounts


def desk_of(accounts: FakeAccounts, followed: list[tuple[Client, Client | None]] | None = None) -> Desk:
    """Return a desk; ``followed`` collects what appointments are told."""
    clock = FakeClock()
    return Desk(
        accounts=accounts,
        keys=KeyDesk(keys=FakeKeys(), clock=clock, requests_per_minute=300),
        mentions=FakeMentions(),
        digests=FakeDigests(),
        enrol=lambda after, before: (followed if followed is not None else []).append((after, before)),
        clock=clock,
    )


def is_still(read: object) -> Callable[[object], None]:
    """Return the check of somebody who says what they had read."""

    def check(standing: object) -> None:
        if standing != read:
            raise Outdated("changed")

    return check


def test_two_recipients_added_at_once_both_stay(accounts: Meddled) -> None:
    """Whoever comes second adds to what the first left."""
    other = Recipient("dir@banque.test")
    accounts.meddle = lambda: accounts.put_client(replace(CLIENT, recipients=(*CLIENT.recipients, other)))
    added = desk_of(accounts).add_recipient(CLIENT, RecipientRequest("rh@banque.test"))
    kept = accounts.client(CLIENT.client_id)
    assert kept is not None
    assert kept.recipients == (*CLIENT.recipients, other, added)


def test_appointments_follow_from_what_stood(accounts: Meddled) -> None:
    """Not from what the caller had read before somebody changed it."""
    followed: list[tuple[Client, Client | None]] = []
    renamed = replace(CLIENT, name="Banque du Gave")
    accounts.meddle = lambda: accounts.put_client(renamed)
    desk_of(accounts, followed).remove_recipient(CLIENT, "COM@banque.test")
    assert followed == [(replace(renamed, recipients=()), renamed)]


def test_a_client_changed_meanwhile_is_not_written_over(accounts: Meddled) -> None:
    """Who says what they had read is told that it is no more; what the other wrote stands."""
    renamed = replace(CLIENT, name="Banque du Gave")
    accounts.meddle = lambda: accounts.put_client(renamed)
    with pytest.raises(Outdated):
        desk_of(accounts).change_client(CLIENT, ClientRequest(name="Autre"), is_still(CLIENT))
    assert accounts.client(CLIENT.client_id) == renamed


def test_a_watch_changed_meanwhile_is_not_written_over(accounts: Meddled) -> None:
    """As a client."""
    widened = replace(WATCH, query="Armélie OR armelie")
    accounts.meddle = lambda: accounts.put_watch(widened)
    request = WatchRequest(name="Marque", query="autre", purpose="brand")
    with pytest.raises(Outdated):
        desk_of(accounts).change_watch(CLIENT, WATCH.watch_id, request, is_still(WATCH))
    assert accounts.watches(CLIENT.client_id) == [widened]


def test_who_says_nothing_of_what_they_read_writes_over_it(accounts: Meddled) -> None:
    """The last to ask is obeyed."""
    accounts.meddle = lambda: accounts.put_watch(replace(WATCH, query="Armélie OR armelie"))
    request = WatchRequest(name="Marque", query="autre", purpose="brand")
    changed = desk_of(accounts).change_watch(CLIENT, WATCH.watch_id, request)
    assert accounts.watches(CLIENT.client_id) == [changed]
    assert changed.query == "autre"


def test_a_client_that_left_meanwhile_is_not_made_again(accounts: Meddled) -> None:
    """Nothing is left behind by who was changing it."""
    with pytest.raises(NotFound):
        desk_of(FakeAccounts()).change_plan(CLIENT, 5_000)


def test_a_plan_limits_recipients_and_watches_and_takes_nothing_away(accounts: Meddled) -> None:
    """A second person fits, a third does not; a query wants the editor; what there is may be renamed."""
    asked = replace(desk_of(accounts), plan_of=lambda _: plan_named("essentiel"))
    asked.add_recipient(CLIENT, RecipientRequest("rh@banque.test"))
    with pytest.raises(NotAllowed, match="2 recipients"):
        asked.add_recipient(CLIENT, RecipientRequest("dir@banque.test"))
    with pytest.raises(NotAllowed, match="choose Plus"):
        asked.create_watch(CLIENT, WatchRequest(name="Grève", purpose="brand", query="a NEAR/3 bb"))
    renamed = WatchRequest(name="Autre nom", purpose=WATCH.purpose, query=WATCH.query)
    assert asked.change_watch(CLIENT, WATCH.watch_id, renamed).name == "Autre nom"
