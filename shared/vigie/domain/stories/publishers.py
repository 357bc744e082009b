"""Who stands behind a title: press groups, and the news agencies whose texts they print."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from vigie.domain.documents import Document
from vigie.domain.urls import site_of

_TABLE = Path(__file__).with_name("publishers.toml")
_CREDIT_CHARACTERS = 300  # credits stand at the beginning or at the end
_AGENCIES = {
    "AFP": r"\bAFP\b|Agence France[- ]Presse",
    "Reuters": r"\bReuters\b",
    "AP": r"\(AP\)|\bAP\s*[-–—/]|Associated Press|(?:with|avec) AP\b",
    "dpa": r"\(dpa\)|\bdpa\s*[-–—/]",
    "EFE": r"\(EFE\)|Agencia EFE",
    "ANSA": r"\(ANSA\)|\bANSA\b",
    "Belga": r"\bBelga\b",
    "ATS": r"\(ATS\)|Keystone-ATS|\bats\s*/|/\s*ats\b",
    "PA Media": r"\bPA Media\b|Press Association",
    "Bloomberg": r"\(Bloomberg\)|Bloomberg News",
}
_PATTERNS = {agency: re.compile(pattern) for agency, pattern in _AGENCIES.items()}
_WHOLE_BYLINE = re.compile(r"AP|EFE|dpa|ATS|Belga", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Family:
    """A press group, or a title on its own: then both are its host."""

    family_id: str
    name: str


def family_of(document: Document) -> Family:
    """Return the group a document's publisher belongs to; on a platform each author is one."""
    host = document.site or site_of(document.canonical_url or document.url)
    if document.platform != "press":
        author = f"{host}/{document.author or document.source_id}"
        return Family(author, document.author or document.source_name)
    return family_of_host(host) or Family(host or document.source_id, document.source_name or host)


def family_of_host(host: str) -> Family | None:
    """Return the group that a host belongs to, by itself or by the domain it is in; None when none is known."""
    labels = host.split(".")
    for start in range(len(labels) - 1):
        if family := _families().get(".".join(labels[start:])):
            return family
    return None


def agencies_of(document: Document) -> tuple[str, ...]:
    """Return the agencies a document credits, in its byline, at its beginning or at its end."""
    text = document.body or document.summary
    credited = "\n".join((document.author, text[:_CREDIT_CHARACTERS], text[-_CREDIT_CHARACTERS:]))
    byline = document.author.strip()
    found = [agency for agency, pattern in _PATTERNS.items() if pattern.search(credited)]
    if _WHOLE_BYLINE.fullmatch(byline):
        found += [agency for agency in _AGENCIES if agency.casefold() == byline.casefold()]
    return tuple(dict.fromkeys(found))


@cache
def _families() -> dict[str, Family]:
    table = tomllib.loads(_TABLE.read_text("utf-8"))
    return {
        host: Family(family_id, group["name"])
        for family_id, group in table.items()
        for host in group["hosts"]
    }
