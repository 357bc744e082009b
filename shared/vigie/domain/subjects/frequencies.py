"""How common each term is in what the stack reads: a name that every article of a region drops says little."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Frequencies:
    """In how many of ``documents`` each term is; a term that is not there is in none, or was left out as rare."""

    documents: int = 0
    counts: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, term_sets: Iterable[Iterable[str]], at_least: int = 1) -> "Frequencies":
        """Count terms, a document once each; those in fewer documents than ``at_least`` are left out."""
        counts: Counter[str] = Counter()
        documents = 0
        for terms in term_sets:
            counts.update(set(terms))
            documents += 1
        return cls(documents, {term: count for term, count in sorted(counts.items()) if count >= at_least})

    def rarity(self, term: str) -> float:
        """Return what the term tells: the logarithm of one over its share, smoothed; never below zero."""
        return max(0.0, math.log((self.documents + 1) / (self.counts.get(term, 0) + 0.5)))
