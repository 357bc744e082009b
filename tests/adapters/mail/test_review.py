"""What a reviewer did, in the mail; and the mail that asks them to."""

from datetime import UTC, datetime

import pytest

from tests.adapters.mail.digests import busy_day, quiet_day
from vigie.adapters.mail.preview import frame_preview
from vigie.adapters.mail.render import MailRenderer
from vigie.domain.digest import AddedItem, Digest
from vigie.domain.review import Review, apply_review
from vigie.domain.typography import NARROW, NO_BREAK
from vigie.ports import RenderedDigest

AT = datetime(2026, 12, 8, 6, 5, tzinfo=UTC)
RADIO = AddedItem(
    item_id="added-1",
    kind="radio",
    title="<b>Fermetures</b> d'agences",
    outlet="Radio Gaves",
    at=AT.replace(hour=5),
    note="Ton neutre",
)


def printed(digest: Digest) -> str:
    """Return a digest's text part on one line, French spaces made plain."""
    text = MailRenderer()(digest, None).text.replace(NARROW, " ").replace(NO_BREAK, " ")
    return " ".join(text.split())


def reviewed(digest: Digest, **wishes: object) -> Digest:
    """Return a digest looked over by Claire."""
    review = Review(
        client_id=digest.client_id, digest_id=digest.digest_id, version=1, by="Claire", at=AT, **wishes
    )  # type: ignore[arg-type]
    return apply_review(digest, review)


@pytest.mark.parametrize("day", [busy_day, quiet_day])
def test_the_word_of_the_agency_is_printed(day: object) -> None:
    """On a busy day and on a quiet one: who looked it over, their word, what they heard elsewhere."""
    text = printed(reviewed(day(), note="Reprises possibles.", added=(RADIO,)))  # type: ignore[operator]
    assert "relu par votre chargée de veille" in text
    assert "Mot de l'agence : « Reprises possibles. »" in text
    assert "radio, Radio Gaves, mar. 6 h" in text
    assert "Ton neutre" in text


def test_what_was_set_aside_is_told() -> None:
    """The reader learns that a subject is counted and not shown."""
    dropped = busy_day().subjects[0]
    text = printed(reviewed(busy_day(), dropped=(dropped.subject_id,)))
    assert f"1 sujet écarté à la relecture ({dropped.publications} publications)" in text


def test_an_untouched_digest_says_nothing_of_a_review() -> None:
    """It left by itself."""
    assert "relu" not in printed(busy_day())


def test_what_is_added_is_escaped() -> None:
    """A reviewer's words are text in the HTML part."""
    html = MailRenderer()(reviewed(busy_day(), added=(RADIO,)), None).html
    assert "<b>Fermetures" not in html
    assert "&lt;b&gt;Fermetures" in html


def framed(link: str | None) -> RenderedDigest:
    """Return the preview of a busy day."""
    return frame_preview(MailRenderer()(busy_day(), None), busy_day(), AT.replace(minute=30), link)


def test_a_preview_says_when_it_leaves_and_how_to_change_it() -> None:
    """Above the digest, in both parts; the hour is the client's."""
    mail = framed("https://veille.example/review/1abc")
    assert mail.subject.startswith("[À relire] Veille ")
    for part in (mail.html, mail.text):
        assert f"part à 7{NARROW}h{NARROW}30" in part
        assert "https://veille.example/review/1abc" in part
    assert mail.html.index("part à") < mail.html.index("Veille</")


def test_a_preview_without_a_site_holds_no_link() -> None:
    """A stack without pages still shows its reviewer what leaves."""
    assert "La relire" not in framed(None).html
