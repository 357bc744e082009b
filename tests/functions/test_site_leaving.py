"""Leaving the mails and choosing their hours: by a button, never by opening a page, and for nobody else."""

from dataclasses import replace
from datetime import UTC, datetime, time
from typing import Any

import pytest

from tests.builders import a_client
from tests.functions.conftest import Stack
from tests.functions.test_site import READER, Tags, follow, words
from tests.functions.test_site_reviewing import form_of
from tests.functions.visitor import Visitor
from vigie import wiring
from vigie.domain.clients import Client, DigestSchedule, Recipient
from vigie.domain.rhythms import frequency_of, rhythm_name
from vigie.domain.site_links import DigestLinks

pytestmark = pytest.mark.emulator

COLLEAGUE = Recipient("paul@armelie.example", "Paul")
DIGEST_ID = "20261208T061500Z"


@pytest.fixture
def visitor(stack: Stack) -> Visitor:
    """Return a reader of a client with a colleague."""
    client = replace(a_client(), recipients=(Recipient(READER, "Claire"), COLLEAGUE))
    wiring.accounts().put_client(client)
    wiring.appointments().keep(client)
    wiring.make_link_secret()
    return Visitor(stack)


def mail_links(recipient: str = READER) -> DigestLinks:
    """Return the addresses of a mail."""
    return DigestLinks(
        site_url="/v1",
        secret=wiring.link_secret(),
        client_id=a_client().client_id,
        digest_id=DIGEST_ID,
        recipient=recipient,
        now=datetime.now(UTC),
    )


def client_now() -> Client:
    """Return the client as it stands."""
    found = wiring.accounts().client(a_client().client_id)
    assert found is not None
    return found


def reader_now() -> Recipient | None:
    """Return the reader as a recipient, if they still are one."""
    return next((each for each in client_now().recipients if each.email == READER), None)


def choose(visitor: Visitor, **changes: Any) -> str:
    """Send the page's form with some fields changed; return the page it leads to."""
    url = mail_links().preferences
    reply = visitor.post(url, form_of(visitor.get(url).text) | changes)
    assert reply.status == 303
    page = visitor.get(follow(url, reply.headers["Location"]))
    assert page.status == 200
    return page.text


def chosen(html: str, name: str) -> list[str]:
    """Return what is chosen of a group of boxes."""
    return [
        str(attributes["value"])
        for _, attributes in Tags(html).found
        if attributes.get("name") == name and "checked" in attributes
    ]


# -- leaving ------------------------------------------------------------------------------------------------


def test_opening_the_way_out_leaves_nobody(visitor: Visitor) -> None:
    """A scanner that opens the link, as often as it likes, unsubscribes nobody."""
    for _ in range(3):
        page = visitor.get(mail_links().unsubscribe)
        assert page.status == 200
        assert READER in words(page.text)
    assert reader_now() is not None


def test_a_mailbox_unsubscribes_by_one_post(visitor: Visitor) -> None:
    """RFC 8058: the one-click form is answered at once, without a redirect, and twice is once."""
    for _ in range(2):
        reply = visitor.post(mail_links().unsubscribe, {"List-Unsubscribe": "One-Click"})
        assert reply.status == 200
        assert "Location" not in reply.headers
    assert reader_now() is None
    assert COLLEAGUE in client_now().recipients


def test_a_person_leaves_by_a_button(visitor: Visitor) -> None:
    """The button leads to a page that says it is done; the links that were sent open nothing more."""
    url = mail_links().unsubscribe
    reply = visitor.post(url)
    assert reply.status == 303
    page = visitor.get(follow(url, reply.headers["Location"]))
    assert "ne reçoit plus" in words(page.text)
    assert "<form" not in page.text
    assert visitor.get(mail_links().preferences).status == 410
    assert visitor.get(mail_links().page).status == 410


