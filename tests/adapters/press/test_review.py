"""The press review as a page: whole, printable, and nothing in it runs."""

from lxml import html

from tests.builders import a_client, a_document, a_hit, a_mention
from vigie.adapters.press.review import render_review
from vigie.domain.exports import press_review

EVIL = '<script>alert(1)</script>"><img src=x onerror=alert(1)>'


def test_the_page_says_who_when_and_by_what_right() -> None:
    """Title, outlet, date, link and a very short extract; the rights; French spaces; A4."""
    document = a_document(
        "Trois guichets : la fin", body="Oui. " * 9 + "La Banque d'Armélie ferme ses guichets."
    )
    page = render_review(
        press_review(a_client(), [a_mention(document, hits=(a_hit(document),))], is_cut=True)
    )
    tree = html.fromstring(page.encode())
    assert tree.xpath("//h3/a/@href") == [document.url]
    text = tree.text_content()
    for told in ("Revue de presse – Banque d'Armélie", "mardi 8 décembre 2026", "Le Courrier d'Armélie"):
        assert told in text
    assert "L. 211-3-1" in text
    assert "CFC" in text
    assert "plus longue\u202f: resserrez" in text
    assert "@page { size: A4" in page
    assert len(tree.xpath("string(//p[@class='extract'])")) <= 160


def test_nothing_of_a_document_runs() -> None:
    """Markup in any field is shown as it was written."""
    document = a_document(
        EVIL, document_id="d", author=EVIL, source_name=EVIL, url="https://x.test/?a='\"><b>"
    )
    page = render_review(press_review(a_client(name=EVIL), [a_mention(document)]))
    tree = html.fromstring(page.encode())
    assert not tree.xpath("//script | //img | //b | //*[@onerror]")
    assert tree.xpath("//@href") == [document.url]


def test_an_english_client_reads_english_and_an_empty_selection_says_so() -> None:
    """Words follow the client."""
    page = render_review(press_review(a_client(locale="en"), []))
    assert 'lang="en"' in page
    assert "No article in this selection." in page
