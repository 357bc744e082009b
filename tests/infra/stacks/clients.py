"""Clients' files for the tests: one that is right, to be changed."""

from typing import Any

from infra.stacks.client_file import StackFile
from infra.stacks.reading import convert

RIGHT: dict[str, Any] = {
    "client": "phare",
    "name": "Le Phare",
    "mail": {"sender": "veille@vigie.example", "identity": "vigie.example"},
    "alarms_to": "astreinte@agence.example",
    "recipients": [{"email": "ana@phare.example"}],
    "watches": [{"watch_id": "marque", "name": "Le Phare", "purpose": "brand", "query": '"le phare"'}],
}


def file_with(**changed: Any) -> StackFile:
    """Return the right file with some fields changed."""
    return convert(RIGHT | changed)
