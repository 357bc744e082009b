"""The reviewer's page: what its forms decide, what they never do, and what is left once the mail has gone."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.adapters.mail.digests import busy_day
from tests.builders import a_client
from tests.functions.conftest import Stack
from tests.functions.test_site import READER, Tags, follow, links, words
from tests.functions.visitor import Visitor
from vigie import wiring
from vigie.domain.clients import Recipient, Reviewer
from vigie.domain.digest import Digest
from vigie.domain.review import Review
from vigie.steps.review_desk import ReviewSheet

pytestmark = pytest.mark.emulator

REVIEWER = "jeanne@agence.example"


@pytest.fixture
def visitor(stack: Stack) -> Visitor:
    """Return a visitor of a stack whose client has a reviewer."""
    wiring.accounts().put_client(client())
    wiring.make_link_secret()
    return Visitor(stack)


def client() -> Any:
    """Return a client with a reader and a reviewer."""
    return replace(a_client(), recipients=(Recipient(READER),), reviewer=Reviewer(REVIEWER, "Jeanne"))


def waiting(minutes: int = 25) -> Digest:
    """Store a digest that leaves so many minutes from now."""
    digest = busy_day()
    return wiring.digests().put(digest, digest.built_at, datetime.now(UTC) + timedelta(minutes=minutes))


@pytest.fixture
def digest(visitor: Visitor) -> Digest:
    """Return a digest that waits for its reviewer."""
    return waiting()


def url_of(digest: Digest) -> str:
    """Return the address of the reviewer's page."""
    return links(digest, REVIEWER).review


def sheet(digest: Digest) -> ReviewSheet:
    """Return how the review stands."""
    return wiring.review_desk().sheet(client(), digest.digest_id)


def form_of(html: str) -> dict[str, list[str]]:
    """Return what a browser would send of the page's form without touching anything."""
    sent: dict[str, list[str]] = {}
    select = ""
    for tag, attributes in Tags(html).found:
        name, value = str(attributes.get("name") or ""), str(attributes.get("value") or "")
        if tag == "select":
            select = name
        elif tag == "option" and ("selected" in attributes or select not in sent):
            sent[select] = [value]
        elif tag == "input" and (
            attributes.get("type") not in {"checkbox", "radio"} or "checked" in attributes
        ):
            sent.setdefault(name, []).append(value)
    note = re.search(r'<textarea id="note"[^>]*>(.*?)</textarea>', html, re.DOTALL)
    return sent | {"note": [note[1] if note else ""]}


def send(visitor: Visitor, digest: Digest, **changes: Any) -> str:
    """Press a button of the page as it is, with some fields changed; return the page it leads to."""
    url = url_of(digest)
    form = form_of(visitor.get(url).text) | {
        name.replace("__", ":"): value for name, value in changes.items()
    }
    reply = visitor.post(url, form)
    assert reply.status == 303
    return visitor.get(follow(url, reply.headers["Location"])).text


def ids(digest: Digest) -> list[str]:
    """Return the subjects of a digest, in order."""
    return [subject.subject_id for subject in (*digest.subjects, *digest.others)]


def test_the_page_shows_all_subjects_and_when_the_mail_leaves(visitor: Visitor, digest: Digest) -> None:
    """Every subject has a line; the page tells the hour, and that untouched it leaves so. Opening keeps nothing."""
    reply = visitor.get(url_of(digest))
    text = words(reply.text).replace("\u202f", " ").replace("\xa0", " ")
    assert reply.status == 200
    assert reply.text.count('name="order"') == digest.totals.subjects
    assert re.search(r"Part \w+ \d+ à \d+ h", text)
    assert "part tel quel" in text
    assert sheet(digest).review.version == 0


def test_saving_untouched_lines_decides_nothing_else(visitor: Visitor, digest: Digest) -> None:
    """The form of an untouched page leaves order, tones and subjects as they were; who looked is kept."""
    page = send(visitor, digest)
    after = sheet(digest)
    assert ids(after.digest) == ids(digest)
    assert after.digest.totals == digest.totals
    assert (after.review.dropped, after.review.pinned, after.review.corrections) == ((), (), ())
    assert f"Relu par {REVIEWER}" in words(page)


def test_subjects_move_by_buttons(visitor: Visitor, digest: Digest) -> None:
    """↑ and ↓ move one place at a time; the first does not rise, the last does not sink."""
    first, second, *rest = ids(digest)
    send(visitor, digest, up=[second])
    assert ids(sheet(digest).digest) == [second, first, *rest]
    send(visitor, digest, down=[second])
    assert ids(sheet(digest).digest) == [first, second, *rest]
    send(visitor, digest, up=[first])
    send(visitor, digest, down=[rest[-1]])
    assert ids(sheet(digest).digest) == [first, second, *rest]


def test_subjects_are_dropped_pinned_and_brought_back(visitor: Visitor, digest: Digest) -> None:
    """What is dropped stays on the page to be brought back; what is pinned comes first."""
    first, second, third, *_ = ids(digest)
    page = send(visitor, digest, drop=[first], pin=[third])
    assert ids(sheet(digest).digest)[:2] == [third, second]
    assert "Retirés de l'envoi" in words(page)
    send(visitor, digest, drop=[])
    assert sheet(digest).review.dropped == ()
    assert set(ids(sheet(digest).digest)) == set(ids(digest))
    send(visitor, digest, drop=[second], pin=[second, third])
    assert sheet(digest).review.pinned == (third,)


