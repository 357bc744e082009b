"""What the demo press should become for a client: its mentions, with stories as the truth has them.

For measuring what comes after stories by itself: subjects.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from infra.demo_press.model import Press
from vigie.domain.documents import Document
from vigie.domain.mentions import Evidence, Label, Labels, Mention, StoryRef, WatchHit
from vigie.domain.query import evaluate, parse, prepare_document

_UNLABELLED = Labels(language=Label("und", 0.0), tone=Label("neutral", 0.0, abstained=True))


def documents_of(press: Press) -> dict[str, Document]:
    """Return every document of the month as first printed, by the id the truth gives it."""
    items = {item.document_id: (feed, item) for feed in press.feeds for item in feed.items}
    documents = {}
    for described in press.truth["documents"]:
        feed, item = items[described["id"]]
        first = item.versions[0]
        documents[item.document_id] = Document(
            document_id=item.document_id,
            source_id=feed.slug,
            source_name=feed.name,
            url=item.url,
            canonical_url=item.canonical_url,
            title=first.title,
            summary=first.summary,
            body="\n".join(first.body),
            language=feed.language,
            published_at=item.published_at,
            seen_at=item.published_at,
            outlet_tier=feed.tier,
        )
    return documents


def mentions_of(press: Press, client_id: str) -> Iterator[Mention]:
    """Yield what the client's watches find, in order of publication, competitors' finds included."""
    client = next(client for client in press.truth["clients"] if client["id"] == client_id)
    watches = [(watch, parse(watch["query"])) for watch in client["watches"]]
    documents = documents_of(press)
    first: dict[str, str] = {}
    for described in press.truth["documents"]:
        document = documents[described["id"]]
        story_id = first.setdefault(described["story"], document.document_id)
        if hits := tuple(_hits(document, watches)):
            yield _mention(client_id, document, hits, story_id, document.seen_at)


def _mention(
    client_id: str, document: Document, hits: tuple[WatchHit, ...], story_id: str, at: datetime
) -> Mention:
    return Mention(
        client_id=client_id,
        batch_id="demo",
        document=document,
        hits=hits,
        story=StoryRef(story_id, "first" if story_id == document.document_id else "reprint"),
        labels=_UNLABELLED,
        recorded_at=at,
    )


def _hits(document: Document, watches: list[tuple[dict[str, Any], Any]]) -> Iterator[WatchHit]:
    prepared = prepare_document(document)
    for watch, query in watches:
        if match := evaluate(query, prepared):
            yield WatchHit(
                watch_id=watch["id"],
                watch_name=watch["name"],
                purpose=watch["purpose"],
                evidence=tuple(Evidence(hit.field, hit.start, hit.end, hit.term) for hit in match.hits),
            )
