"""The public pages, through the real handlers on the emulated cloud."""

import json
import re
from collections.abc import Iterator
from html import unescape
from urllib.parse import quote
from urllib.request import urlopen

import pytest

from infra.local.emulator import ACCOUNT
from infra.local.register import serving
from tests.conftest import Cloud
from tests.functions.conftest import Stack
from tests.functions.test_compact import archive_a_poll
from tests.functions.visitor import Visitor
from vigie import wiring
from vigie.domain.rhythms import OPENING

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
    table = wiring.settings().accounts_table
    from vigie.adapters import aws

    ids = [
        item["pk"]["S"].removeprefix("SIGNUP#")
        for item in aws.dynamodb().scan(TableName=table)["Items"]
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


def test_a_form_of_another_site_is_refused(visitor: Visitor) -> None:
    """Nobody is signed up by a page that is not ours."""
    assert Visitor(visitor.stack, origin="https://evil.example").post("/v1/inscription", FORM).status == 403


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


@pytest.mark.parametrize("path", ["", "apercu?nom=Morel", "inscription?nom=Morel", "cgv"])
def test_a_stack_without_sign_up_has_no_public_pages(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    """An agency's stack shows its clients' pages and nothing else."""
    monkeypatch.setenv("VIGIE_SIGN_UP", "off")
    wiring.settings.cache_clear()
    assert visitor.get(f"/v1/{path}").status == 404
