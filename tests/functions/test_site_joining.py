"""The public pages, through the real handlers on the emulated cloud."""

import io
import json
import re
from collections.abc import Iterator
from html import unescape
from typing import Any
from urllib.parse import quote
from urllib.request import urlopen

import pytest

from infra.local.emulator import ACCOUNT
from infra.local.register import serving
from tests.conftest import Cloud
from tests.functions.conftest import Stack
from tests.functions.member import Member
from tests.functions.test_area_attacks import asked_of_the_cloud
from tests.functions.test_compact import archive_a_poll
from tests.functions.visitor import Visitor
from vigie import wiring
from vigie.adapters import aws
from vigie.cli import main
from vigie.domain.rhythms import OPENING
from vigie.domain.sign_in import SessionClaim, read_cookie

pytestmark = pytest.mark.emulator
SITE = "https://veille.example/v1"
FORM = {
    "nom": "Boulangerie L'Épi d'or",
    "siren": "100000017",
    "sans": "football",
    "email": "claire@ville.example",
    "frequency": "spoken",
    "day": "0",
    "send_at": "07:30",
    "agree": "1",
}


@pytest.fixture
def visitor(stack: Stack, cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> Iterator[Visitor]:
    """Return somebody who comes to a stack that takes sign-ups."""
    with serving() as register:
        monkeypatch.setenv("VIGIE_LOCAL_REGISTER", register.url)
        monkeypatch.setenv("VIGIE_SITE_URL", SITE)
        monkeypatch.setenv("VIGIE_SIGN_UP", "on")
        monkeypatch.setenv("VIGIE_SEND_FUNCTION", cloud.function())
        yield Visitor(stack, origin="https://veille.example")


def mails(cloud: Cloud) -> list[str]:
    """Return what lies in the emulated mailbox."""
    address = f"{cloud.emulator.endpoint_url}/_ministack/ses/messages?account={ACCOUNT}"
    with urlopen(address, timeout=60) as answer:  # noqa: S310 - our own emulator
        return [json.dumps(each) for each in json.load(answer)["messages"].get(ACCOUNT, [])]


def confirmation(stack: Stack, cloud: Cloud) -> str:
    """Run the function that mails for the only sign-up there is; return the address in its mail."""
    ids = [
        item["pk"]["S"].removeprefix("SIGNUP#")
        for item in kept_items()
        if item["pk"]["S"].startswith("SIGNUP#")
    ]
    before = len(mails(cloud))
    stack.call("send", {"sign_up": {"signup_id": ids[-1]}})
    (mail,) = mails(cloud)[before:]
    found = re.search(r"/confirmer/([A-Za-z0-9_-]{43})", mail.replace("=\\r\\n", ""))
    assert found
    return f"/v1/confirmer/{found[1]}"


def test_a_business_signs_up(visitor: Visitor, stack: Stack, cloud: Cloud) -> None:
    """From the form to a client with a session: the mail's link shows a button, and pressing it begins."""
    sent = visitor.post("/v1/inscription", FORM)
    assert (sent.status, sent.headers["Location"]) == (303, "./inscription?envoye=1&lang=fr")
    link = confirmation(stack, cloud)
    assert "claire@ville.example" in visitor.get(link).text
    assert wiring.accounts().clients() == []
    begun = visitor.post(link)
    assert begun.status == 200
    assert begun.headers["Set-Cookie"].startswith("__Host-vigie=")
    (client,) = wiring.accounts().clients()
    assert client.name == "Boulangerie L'Épi d'or"
    assert wiring.digests().upcoming(client.client_id, OPENING) is not None
    assert visitor.post(link).status == 410


def test_the_home_page_says_the_price(visitor: Visitor) -> None:
    """In the reader's language, with a form that needs no script, and no cookie set."""
    home = visitor.get("/v1/")
    assert home.status == 200
    assert "9 € HT par mois" in home.text.replace("\u202f", " ").replace("\xa0", " ")
    assert 'action="https://veille.example/v1/apercu"' in home.text
    assert "Set-Cookie" not in home.headers
    assert "What do people say" in visitor.get("/v1/?lang=en").text


def test_a_preview_shows_what_was_said(visitor: Visitor) -> None:
    """Articles with links; of a business nobody spoke of, that nobody did."""
    archive_a_poll()
    found = visitor.get("/v1/apercu?nom=guichets")
    assert found.status == 200
    assert "1 article parle de guichets" in unescape(found.text).replace("\xa0", " ")
    nobody = visitor.get(f"/v1/apercu?nom={quote(FORM['nom'])}&siren=100000017")
    assert "Personne n'a parlé" in unescape(nobody.text).replace("’", "'")
    assert "AUZELLE" in nobody.text.upper()


@pytest.mark.parametrize("name", ['<script>alert("x")</script>', '"><img src=x onerror=alert(1)>'])
def test_a_script_in_a_name_is_only_words(visitor: Visitor, stack: Stack, cloud: Cloud, name: str) -> None:
    """In the preview, in the form, in the confirmation: it is shown as it was typed."""
    for path in ("apercu", "inscription"):
        html = visitor.get(f"/v1/{path}?nom={quote(name)}").text
        assert name not in html
        assert "<script>alert" not in html
        assert "<img" not in html
    visitor.post("/v1/inscription", {**FORM, "nom": name, "siren": ""})
    html = visitor.get(confirmation(stack, cloud)).text
    assert "<script>alert" not in html
    assert "<img" not in html


def test_answers_are_the_same_for_any_address(visitor: Visitor, stack: Stack, cloud: Cloud) -> None:
    """Known or new: the same status, the same place to look."""
    first = visitor.post("/v1/inscription", FORM)
    visitor.post(confirmation(stack, cloud))
    again = visitor.post("/v1/inscription", FORM)
    assert (first.status, first.headers, first.text) == (again.status, again.headers, again.text)


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"email": "claire@ville.example\nBcc: x@y.example"}, 422),
        ({"email": "a@yopmail.com"}, 422),
        ({"agree": ""}, 422),
        ({"nom": "x" * 10_000_000}, 413),
    ],
)
def test_what_cannot_be_kept_is_refused(visitor: Visitor, change: dict[str, str], status: int) -> None:
    """Nothing is kept of it."""
    assert visitor.post("/v1/inscription", {**FORM, **change}).status == status


