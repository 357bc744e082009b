"""What stories are compared with: MinHash LSH of datasketch, fed as its documentation feeds it."""

import re
from collections.abc import Sequence

from datasketch import MinHash, MinHashLSH

from benchmarks.stories.labelled import Labelled

PERMUTATIONS, SHINGLE_WORDS = 128, 3
LAYOUTS = ((42, 3), (32, 4), (25, 5), (16, 8))  # bands and rows: from best recall to best precision
BANDS, ROWS = LAYOUTS[0]
_WORD = re.compile(r"\w+")


def group(documents: Sequence[Labelled], bands: int = BANDS, rows: int = ROWS) -> dict[str, str]:
    """Return each document's group: those that fall into one band together are one, whoever came between."""
    index = MinHashLSH(num_perm=PERMUTATIONS, params=(bands, rows))
    parents: dict[str, str] = {}
    for document in documents:
        words = _WORD.findall((document.body or document.summary).lower())
        runs = {" ".join(words[start : start + SHINGLE_WORDS]) for start in range(max(len(words) - 2, 1))}
        signature = MinHash(num_perm=PERMUTATIONS)
        signature.update_batch([run.encode() for run in runs])
        parents[document.id] = document.id
        for other in index.query(signature):
            parents[_root(parents, document.id)] = _root(parents, other)
        index.insert(document.id, signature, check_duplication=False)
    return {document_id: _root(parents, document_id) for document_id in parents}


def _root(parents: dict[str, str], member: str) -> str:
    while parents[member] != member:
        parents[member] = parents[parents[member]]
        member = parents[member]
    return member
