"""What readers do from the mail: nothing on opening a page, one thing on pressing its button, and back."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest

from tests.adapters.mail.digests import busy_day
from tests.builders import a_client, a_document, a_hit, a_mention
from tests.functions.conftest import Stack
from tests.functions.test_site import READER, Tags, follow, href, keep, links, visitor, words
from tests.functions.visitor import PREFIX, Visitor
from vigie import wiring
from vigie.domain.clients import Recipient
from vigie.domain.digest import Digest
from vigie.domain.feedback import Correction
from vigie.domain.mentions import Assessment, Label, Mention
from vigie.domain.site_links import ACTIONS, Action

__all__ = ["visitor"]  # the fixture

pytestmark = pytest.mark.emulator

TITLE = "Trois guichets de la Banque d'Armélie vont fermer dans le Vaurel"


@pytest.fixture
def digest(visitor: Visitor) -> Digest:
    """Return a stored digest whose first story's mention is recorded too."""
    stored = keep(busy_day())
    judge(stored)
    return stored


def judge(stored: Digest) -> None:
    """Record the mention of a digest's first story, judged unfavourable by the machine."""
    story = stored.subjects[0]
    document = a_document(TITLE, document_id=story.story_id)
    mention = a_mention(
        document,
        hits=(a_hit(document, "Banque d'Armélie", watch_name="Marque"),),
        recorded_at=datetime.now(UTC) - timedelta(hours=1),
    )
    sure = Label("unfavourable", 0.9)
    judged = Assessment(
        watch_id=mention.hits[0].watch_id,
        relevance=Label("main", 0.9),
        impact=sure,
        tone=Label("negative", 0.9),
        crisis=Label("none", 0.9),
    )
    assert story.story_id == mention.story.story_id
    wiring.mentions().record([replace(mention, labels=replace(mention.labels, assessments=(judged,)))])


def corrections() -> list[Correction]:
    """Return what people said and did not take back, the last first."""
    made = wiring.feedback().listed(a_client(), None, None)
    return [each for each in made if each.undone is None]


def mention_now(digest: Digest) -> Mention:
    """Return the first story's mention as it is read now."""
    found = wiring.current_mentions().get(digest.client_id, digest.subjects[0].story_id)
    assert found is not None
    return found


def act_url(digest: Digest, action: Action) -> str:
    """Return the address of an action in the mail."""
    return links(digest).act(digest.subjects[0].story_id, action)


def pressed(visitor: Visitor, url: str, form: dict[str, str]) -> str:
    """Post a form and return the page the browser is sent to."""
    reply = visitor.post(url, form)
    assert reply.status == 303
    page = visitor.get(follow(url, reply.headers["Location"]))
    assert page.status == 200
    return page.text


@pytest.mark.parametrize("action", ACTIONS)
def test_opening_a_page_does_nothing(visitor: Visitor, digest: Digest, action: Action) -> None:
    """A scanner that follows every link of a mail, twice, leaves everything as it was."""
    for _ in range(2):
        reply = visitor.get(act_url(digest, action))
        assert reply.status == 200
        assert TITLE in words(reply.text)
    assert corrections() == []


def test_not_relevant_is_said_by_a_button_and_undone_by_another(visitor: Visitor, digest: Digest) -> None:
    """« Pas pertinent » names who said so; the mention is held back, until it is undone."""
    url = act_url(digest, "irrelevant")
    page = pressed(visitor, url, {"reason": "Une autre banque"})
    (made,) = corrections()
    assert (made.label, made.after, made.given_by, made.reason) == (
        "relevance",
        "homonym",
        READER,
        "Une autre banque",
    )
    assert f"par {READER}" in words(page)
    assert mention_now(digest).status == "held"
    undo = re.search(r'name="undo" value="([^"]+)"', page)
    assert undo
    page = pressed(visitor, url, {"undo": undo[1]})
    assert "Confirmer" in page
    assert corrections() == []
    assert mention_now(digest).status == "kept"


def test_a_form_sent_twice_does_one_thing(visitor: Visitor, digest: Digest) -> None:
    """Impatient fingers and retries correct once, and undo once."""
    url = act_url(digest, "correct")
    for _ in range(3):
        page = pressed(visitor, url, {"value": "neutral"})
    (made,) = corrections()
    for _ in range(2):
        pressed(visitor, url, {"undo": made.correction_id})
    assert "Noté" in words(page)
    assert corrections() == []


