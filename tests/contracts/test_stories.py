"""Contract of StoryStore."""

from datetime import timedelta
from typing import Any

from tests.builders import CUTOFF
from tests.contracts.together import at_once
from vigie.ports import StoryClaim

FIRST = StoryClaim("doc-1", "story-1")


def test_the_first_claim_stands(stores: Any) -> None:
    """Whoever claims later gets the first claim back, and so does the first on redelivery."""
    assert stores.stories.claim("key", FIRST, CUTOFF) == FIRST
    assert stores.stories.claim("key", StoryClaim("doc-2", "story-2"), CUTOFF) == FIRST
    assert stores.stories.claim("key", StoryClaim("doc-1", "other"), CUTOFF) == FIRST


def test_of_claims_at_once_one_stands_for_all(stores: Any) -> None:
    """Every worker learns of the same winner."""
    claims = at_once(8, lambda n: stores.stories.claim("key", StoryClaim(f"doc-{n}", f"s-{n}"), CUTOFF))
    assert len(set(claims)) == 1


def test_a_claim_is_forgotten_after_its_retention(stores: Any) -> None:
    """The same text a month later is another story, even before the table dropped the old one."""
    stores.stories.claim("key", FIRST, CUTOFF)
    later = StoryClaim("doc-2", "story-2")
    assert stores.stories.claim("key", later, CUTOFF + timedelta(days=29)) == FIRST
    assert stores.stories.claim("key", later, CUTOFF + timedelta(days=30)) == later


def test_only_the_owner_moves_a_key(stores: Any) -> None:
    """A key follows its first document to another story, and nobody else's."""
    stores.stories.claim("key", FIRST, CUTOFF)
    stores.stories.move("key", StoryClaim("doc-2", "story-2"))
    assert stores.stories.claim("key", FIRST, CUTOFF) == FIRST
    stores.stories.move("key", StoryClaim("doc-1", "story-9"))
    assert stores.stories.claim("key", FIRST, CUTOFF) == StoryClaim("doc-1", "story-9")


def test_moving_an_unclaimed_key_claims_nothing(stores: Any) -> None:
    """A move makes no claim."""
    stores.stories.move("key", FIRST)
    later = StoryClaim("doc-2", "story-2")
    assert stores.stories.claim("key", later, CUTOFF) == later
