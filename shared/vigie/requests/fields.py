"""Fields that several requests have."""

from datetime import datetime
from typing import Annotated, Literal

import msgspec

PAGE_LIMIT = 100


Instant = Annotated[
    datetime, msgspec.Meta(tz=True, description="An instant with its zone: 2026-11-22T06:15:00Z.")
]


Name = Annotated[str, msgspec.Meta(max_length=120, description="Who says so.")]


Reason = Annotated[str, msgspec.Meta(max_length=500, description="Why.")]


SearchText = Annotated[
    str,
    msgspec.Meta(
        min_length=1,
        max_length=1000,
        description="A query, in the language of watches without raw:, put to title, summary and body.",
    ),
]


Impact = Literal["unfavourable", "neutral", "favourable", "mixed", "to_verify"]


Relevance = Literal["main", "secondary", "passing", "homonym", "to_verify"]


Crisis = Literal["alert", "watch", "none", "to_verify"]


PageLimit = Annotated[int, msgspec.Meta(ge=1, le=PAGE_LIMIT, description="How many at most.")]
