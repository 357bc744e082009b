"""What an attacker would try on the client area, on every page of its table."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.adapters.mail.digests import quiet_day
from tests.builders import a_client, a_document, a_mention, a_watch
from tests.functions.conftest import Stack
from tests.functions.member import Member
from tests.functions.test_site import keep
from tests.functions.visitor import PREFIX, Reply
from vigie import wiring
from vigie.adapters import aws
from vigie.adapters.web.view_recipients import recipient_id
from vigie.domain.clients import Recipient, Reviewer
from vigie.domain.sign_in import Claim, SessionClaim, read_cookie
from vigie.site.area.routing import AreaPage
from vigie.site.area.table import AREA_PAGES

pytestmark = pytest.mark.emulator

OURS, THEIRS = "banque-armelie", "union"
US = "chef@armelie.example"
SECRET = "zibeline"
"""A word of everything that the other client has, and of nothing of ours."""
DOOR = f"{PREFIX}/connexion"


@pytest.fixture
def theirs(stack: Stack) -> dict[str, str]:
    """Return the ids of everything that another client has, by the name that pages give them."""
    for client_id, word, email in ((OURS, "ours", US), (THEIRS, SECRET, f"{SECRET}@union.example")):
        people = (Recipient(email, word, manager=True),)
        client = replace(
            a_client(), client_id=client_id, name=word, recipients=people, reviewer=Reviewer(email)
        )
        wiring.accounts().put_client(client)
        wiring.accounts().put_watch(a_watch(f"w-{word}", client_id=client_id, name=word, query=word))
        mention = a_mention(
            a_document(f"Titre {word}", document_id=f"d-{word}"), recorded_at=datetime.now(UTC)
        )
        wiring.mentions().record([replace(mention, client_id=client_id)])
    wiring.make_link_secret()
    digest = keep(replace(quiet_day(), client_id=THEIRS, client_name=SECRET))
    return {
        "watch_id": f"w-{SECRET}",
        "digest_id": digest.digest_id,
        "alert_id": f"alert-{SECRET}",
        "job_id": wiring.jobs().ask(replace(a_client(), client_id=THEIRS), SECRET, 7, None).job_id,
        "recipient": recipient_id(Recipient(f"{SECRET}@union.example")),
        "name": f"{SECRET}.csv",
    }


@pytest.fixture
def us(stack: Stack, theirs: dict[str, str]) -> Member:
    """Return who manages and reviews our client, signed in."""
    assert theirs
    return Member.of(stack, US, OURS)


def filled(page: AreaPage, ids: dict[str, str]) -> str:
    """Return the address of a page with such ids; a page whose ids nobody here knows is to be tried too."""
    assert set(re.findall(r"{(\w+)}", page.path)) <= set(ids), (
        f"{page.path}: give its ids a value in this file"
    )
    return page.path.format(**ids)


FORM = {
    "name": "Essai", "purpose": "brand", "any": "mot", "do": "save", "email": "x@y.example", "act": "resolve",
    "frequency": "daily", "send_at": "07:00", "zone": "Europe/Paris", "client_id": THEIRS, "where": "none",
}  # fmt: skip
"""What makes every form do something, were it let."""


def sent(member: Member, page: AreaPage, path: str) -> Reply:
    """Ask for a page by its method."""
    return member.get(path) if page.method == "GET" else member.post(path, FORM)


def test_no_id_of_another_client_leads_anywhere(us: Member, theirs: dict[str, str]) -> None:
    """On every page of the table their ids are unknown, and nothing of theirs is told or changed."""
    before = everything_of(THEIRS)
    for page in sorted(AREA_PAGES, key=lambda page: page.path == "sessions"):  # signing out comes last
        reply = sent(us, page, filled(page, theirs))
        if "{" in page.path:
            assert reply.status == 404, (page.method, page.path)
        told = reply.text
        for known in (*theirs.values(), THEIRS):
            told = told.replace(known, "")  # what was asked for may be named in the refusal
        assert SECRET not in told, (page.method, page.path)
    assert everything_of(THEIRS) == before


def everything_of(client_id: str) -> Any:
    """Return what a client is and watches."""
    return wiring.accounts().client(client_id), wiring.accounts().watches(client_id)


def test_a_session_that_names_another_client_opens_nothing_of_it(
    stack: Stack, theirs: dict[str, str]
) -> None:
    """Whatever clients a session holds, each request asks the client whether it knows the person."""
    member = Member.of(stack, US, THEIRS)
    for page in AREA_PAGES:
        if page.right != "signed":
            reply = sent(member, page, filled(page, theirs))
            assert reply.status in {303, 403}, (page.method, page.path)
            assert reply.status == 403 or reply.headers["Location"].endswith("/espace/clients")
    assert SECRET not in member.get("clients").text


def test_who_is_taken_off_is_out_at_once(us: Member) -> None:
    """A session outlives nobody's right: the next request is refused."""
    assert us.get("veilles").status == 200
    wiring.accounts().change_client(OURS, lambda client: replace(client, recipients=(), reviewer=None))
    assert us.get("veilles").headers["Location"].endswith("/espace/clients")
    assert "Aucun client" in us.get("clients").text


