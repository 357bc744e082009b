"""``vigie query``: what each command prints, and how it exits."""

import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from vigie.cli import main

Ran = tuple[int, list[Any], str]


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sentences are told in English unless a test asks otherwise."""
    monkeypatch.setenv("LC_ALL", "C")


def run(*arguments: str) -> Ran:
    """Run ``vigie query`` and return its exit code, the lines it printed, and what it said beside."""
    out, err = io.StringIO(), io.StringIO()
    code = main(["query", *arguments], out, err)
    return code, [json.loads(line) for line in out.getvalue().splitlines()], err.getvalue()


def fed(monkeypatch: pytest.MonkeyPatch, content: str | bytes) -> None:
    """Put ``content`` on the standard input."""
    body = content if isinstance(content, bytes) else content.encode()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(body)))


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("banque", {"lint": [], "canonical": "banque"}),
        ("-football", {"lint": ["UNANCHORED"], "canonical": "NOT football"}),
        ("--football", {"lint": [], "canonical": "NOT NOT football"}),
        ("lang:fr", {"lint": ["BROAD"], "canonical": "lang:fr"}),
        ("a OR b or c et", {"lint": ["LOWERCASE_OPERATOR", "MIXED_AND_OR"]}),
    ],
)
def test_a_valid_query_is_one_line(query: str, expected: dict[str, Any]) -> None:
    """Each code of the lint is told once, by place, whatever the query begins with; the exit is 0."""
    code, [line], _ = run("check", *(["--", query] if query.startswith("--") else [query]))

    assert code == 0
    assert list(line) == ["ok", "error", "position", "lint", "canonical"]
    assert {**line, **expected, "ok": True, "error": None, "position": None} == line


def test_a_refused_query_has_a_code_and_a_place() -> None:
    """There is no canonical form then; the sentence goes to stderr, the exit is 1."""
    code, [line], err = run("check", 'banque "armélie')

    assert code == 1
    assert line == {"ok": False, "error": "SYNTAX", "position": 7, "lint": [], "canonical": None}
    assert err == "vigie: query: SYNTAX at character 7: this quote is never closed. Add a closing quote.\n"


def test_a_french_terminal_is_told_in_french(monkeypatch: pytest.MonkeyPatch) -> None:
    """The sentence is in the language of the terminal, with its spaces."""
    monkeypatch.setenv("LC_ALL", "fr_FR.UTF-8")

    _, _, err = run("check", "titre:x")

    assert err.startswith(
        "vigie: query\u202f: UNKNOWN_FIELD au caractère 0\u202f: il n’y a pas de champ titre:."
    )


@pytest.mark.parametrize(
    "arguments", [[], ["check"], ["check", "a", "b"], ["match"], ["match", "/nowhere/x"]]
)
def test_bad_usage_is_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """A missing argument, one too many and a file that is not there are no answers."""
    code, lines, err = run(*arguments)

    assert (code, lines) == (2, [])
    assert err or capsys.readouterr().err


def test_each_line_gets_its_answer_in_order(tmp_path: Path) -> None:
    """Every key of a document counts, any may be missing or null; a refused query is an answer."""
    doc = {
        "title": "La Banque d&rsquo;Armélie™",
        "summary": None,
        "body": "guichets",
        "author": "Jean Martin",
        "url": "https://www.courrier.example/1",
        "lang": "fr-FR",
        "platform": "Bluesky",
        "type": "post",
        "links": ["https://clips.twitch.tv/x"],
        "has": ["Video"],
        "unknown": 1,
    }
    expected = {
        '"banque d\'armelie"': True,
        "armelietm": False,
        "title:guichets": False,
        "author:martin site:courrier.example lang:fr platform:bluesky type:post": True,
        "links:twitch.tv has:link has:video -has:image": True,
        "guichets -banque": False,
    }
    aggregated = {"url": "https://agregateur.example/1", "site": "courrier.example"}
    file = tmp_path / "lines.jsonl"
    lines = [{"id": query, "query": query, "doc": doc} for query in expected]
    lines += [{"id": 7, "query": "platform:press OR type:article OR lang:fr"}, {"query": "(a", "doc": {}}]
    lines += [{"id": 8, "query": "site:courrier.example", "doc": aggregated}]
    file.write_text("\ufeff" + "\n\n".join(map(json.dumps, lines)))

    code, answers, err = run("match", str(file))

    wanted: list[Any] = [{"id": query, "matched": matched} for query, matched in expected.items()]
    wanted += [{"id": 7, "matched": False}, {"id": None, "error": "SYNTAX"}, {"id": 8, "matched": True}]
    assert answers == wanted
    assert (code, err) == (0, "")


@pytest.mark.parametrize(
    ("line", "known_id", "field"),
    [
        (b"nonsense", None, None),
        (b"[]", None, None),
        (b'{"id": 1}', 1, "query"),
        (b'{"id": "a", "query": 3}', "a", "query"),
        (b'{"id": 1, "query": "a", "doc": "b"}', 1, "doc"),
        (b'{"id": 1, "query": "a", "doc": {"title": 5}}', 1, "doc.title"),
        (b'{"id": 1, "query": "a", "doc": {"links": "x"}}', 1, "doc.links"),
        (b'{"id": 1, "query": "a", "doc": {"has": [null]}}', 1, "doc.has[0]"),
        (b'{"id": 1, "query": "\xff"}', None, None),
        (b"[" * 100_000, None, None),
    ],
)
def test_a_bad_line_names_its_field_and_stops_nobody(
    line: bytes, known_id: Any, field: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is wrong is told in the line's place, the next one is answered, the exit is 1."""
    fed(monkeypatch, line + b'\n{"id": 2, "query": "a", "doc": {"title": "A"}}\n')

    code, [bad, good], _ = run("match", "-")

    assert code == 1
    assert (bad["id"], bad["error"], bad["line"], bad["field"]) == (known_id, "BAD_LINE", 1, field)
    assert good == {"id": 2, "matched": True}


