"""The story that speaks best for its subject: near all the others, well placed, and not shouting."""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from vigie.domain.mentions import Mention
from vigie.domain.subjects.space import Sum, Vector, likeness

_TIER_WEIGHT: Final = {"national": 1.15, "regional": 1.1, "trade": 1.0, "blog": 0.85}
_UNRANKED = 0.9
_UNTITLED = frozenset({"post", "comment", "message"})  # their title is their own first words
_HOOK = re.compile(
    r"[!?…]\s*$|\.\.\.\s*$|\b(?:vous n['’]allez pas|incroyable|voici pourquoi|ce qu['’]il faut|you won['’]t|"
    r"here['’]s why|what you need|shocking)\b",
    re.IGNORECASE,
)


def centrality(stories: Mapping[str, Sequence[Mention]], vectors: Mapping[str, Vector]) -> dict[str, float]:
    """Return how well each story of one subject speaks for it, from 0; ``vectors`` holds each of them."""
    total = Sum.of(vectors[story_id] for story_id in stories)
    return {
        story_id: round((0.2 + likeness(Sum.of([vectors[story_id]]), total)) * _manner(mentions), 9)
        for story_id, mentions in stories.items()
    }


def _manner(mentions: Sequence[Mention]) -> float:
    """Weigh the best outlet of a story, and how its titles are written."""
    return max(
        (_UNRANKED if tier is None else _TIER_WEIGHT.get(tier, _UNRANKED)) * _calm(mention)
        for mention in mentions
        for tier in [mention.document.outlet_tier]
    )


def _calm(mention: Mention) -> float:
    title = mention.document.title
    letters = [character for character in title if character.isalpha()]
    capitals = sum(character.isupper() for character in letters)
    if not letters or capitals > 0.6 * len(letters):
        return 0.2
    if mention.document.type in _UNTITLED:
        return 0.5
    return 0.6 if _HOOK.search(title) else 1.0
