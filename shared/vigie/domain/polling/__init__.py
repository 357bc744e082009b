"""When to poll, and what a poll leaves behind."""

from vigie.domain.polling.audit import audited
from vigie.domain.polling.outcomes import (
    Reading,
    after_failure,
    after_push,
    after_success,
    is_due,
    kept_quiet,
    must_ask_whole,
    request_of,
)
from vigie.domain.polling.policy import PollPolicy, interval_seconds
from vigie.domain.polling.shards import next_tick, quiet_hosts
from vigie.domain.polling.wishes import peace_seconds

__all__ = [
    "PollPolicy",
    "Reading",
    "after_failure",
    "after_push",
    "after_success",
    "audited",
    "interval_seconds",
    "is_due",
    "kept_quiet",
    "must_ask_whole",
    "next_tick",
    "peace_seconds",
    "quiet_hosts",
    "request_of",
]
