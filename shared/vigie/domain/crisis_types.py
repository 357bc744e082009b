"""Types of crises, as the labels specification has them."""

from typing import Final

CRISIS_TYPES: Final = (
    "recall",
    "safety",
    "service_outage",
    "data_breach",
    "fraud_impersonation",
    "legal",
    "governance",
    "labour",
    "closure",
    "pricing",
    "boycott",
    "environment",
    "discrimination",
    "quality",
    "media_inquiry",
    "rumour",
    "scandal",
)
