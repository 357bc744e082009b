"""What was found, against the truth of the demo press."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from infra.demo_press import expected_documents
from vigie.domain.mentions import Mention


@dataclass(frozen=True, slots=True)
class Score:
    """Pages that should be found, were found, and were found rightly."""

    expected: int
    found: int
    right: int

    @property
    def recall(self) -> float:
        """Share of what was expected that was found; 1 when nothing was."""
        return self.right / self.expected if self.expected else 1.0

    @property
    def precision(self) -> float:
        """Share of what was found that was expected; 1 when nothing was found."""
        return self.right / self.found if self.found else 1.0


def score_purposes(
    truth: Mapping[str, Any],
    client_id: str,
    visible_ids: Iterable[str],
    mentions: Iterable[Mention],
    seen_ids: Iterable[str] = (),
) -> dict[str, Score]:
    """Compare a client's kept mentions with the truth, for each purpose of its watches.

    ``seen_ids`` are documents earlier passes have told: their pages are expected no more.
    Pages are compared by the canonical address the truth gives them, whatever address a feed used.
    """
    pages = {document["id"]: document["canonical_url"] for document in truth["documents"]}
    page_of_url = {document["url"]: document["canonical_url"] for document in truth["documents"]}
    seen = set(seen_ids)
    visible, kept = seen | set(visible_ids), [mention for mention in mentions if mention.status == "kept"]
    client = next(client for client in truth["clients"] if client["id"] == client_id)
    scores = {}
    for purpose in sorted({watch["purpose"] for watch in client["watches"]}):
        told, all_told = (
            {pages[name] for name in expected_documents(dict(truth), client_id, ids, purpose=purpose)}
            for ids in (seen, visible)
        )
        expected = all_told - told
        found = {
            page_of_url.get(mention.document.url, mention.document.url)
            for mention in kept
            if purpose in mention.purposes
        }
        scores[purpose] = Score(len(expected), len(found), len(expected & found))
    return scores
