"""What became of an address, after real passes of the whole pipeline in memory."""

from datetime import timedelta
from typing import Any

import pytest

from tests.builders import a_client, a_source, a_watch
from tests.fakes import World
from tests.journal import Crash
from tests.pipeline.spine import REDELIVERY_SECONDS, Spine, Web, rss
from vigie import views
from vigie.domain.clients import Recipient
from vigie.domain.mentions import Parked
from vigie.errors import BadField, NotFound, Permanent
from vigie.steps.fates import Fates
from vigie.steps.why import Why

COURRIER, PORT = "https://www.courrier.test/rss", "https://feeds.port.test/rss"
ARTICLE = "https://courrier.test/guichets"
CLIENT = "banque-armelie"
TEXT = (
    "La Banque d'Armélie ferme trois guichets dans le Vaurel, et les élus de la vallée demandent à être reçus "
    "par la direction avant la fin du mois."
)


class Stack:
    """A pipeline, the web it reads, and what answers about both."""

    def __init__(self, **pages: bytes | int) -> None:
        self.world = World()
        addresses = {"courrier": COURRIER, "port": PORT}
        self.web = Web({addresses[name]: page for name, page in pages.items()})
        self.spine = Spine(self.world, self.web)
        self.spine.follow(*(a_source(name, url=addresses[name], name=name.capitalize()) for name in pages))
        self.told: list[str] = []

    def enrol(self, **fields: Any) -> None:
        """Take a client on, with its brand watch."""
        client = a_client(**fields)
        self.world.accounts.put_client(client)
        self.spine.appointments.keep(client)

    def watch(self, query: str, watch_id: str = "brand", **fields: Any) -> None:
        """Save a watch."""
        self.world.accounts.put_watch(a_watch(watch_id, query=query, **fields))

    def poll(self) -> None:
        """Poll everything, and let every message run to its end."""
        self.spine.schedule.run(force=True)
        self.spine.drain()

    def ask(
        self, url: str = ARTICLE, *, days: int = 30, client_id: str | None = None
    ) -> list[dict[str, Any]]:
        """Return the findings, as the command prints them."""
        world = self.world
        fates = Fates(
            accounts=world.accounts,
            mentions=world.mentions,
            digests=world.digests,
            deliveries=world.deliveries,
            clock=world.clock,
        )
        why = Why(
            sources=world.sources,
            blobs=world.blobs,
            ledger=world.ledger,
            accounts=world.accounts,
            fates=fates,
            clock=world.clock,
            late_after_seconds=3600,
        )
        findings = why.run(url, days=days, client_id=client_id, tell=self.told.append)
        return [views.plain(finding) for finding in findings]

    def one(self, kind: str, **question: Any) -> dict[str, Any]:
        """Return the only finding of a kind."""
        (finding,) = (each for each in self.ask(**question) if each["finding"] == kind)
        return finding


def kinds(findings: list[dict[str, Any]]) -> list[str]:
    """Return the kinds of findings, in order."""
    return [finding["finding"] for finding in findings]


@pytest.fixture
def stack() -> Stack:
    """Return a stack with one client, whose feed brought one article that concerns it."""
    stack = Stack(courrier=rss(("Trois guichets vont fermer", f"{ARTICLE}?utm_source=rss", TEXT)))
    stack.enrol()
    stack.watch('"Banque d\'Armélie"')
    stack.poll()
    return stack


def test_an_article_is_followed_from_its_source_to_its_digest(stack: Stack) -> None:
    """By any spelling of its address: source, sighting, and the client's words, story and digest to come."""
    address, source, seen, client = stack.ask("http://m.courrier.test/guichets/?xtor=RSS-1#haut")
    assert (address["outcome"], address["documents"], address["polls_read"]) == ("seen", 1, 1)
    assert (source["source_id"], source["carried"], source["health"]) == ("courrier", True, "fresh")
    assert (seen["source_name"], seen["queued"], seen["delay_seconds"]) == ("Courrier", True, None)
    assert (client["outcome"], client["watches"], client["words"], client["role"], client["digest"]) == (
        "kept",
        ["Brand"],
        ["Banque d'Armélie"],
        "first",
        "to_come",
    )
    assert client["document_id"] == client["story_id"] == seen["document_id"]


