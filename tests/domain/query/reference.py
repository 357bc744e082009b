"""The meaning of the query language, a second time: slow, naive, and sharing nothing with the engine.

Queries are plain tuples, so that not even the parser is shared; ``written`` writes one as a client would. The texts
it is asked about hold simple characters: cleaning and folding are tested case by case, elsewhere.
"""

import re
from itertools import product
from typing import Any

Tree = tuple[Any, ...]
Doc = dict[str, Any]
_TOKEN = re.compile(
    r"(?<!\w)(?P<url>https?://\S+)|(?<![a-z0-9])(?P<tag>[#@](?=\d*_*[a-z])\w+)|(?P<word>[a-z0-9]+)"
)


def tokens(text: str) -> list[set[str]]:
    """Return, for each position, everything a term may call it."""
    found: list[set[str]] = []
    for match in _TOKEN.finditer(text.lower()):
        if match["url"]:
            found.append(set())
        elif match["tag"]:
            words = [{word} for word in match["tag"][1:].split("_") if word]
            words[0].add(match["tag"])
            found += words
        else:
            found.append({match["word"]})
    return found


def written(tree: Tree) -> str:
    """Return a query as text, every mixture in parentheses."""
    match tree:
        case ("term" | "raw" as kind, text, field):
            prefix = f"{field}:" if field else ""
            return f'{prefix}raw:"{text}"' if kind == "raw" else f'{prefix}"{text}"'
        case ("slop", text, distance):
            return f'"{text}"~{distance}'
        case ("filter", name, value):
            return f"{name}:{value}"
        case ("near", left, right, distance, ordered):
            return f"({written(left)}) {'ONEAR' if ordered else 'NEAR'}/{distance} ({written(right)})"
        case ("not", operand):
            return f"NOT ({written(operand)})"
        case (operator, *operands):
            return f" {operator.upper()} ".join(f"({written(operand)})" for operand in operands)
    raise AssertionError(tree)


def matches(tree: Tree, doc: Doc) -> bool:
    """Tell whether the document matches, from the words of the language's page."""
    match tree:
        case ("and", *operands):
            return all(matches(operand, doc) for operand in operands)
        case ("or", *operands):
            return any(matches(operand, doc) for operand in operands)
        case ("not", operand):
            return not matches(operand, doc)
        case ("filter", name, value):
            return _passes(name, value, doc)
        case ("raw", text, field):
            return any(_raw(text, doc[name]) for name in _fields(field))
        case _:
            return any(occurrences(tree, name, doc[name]) for name in ("title", "summary", "body", "author"))


def _fields(field: str | None) -> tuple[str, ...]:
    return ("title", "summary", "body") if field is None else (field,)


def _passes(name: str, value: str, doc: Doc) -> bool:
    if name == "lang":
        return bool(doc["language"] == value)
    host = re.sub(r"^https?://(www\.)?", "", doc["url"]).split("/")[0]
    return f".{host}".endswith(f".{value}")


def _raw(wanted: str, text: str) -> bool:
    plain = re.sub(r"(?<!\w)https?://\S+", lambda url: "\0" * len(url[0]), text)
    before = r"(?<![A-Za-z0-9])" if wanted[0].isalnum() else ""
    after = r"(?![A-Za-z0-9])" if wanted[-1].isalnum() else ""
    return re.search(before + re.escape(wanted) + after, plain) is not None


def _says(wanted: str, position: set[str]) -> bool:
    if "*" in wanted or "?" in wanted:
        pattern = re.escape(wanted).replace(r"\*", ".*").replace(r"\?", ".")
        return any(re.fullmatch(pattern, form) for form in position)
    return wanted in position


def _wanted(text: str) -> list[str]:
    found = []
    for word in text.lower().split():
        first, *rest = re.split(r"[_-]", word.lstrip("#@"))
        found += [word if word[0] in "#@" else first, *rest]
    return found


def occurrences(tree: Tree, name: str, text: str) -> set[tuple[int, int]]:
    """Return the first and last position of everything the tree finds in one field."""
    there = tokens(text)
    match tree:
        case ("term", phrase, field):
            wanted = _wanted(phrase)
            starts = range(len(there) - len(wanted) + 1) if name in _fields(field) else ()
            return {
                (start, start + len(wanted) - 1)
                for start in starts
                if all(_says(word, there[start + offset]) for offset, word in enumerate(wanted))
            }
        case ("slop", words, distance):
            if name == "author":
                return set()
            places = [[i for i, token in enumerate(there) if _says(word, token)] for word in _wanted(words)]
            chosen = [choice for choice in product(*places) if len(set(choice)) == len(choice)]
            spans = {(min(choice), max(choice), len(choice)) for choice in chosen}
            return {(first, last) for first, last, size in spans if last - first + 1 - size <= distance}
        case ("or", *operands):
            return set().union(*(occurrences(operand, name, text) for operand in operands))
        case ("near", left, right, distance, ordered):
            return _near(occurrences(left, name, text), occurrences(right, name, text), distance, ordered)
    raise AssertionError(tree)


def _near(
    left: set[tuple[int, int]], right: set[tuple[int, int]], distance: int, ordered: bool
) -> set[tuple[int, int]]:
    pairs = [(a, b) for a in left for b in right]
    if not ordered:
        pairs += [(b, a) for a, b in pairs]
    return {(a[0], b[1]) for a, b in pairs if 0 <= b[0] - a[1] - 1 <= distance}