@pytest.mark.parametrize(
    "cookie", ["", "__Host-vigie=x", f"__Host-vigie={'0' * 32}.{'A' * 43}", f"vigie={'0' * 32}"]
)
def test_without_a_session_every_page_leads_to_the_door(
    stack: Stack, theirs: dict[str, str], cookie: str
) -> None:
    """None, one that is none of ours, one that was never opened."""
    stranger = Member(stack, cookie)
    for page in AREA_PAGES:
        path = filled(page, theirs)
        reply = stranger.get(path) if page.method == "GET" else stranger.post(path, FORM, seal="")
        assert (reply.status, reply.text) == (303, ""), page.path
        assert reply.headers["Location"].endswith("/connexion")


HOSTILE: dict[str, dict[str, str]] = {
    "another site": {"Origin": "https://mallory.example"},
    "no word of where it comes from": {"Origin": ""},
    "a hidden origin": {"Origin": "null"},
    "a host of its own making": {"Origin": "https://mallory.example", "Host": "mallory.example"},
    "the browser says another site": {"Sec-Fetch-Site": "cross-site"},
    "the browser says a sister": {"Sec-Fetch-Site": "same-site"},
    "the browser says nobody": {"Sec-Fetch-Site": "none"},
}


@pytest.mark.parametrize("headers", HOSTILE.values(), ids=HOSTILE)
def test_a_form_of_another_site_does_nothing(
    us: Member, theirs: dict[str, str], headers: dict[str, str]
) -> None:
    """Even with the cookie and the right seal, every form is refused by where it comes from."""
    seal, before = us.seal(), everything_of(OURS)
    us.headers = headers
    for page in AREA_PAGES:
        if page.method == "POST":
            assert us.post(filled(page, theirs), FORM, seal=seal).status == 403, page.path
    for path in (DOOR, f"{DOOR}/{'A' * 43}"):
        assert us.post(path, {"email": US}, seal="").status == 403
    assert everything_of(OURS) == before


def test_a_form_without_this_sessions_seal_does_nothing(
    us: Member, theirs: dict[str, str], stack: Stack
) -> None:
    """None, a made-up one, and that of another session of the same person."""
    before = everything_of(OURS)
    for seal in ("", "0" * 64, "é", Member.of(stack, US, OURS).seal()):
        for page in AREA_PAGES:
            if page.method == "POST":
                assert us.post(filled(page, theirs), FORM, seal=seal).status == 403, page.path
    assert everything_of(OURS) == before
    us.headers = {"Sec-Fetch-Site": "same-origin", "Origin": "null"}
    assert us.post("veilles/nouvelle", FORM).status == 303


def a_link() -> str:
    """Return the address of a link to sign in."""
    return f"{DOOR}/{wiring.tokens().issue('sign_in', str(Claim(US, (OURS,))), 900, wiring.now())}"


def test_a_scanner_that_follows_a_link_uses_nothing_up(stack: Stack, us: Member) -> None:
    """Opened five times it shows its button and sets no cookie; the button works, once."""
    link, scanner = a_link(), Member(stack)
    for _ in range(5):
        page = scanner.get(link)
        assert page.status == 200
        assert "Me connecter" in page.text
        assert "Set-Cookie" not in page.headers
    entered = scanner.post(link, seal="")
    assert entered.status == 303
    again = scanner.post(link, seal="")
    assert again.status == 410
    assert "Set-Cookie" not in again.headers
    assert scanner.get(link).status == 410
    assert us.get("").status == 200  # nobody else was signed out


def test_a_session_planted_in_a_browser_is_not_the_one_that_opens(stack: Stack, us: Member) -> None:
    """Signing in answers with a cookie of its own, and ends what the browser came with."""
    planted = Member.of(stack, "mallory@union.example", THEIRS)
    assert us.cookie != planted.cookie
    cookie = planted.post(a_link(), seal="").headers["Set-Cookie"]
    opened = read_cookie(cookie.split(";")[0])
    assert isinstance(opened, SessionClaim)
    assert opened.cookie not in planted.cookie
    assert planted.get("sessions").headers["Location"].endswith("/connexion")
    assert {"Path=/", "Secure", "HttpOnly", "SameSite=Lax"} <= set(cookie.split("; "))


def test_signed_out_everywhere_no_cookie_works(stack: Stack, us: Member) -> None:
    """On this browser and the others, at once."""
    other = Member.of(stack, US, OURS)
    reply = us.post("sessions", {"where": "everywhere"})
    assert "Max-Age=0" in reply.headers["Set-Cookie"]
    for member in (us, other):
        assert member.get("").headers["Location"].endswith("/connexion")


