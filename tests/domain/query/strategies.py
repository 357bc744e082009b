"""Queries and documents of a small world, where words meet often and are written in every way people write them."""

from collections.abc import Sequence
from typing import Any, TypeVar

from hypothesis import strategies as st

from tests.domain.query.reference import Doc, Tree

T = TypeVar("T")

# What may stand in a text, a line for each word or sign; a text of a document may also hold what a query may not.
_WORDS = {
    "aa": ["aa", "Aa", "AA", "a\u00ada", "aa™", "\u200baa", "&#97;a", "&#x61;&#x61;"],
    "bb": ["bb", "Bb", "𝐛𝐛", "ｂｂ", "b\u2060b", "ＢＢ"],
    "cc": ["cc", "CC", "©cc", "cc's", "l'cc", "l’cc", "cc®"],
    "abc": ["abc", "ABC", "abcd", "ab"],
    "ecole": [
        "école",
        "ÉCOLE",
        "e\u0301cole",
        "ecole",
        "&eacute;cole",
        "&#233;cole",
        "éco\u00adle",
        "&amp;eacute;cole",
    ],
    "coeur": ["cœur", "CŒUR", "coeur", "c&oelig;ur", "&oelig", "cœurs"],
    "istanbul": ["İstanbul", "ISTANBUL", "ıstanbul", "I\u0307stanbul", "istanbul"],
    "aequo": ["æquo", "Æquo", "aequo", "aquo"],
    "straße": ["straße", "STRASSE", "Straẞe"],
    "йод": ["йод", "ЙОД", "и\u0306од", "иод"],
    "بنك": ["بنك", "بَنْك", "بنـــك", "وبنك"],
    "שלום": ["שלום", "שָׁלוֹם"],
    "हिन्दी": ["हिन्दी", "हिन्द"],
    "東京": ["東京", "東", "京都", "東京aa", "私は東京"],
    "か": ["か", "が", "か\u3099", "カ", "ｶ"],
    "ธน": ["ธน", "ธนาคาร"],
    "👍": ["👍", "👍🏽", "aa👍bb", "❤️", "❤", "🇫🇷"],
    "19": ["19", "covid19", "covid-19", "covid\u201119", "٣", "½", "2²"],
    "#aa": ["#aa", "＃AA", "#aa_bb", "#Aa_", "#aa1", "x#aa", "##aa", "é#aa", "東#aa", "_#aa", "#19", "#1a"],
    "@bb": ["@bb", "＠Bb", "@bb.cc", "cc@bb", "@_bb", "@école", "@bb_cc"],
    "aa_bb": ["aa_bb", "aa-bb", "aa‐bb", "aa.bb", "aa'bb", "aabb", "AT&T", "at&amp;t", "C++", "c++"],
    "": [
        ".",
        "!!",
        "«",
        "»",
        "-",
        "+",
        "°",
        "&nbsp;",
        "&lt;",
        "(",
        "\u0301",
        "№",
        "€",
        "&",
        "'",
        "_",
        "#",
        "@",
        "*",
    ],
    "url": [
        "https://aa.fr/bb",
        "www.aa.fr",
        "http://x.fr/école?aa=bb",
        "HTTPS://AA",
        "www.",
        "xhttps://aa",
        "(www.bb)",
    ],
}
_IN_TEXTS = [spelling for spellings in _WORDS.values() for spelling in spellings]
_COMMON = ["aa", "bb", "cc", "abc", "école", "#aa", "@bb", "AA"]
_GLUES = [" ", " ", " ", " ", " ", "\u00a0", "\u202f", "\n", ", ", "-", "'", "’", "", "_", ". ", "\t "]

_TERMS = [word for word in _WORDS if word not in {"", "url"}]
_IN_TERMS = [
    *_TERMS,
    *_COMMON,
    *_COMMON,
    *(
        "l'école",
        "Cœur",
        "𝐛𝐛",
        "i\u0307stanbul",
        "aa-bb",
        "AA_BB",
        "#Aa_bb",
        "@bb_cc",
        "covid-19",
        "AT&T",
        "C++",
    ),
    *("l’cc", "a\u00ada", "&eacute;cole", "+aa", "bb.", "#19", "x#aa", "東", "が", "ー京", "½aa", "aa,", "٣"),
    *(
        "ab*",
        "aa*",
        "ec*",
        "éc*",
        "co?ur",
        "a?c",
        "aa?",
        "#aa*",
        "#éc*",
        "@bb*",
        "co*",
        "cov??",
        "aa_b?",
        "بن*",
        "بن?",
        "ист*",
    ),
]
_IN_RAWS = [
    *(
        "Aa",
        "AA",
        "aa",
        "+",
        "C++",
        "c+",
        "bb-",
        "-cc",
        "@bb",
        "aa bb",
        "!!",
        "École",
        "école",
        "cœur",
        "é",
        "東",
        "京",
    ),
    *("#aa", "bb.", "l'cc", "AT&T", "👍", "aa\u00a0bb", "covid-19", "_", "°", "a", "https", "&"),
]


_PIECES = [*_COMMON * 10, *_IN_TEXTS]


class _Choices:
    """Bytes as a row of choices, the first of each when they are spent: drawn at once, and shrunk well."""

    def __init__(self, content: bytes) -> None:
        self._bytes = iter(content)

    def one_of(self, choices: Sequence[T]) -> T:
        """Return one of the choices."""
        return choices[next(self._bytes, 0) % len(choices)]