def test_a_form_of_another_site_is_refused(visitor: Visitor, stack: Stack, cloud: Cloud) -> None:
    """Nobody is signed up, nor confirmed, by a page that is not ours."""
    theirs = Visitor(stack, origin="https://evil.example")
    assert theirs.post("/v1/inscription", FORM).status == 403
    visitor.post("/v1/inscription", FORM)
    link = confirmation(stack, cloud)
    assert theirs.post(link).status == 403
    assert wiring.accounts().clients() == []


def test_the_work_is_the_same_for_any_address(visitor: Visitor, stack: Stack, cloud: Cloud) -> None:
    """Known, held or new: the same calls, so that there is nothing to time."""
    visitor.post("/v1/inscription", FORM)
    visitor.post(confirmation(stack, cloud))
    told = []
    for email in (FORM["email"], FORM["email"].upper(), "inconnu@ville.example"):
        with asked_of_the_cloud() as asked:
            assert visitor.post("/v1/inscription", {**FORM, "email": email}).status == 303
        told.append(asked)
    assert told[0][-1] == "Invoke"  # what looks the address up is another function, later
    assert told == [told[0]] * 3


def test_a_scanner_that_follows_the_link_confirms_nothing(
    visitor: Visitor, stack: Stack, cloud: Cloud
) -> None:
    """Opened five times it makes nothing and sets no cookie; its button works, once."""
    visitor.post("/v1/inscription", FORM)
    link = confirmation(stack, cloud)
    for _ in range(5):
        page = visitor.get(link)
        assert (page.status, "Set-Cookie" in page.headers) == (200, False)
    assert wiring.accounts().clients() == []
    assert visitor.post(link).status == 200
    again = visitor.post(link)
    assert (again.status, "Set-Cookie" in again.headers) == (410, False)


def test_a_session_planted_in_a_browser_ends_where_its_owner_confirms(
    visitor: Visitor, stack: Stack, cloud: Cloud
) -> None:
    """The answer holds a cookie of its own; what the browser came with opens nothing any more."""
    planted = Member.of(stack, "mallory@union.example", "union")
    visitor.post("/v1/inscription", FORM)
    cookie = planted.post(confirmation(stack, cloud), seal="").headers["Set-Cookie"]
    opened = read_cookie(cookie.split(";")[0])
    assert isinstance(opened, SessionClaim)
    assert opened.cookie not in planted.cookie
    assert planted.get("sessions").headers["Location"].endswith("/connexion")


