"""What signs alone say of relevance, to be weighed with words."""

from typing import Final

_NOT_MEANT: Final = {
    "sense:person": 2.0, "sense:trade": 1.5, "cue:place": 1.4, "cue:common_word": 1.2, "sense:small": 1.3,
    "sense:extended": 0.9, "sense:article": 0.3, "sense:hyphen": 2.0, "sense:title-of-person": 1.2,
}  # fmt: skip
_TELLING: Final = 0.5  # an article in front of a name of several words says nothing
_SHARES: Final = {"all": 1.0, "first": 0.6, "some": 0.4}
_CITED: Final = frozenset({"cited=all", "cue:enumeration=all"})


def relevance_by_signs(signs: set[str], *, social: bool) -> str:
    """Return main, secondary, passing or homonym for an entity that a document names."""
    if _not_meant(signs, social=social) >= 1.2:
        return "homonym"
    leads = _lead(signs)
    if signs & _CITED and leads < 2:
        return "passing"
    if leads >= 2 or (leads and (social or "cue:subject=all" in signs)):
        return "main"
    if "first:sentence-3" in signs and "names:1" in signs:
        return "passing"
    return "main" if social and "long:0" in signs else "secondary"


def speaks_for_homonym(signs: set[str], *, social: bool) -> bool:
    """Whether signs speak for somebody or something else of the name, as far as to be heard."""
    return _not_meant(signs, social=social) >= _TELLING


def is_somebody_else(signs: set[str]) -> bool:
    """Whether signs leave no doubt: a person of that name, a longer name, a common word written as one."""
    if signs & {"sense:person=all", "sense:hyphen=all"}:
        return not signs & {"about:2", "about:in-front"}
    common = {"sense:article=all", "cue:common_word=all"}
    return {"sense:small=all", "one-word"} <= signs and bool(signs & common) and "about:in-front" not in signs


def _lead(signs: set[str]) -> int:
    """Return how much the entity leads the document: 0 not, 1 somewhat, 2 plainly."""
    if "first:title" in signs and "cited=all" not in signs and "cited=first" not in signs:
        return 2
    opens = "first:start" in signs or bool(signs & {"first:sentence-0", "first:title-less-sentence-0"})
    often = bool(signs & {"names:3", "names:4"}) or bool(signs & {"dense:3", "dense:4"})
    return int(opens) + int(often and "first:sentence-3" not in signs)


def _not_meant(signs: set[str], *, social: bool) -> float:
    """Return how much speaks for a homonym; people write brands small on social networks."""
    total = 0.0
    for sign in signs:
        name, _, share = sign.partition("=")
        weight = _NOT_MEANT.get(name, 0.0) * _SHARES.get(share, 0.0)
        if name == "sense:small" and social and not {"sense:article=all", "cue:common_word=all"} & signs:
            weight *= 0.6
        if name in {"cue:place", "cue:common_word", "sense:article"} and "one-word" not in signs:
            weight *= 0.3
        total += weight
    if "genre" in signs and "one-word" in signs:
        total += 0.8
    known = 0.5 * ("about:1" in signs) + 1.0 * ("about:2" in signs)
    leading = 0.4 * ("cue:subject=all" in signs)
    return total - known - leading
