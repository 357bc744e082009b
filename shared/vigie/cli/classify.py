"""``vigie classify``: the labels of texts, a JSON line for a line, by the code of the function."""

import argparse
import sys
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, TextIO

import msgspec

from vigie.domain.classification.topic import BY_CODE
from vigie.domain.documents import Document
from vigie.domain.entities import Entity
from vigie.domain.mentions import Label, Labels
from vigie.errors import BadField

if TYPE_CHECKING:
    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]  # noqa: SLF001 - no public name
else:
    Subparsers = object

PROGRESS_EVERY = 1_000
_NOW: Final = datetime(1970, 1, 1, tzinfo=UTC)  # labels hang on no date
_KEY: Final = "entity"
_NOT_ASKED: Final = {"label": None, "confidence": 0.0, "abstained": True}
_FIELDS: Final = {"body": "text"}  # as the input calls them


def add_parser(subparsers: Subparsers) -> None:
    """Add ``classify``."""
    classify = subparsers.add_parser(
        "classify",
        help="label texts: language, topic, and what they do to an entity",
        description="Read texts from stdin, one JSON object a line: id, text, and title, lang, platform, entity "
        '{"name", "aliases", "about"} if you like (about: a sentence on what the entity is and where). Print one '
        "line for each, in the same order: id, then language, topic, relevance, impact, tone and crisis, each "
        'with "label", "confidence" (0 to 1) and "abstained" (not sure enough: the label is a best guess, to be '
        'verified), and "evidence": what each label leans on. A topic is an IPTC id with its "name". '
        "Without an entity, relevance, impact and crisis are "
        "null and abstained, and tone is that of the text. A text with a title and no platform is read as press, "
        'one without as a post. A line that cannot be read gives {"id", "error"}; then the exit status is 1. '
        "Needs no stack.",
    )
    classify.set_defaults(run=run_classify)


def run_classify(
    _args: argparse.Namespace, out: TextIO, err: TextIO, lines: Iterable[str] | None = None
) -> int:
    """Label every line; return 1 when some line was refused."""
    from vigie.domain.classification import classify

    done = refused = 0
    for text in lines if lines is not None else _stdin():
        if not text.strip():
            continue
        try:
            given = _decoded(text)
            try:
                document, entity = read_line(given)
            except BadField as error:
                refused += 1
                answer: dict[str, Any] = _told_of(given) | {"error": str(error)}
            else:
                labels = classify(document, [entity] if entity else [])
                answer = {"id": given["id"], **shown(labels)}
        except BadField as error:
            refused += 1
            answer = {"error": str(error)}
        print(msgspec.json.encode(answer).decode(), file=out)
        done += 1
        if done % PROGRESS_EVERY == 0:
            print(f"vigie: {done} texts", file=err)
    print(f"vigie: {done} texts, {refused} refused", file=err)
    return 1 if refused else 0


def _stdin() -> Iterator[str]:
    """Yield lines; bytes that are no UTF-8 come through, to be refused with their line."""
    return (line.decode("utf-8", "surrogateescape") for line in sys.stdin.buffer)


def _decoded(text: str) -> dict[str, Any]:
    try:
        values = msgspec.json.decode(text.strip().lstrip("\ufeff").encode("utf-8", "surrogateescape"))
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise BadField("line", f"is no JSON: {error}", "Give one JSON object a line, in UTF-8.") from error
    if not isinstance(values, dict):
        raise BadField("line", "is no object", 'Give {"id": "…", "text": "…"}.')
    return values


def _told_of(given: Mapping[str, Any]) -> dict[str, Any]:
    return {"id": given["id"]} if isinstance(given.get("id"), str | int) else {}


def read_line(given: Mapping[str, Any]) -> tuple[Document, Entity | None]:
    """Return the document and the entity of one line; raise BadField naming the field and the remedy."""
    if not isinstance(given.get("id"), str | int) or given["id"] == "":
        raise BadField("id", "is missing or no text", "Give each line an id of its own.")
    text = _text(given, "text", required=True)
    title, platform = _text(given, "title"), _text(given, "platform")
    document = Document(
        document_id=str(given["id"]),
        source_id="",
        source_name="",
        url="",
        canonical_url="",
        title=title,
        body=text,
        language=_text(given, "lang") or None,
        seen_at=_NOW,
        platform=platform.lower() or ("press" if title else "post"),
    )
    return document, _entity(given["entity"]) if given.get("entity") is not None else None


def _entity(given: object) -> Entity:
    remedy = 'Give {"name": "…", "aliases": ["…"], "about": "…"}, or leave entity out.'
    if not isinstance(given, dict):
        raise BadField("entity", "is no object", remedy)
    name = given.get("name")
    if not isinstance(name, str) or not name.strip():
        raise BadField("entity.name", "is missing or no text", remedy)
    aliases = given.get("aliases") or []
    if not isinstance(aliases, list) or not all(isinstance(alias, str) for alias in aliases):
        raise BadField("entity.aliases", "is no list of texts", remedy)
    about = given.get("about") or ""
    if not isinstance(about, str):
        raise BadField("entity.about", "is no text", remedy)
    return Entity(_KEY, name.strip(), tuple(alias for alias in aliases if alias.strip()), about)


def _text(given: Mapping[str, Any], name: str, *, required: bool = False) -> str:
    value = given.get(name)
    if value is None and not required:
        return ""
    if not isinstance(value, str):
        why = "is missing" if value is None else f"{value!r:.40} is no text"
        raise BadField(
            name, why, "Give a JSON string." if required else "Give a JSON string, or leave it out."
        )
    return value


def shown(labels: Labels) -> dict[str, Any]:
    """Return labels as the command prints them, with what each leans on under ``evidence``."""
    assessed = labels.assessments[0] if labels.assessments else None
    tone = assessed.tone if assessed else labels.tone
    told: dict[str, Label | None] = {
        "language": labels.language,
        "topic": labels.topic,
        "relevance": assessed.relevance if assessed else None,
        "impact": assessed.impact if assessed else None,
        "tone": tone
        if tone.evidence
        else Label(tone.value, tone.confidence, labels.tone.evidence, tone.abstained),
        "crisis": assessed.crisis if assessed else None,
    }
    lines = {name: _label(label) for name, label in told.items()}
    lines["topic"]["name"] = BY_CODE[labels.topic.value].english if labels.topic.value else None
    crisis = lines["crisis"]
    lines["crisis"] = {"label": crisis["label"], "type": assessed and assessed.crisis_type, **crisis}
    return lines | {"evidence": [clue for name, label in told.items() for clue in _clues(name, label)]}


def _label(label: Label | None) -> dict[str, Any]:
    if label is None:
        return dict(_NOT_ASKED)
    return {"label": label.value or None, "confidence": label.confidence, "abstained": label.abstained}


def _clues(name: str, label: Label | None) -> Iterator[dict[str, Any]]:
    for clue in label.evidence if label else ():
        where = {"field": _FIELDS.get(clue.field, clue.field), "start": clue.start, "end": clue.end}
        yield {"for": name, "name": clue.name, "text": clue.text, **(where if clue.field else {})}
