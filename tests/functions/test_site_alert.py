"""An alert's page: read behind its link, and taken, closed or called false by a button alone."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.functions.conftest import Stack
from tests.functions.test_alerts import CLIENT, have_a_crisis
from tests.functions.test_site import follow, href, words
from tests.functions.visitor import PREFIX, Visitor
from vigie import wiring
from vigie.domain.alerts.alert import Alert
from vigie.domain.alerts.settings import Channel, Person
from vigie.domain.site_links import DigestLinks, SiteLinks

pytestmark = pytest.mark.emulator

RECIPIENT, DUTY = "com@banque.example", "garde@agence.example"
PEOPLE = (
    Person(name="Communication", channels=(Channel("mail", RECIPIENT),)),
    Person(name="Garde de l'agence", channels=(Channel("mail", DUTY),), after_minutes=30),
)


@pytest.fixture
def visitor(stack: Stack) -> Visitor:
    """Return a reader of a stack with an alert that was just opened, and a chain of two."""
    have_an_alert(stack)
    return Visitor(stack)


def have_an_alert(stack: Stack) -> None:
    """Open an alert as the function does."""
    have_a_crisis()
    wiring.alert_store().change_settings(CLIENT, lambda standing: replace(standing, people=PEOPLE))
    wiring.make_link_secret()
    stack.call("alert", {"clients": [CLIENT]})


def alert_now() -> Alert:
    """Return the alert as it stands."""
    (alert,) = wiring.alert_store().alerts(CLIENT, 9)
    return alert


def link(taker: str = RECIPIENT, alert_id: str = "") -> str:
    """Return the address that a person is told."""
    links = SiteLinks(
        site_url=PREFIX,
        secret=wiring.link_secret(),
        client_id=CLIENT,
        recipient=taker,
        now=datetime.now(UTC),
    )
    return links.to("acknowledge", alert_id or alert_now().alert_id)


def press(visitor: Visitor, url: str, act: str, **form: str) -> str:
    """Press a button; return the text of the page it leads to."""
    reply = visitor.post(url, {"act": act, **form})
    assert reply.status == 303
    return words(visitor.get(follow(url, reply.headers["Location"])).text)


def test_the_page_tells_all_and_opening_it_changes_nothing(visitor: Visitor) -> None:
    """It says what, since when, how big, what to read, who carries it, what is unknown; a scanner takes nothing."""
    before = alert_now()
    for _ in range(3):
        reply = visitor.get(link())
        assert reply.status == 200
    text = words(reply.text)
    for told in (
        "Ce qui se publie ressemble à une crise",
        "Alerte à prendre en charge",
        "Ouverte",
        "d'habitude",
        "Panne géante, récit 0",
        "Panne géante, récit 2",
        "3 groupes de presse",
        "Publications par heure",
        "Chronologie",
        "Ce que nous ne savons pas",
        "Prendre en charge",
    ):
        assert told in text.replace("\u202f", " ").replace("\xa0", " "), told
    assert alert_now() == before


def test_who_presses_first_takes_it_once(visitor: Visitor) -> None:
    """Two presses are one acknowledgement, in the name of whom the link was sent to; the button is gone."""
    text = press(visitor, link(), "acknowledge")
    assert "Prise en charge par Communication" in text
    assert "Personne d'autre ne sera réveillé" not in text
    press(visitor, link(), "acknowledge")
    press(visitor, link(DUTY), "acknowledge")
    alert = alert_now()
    assert (alert.state, alert.acknowledged_by) == ("acknowledged", "Communication")
    assert [event.kind for event in alert.events] == ["opened", "acknowledged"]


@pytest.mark.parametrize("taker", [DUTY, "Garde de l'agence"])
def test_the_duty_desk_takes_it_without_being_a_recipient(visitor: Visitor, taker: str) -> None:
    """By its own mail, or by a link read in a chat, it is taken in the desk's name."""
    assert "Prise en charge par Garde de l'agence" in press(visitor, link(taker), "acknowledge")


def test_an_alert_is_closed_by_hand_once(visitor: Visitor) -> None:
    """Closed twice is closed once, and its page says by whom."""
    for _ in range(2):
        assert "Close par Communication" in press(visitor, link(), "resolve")
    assert [event.kind for event in alert_now().events] == ["opened", "resolved"]


def test_a_false_alarm_is_told_with_its_reason_once(visitor: Visitor) -> None:
    """The reason is kept and shown, the threshold moves by one step however often the button is pressed."""
    for _ in range(2):
        text = press(visitor, link(), "false_alarm", reason="un <b>exercice</b> annoncé")
    assert "un <b>exercice</b> annoncé" in text
    alert = alert_now()
    assert [(event.kind, event.by) for event in alert.events[1:]] == [("false_alarm", "Communication")]
    assert wiring.alert_store().settings(CLIENT).factor == pytest.approx(1.1)


def test_what_is_no_button_does_nothing(visitor: Visitor) -> None:
    """A form without one of the page's buttons is refused, a token of another purpose opens nothing."""
    before = alert_now()
    for form in ({}, {"act": "mute"}):
        assert visitor.post(link(), form).status == 422
    token = link().rpartition("/")[2]
    assert visitor.post(f"{PREFIX}/unsubscribe/{token}").status == 404
    assert visitor.post(link("gone@banque.example"), {"act": "acknowledge"}).status == 410
    assert visitor.get(link(alert_id="20200101T000000-own")).status == 404
    assert alert_now() == before


def test_a_digest_leads_to_its_alerts(visitor: Visitor) -> None:
    """The digest built that day has the alert in its band, and its page leads to the alert's."""
    client = wiring.accounts().client(CLIENT)
    assert client is not None
    wiring.appointments().keep(client)
    cutoff = datetime.now(UTC) + timedelta(seconds=2)
    (built,) = wiring.digest().run_on_demand(cutoff)
    digest = DigestLinks(
        site_url=PREFIX,
        secret=wiring.link_secret(),
        client_id=CLIENT,
        digest_id=built.digest_id,
        recipient=RECIPIENT,
        now=datetime.now(UTC),
    )
    (band,) = built.alerts
    assert (band.alert_id, band.title) == (alert_now().alert_id, "ce qui se publie ressemble à une crise")
    shown = visitor.get(digest.page).text
    address = follow(digest.page, href(shown, "Voir la chronologie"))
    assert "Alerte à prendre en charge" in words(visitor.get(address).text)
    mail = wiring.renderer()(built, digest)
    assert digest.alert(band.alert_id) in mail.text
    assert "Voir la chronologie" in mail.html


def test_the_page_is_in_the_clients_language(visitor: Visitor) -> None:
    """An English client reads English."""
    client = wiring.accounts().client(CLIENT)
    assert client is not None
    wiring.accounts().put_client(replace(client, locale="en"))
    assert "Take it in charge" in words(visitor.get(link()).text)
