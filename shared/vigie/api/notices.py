"""What is posted to clients' own addresses, for the OpenAPI document's ``webhooks``: a type for each kind of event.

``steps.notify`` makes the bodies; a test holds them against these types.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

import msgspec

from vigie.api import shapes
from vigie.domain.alerts.alert import Event
from vigie.domain.notices import EventKind


class DigestTold(msgspec.Struct):
    """A digest that left: where the API has it."""

    digest_id: str
    path: str


class PingTold(msgspec.Struct):
    """Nothing: somebody tried the address."""


_MENTIONS = msgspec.defstruct("MentionsTold", [("mentions", shapes.many(shapes.Mention))], module=__name__)
_ALERT = msgspec.defstruct("AlertTold", [("alert", shapes.Alert), ("event", Event)], module=__name__)


def _notice(name: str, kind: EventKind, data: Any) -> type:
    fields = [
        ("id", str),
        ("type", Literal[kind]),
        ("timestamp", datetime),
        ("client_id", str),
        ("data", data),
    ]
    return msgspec.defstruct(name, fields, module=__name__)


NOTICES: Mapping[EventKind, type] = {
    "mention.recorded": _notice("MentionsRecorded", "mention.recorded", _MENTIONS),
    "alert.opened": _notice("AlertOpened", "alert.opened", _ALERT),
    "alert.changed": _notice("AlertChanged", "alert.changed", _ALERT),
    "digest.ready": _notice("DigestReady", "digest.ready", DigestTold),
    "ping": _notice("Ping", "ping", PingTold),
}

SUMMARIES: Mapping[EventKind, str] = {
    "mention.recorded": "Mentions were recorded, up to fifty of one batch, as they stand when this is posted.",
    "alert.opened": "An alert opened, or opened again; it is told as it stands, with the event that is meant.",
    "alert.changed": "An alert grew, was taken in charge, closed or called false.",
    "digest.ready": "A digest left.",
    "ping": "Somebody asked for a try of the address.",
}

_SIGNED = {
    "webhook-id": "The event's id, the same at every try: leave what you have.",
    "webhook-timestamp": "When this was posted, in seconds since 1970.",
    "webhook-signature": "`v1,` and what signs `id.timestamp.body` by Standard Webhooks; two after a rotation.",
}


def webhooks(schemas: Mapping[str, Any]) -> dict[str, Any]:
    """Return the document's ``webhooks``; ``schemas`` are those of the notices' types by ``repr``."""
    return {kind: {"post": _posted(kind, schemas[repr(NOTICES[kind])])} for kind in NOTICES}


def _posted(kind: EventKind, schema: Any) -> dict[str, Any]:
    return {
        "operationId": f"told_{kind.replace('.', '_')}",
        "tags": ["webhooks"],
        "summary": SUMMARIES[kind],
        "parameters": [
            {
                "name": name,
                "in": "header",
                "required": True,
                "description": about,
                "schema": {"type": "string"},
            }
            for name, about in _SIGNED.items()
        ],
        "requestBody": {"required": True, "content": {"application/json": {"schema": schema}}},
        "responses": {
            "2XX": {"description": "Taken, within ten seconds."},
            "410": {"description": "Gone: the address is told no more until it is changed."},
            "default": {
                "description": "Not taken: tried again, at last every quarter of an hour, for a day."
            },
        },
    }