def test_no_header_comes_in_by_a_name(visitor: Visitor, stack: Stack, cloud: Cloud) -> None:
    """A line end in the business's name ends no header of the mail that says it."""
    name = "L'Épi d'or\r\nBcc: x@y.example\r\nSubject: Gagné"
    visitor.post("/v1/inscription", {**FORM, "nom": name, "siren": ""})
    before = len(mails(cloud))
    confirmation(stack, cloud)
    (mail,) = [json.loads(each) for each in mails(cloud)[before:]]
    assert (mail["To"], mail["CC"], mail["BCC"]) == ([FORM["email"]], [], [])
    assert "Gagné" not in mail["Subject"]


def test_a_flood_of_sign_ups_is_slowed(visitor: Visitor) -> None:
    """Past ten an hour, whoever asks from one home is told to wait, and nothing is kept."""
    statuses = [
        visitor.post("/v1/inscription", {**FORM, "email": f"a{number}@ville.example"}).status
        for number in range(25)  # more than two hours' worth: one may end meanwhile
    ]
    assert set(statuses) == {303, 429}
    assert sum(each["pk"]["S"].startswith("SIGNUP#") for each in kept_items()) == statuses.count(303) <= 20


def kept_items() -> list[Any]:
    """Return everything in the accounts table."""
    return list(aws.dynamodb().scan(TableName=wiring.settings().accounts_table)["Items"])


def run(*arguments: str) -> tuple[int, list[Any]]:
    """Run a command; return its exit code and its lines."""
    out = io.StringIO()
    code = main(["signups", *arguments], out, io.StringIO())
    return code, [json.loads(line) for line in out.getvalue().splitlines()]


@pytest.mark.parametrize("verb", ["release", "refuse"])
def test_ops_look_at_names_of_persons(verb: str, visitor: Visitor, stack: Stack, cloud: Cloud) -> None:
    """`vigie signups` lists what waits; what is let go on begins at once, what is refused never; neither twice."""
    visitor.post("/v1/inscription", {**FORM, "nom": "Camille Dupont", "siren": ""})
    link = confirmation(stack, cloud)
    assert "ressemble au nom d" in visitor.post(link).text
    assert wiring.accounts().clients() == []
    code, (held,) = run("held")
    assert (code, held["held_name"], held["confirmed"], held["state"]) == (0, "Camille Dupont", True, "held")
    code, (decided,) = run(verb, held["id"])
    assert (code, decided["state"]) == (0, "done" if verb == "release" else "refused")
    assert [client.name for client in wiring.accounts().clients()] == (
        ["Camille Dupont"] if verb == "release" else []
    )
    assert run("held") == (0, [])
    assert run(verb, held["id"]) == (1, [])


@pytest.mark.parametrize("path", ["", "mentions-legales", "confidentialite", "cgv", "inscription?nom=Morel"])
@pytest.mark.parametrize("language", ["fr", "en"])
def test_public_pages_are_light_and_hold_no_script_of_their_own(
    visitor: Visitor, path: str, language: str
) -> None:
    """Each in both languages, far under a hundred kilobytes, under the strict policy."""
    reply = Visitor(visitor.stack, language).get(f"/v1/{path}")
    assert reply.status == 200
    assert f'lang="{language}"' in reply.text
    assert len(reply.text.encode()) < 30_000
    assert "default-src 'none'" in reply.headers["Content-Security-Policy"]
    assert not re.search(r"<style|\son\w+=|\sstyle=", reply.text)


@pytest.mark.parametrize(("language", "told"), [("fr", "200 jours"), ("en", "200 days")])
def test_the_privacy_page_says_how_long_this_stack_keeps_mentions(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch, language: str, told: str
) -> None:
    """As its parameter has it, and not as long as a plan shows them."""
    monkeypatch.setenv("VIGIE_MENTION_RETENTION_DAYS", "200")
    wiring.settings.cache_clear()
    assert told in Visitor(visitor.stack, language).get("/v1/confidentialite").text.replace("\xa0", " ")


@pytest.mark.parametrize("path", ["", "apercu?nom=Morel", "inscription?nom=Morel", "cgv"])
def test_a_stack_without_sign_up_has_no_public_pages(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    """An agency's stack shows its clients' pages and nothing else."""
    monkeypatch.setenv("VIGIE_SIGN_UP", "off")
    wiring.settings.cache_clear()
    assert visitor.get(f"/v1/{path}").status == 404
