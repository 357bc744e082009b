"""What a digest says, against the truth of the demo press: its subjects, their counts, the first three, the sums."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, get_args

from infra.demo_press import expected_documents
from infra.local.score import Score
from vigie.domain.digest import Digest, SubjectLine
from vigie.domain.sources import Tier

_FIRST = 3
_IMPACTS = ("unfavourable", "mixed", "favourable", "neutral")
_RELEVANCES = ("main", "secondary", "passing")
_TIERS: tuple[str, ...] = get_args(Tier)


@dataclass(frozen=True, slots=True, kw_only=True)
class ContentScore:
    """How one digest compares with the truth.

    ``publications`` are pages, ``subjects`` those with exactly the pages of the truth's; ``first`` counts the places
    of the first three that hold the subject the truth has there; ``wrong_sums`` are the totals that do not add up.
    What is said beside the press has no subject in the truth: it counts among the publications alone.
    """

    publications: Score
    subjects: Score
    first: Score
    wrong_sums: tuple[str, ...]


def score_content(
    truth: Mapping[str, Any],
    digest: Digest,
    visible_ids: Iterable[str],
    seen_ids: Iterable[str] = (),
    tiers: Mapping[str, str] | None = None,
) -> ContentScore:
    """Compare a digest with what the truth wants of the documents newly visible.

    ``tiers`` are the feeds'; the truth orders by the labels it gives, so that a label got wrong costs places.
    """
    page_of_url = {document["url"]: document["canonical_url"] for document in truth["documents"]}
    pages = _wanted(truth, digest.client_id, set(visible_ids) | set(seen_ids), set(seen_ids))
    wanted: dict[str, dict[str, Any]] = {}
    for page, document in sorted(pages.items()):
        if "subject" in document:
            wanted.setdefault(document["subject"], {})[page] = document
    subject_of_page = {page: subject for subject, documents in wanted.items() for page in documents}
    beside = pages.keys() - subject_of_page.keys()
    lines = [_pages(line, page_of_url) for line in (*digest.subjects, *digest.others)]
    told = [line - beside for line in lines if line - beside]
    order = sorted(wanted, key=lambda subject: _weight(digest.client_id, wanted[subject], tiers or {}))[
        :_FIRST
    ]
    named = [_named(line, subject_of_page) for line in told]
    exact = sum(line == set(wanted.get(name, ())) for line, name in zip(told, named, strict=True))
    return ContentScore(
        publications=Score(len(pages), digest.totals.retained, len(set().union(*lines) & pages.keys())),
        subjects=Score(len(wanted), len(told), exact),
        first=Score(len(order), len(named[:_FIRST]), sum(a == b for a, b in zip(order, named, strict=False))),
        wrong_sums=tuple(digest.check()),
    )


def _wanted(
    truth: Mapping[str, Any], client_id: str, visible: set[str], seen: set[str]
) -> dict[str, dict[str, Any]]:
    """Return the documents the truth wants, by page; what competitors' watches find alone is not told."""
    described = {document["id"]: document for document in truth["documents"]}
    client = next(client for client in truth["clients"] if client["id"] == client_id)
    purposes = {watch["purpose"] for watch in client["watches"]} - {"competitor"}
    pages: dict[str, dict[str, Any]] = {}
    told: set[str] = set()
    for purpose in sorted(purposes):
        for name in expected_documents(dict(truth), client_id, visible, purpose=purpose):
            pages[described[name]["canonical_url"]] = described[name]
        for name in expected_documents(dict(truth), client_id, seen, purpose=purpose):
            told.add(described[name]["canonical_url"])
    return {page: document for page, document in pages.items() if page not in told}


def _pages(line: SubjectLine, page_of_url: Mapping[str, str]) -> set[str]:
    urls = [url for story in line.stories for url in (story.url, *(place.url for place in story.reprints))]
    return {page_of_url.get(url, url) for url in urls}


def _named(pages: set[str], subject_of_page: Mapping[str, str]) -> str:
    """Return which of the truth's subjects most of these pages are of; "" for none."""
    known = Counter(subject_of_page[page] for page in sorted(pages) if page in subject_of_page)
    return known.most_common(1)[0][0] if known else ""


def _weight(client_id: str, documents: Mapping[str, Any], tiers: Mapping[str, str]) -> tuple[Any, ...]:
    """Return a subject's place in the order of the digest, by the truth's own labels."""
    labels = [document["concerns"].get(client_id, {}) for document in documents.values()]
    ranks = [
        _TIERS.index(tier)
        for document in documents.values()
        if (tier := tiers.get(document["feed"])) in _TIERS
    ]
    return (
        min((_IMPACTS.index(label["impact"]) for label in labels if label), default=len(_IMPACTS) - 1),
        min(
            (
                _RELEVANCES.index(label["relevance"])
                for label in labels
                if label.get("relevance") in _RELEVANCES
            ),
            default=len(_RELEVANCES) - 1,
        ),
        -len({page.split("/")[2] for page in documents}),
        min(ranks, default=len(_TIERS)),
        -max(datetime.fromisoformat(document["published_at"]).timestamp() for document in documents.values()),
    )
