"""Queries and documents in plain words: what a platform's search does with the rest is its own affair."""

from hypothesis import strategies as st

from tests.domain.query.reference import Doc, Tree

_WORDS = ["aa", "bb", "cc", "ab", "abc"]
_texts = st.lists(
    st.sampled_from([*_WORDS, "Aa", "AA", "bb-cc", "#aa", "#AB_cc", "@bb", "x@bb", "a1", "C++", "."]),
    max_size=12,
).map(" ".join)
documents: st.SearchStrategy[Doc] = st.fixed_dictionaries(
    {"title": _texts, "summary": _texts, "body": _texts, "author": _texts}
)

_phrases = st.lists(
    st.sampled_from([*_WORDS, "aa*", "ab*", "b?", "#aa", "#ab*", "#ab_cc", "@bb", "bb-cc", "a1"]),
    min_size=1,
    max_size=3,
).map(" ".join)
_terms = st.tuples(st.just("term"), _phrases)
_leaves = st.one_of(
    _terms,
    st.tuples(st.just("slop"), _phrases, st.integers(0, 3)),
    st.tuples(st.just("raw"), st.sampled_from(["Aa", "AA", "aa", "+", "C++", "bb-", "-cc", "@bb", "aa bb"])),
    st.tuples(st.just("near"), _terms, _terms, st.integers(0, 4), st.booleans()),
    st.tuples(st.just("in"), st.sampled_from(["title", "body", "author"]), _terms),
    st.tuples(st.just("filter"), st.just("lang"), st.sampled_from([("fr",), ("en",)])),
)


def _combined(trees: st.SearchStrategy[Tree]) -> st.SearchStrategy[Tree]:
    lists = st.lists(trees, min_size=2, max_size=3)
    return st.one_of(
        st.tuples(st.just("not"), trees),
        st.tuples(st.sampled_from(["and", "or"]), lists).map(lambda pair: (pair[0], *pair[1])),
    )


trees: st.SearchStrategy[Tree] = st.recursive(_leaves, _combined, max_leaves=6)
