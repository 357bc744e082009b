"""The site's pages through its real handler: who may read what, and what no page ever does."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests.adapters.mail.digests import HOSTILE_TITLES, busy_day, hostile_day, quiet_day
from tests.builders import CUTOFF, a_client, a_document, a_mention
from tests.functions.conftest import Stack
from tests.functions.visitor import PREFIX, Visitor
from vigie import wiring
from vigie.domain.clients import Recipient
from vigie.domain.cutoffs import Interval
from vigie.domain.digest import Digest
from vigie.domain.digest_build import digest_id_of
from vigie.domain.site_links import DigestLinks

pytestmark = pytest.mark.emulator

READER = "claire@armelie.example"


@pytest.fixture
def visitor(stack: Stack) -> Visitor:
    """Return a reader of a stack whose client has one recipient, and a secret to sign with."""
    client = replace(a_client(), recipients=(Recipient(READER, "Claire"),))
    wiring.accounts().put_client(client)
    wiring.make_link_secret()
    return Visitor(stack)


def keep(digest: Digest) -> Digest:
    """Store a digest as the digest step does."""
    return wiring.digests().put(digest, digest.built_at, digest.built_at)


def links(digest: Digest, recipient: str = READER, at: datetime | None = None) -> DigestLinks:
    """Return the addresses of a recipient's mail."""
    return DigestLinks(
        site_url=PREFIX,
        secret=wiring.link_secret(),
        client_id=digest.client_id,
        digest_id=digest.digest_id,
        recipient=recipient,
        now=at or datetime.now(UTC),
    )


def words(html: str) -> str:
    """Return a page's text on one line, as read."""
    text = re.sub(r"<(title|script)\b.*?</\1>|<[^>]+>", " ", html, flags=re.DOTALL)
    return re.sub(r"\s+", " ", unescape(text))


def href(html: str, text: str) -> str:
    """Return where the link that holds a text leads."""
    found = re.search(rf'href="([^"]+)"[^>]*>(?:(?!</a>).)*{re.escape(text)}', html, re.DOTALL)
    assert found, text
    return unescape(found[1])


def follow(page: str, relative: str) -> str:
    """Return the address a relative link of a page leads to, as a browser would."""
    from urllib.parse import urljoin

    return urljoin(f"https://site.example{page}", relative).removeprefix("https://site.example")


def test_a_digest_is_read_behind_its_link(visitor: Visitor) -> None:
    """The page tells the mail's digest: its date, its figures, every subject with all its reprints, its coverage."""
    digest = keep(busy_day())
    reply = visitor.get(links(digest).page)
    text = words(reply.text)
    assert reply.status == 200
    for told in ("Banque d'Armélie", "mardi 8 décembre 2026", "L'essentiel", "11 reprises", "La semaine"):
        assert told in text.replace("\u202f", " ").replace("\xa0", " ")
    assert reply.text.count("<article") == digest.totals.subjects
    for subject in (*digest.subjects, *digest.others):
        for story in subject.stories:
            for place in story.reprints:
                assert place.source_name in text


def test_every_page_is_private(visitor: Visitor) -> None:
    """No page may be kept, framed, indexed or told to others as a referrer, and no script of a stranger runs."""
    digest = keep(busy_day())
    for url in (links(digest).page, links(digest).held, f"{PREFIX}/digest/nothing"):
        headers = visitor.get(url).headers
        assert headers["Cache-Control"] == "private, no-store"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["X-Robots-Tag"].startswith("noindex")
        assert headers["Strict-Transport-Security"].startswith("max-age=31536000")
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy


class Tags(HTMLParser):
    """Keeps the start tags of a page, as a browser takes it apart."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep one."""
        self.found.append((tag, dict(attrs)))


@pytest.mark.parametrize("make", [busy_day, hostile_day, quiet_day])
def test_pages_hold_no_script_or_style_of_their_own(visitor: Visitor, make: Callable[[], Digest]) -> None:
    """What the policy forbids is not on the page either, whatever titles say."""
    tags = Tags(visitor.get(links(keep(make())).page).text).found
    assert all(
        str(attributes.get("src")).startswith("../assets/") for tag, attributes in tags if tag == "script"
    )
    assert {tag for tag, _ in tags}.isdisjoint({"style", "img", "iframe", "object"})
    for _, attributes in tags:
        assert not [name for name in attributes if name.startswith("on") or name == "style"]
        assert not (attributes.get("href") or "").startswith(("javascript:", "data:", "//"))


def test_hostile_titles_are_only_words(visitor: Visitor) -> None:
    """Titles that try to be markup, addresses that try to be scripts: all are shown as text, none is a link."""
    digest = hostile_day()
    keep(digest)
    html = visitor.get(links(digest).page).text
    assert "<script>alert" not in html
    assert HOSTILE_TITLES[0] in unescape(html)
    assert not re.search(r'href="(?!https?://ok\.|\.\.|https://courrier|#)[^"]*(evil|alert)', html)


@pytest.mark.parametrize(
    "url", [f"{PREFIX}/digest/1{'A' * 90}", f"{PREFIX}/digest/x", f"{PREFIX}/digest/x/held"]
)
def test_a_strange_address_is_told_so(visitor: Visitor, url: str) -> None:
    """A token that is not ours opens a page that says what to do, in the reader's language."""
    reply = visitor.get(url)
    assert reply.status == 404
    assert "Page introuvable" in reply.text
    assert "Page not found" in Visitor(visitor.stack, "en-GB,fr;q=0.5").get(url).text