def test_a_tone_is_corrected_from_what_stands(visitor: Visitor, digest: Digest) -> None:
    """The page shows what stands, chosen; another choice stands afterwards."""
    url = act_url(digest, "correct")

    def chosen(html: str) -> list[str | None]:
        return [attributes["value"] for _, attributes in Tags(html).found if "checked" in attributes]

    assert chosen(visitor.get(url).text) == ["unfavourable"]
    assert chosen(pressed(visitor, url, {"value": "favourable"})) == ["favourable"]
    assessed = mention_now(digest).assessment
    assert assessed is not None
    assert assessed.impact.value == "favourable"


def test_an_old_page_undoes_nothing_newer(visitor: Visitor, digest: Digest) -> None:
    """Who undoes what somebody corrected again meanwhile is told, and changes nothing."""
    url = act_url(digest, "correct")
    pressed(visitor, url, {"value": "neutral"})
    (first,) = corrections()
    pressed(visitor, url, {"value": "favourable"})
    assert visitor.post(url, {"undo": first.correction_id}).status == 409
    assert corrections()[0].after == "favourable"


@pytest.mark.parametrize("form", [{"value": "<script>"}, {"value": ""}, {}])
def test_what_is_no_answer_is_refused(visitor: Visitor, digest: Digest, form: dict[str, str]) -> None:
    """A value that is none of those offered changes nothing and is not repeated as markup."""
    reply = visitor.post(act_url(digest, "correct"), form)
    assert reply.status == 422
    assert "<script>" not in reply.text.replace('<script src="', "")
    assert corrections() == []


def test_reasons_are_only_words(visitor: Visitor, digest: Digest) -> None:
    """A reason is kept within its limit, whatever it holds."""
    pressed(visitor, act_url(digest, "irrelevant"), {"reason": "<b>" + "x" * 2_000})
    assert len(corrections()[0].reason) == 500


def test_a_link_acts_on_its_own_story_only(visitor: Visitor, digest: Digest) -> None:
    """A token for reading acts on nothing, an action unknown is not found, another's token neither."""
    token = links(digest).page.rpartition("/")[2]
    assert visitor.post(f"{PREFIX}/story/{token}/irrelevant").status == 404
    assert visitor.get(act_url(digest, "irrelevant").replace("irrelevant", "erase")).status == 404
    assert visitor.post(act_url(digest, "share")).status == 404
    assert corrections() == []


def test_a_story_past_correcting_is_told_so(visitor: Visitor, digest: Digest) -> None:
    """A story whose mentions are gone has a page that says it is not there, and no error."""
    url = links(digest).act(digest.subjects[1].story_id, "irrelevant")
    assert visitor.get(url).status == 404


def test_one_story_is_shared_and_nothing_else(visitor: Visitor, digest: Digest) -> None:
    """The link to share is whole and opens for anybody; it shows no tone, no reader, no other story, no way on."""
    page = visitor.get(act_url(digest, "share")).text
    (shared,) = [str(each["value"]) for _, each in Tags(page).found if each.get("id") == "link"]
    assert shared.startswith(f"https://veille.example{PREFIX}/shared/")
    mail = unescape(re.search(r'href="(mailto:[^"]+)"', page)[1])  # type: ignore[index]
    assert "%2Fshared%2F" in mail or "/shared/" in mail
    wiring.accounts().put_client(replace(a_client(), recipients=(Recipient("other@armelie.example"),)))
    reply = visitor.get(shared.removeprefix("https://veille.example"))
    text = words(reply.text)
    assert reply.status == 200
    assert TITLE in text
    assert "11 reprises" in text.replace("\xa0", " ").replace("\u202f", " ")
    assert "favorable" not in text.lower()
    assert READER not in text
    assert "Panne" not in text
    leads = {str(each["href"]) for tag, each in Tags(reply.text).found if tag == "a"}
    assert not [url for url in leads if url.startswith("..")]


def test_the_site_shares_its_own_address_when_it_has_one(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A stack with a domain shares links under it."""
    monkeypatch.setenv("VIGIE_SITE_URL", "https://veille.agence.example")
    wiring.settings.cache_clear()
    client = replace(a_client(), recipients=(Recipient(READER),))
    wiring.accounts().put_client(client)
    wiring.make_link_secret()
    stored = keep(busy_day())
    page = Visitor(stack).get(links(stored).act(stored.subjects[0].story_id, "share")).text
    assert 'value="https://veille.agence.example/shared/' in page


def test_the_way_back_leads_to_the_digest(visitor: Visitor, digest: Digest) -> None:
    """From an action one returns to the digest, with a link that lasts no longer."""
    url = act_url(digest, "irrelevant")
    back = follow(url, href(visitor.get(url).text, "Retour"))
    assert "mardi 8 décembre" in words(visitor.get(back).text)
