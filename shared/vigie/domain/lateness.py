"""When a digest counts as late."""

from datetime import timedelta

LATE_AFTER = timedelta(minutes=15)
"""How long after its hour a digest that has not reached everybody is late: then somebody is told."""

TRIED_AGAIN_EVERY = timedelta(minutes=5)
"""How often a digest that is not settled is queued again: thrice before it is late, however its message got lost."""
