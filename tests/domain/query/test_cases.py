"""The query language, case by case: a new case is a few lines of TOML and no Python."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from vigie.domain.query import canonical, evaluate, lint, parse, prepare
from vigie.errors import BadQuery

_CASES = Path(__file__).with_name("cases")


def _cases(*names: str) -> list[Any]:
    found = [case for name in names for case in tomllib.loads((_CASES / f"{name}.toml").read_text())["case"]]
    return [pytest.param(case, id=case.get("name", repr(case["query"]))) for case in found]


@pytest.mark.parametrize("case", _cases("characters", "matching"))
def test_a_query_matches_what_it_means(case: dict[str, Any]) -> None:
    """A query matches the document or not, shows what it matched, and so does its canonical form."""
    told = {"name", "query", "matched", "highlights"}
    fields = {name: value for name, value in case.items() if name not in told}
    query = parse(case["query"])

    match = evaluate(query, prepare(**fields))

    assert (match is not None) == case.get("matched", True)
    assert evaluate(parse(canonical(query)), prepare(**fields)) == match
    if match and "highlights" in case:
        assert [fields[hit.field][hit.start : hit.end] for hit in match.hits] == case["highlights"]


@pytest.mark.parametrize("case", _cases("refused"))
def test_a_wrong_query_is_refused_with_its_code_and_place(case: dict[str, Any]) -> None:
    """A query that means nothing is refused with a code, the place of the fault and a remedy."""
    with pytest.raises(BadQuery) as refused:
        parse(case["query"])

    assert (refused.value.code, refused.value.position) == (case["code"], case["position"])
    assert refused.value.remedy.endswith(".")


@pytest.mark.parametrize("case", _cases("lint"))
def test_a_doubtful_query_is_advised(case: dict[str, Any]) -> None:
    """A valid query gets the advice that fits it, and none when it is sound."""
    assert [advice.code for advice in lint(parse(case["query"]))] == case["lints"]