def test_a_link_ends_with_its_time(visitor: Visitor) -> None:
    """Past its month, a link opens nothing, and says where new ones are."""
    digest = keep(quiet_day())
    reply = visitor.get(links(digest, at=datetime.now(UTC) - timedelta(days=40)).page)
    assert reply.status == 410
    assert "n’est plus valable" in reply.text or "n&#39;est plus valable" in reply.text


def test_who_is_no_longer_a_recipient_reads_no_more(visitor: Visitor) -> None:
    """Taking an address off the recipients ends the links it was sent."""
    digest = keep(quiet_day())
    url = links(digest).page
    assert visitor.get(url).status == 200
    wiring.accounts().put_client(replace(a_client(), recipients=(Recipient("other@armelie.example"),)))
    assert visitor.get(url).status == 410


def a_digest_of(days_ago: int) -> Digest:
    """Return the digest of a day as far before the busy one."""
    until = CUTOFF - timedelta(days=days_ago)
    interval = Interval(until - timedelta(days=1), until)
    return replace(quiet_day(), digest_id=digest_id_of(until), interval=interval)


def test_one_may_leaf_through_the_month_before_and_since(visitor: Visitor) -> None:
    """A link leads to the days around it, and no further back than a month."""
    digests = {days: keep(a_digest_of(days)) for days in (60, 32, 31, 5, 0)}
    url = links(digests[5]).page
    page = visitor.get(url).text
    newer, older = follow(url, href(page, "Envoi suivant")), follow(url, href(page, "Envoi précédent"))
    assert "mardi 8 décembre" in words(visitor.get(newer).text)
    assert "Envoi suivant" not in visitor.get(newer).text
    assert visitor.get(older).status == 200
    assert visitor.get(f"{url}?day={digests[32].digest_id}").status == 200
    assert visitor.get(f"{url}?day={digests[60].digest_id}").status == 404
    assert visitor.get(f"{url}?day=nothing").status == 404


def test_what_was_left_out_is_listed_with_its_reason(visitor: Visitor) -> None:
    """« les voir »: each correspondence kept out, and why."""
    digest = keep(busy_day())
    held = [
        a_mention(
            a_document(f"Même page {number}", document_id=f"m{number}"),
            status="held",
            held_reason="same_address",
            recorded_at=digest.interval.since + timedelta(hours=1),
        )
        for number in range(7)
    ]
    wiring.mentions().record(held)
    url = links(digest).page
    page = visitor.get(follow(url, href(visitor.get(url).text, "Voir les")))
    text = words(page.text)
    assert page.status == 200
    assert all(f"Même page {number}" in text for number in range(7))
    assert text.count("Déjà vue à la même adresse") == 7


def test_one_searches_the_clients_own_mentions(visitor: Visitor) -> None:
    """Every word counts, in any case and without accents; held ones and other clients' are not found."""
    now = datetime.now(UTC) - timedelta(hours=2)
    titles = ["Fermeture à Courbefosse", "FERMETURE ailleurs", "Autre chose à Courbefosse"]
    wiring.mentions().record(
        [a_mention(a_document(title, document_id=f"d{n}"), recorded_at=now) for n, title in enumerate(titles)]
        + [
            a_mention(a_document("Fermeture, Courbefosse", document_id="held"), recorded_at=now,
                      status="held", held_reason="seen_before"),
            replace(a_mention(a_document("Fermeture Courbefosse", document_id="theirs"), recorded_at=now),
                    client_id="union"),
        ]
    )  # fmt: skip
    url = links(keep(quiet_day())).page
    found = words(visitor.get(f"{url}/search?q=fermeture+COURBEFOSSE").text)
    assert "1 retombée pour" in found
    assert "Fermeture à Courbefosse" in found
    assert "ailleurs" not in found
    assert "Aucune retombée" in visitor.get(f"{url}/search?q=%3Cscript%3Ealert(1)").text
    assert "<script>alert" not in visitor.get(f"{url}/search?q=%3Cscript%3Ealert(1)").text
    assert visitor.get(f"{url}/search?q=").status == 200


def test_files_are_kept_for_good_and_named_after_what_they_hold(visitor: Visitor) -> None:
    """A page names its stylesheet, which any cache may keep; another name is not found."""
    url = links(keep(quiet_day())).page
    style = visitor.get(follow(url, re.findall(r'href="([^"]+\.css)"', visitor.get(url).text)[0]))
    assert style.status == 200
    assert style.headers["Content-Type"].startswith("text/css")
    assert "immutable" in style.headers["Cache-Control"]
    assert visitor.get(f"{PREFIX}/assets/site.css").status == 404
    assert visitor.get(f"{PREFIX}/assets/..%2Fpages.py").status == 404


def test_first_view_is_light(visitor: Visitor) -> None:
    """Page, style, script and icon of a busy day weigh less than 100 KB together, before compression."""
    html = visitor.get(links(keep(busy_day())).page).text
    assets = Path(wiring.__file__).parents[1] / "adapters" / "web" / "assets"
    assert len(html.encode()) + sum(path.stat().st_size for path in assets.iterdir()) < 100_000


def test_an_incident_says_its_number_and_nothing_else(
    visitor: Visitor, caplog: pytest.LogCaptureFixture
) -> None:
    """When something of ours fails, the reader gets a page with a number; no log line holds the address."""
    digest = keep(quiet_day())
    url = links(digest).page
    wiring.digests().put(digest, digest.built_at, digest.built_at)
    for key in wiring.blobs().keys("clients/"):
        wiring.blobs().put(key, b"{", "application/json")
    reply = visitor.get(url)
    assert reply.status == 500
    assert "00000000-0000-4000-8000-000000000000" in reply.text
    assert "Traceback" not in reply.text
    assert url.rpartition("/")[2] not in caplog.text
