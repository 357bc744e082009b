"""What people ask in public of the client, or look for: found in posts and threads by a few plain rules.

Modest on purpose: a sentence that ends with a question mark, in a post that names the client and shares nothing
else, or a post that a watch for needs found. Who asks is never named.
"""

import re
from collections.abc import Collection, Iterable, Sequence

from vigie.domain.digest_blocks import Ask
from vigie.domain.digest_stories import NAMING, channel_of, instant_of
from vigie.domain.documents import Document
from vigie.domain.extracts import EXTRACT_LIMIT
from vigie.domain.mentions import Mention
from vigie.domain.typography import one_line

ASKS_AT_MOST = 5
_NEEDS = "lead"
_PLACES = frozenset({"social", "forums", "reviews"})
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+")
_SENTENCE = re.compile(r"[^.!?…\n]*[.!?…]+|[^.!?…\n]+")
_SHORTEST_QUESTION = 12  # characters: "Sérieux ?" asks nothing


def asks_of(mentions: Iterable[Mention]) -> tuple[Ask, ...]:
    """Return the questions and needs among a client's own mentions, those without an answer first, then the latest.

    A text carried several times is asked once. An answer is a document that names as its parent what it answers.
    """
    everything = list(mentions)
    answered = {mention.document.parent_id for mention in everything if mention.document.parent_id}
    found: dict[str, tuple[Mention, Ask]] = {}
    for mention in sorted(everything, key=lambda each: (instant_of(each), each.mention_id)):
        ask = _ask(mention, answered)
        if ask is not None:
            found.setdefault(mention.story.story_id, (mention, ask))
    in_order = sorted(
        found.values(), key=lambda pair: (pair[1].is_answered, -instant_of(pair[0]).timestamp())
    )
    return tuple(ask for _, ask in in_order)


def _ask(mention: Mention, answered: Collection[str]) -> Ask | None:
    document = mention.document
    channel = channel_of(document)
    if channel not in _PLACES or document.display == "link_only" or document.visibility == "private":
        return None
    is_question = bool(mention.purposes & NAMING) and not document.links
    words = _question(document) if is_question else ""
    kind = "question" if words else "need"
    if not words and _NEEDS in mention.purposes:
        words = _question(document) or _cut(document.title)
    if not words:
        return None
    return Ask(
        kind="question" if kind == "question" else "need",
        story_id=mention.story.story_id,
        source_name=document.source_name,
        url=document.url,
        published_at=document.published_at,
        words=words,
        is_personal=channel == "social",
        is_answered=document.native_id is not None and document.native_id in answered,
    )


def _question(document: Document) -> str:
    """Return the first question of a post, cut to an extract; empty when it asks nothing."""
    text = document.body or document.summary or document.title
    for sentence in _sentences(_ADDRESS.sub(" ", text)):
        if sentence.endswith("?") and len(sentence) >= _SHORTEST_QUESTION:
            return _cut(sentence)
    return ""


def _sentences(text: str) -> Sequence[str]:
    return [" ".join(sentence.split()) for sentence in _SENTENCE.findall(text)]


def _cut(text: str) -> str:
    return one_line(text, EXTRACT_LIMIT)
