"""Prompts, by version, and how a question is put into one: the document is data, and cannot end where it likes."""

import json
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from vigie.domain.adjudication.questions import Question

CURRENT = "adjudicate-1"
_MARKUP = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}


@dataclass(frozen=True, slots=True)
class Prompt:
    """What a model is told before every question, and how many tokens it may answer."""

    version: str
    system: str
    max_tokens: int


@cache
def prompt_of(version: str = CURRENT) -> Prompt:
    """Return a prompt by its version."""
    path = files("vigie.adapters.large_model").joinpath("prompts", f"{version}.toml")
    told = tomllib.loads(path.read_text(encoding="utf-8"))
    return Prompt(version, told["system"].strip(), told["max_tokens"])


def put(question: Question) -> str:
    """Return the question as one JSON object, whose strings hold nothing that could be taken for markup."""
    whom = question.whom
    told = {
        "entity": {"name": whom.name, "other_names": list(whom.aliases), "about": whom.about},
        "document": {"language": question.language, "title": question.title, "text": question.text},
    }
    text = json.dumps(told, ensure_ascii=False)
    for character, escape in _MARKUP.items():
        text = text.replace(character, escape)
    return text