@contextmanager
def asked_of_the_cloud() -> Iterator[list[str]]:
    """Return the operations that are asked of the tables meanwhile."""
    asked: list[str] = []

    def note(model: Any, **_: Any) -> None:
        asked.append(model.name)

    for client in (aws.dynamodb(), aws.functions()):
        client.meta.events.register("before-call", note, unique_id="asked")
    try:
        yield asked
    finally:
        for client in (aws.dynamodb(), aws.functions()):
            client.meta.events.unregister("before-call", unique_id="asked")


def test_nobody_learns_who_is_known(stack: Stack, us: Member) -> None:
    """The answer is the same to the byte, and so is the work done for it: there is nothing to time."""
    assert us.cookie
    told = []
    for email in (US, US.upper(), "inconnu@armelie.example", f"{SECRET}@union.example"):
        with asked_of_the_cloud() as asked:
            reply = Member(stack).post(DOOR, {"email": email}, seal="")
        told.append((reply, asked))
    assert all(each == told[0] for each in told)
    assert told[0][1] == ["UpdateItem", "UpdateItem", "UpdateItem", "Invoke"]


@pytest.mark.parametrize(
    "email", [f"{US}\r\nBcc: x@y.example", f"{US}\nx", f"{US}, x@y.example", f"<{US}>", "é@y.fr", ""]
)
def test_no_header_comes_in_by_an_address(stack: Stack, email: str) -> None:
    """It is refused before anything is counted or handed on, and shown escaped."""
    with asked_of_the_cloud() as asked:
        reply = Member(stack).post(DOOR, {"email": email}, seal="")
    assert reply.status == 422
    assert asked == []


def test_no_header_comes_in_by_an_address_of_a_page(us: Member) -> None:
    """A line end in an id leads nowhere, and stands in no header."""
    for path in ("veilles/%0d%0aSet-Cookie:a=b", "envois/%0d%0aX:y", "exports/%0d%0a", "essais/%0d%0a"):
        reply = us.get(path)
        assert reply.status == 404
        assert not any("\n" in value or "\r" in value for value in reply.headers.values())


def test_links_and_guesses_are_rationed(stack: Stack) -> None:
    """The fourth mail to one address is refused with a time to wait, and so are too many guesses."""
    member = Member(stack)
    statuses = [member.post(DOOR, {"email": "x@y.example"}, seal="").status for _ in range(4)]
    assert statuses == [303, 303, 303, 429]
    guesses = {member.get(f"{DOOR}/{'A' * 43}").status for _ in range(61)}
    assert guesses == {410, 429}


def test_ten_megabytes_are_read_by_nobody(us: Member) -> None:
    """A body over the limit is refused before it is parsed, at the door as inside."""
    form = {"name": "x" * 10_000_000}
    for path in (DOOR, "veilles/nouvelle", f"{DOOR}/{'A' * 43}"):
        with asked_of_the_cloud() as asked:
            assert us.post(path, form, seal="").status == 413
        assert asked == []


def test_a_stored_script_is_text(us: Member, stack: Stack) -> None:
    """In the names of a client, a watch and a recipient, and in what is searched."""
    script = "<script>alert(1)</script>"
    wiring.accounts().change_client(
        OURS, lambda c: replace(c, name=script, recipients=(*c.recipients, Recipient("x@y.example", script)))
    )
    us.post("veilles/nouvelle", {**FORM, "name": script, "any": script})
    for path in ("", "veilles", "destinataires", "clients", "exports", f"recherche?q={script}", "horaires"):
        page = Member.of(stack, US, OURS).get(path)
        assert page.status == 200, path
        assert script not in page.text, path
        assert "script-src 'self'" in page.headers["Content-Security-Policy"]


def test_every_page_is_private(us: Member, theirs: dict[str, str]) -> None:
    """No cache keeps it, no frame holds it, no index lists it; a form's own origin can be told."""
    for page in AREA_PAGES:
        if page.method == "GET":
            headers = us.get(filled(page, theirs)).headers
            assert headers["Cache-Control"] == "private, no-store", page.path
            assert (
                "frame-ancestors 'none'" in headers["Content-Security-Policy"]
                or "text/html" not in headers["Content-Type"]
                or page.path.startswith("exports/")
            )
            assert headers["X-Content-Type-Options"] == "nosniff"


def test_a_link_is_of_its_time(stack: Stack, us: Member) -> None:
    """A quarter of an hour after it was asked for it opens nothing."""
    assert us.cookie
    past = wiring.now() - timedelta(minutes=15)
    token = wiring.tokens().issue("sign_in", str(Claim(US, (OURS,))), 900, past)
    assert Member(stack).post(f"{DOOR}/{token}", seal="").status == 410
