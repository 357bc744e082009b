"""Finding: a reader's words, whatever they type."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import a_client, a_document, a_mention
from tests.fakes import World
from vigie.domain.links import Link
from vigie.steps.mention_desk import MentionDesk
from vigie.steps.site.finding import Finding
from vigie.steps.site.visits import Visit

TITLES = ["Fermeture d'agence à Courbefosse", "FERMETURE ailleurs", "Le marché de Noël"]


def finding_of(world: World) -> tuple[Finding, Visit]:
    """Return what searches three mentions of the last hour, and who asks."""
    now = world.clock()
    world.mentions.record(
        [
            a_mention(a_document(title, document_id=f"d{n}"), recorded_at=now - timedelta(minutes=n + 1))
            for n, title in enumerate(TITLES)
        ]
    )
    client = a_client()
    link = Link(
        purpose="digest", client_id=client.client_id, subject="d", recipient="", expires_at=now + timedelta(1)
    )
    desk = MentionDesk(mentions=world.mentions, blobs=world.blobs, clock=world.clock)
    return Finding(desk=desk, clock=world.clock), Visit(link, client)


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("fermeture", TITLES[:2]),
        ("  FERMETURE   courbefosse ", TITLES[:1]),
        ("noel", TITLES[2:]),
        ("d'agence", TITLES[:1]),
        ("fermeture OR marché", []),
        ('"fermeture', TITLES[:2]),
        ("introuvable", []),
        ("", []),
        ("«»!", []),
    ],
)
def test_every_word_counts_and_signs_do_not(question: str, found: list[str]) -> None:
    """Words are looked for in any spelling; nothing that is typed is an operator."""
    finding, visit = finding_of(World())
    assert [mention.document.title for mention in finding.find(visit, question).mentions] == found


@given(st.text(max_size=300))
def test_whatever_is_typed_is_answered(question: str) -> None:
    """No text makes the search fail, and what is told back is on one line."""
    finding, visit = finding_of(World())
    found = finding.find(visit, question)
    assert len(found.question) <= 200
    assert "\n" not in found.question


def test_a_reader_is_not_shown_pages_that_hold_nothing() -> None:
    """What is far back among the mentions of this hour, which are in no index yet, is found at once."""
    world = World()
    finding, visit = finding_of(world)
    now = world.clock()
    world.mentions.record(
        [
            a_mention(
                a_document(f"Le phare {n}", document_id=f"p{n}"), recorded_at=now - timedelta(seconds=n + 1)
            )
            for n in range(119)
        ]
    )
    assert [mention.document.title for mention in finding.find(visit, "courbefosse").mentions] == TITLES[:1]
