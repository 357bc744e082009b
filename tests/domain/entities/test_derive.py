"""Whom a watch names."""

from datetime import UTC, datetime

import pytest

from vigie.domain.clients import Purpose, Watch, WatchedEntity
from vigie.domain.entities.derive import entity_of
from vigie.domain.query import parse

GIVEN = WatchedEntity("Orvane", ("Groupe Orvane",), "Opérateur mobile.")


def named(
    query: str, purpose: Purpose = "brand", entity: WatchedEntity | None = None
) -> WatchedEntity | None:
    """Return whom a watch with this query names."""
    watch = Watch(
        client_id="orvane",
        watch_id="w",
        name="Notre marque",
        purpose=purpose,
        query=query,
        created_at=datetime(2026, 11, 1, tzinfo=UTC),
        entity=entity,
    )
    return entity_of(watch, parse(query))


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ('"banque d\'armélie"', ["banque d'armélie"]),
        ("orvane OR @orvane_fr NOT festival", ["orvane", "orvane_fr"]),
        ('("orvane" OR "groupe orvane") AND (mobile OR forfait)', ["orvane", "groupe orvane"]),
        ("orvane NEAR/5 panne", ["orvane"]),
        ("lang:fr AND title:orvane", ["orvane"]),
        ("orvan*", []),
    ],
)
def test_a_watch_without_names_has_those_of_its_query(query: str, names: list[str]) -> None:
    """What the query wants any one of is the names; what narrows or excludes is none."""
    found = named(query)
    assert names == ([found.name, *found.aliases] if found else [])


def test_names_given_stand() -> None:
    """A client that says whom its watch names is taken at its word."""
    assert named("orvane", entity=GIVEN) == GIVEN


def test_a_sector_is_nobody() -> None:
    """A watch on a sector or on leads names nobody, so there is nothing to assess."""
    assert [named("banque", purpose) for purpose in ("sector", "lead")] == [None, None]
