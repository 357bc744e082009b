"""When a digest counts as late."""

from datetime import timedelta

LATE_AFTER = timedelta(minutes=15)
"""How long after its hour a digest that has not reached everybody is late: then somebody is told."""
