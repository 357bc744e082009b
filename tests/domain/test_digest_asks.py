"""What people ask in public."""

from datetime import timedelta
from typing import Any

import pytest

from tests.builders import CUTOFF, a_document, a_hit, a_mention
from vigie.domain.digest_asks import asks_of
from vigie.domain.mentions import Mention

BANK = "Banque d'Armélie"


def a_post(text: str, *, purpose: str = "brand", **fields: Any) -> Mention:
    """Return a post that the bank's watch found."""
    defaults = {"platform": "bluesky", "type": "post", "source_name": "Bluesky", "author": "Ana @ana.example"}
    document = a_document(text, body=text, **{**defaults, **fields})
    return a_mention(document, hits=(a_hit(document, BANK, purpose=purpose),))


def test_question_is_told_in_its_authors_words() -> None:
    """The question itself is told, not what stands around it, and not who asked."""
    (ask,) = asks_of(
        [a_post(f"Bonsoir la {BANK}. Mon agence ferme, que devient mon coffre ? Merci d'avance.")]
    )
    assert (ask.kind, ask.words) == ("question", "Mon agence ferme, que devient mon coffre ?")
    assert (ask.source_name, ask.is_personal, ask.is_answered) == ("Bluesky", True, False)
    assert "ana" not in repr(ask).lower()


@pytest.mark.parametrize(
    "mention",
    [
        a_post(f"Merci la {BANK} pour l'accueil."),
        a_post(f"La {BANK} ferme. Sérieux ?"),
        a_post(f"Voir https://x.example/a?b=1 la {BANK} avance"),
        a_post(f"Que fait la {BANK} du littoral ? Notre enquête", links=("https://journal.example/a",)),
        a_post(f"Que fait donc la {BANK} ?", platform="press", type="article"),
        a_post(f"Que fait donc la {BANK} ?", display="link_only"),
        a_post("Quelle banque pour une ferme ?", purpose="sector"),
    ],
    ids=["statement", "short", "address", "shares", "press", "link only", "sector"],
)
def test_what_is_no_question(mention: Mention) -> None:
    """Statements, exclamations, shared headlines, articles, and what its terms forbid to quote ask nothing."""
    assert asks_of([mention]) == ()


def test_need_is_found_by_a_watch_for_needs() -> None:
    """What a watch for needs found is one, whether or not it names the client."""
    (ask,) = asks_of([a_post("Quelle banque pour reprendre une ferme ?", purpose="lead")])
    assert (ask.kind, ask.words) == ("need", "Quelle banque pour reprendre une ferme ?")


def test_answer_is_a_document_that_names_its_parent() -> None:
    """A question is answered when a document we saw answers it, and then stands behind those that are not."""
    old = CUTOFF - timedelta(hours=9)
    mentions = [
        a_post(
            f"Quand rouvre la {BANK} du bourg ?", native_id="at://1", published_at=CUTOFF - timedelta(hours=2)
        ),
        a_post(f"La {BANK} rouvre lundi.", parent_id="at://1"),
        a_post(f"Où est passée la {BANK} du port ?", native_id="at://2", published_at=old),
    ]
    assert [(ask.words[:4], ask.is_answered) for ask in asks_of(mentions)] == [
        ("Où e", False),
        ("Quan", True),
    ]


def test_forum_has_a_name_of_its_own() -> None:
    """A thread is told by its forum."""
    (ask,) = asks_of(
        [a_post(f"Que penser de la {BANK} ?", platform="forum", source_name="Forum Vaurel-Habitat")]
    )
    assert (ask.source_name, ask.is_personal) == ("Forum Vaurel-Habitat", False)


def test_question_asked_twice_is_told_once() -> None:
    """The same words in two places are one question, told where they came first."""
    first = a_post(
        f"Que devient la {BANK} du bourg ?", document_id="a", published_at=CUTOFF - timedelta(hours=3)
    )
    second = a_post(f"Que devient la {BANK} du bourg ?", document_id="b", source_name="Mastodon (mamot.fr)")
    second = a_mention(second.document, hits=second.hits, story=first.story.story_id)
    assert [ask.source_name for ask in asks_of([second, first])] == ["Bluesky"]


def test_long_question_is_cut() -> None:
    """No more than an extract is quoted."""
    (ask,) = asks_of([a_post(f"La {BANK} " + "peut-elle vraiment continuer ainsi longtemps " * 9 + "?")])
    assert len(ask.words) <= 160