def test_a_tone_is_corrected_and_set_back(visitor: Visitor, digest: Digest) -> None:
    """Another tone is a correction; the one that was found is none."""
    story_id = digest.subjects[0].stories[0].story_id
    send(visitor, digest, **{f"tone__{story_id}": ["neutral"]})
    assert sheet(digest).digest.totals.tones["negative"] < digest.totals.tones["negative"]
    send(visitor, digest, **{f"tone__{story_id}": ["negative"]})
    assert sheet(digest).review.corrections == ()


def test_the_word_of_the_agency_is_kept_as_typed(visitor: Visitor, digest: Digest) -> None:
    """Lines, accents and markup come back as they were typed, as text."""
    note = "Reprises possibles en radio locale.\r\n<b>À suivre</b> & « demain »"
    page = send(visitor, digest, note=[note])
    assert sheet(digest).review.note == note.replace("\r\n", "\n")
    assert "<b>À suivre" not in page
    assert "&lt;b&gt;À suivre" in page


def test_items_are_added_by_hand_and_taken_off(visitor: Visitor, digest: Digest) -> None:
    """A radio programme is added with its hour in the client's zone, survives other forms, and is taken off."""
    page = send(
        visitor,
        digest,
        added_kind=["radio"],
        added_outlet=["Radio Gaves"],
        added_title=["Le maire dénonce les fermetures"],
        added_at=["2026-12-08T07:10"],
    )
    (item,) = sheet(digest).review.added
    assert (item.kind, item.outlet, item.at) == (
        "radio",
        "Radio Gaves",
        datetime(2026, 12, 8, 6, 10, tzinfo=UTC),
    )
    assert "Radio · Radio Gaves" in words(page)
    send(visitor, digest, up=[ids(digest)[1]])
    assert len(sheet(digest).review.added) == 1
    send(visitor, digest, remove=[item.item_id])
    assert sheet(digest).review.added == ()


def test_two_reviewers_do_not_overwrite_each_other(visitor: Visitor, digest: Digest) -> None:
    """A form made from an older version, or sent twice, is refused, and the page shows how things stand."""
    url = url_of(digest)
    old = form_of(visitor.get(url).text)
    assert visitor.post(url, old | {"note": ["Le premier"]}).status == 303
    reply = visitor.post(url, old | {"note": ["Le second"]})
    assert reply.status == 412
    assert "n'a pas été gardé" in words(reply.text)
    assert "Le premier" in reply.text
    assert sheet(digest).review.note == "Le premier"


@pytest.mark.parametrize(
    "changes",
    [
        {"version": ["x"]},
        {"drop": ["of-another-client"]},
        {"note": ["a" * 1_001]},
        {"added_title": ["sans station"], "added_kind": ["radio"]},
        {"added_title": ["t"], "added_outlet": ["o"], "added_kind": ["telepathy"]},
        {"added_title": ["t"], "added_outlet": ["o"], "added_kind": ["radio"], "added_at": ["hier"]},
    ],
)
def test_what_cannot_be_kept_is_refused_in_words(visitor: Visitor, digest: Digest, changes: Any) -> None:
    """A form out of bounds changes nothing and says so on the page."""
    url = url_of(digest)
    reply = visitor.post(url, form_of(visitor.get(url).text) | changes)
    assert reply.status == 422
    assert "n'a pas été gardé" in words(reply.text)
    assert sheet(digest).review == Review(client_id=digest.client_id, digest_id=digest.digest_id)


def test_once_the_mail_has_left_nothing_is_decided(visitor: Visitor) -> None:
    """After its time the page only shows; a form opened before is refused."""
    digest = waiting(minutes=-1)
    page = visitor.get(url_of(digest))
    assert "sans relecture" in words(page.text)
    assert "<button" not in page.text.replace('<button class="hidden"', "")
    reply = visitor.post(url_of(digest), {"version": "0", "note": "trop tard"})
    assert reply.status == 410
    assert sheet(digest).review.note == ""


def test_a_reader_is_no_reviewer_and_a_reviewer_gone_is_none(visitor: Visitor, digest: Digest) -> None:
    """A reader's link opens no review, nor does a link to an address that no longer reviews."""
    assert visitor.get(links(digest).review).status == 410
    token = links(digest).page.rpartition("/")[2]
    assert visitor.get(url_of(digest).rpartition("/")[0] + f"/{token}").status == 404
    wiring.accounts().put_client(replace(client(), reviewer=Reviewer("other@agence.example")))
    assert visitor.get(url_of(digest)).status == 410
    assert visitor.post(url_of(digest), {"version": "0"}).status == 410


def test_the_preview_is_what_readers_will_see(visitor: Visitor, digest: Digest) -> None:
    """The preview shows the digest as it leaves, and leads back; it offers nothing that only readers may do."""
    send(visitor, digest, drop=[digest.subjects[0].subject_id], note=["Mot du jour"])
    reply = visitor.get(f"{url_of(digest)}/preview")
    assert reply.status == 200
    assert digest.subjects[0].title not in words(reply.text)
    assert "Mot du jour" in words(reply.text)
    assert "Pas pertinent" not in reply.text
    assert "Retour à la relecture" in words(reply.text)
