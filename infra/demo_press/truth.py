"""The truth about the press: what each document is, whom it concerns and which watches it matches."""

from collections.abc import Iterable, Sequence
from typing import Any

from infra.demo_press.library import Library
from infra.demo_press.publish import Publication

LABELS = ("relevance", "impact", "tone", "crisis", "crisis_type")


def write_truth(library: Library, publications: Sequence[Publication]) -> dict[str, Any]:
    """Return the truth as JSON-ready values; ``publications`` come in the order of their document ids."""
    firsts: dict[str, str] = {}
    pages: dict[str, str] = {}
    documents = []
    for publication in publications:
        document_id = publication.item.document_id
        page = pages.setdefault(publication.item.canonical_url, document_id)
        first = firsts.setdefault(publication.story.key, document_id)
        same_url_as = page if page != document_id else None
        reprint_of = first if first != document_id and same_url_as is None else None
        documents.append(
            _identity(publication)
            | {"reprint_of": reprint_of, "same_url_as": same_url_as}
            | {"concerns": _concerns(library, publication), "matches": matches(library, publication.tags)}
        )
    return {"documents": documents, "events": _events(library, publications), "clients": _clients(library)}


def expected_documents(
    truth: dict[str, Any], client_id: str, visible_ids: Iterable[str], purpose: str | None = None
) -> frozenset[str]:
    """Return the ids a digest of the client must hold, one per page, among the documents that could be seen.

    A page carried by two feeds counts once, under the id of its first visible document. ``purpose`` keeps the
    watches of one purpose ("brand", "competitor", "sector"); without it, all of the client's watches count.
    """
    client = next(client for client in truth["clients"] if client["id"] == client_id)
    watches = {watch["id"] for watch in client["watches"] if purpose in (None, watch["purpose"])}
    visible = set(visible_ids)
    kept: dict[str, str] = {}
    for document in truth["documents"]:
        if document["id"] in visible and watches.intersection(document["matches"]):
            kept.setdefault(document["canonical_url"], document["id"])
    return frozenset(kept.values())


def _identity(publication: Publication) -> dict[str, Any]:
    item, last = publication.item, publication.item.versions[-1]
    return {
        "id": item.document_id,
        "feed": publication.outlet.slug,
        "guid": item.guid,
        "url": item.url,
        "canonical_url": item.canonical_url,
        "published_at": item.published_at.isoformat(),
        "dated": item.dated,
        "edited_at": last.since.isoformat() if len(item.versions) > 1 else None,
        "title": item.versions[0].title,
        "language": publication.outlet.language,
        "story": publication.story.key,
        "event": publication.story.event,
        "subject": publication.story.event or publication.story.key,
    }


def _concerns(library: Library, publication: Publication) -> dict[str, dict[str, Any]]:
    """Return the labels of each client whose name is really in what was printed, homonyms included."""
    concerns = {}
    for client in library.clients:
        labels = publication.story.template.about.get(client["brand"])
        if labels and client["brand"] in publication.tags:
            concerns[client["id"]] = dict(zip(LABELS, (*labels.split(), None), strict=False))
    return concerns


def matches(library: Library, tags: frozenset[str]) -> list[str]:
    """Return the watches that what is really spoken of matches."""
    return [
        watch["id"]
        for client in library.clients
        for watch in client["watch"]
        if tags.intersection(watch["any"]) and not tags.intersection(watch.get("none", ()))
    ]


def _events(library: Library, publications: Sequence[Publication]) -> list[dict[str, Any]]:
    members: dict[str, list[Publication]] = {}
    for publication in publications:
        if publication.story.event:
            members.setdefault(publication.story.event, []).append(publication)
    return [
        library.events[publications[0].story.template.event]
        | {
            "id": event,
            "first_at": publications[0].item.published_at.isoformat(),
            "last_at": publications[-1].item.published_at.isoformat(),
            "documents": len(publications),
        }
        for event, publications in members.items()
    ]


def _clients(library: Library) -> list[dict[str, Any]]:
    fields = ("id", "name", "purpose", "query")
    return [
        {
            "id": client["id"],
            "name": client["name"],
            "watches": [{key: watch[key] for key in fields} for watch in client["watch"]],
        }
        for client in library.clients
    ]
