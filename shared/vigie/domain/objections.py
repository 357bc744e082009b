"""Authors who object (GDPR, article 21): told by hashes of their names, and what is then kept of what they wrote.

An article loses its signature and stays: its title and its link name the newspaper. A post on a platform is its
author's in its very address: of it nothing stays but that there was something.
"""

import re
from collections.abc import Collection
from dataclasses import replace

from vigie.domain.mentions import Mention, withdrawn
from vigie.domain.owned import hashed

_PRESS = "press"
_BETWEEN = re.compile(r"\s*[,;/&|·]\s*|\s+(?:et|and|avec|with)\s+", re.IGNORECASE)
_BEFORE = re.compile(r"^(?:@|(?:par|by)\s+)", re.IGNORECASE)


def hash_of_name(name: str) -> str:
    """Return what stands for an author's name in the list: ``Par  Jean MARTIN`` and ``jean martin`` are one."""
    return hashed(_BEFORE.sub("", " ".join(name.split())))


def objects(author: str, objected: Collection[str]) -> bool:
    """Whether one of those who sign a text so is in the list."""
    if not objected or not author:
        return False
    names = (author, *_BETWEEN.split(author))
    return any(hash_of_name(name) in objected for name in names if name)


def unsigned(mention: Mention) -> Mention:
    """Return what may be kept of a mention whose author objects."""
    if mention.document.platform != _PRESS:
        return withdrawn(mention)
    return replace(mention, document=replace(mention.document, author=""))