def test_the_digest_it_was_in_is_named_and_whether_it_was_sent(stack: Stack) -> None:
    """Built, it is due; mailed, it is sent; and a recipient who came later makes it sent in part."""
    stack.world.clock.advance(3_600)
    (digest,) = stack.spine.digest.run_on_demand(stack.world.clock())
    client = stack.one("client")
    assert (client["digest_id"], client["digest"], client["sent_to"]) == (digest.digest_id, "unsent", 0)
    stack.spine.drain()
    assert stack.one("client")["digest"] == "sent"
    late = Recipient("presse@banque-armelie.example")
    stack.world.accounts.put_client(a_client(recipients=(*a_client().recipients, late)))
    client = stack.one("client")
    assert (client["digest"], client["sent_to"], client["recipients"]) == ("partly_sent", 1, 2)


def test_a_mail_refused_for_good_is_not_taken_for_sent(stack: Stack) -> None:
    """The delivery is closed, but what the provider said is shown instead of a success."""
    stack.world.mailer.refusals["veille@banque-armelie.example"] = Permanent("address is on the blocklist")
    stack.world.clock.advance(3_600)
    stack.spine.digest.run_on_demand(stack.world.clock())
    stack.spine.drain()
    client, parked = stack.one("client"), stack.one("parked")
    assert (client["digest"], client["sent_to"]) == ("unsent", 0)
    assert (parked["stage"], parked["reason"]) == ("send", "address is on the blocklist")


def test_the_clause_that_failed_is_named_for_the_client_who_asks() -> None:
    """Nobody is concerned: in all one count, for one client the clauses of each of its watches."""
    stack = Stack(courrier=rss(("Trois guichets vont fermer", ARTICLE, TEXT)))
    stack.enrol()
    stack.enrol(client_id="autre")
    stack.watch('"Banque d\'Armélie" -guichets')
    stack.watch("fusion OR rachat", "deals")
    stack.poll()
    assert stack.one("others")["clients"] == 2
    assert kinds(stack.ask(client_id=CLIENT)) == ["address", "source", "seen", "client", "watch", "watch"]
    brand, deals = [each for each in stack.ask(client_id=CLIENT) if each["finding"] == "watch"]
    assert (brand["matched"], brand["failed"]) == (False, ["NOT guichets"])
    assert brand["clauses"]["clauses"][0]["held"] is True
    assert deals["failed"] == ["fusion OR rachat"]
    assert stack.one("client", client_id=CLIENT)["outcome"] == "not_matched"


def test_a_watch_made_later_is_told_from_one_that_was_missed(stack: Stack) -> None:
    """Matching today is no promise: a watch newer than the article says so, a changed one says what it can."""
    stack.enrol(client_id="autre")
    made = stack.world.clock() + timedelta(hours=1)
    stack.watch("guichets", client_id="autre", created_at=made)
    assert stack.one("client", client_id="autre")["outcome"] == "watch_is_newer"
    stack.watch("guichets", client_id="autre")
    assert stack.one("client", client_id="autre")["outcome"] == "not_recorded"


def test_a_watch_today_s_parser_refuses_says_so(stack: Stack) -> None:
    """A stored query that cannot be read is a finding of its own, and does not stop the others."""
    stack.watch("banque AND (", "broken")
    brand, broken = [each for each in stack.ask(client_id=CLIENT) if each["finding"] == "watch"]
    assert (brand["matched"], broken["matched"], broken["clauses"]) == (True, False, None)
    assert "query: " in broken["problem"]


def test_the_same_page_from_two_feeds_is_kept_once() -> None:
    """The second document of an address is held back, and says which story it belongs to."""
    item = ("Trois guichets vont fermer", ARTICLE, TEXT)
    stack = Stack(courrier=rss(item), port=rss(item))
    stack.web.pages[COURRIER] = rss()
    stack.enrol()
    stack.watch('"Banque d\'Armélie"')
    stack.poll()
    assert stack.one("address")["outcome"] == "seen"  # by a source that shares no site with it
    assert {each["source_id"]: each["carried"] for each in stack.ask() if each["finding"] == "source"} == {
        "port": True,
        "courrier": False,
    }
    stack.web.pages[COURRIER] = rss(item)
    stack.world.clock.advance(900)
    stack.poll()
    held = stack.one("client")
    assert (held["outcome"], held["held_reason"], held["role"]) == ("held", "same_address", "same_address")
    assert held["story_id"] != held["document_id"]