def _text(content: bytes) -> str:
    choices = _Choices(content)
    return "".join(choices.one_of(_PIECES) + choices.one_of(_GLUES) for _ in range(len(content) // 2))


_HOSTS = [
    "https://www.aa.fr/1",
    "https://m.aa.fr/",
    "https://baa.fr/x",
    "http://AA.fr:8080/?a",
    "https://aa.fr.example/",
]
_SETTINGS: dict[str, list[Any]] = {
    "lang": [None, "fr", "fr-CA", "EN", "de"],
    "url": [None, *_HOSTS],
    "site": [None, None, "www.AA.fr", "baa.fr", "example"],
    "platform": [None, "press", "bluesky"],
    "type": [None, "article", "post"],
    "links": [None, _HOSTS[:1], _HOSTS[2:4], _HOSTS[4:], []],
    "has": [None, ["video"], ["image", "link"], ["link"], []],
}


def _document(content: bytes, texts: list[bytes]) -> Doc:
    choices = _Choices(content)
    chosen = {name: choices.one_of(values) for name, values in _SETTINGS.items()}
    written = zip(("body", "title", "summary", "author"), map(_text, texts), strict=False)
    return {**{name: value for name, value in chosen.items() if value is not None}, **dict(written)}


documents: st.SearchStrategy[Doc] = st.builds(
    _document,
    st.binary(min_size=len(_SETTINGS), max_size=len(_SETTINGS)),
    st.lists(st.binary(min_size=4, max_size=24), min_size=1, max_size=4),
)

WORDS = [word for word in [*_COMMON, *_TERMS] if word[0] not in "#@"]
_WANTED = [*_COMMON * 5, *_IN_TERMS]
_VALUES = {
    "lang": ["fr", "FR", "en"],
    "site": ["aa.fr", "m.aa.fr", "fr", "www.aa.fr", "BAA.fr"],
    "links": ["aa.fr", "example", "baa.fr"],
    "platform": ["press", "Bluesky"],
    "type": ["article", "post"],
    "has": ["video", "image", "LINK"],
}


class _Trees(_Choices):
    """Queries made of choices."""

    def tree(self, depth: int, *, in_field: bool = False) -> Tree:
        """Return a query of at most ``depth`` levels over its terms."""
        branches = ["or", "or", "and", "and", "not", "group", "or" if in_field else "in"]
        kind = self.one_of(["term", "term", "near", "filter", "raw", "slop", *(branches if depth else [])])
        match kind:
            case "or" | "and":
                return (
                    kind,
                    *(self.tree(depth - 1, in_field=in_field) for _ in range(self.one_of([2, 2, 3]))),
                )
            case "not":
                return ("not", self.tree(depth - 1, in_field=in_field))
            case "group":
                choice = ("or", *(self.tree(depth - 1, in_field=in_field) for _ in range(2)))
                return ("and", choice, *(self._group_filter() for _ in range(self.one_of([1, 1, 2]))))
            case "in":
                field = self.one_of(["title", "body", "text", "author"])
                return ("in", field, self.tree(depth - 1, in_field=True))
            case _:
                return self._simple(kind)

    def _simple(self, kind: str) -> Tree:
        if kind == "near":
            return self._near(2)
        return self._filter() if kind == "filter" else self._leaf(kind)

    def _leaf(self, kind: str) -> Tree:
        if kind == "raw":
            return ("raw", self.one_of(_IN_RAWS))
        words = " ".join(self.one_of(_WANTED) for _ in range(self.one_of([1, 1, 1, 2, 2, 3])))
        return ("slop", words, self.one_of([0, 1, 2, 3])) if kind == "slop" else ("term", words)

    def _filter(self) -> Tree:
        name = self.one_of(list(_VALUES))
        return ("filter", name, tuple(self.one_of(_VALUES[name]) for _ in range(self.one_of([1, 1, 2]))))

    def _group_filter(self) -> Tree:
        return ("not", self._filter()) if self.one_of([False, False, True]) else self._filter()

    def _near(self, depth: int) -> Tree:
        sides = (self._side(depth), self._side(depth))
        return ("near", *sides, self.one_of([10, 0, 1, 2, 4]), self.one_of([False, True]))

    def _side(self, depth: int) -> Tree:
        kind = self.one_of(["term", "term", "term", "slop", "raw", *(["near", "or"] if depth else [])])
        if kind == "near":
            return self._near(depth - 1)
        if kind == "or":
            return ("or", self._side(depth - 1), self._side(depth - 1))
        leaf = self._leaf(kind)
        has_token = any(map(str.isalnum, leaf[1]))  # NEAR takes no other raw:
        return leaf if has_token else ("term", "aa")


trees: st.SearchStrategy[Tree] = st.binary(min_size=6, max_size=60).map(
    lambda content: _Trees(content).tree(3)
)
seeds = st.integers(0, 2**32 - 1)


def prepared_fields(doc: Doc) -> dict[str, Any]:
    """Return a document as ``prepare`` takes it: nothing but what is given."""
    names = {"lang": "language", "has": "media"}
    return {"platform": "", "type": "", **{names.get(name, name): value for name, value in doc.items()}}