def test_one_leaves_for_oneself_alone(visitor: Visitor) -> None:
    """A token for another purpose leaves nobody."""
    token = mail_links().preferences.rpartition("/")[2]
    assert visitor.post(f"/v1/unsubscribe/{token}").status == 404
    assert reader_now() is not None


# -- choosing -----------------------------------------------------------------------------------------------


def test_the_page_shows_what_stands(visitor: Visitor) -> None:
    """Whoever chose nothing sees the team's rhythm, and when the next mail comes."""
    page = visitor.get(mail_links().preferences).text
    assert chosen(page, "frequency") == ["daily"]
    assert chosen(page, "days") == [str(day) for day in range(7)]
    assert 'value="07:30"' in page
    assert "Prochain envoi" in words(page)
    assert "Revenir au rythme" not in page


def test_saving_what_stands_changes_nothing(visitor: Visitor) -> None:
    """The team's rhythm, saved as it is, stays the team's: it follows when the team changes its own."""
    before = client_now()
    choose(visitor)
    assert client_now() == before


@pytest.mark.parametrize(
    ("form", "schedule"),
    [
        ({"frequency": "weekdays", "send_at": "06:45"}, DigestSchedule(time(6, 45), (0, 1, 2, 3, 4))),
        ({"frequency": "weekly", "day": "4"}, DigestSchedule(time(7, 30), (4,), weekly_day=4)),
        ({"frequency": "days", "days": ["1", "3"]}, DigestSchedule(time(7, 30), (1, 3))),
        ({"frequency": "spoken", "day": "2"}, DigestSchedule(only_when_spoken=True, weekly_day=2)),
    ],
)
def test_a_rhythm_of_ones_own(visitor: Visitor, form: dict[str, Any], schedule: DigestSchedule) -> None:
    """What is chosen stands, is shown, and has a digest to come; colleagues keep theirs."""
    page = choose(visitor, **form)
    reader = reader_now()
    assert reader is not None
    assert reader.schedule == schedule
    assert chosen(page, "frequency") == [frequency_of(schedule) or "days"]
    assert "Enregistré" in words(page)
    assert COLLEAGUE in client_now().recipients
    name = rhythm_name(client_now(), reader)
    assert wiring.digests().upcoming(client_now().client_id, name) is not None


def test_hours_are_those_of_ones_zone(visitor: Visitor) -> None:
    """Another zone alone is a rhythm of one's own, and going back to the team's forgets it."""
    page = choose(visitor, zone="Indian/Reunion")
    reader = reader_now()
    assert reader is not None
    assert (reader.zone, reader.schedule) == ("Indian/Reunion", None)
    assert "Revenir au rythme" in page
    choose(visitor, reset="1")
    assert reader_now() == Recipient(READER, "Claire")


@pytest.mark.parametrize(
    "form",
    [
        {"frequency": "hourly"},
        {"frequency": "days", "days": []},
        {"frequency": "weekly", "day": "7"},
        {"send_at": "25:00"},
        {"zone": "Europe/Armelie"},
        {"zone": "../../etc/passwd"},
    ],
)
def test_what_is_no_choice_is_refused(visitor: Visitor, form: dict[str, Any]) -> None:
    """A form out of bounds changes nothing and says so on the page."""
    url = mail_links().preferences
    before = client_now()
    reply = visitor.post(url, form_of(visitor.get(url).text) | form)
    assert reply.status == 422
    assert "Rien n'a été changé" in words(reply.text)
    assert client_now() == before


def test_pages_are_in_the_readers_language(visitor: Visitor) -> None:
    """A recipient who reads English has English pages of a French client."""
    client = client_now()
    reader = replace(client.recipients[0], locale="en")
    wiring.accounts().put_client(replace(client, recipients=(reader, COLLEAGUE)))
    assert "How often" in visitor.get(mail_links().preferences).text
    assert "À quel rythme" in visitor.get(mail_links(COLLEAGUE.email).preferences).text