def test_a_miss_says_which_clause_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The clauses to blame are named, and each part of the query says what became of it."""
    fed(monkeypatch, '{"title": "La Banque rurale", "lang": "fr"}')

    code, [told], _ = run("explain", "banque (rugby OR foot) lang:en")

    assert code == 0
    assert (told["matched"], told["failed"], told["hits"]) == (False, ["rugby OR foot", "lang:en"], [])
    assert [part["held"] for part in told["clauses"]["clauses"]] == [True, False, False]


def test_a_hit_says_which_words_stand_where(monkeypatch: pytest.MonkeyPatch) -> None:
    """Offsets count characters of the text as published, entities and soft hyphens included."""
    title = "D&eacute;jà la Ban\u00adque"
    fed(monkeypatch, json.dumps({"title": title}))

    code, [told], _ = run("explain", "-rugby déjà banque")

    assert (code, told["matched"], told["failed"]) == (0, True, [])
    assert [(hit["words"], hit["term"]) for hit in told["hits"]] == [
        ("D&eacute;jà", "déjà"),
        ("Ban\u00adque", "banque"),
    ]
    assert [title[hit["start"] : hit["end"]] for hit in told["hits"]] == [
        hit["words"] for hit in told["hits"]
    ]


def test_what_cannot_be_explained_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    """A refused query and a document that is none are told, and the exit is 1."""
    fed(monkeypatch, '{"title": 3}')
    code, lines, err = run("explain", "banque")
    assert (code, lines) == (1, [])
    assert err.startswith("vigie: title: Expected")

    code, [told], err = run("explain", "banque NEAR")
    assert (code, told) == (1, {"matched": None, "error": "SYNTAX", "position": 11})
    assert "a word is missing here" in err


def test_a_back_test_of_a_bad_query_says_why() -> None:
    """A refused query needs no stack to be refused: its code on stdout, what to do on stderr, exit 1."""
    out, err = io.StringIO(), io.StringIO()

    assert main(["query", "backtest", "(banque"], out, err) == 1

    assert json.loads(out.getvalue()) == {"error": "SYNTAX", "position": 0}
    assert err.getvalue().startswith("vigie: ")


@pytest.mark.parametrize(
    "option", [["--days", "31"], ["--days", "0"], ["--days", "x"], ["--quota", "-1"], ["--zone", "Paris"]]
)
def test_a_back_test_refuses_numbers_it_cannot_answer_for(
    option: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """Days out of the archive, a quota of nothing, a zone that is none: exit 2, naming the option."""
    assert main(["query", "backtest", "banque", *option], io.StringIO(), io.StringIO()) == 2
    assert option[0] in capsys.readouterr().err