def test_an_address_nobody_brought_is_not_seen_or_not_followed(stack: Stack) -> None:
    """With a source of its site it was not seen, without one it is not followed; both say how far they looked."""
    unseen = stack.ask("https://courrier.test/autre")
    assert kinds(unseen) == ["address", "source"]
    assert (unseen[0]["outcome"], unseen[0]["polls_read"]) == ("not_seen", 1)
    (address,) = stack.ask("https://phare.test/autre")
    assert (address["outcome"], address["polls_read"]) == ("not_followed", 1)
    assert stack.told == ["reading 1 archived polls"] * 2


def test_a_source_that_failed_says_why() -> None:
    """The source that should have brought the address shows its failure and its next poll."""
    stack = Stack(courrier=503)
    stack.poll()
    source = stack.one("source")
    assert (source["health"], source["failure"]) == ("failing", "bad_status: the server answered 503")
    assert source["next_poll_at"] > source["polled_at"]


def test_what_is_older_than_the_days_asked_for_is_not_seen(stack: Stack) -> None:
    """Only so many days of the archive are read, today's included."""
    stack.world.clock.advance(timedelta(days=3).total_seconds())
    assert stack.one("address", days=2)["outcome"] == "not_seen"
    assert stack.one("address", days=3)["outcome"] == "seen"


def test_a_poll_that_was_archived_and_not_applied_is_told() -> None:
    """A worker died after its commit: the article is seen, but not before the watches yet."""
    stack = Stack(courrier=rss(("Trois guichets vont fermer", ARTICLE, TEXT)))
    stack.enrol()
    stack.watch('"Banque d\'Armélie"')
    stack.spine.schedule.run(force=True)
    ((due, _),) = stack.world.outbox.sent
    stack.world.outbox.sent.clear()
    stack.world.journal.interrupt(after=3)  # acquire, archive, commit
    with pytest.raises(Crash):
        stack.spine.poll.run(due, holder="dies")
    assert (stack.one("seen")["queued"], stack.one("client")["outcome"]) == (False, "on_its_way")
    stack.world.clock.advance(REDELIVERY_SECONDS)
    stack.spine.deliver(due)
    stack.spine.drain()
    assert (stack.one("seen")["queued"], stack.one("client")["outcome"]) == (True, "kept")


def test_a_document_a_stage_gave_up_is_told(stack: Stack) -> None:
    """What was parked under its id or its address is a finding, whatever else was parked."""
    world = stack.world
    for thing_id, url in (("x", f"{ARTICLE}?xtor=1"), ("y", "https://courrier.test/autre")):
        world.ledger.park(Parked("match", thing_id, "match failed: KeyError()", world.clock(), {"url": url}))
    parked = stack.one("parked")
    assert (parked["thing_id"], parked["reason"]) == ("x", "match failed: KeyError()")


def test_an_archived_poll_that_cannot_be_read_is_counted(stack: Stack) -> None:
    """Bytes that are no poll hide nothing: the verdict says how many could not be read."""
    (key,) = stack.world.blobs.keys("archive/")
    stack.world.blobs.objects[key] = stack.world.blobs.objects[key][:-20]
    address = stack.one("address")
    assert (address["outcome"], address["polls_read"], address["unreadable"]) == ("not_seen", 0, 1)
    assert address["says"].endswith("; 1 archived polls could not be read")


@pytest.mark.parametrize("url", ["guichets", "ftp://courrier.test/1", "http://[", ""])
def test_what_is_no_address_is_refused(stack: Stack, url: str) -> None:
    """A sentence says to give the whole address."""
    with pytest.raises(BadField, match="is no web address"):
        stack.ask(url)


def test_an_unknown_client_and_impossible_days_are_refused(stack: Stack) -> None:
    """The clients there are, and the days that can be asked for, are named."""
    with pytest.raises(NotFound, match="there is no client nobody; the stack has: banque-armelie"):
        stack.ask(client_id="nobody")
    with pytest.raises(BadField, match="Ask for 1 to 366 days"):
        stack.ask(days=0)
