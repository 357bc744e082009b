"""Queries and documents of a tiny world, where words meet often."""

from typing import Any

from hypothesis import strategies as st

from tests.domain.query.reference import Tree

_WORDS = ["aa", "bb", "cc", "ab", "abc"]
_IN_TEXTS = [
    *_WORDS,
    "Aa",
    "AA",
    "bb-cc",
    "#aa",
    "#AB_cc",
    "@bb",
    "x@bb",
    "a1",
    "C++",
    "https://aa.fr/bb",
    "https",
    ".",
]
_IN_TERMS = [*_WORDS, "aa*", "ab*", "b?", "#aa", "#ab*", "#ab_cc", "@bb", "bb-cc", "a1"]
_IN_RAWS = ["Aa", "AA", "aa", "+", "C++", "bb-", "-cc", "@bb", "aa bb"]

texts = st.lists(st.sampled_from(_IN_TEXTS), max_size=12).map(" ".join)
documents: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {
        "title": texts,
        "summary": texts,
        "body": texts,
        "author": texts,
        "language": st.sampled_from([None, "fr", "en"]),
        "url": st.sampled_from(["https://www.aa.fr/1", "https://m.aa.fr/", "https://baa.fr/x"]),
    }
)

_fields = st.sampled_from([None, None, None, "title", "body", "author"])
_phrases = st.lists(st.sampled_from(_IN_TERMS), min_size=1, max_size=3).map(" ".join)
_terms = st.tuples(st.just("term"), _phrases, _fields)
_slops = st.tuples(st.just("slop"), _phrases, st.integers(0, 3))
_raws = st.tuples(st.just("raw"), st.sampled_from(_IN_RAWS), _fields)
_filters = st.one_of(
    st.tuples(st.just("filter"), st.just("lang"), st.sampled_from(["fr", "en"])),
    st.tuples(st.just("filter"), st.just("site"), st.sampled_from(["aa.fr", "m.aa.fr", "fr"])),
)


def _nears(operands: st.SearchStrategy[Tree]) -> st.SearchStrategy[Tree]:
    alternatives = st.tuples(st.just("or"), operands, operands)
    sides = operands | alternatives
    return st.tuples(st.just("near"), sides, sides, st.integers(0, 4), st.booleans())


_near_trees = st.recursive(_terms | _slops, _nears, max_leaves=4)


def _combined(trees: st.SearchStrategy[Tree]) -> st.SearchStrategy[Tree]:
    lists = st.lists(trees, min_size=2, max_size=3).map(tuple)
    return st.one_of(
        st.tuples(st.just("not"), trees),
        st.tuples(st.sampled_from(["and", "or"]), lists).map(lambda pair: (pair[0], *pair[1])),
    )


trees: st.SearchStrategy[Tree] = st.recursive(_near_trees | _raws | _filters, _combined, max_leaves=6)
