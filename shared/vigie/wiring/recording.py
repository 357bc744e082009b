"""Steps that make mentions of what matched: deduplicate, classify, withdraw; and that index them."""

from functools import cache
from typing import TYPE_CHECKING

from vigie.wiring.adjudicating import ask_later
from vigie.wiring.alerting import wake_alerts
from vigie.wiring.common import now, settings
from vigie.wiring.notifying import announce
from vigie.wiring.stores import (
    accounts,
    blobs,
    current_mentions,
    ledger,
    mentions,
    objections,
    outbox,
    stories,
)

if TYPE_CHECKING:
    from vigie.steps.classify import Classify
    from vigie.steps.deduplicate import Deduplicate
    from vigie.steps.search_index import IndexMentions
    from vigie.steps.subjects import ClientSubjects
    from vigie.steps.withdraw import Withdraw


@cache
def deduplicate() -> "Deduplicate":
    """Return the deduplicate step."""
    from vigie.steps.deduplicate import Deduplicate

    return Deduplicate(stories=stories(), ledger=ledger(), outbox=outbox(), clock=now)


@cache
def classify() -> "Classify":
    """Return the classify step."""
    from vigie.domain.classification import classify as offline_classifier
    from vigie.steps.classify import Classify
    from vigie.steps.objections import Objections

    return Classify(
        classifier=offline_classifier,
        mentions=mentions(),
        ledger=ledger(),
        clock=now,
        ask_later=ask_later(),
        wake=wake_alerts,
        announce=announce().mentions,
        objected=Objections(store=objections(), clock=now),
    )


def subjects(*, may_count: bool) -> "ClientSubjects":
    """Return what groups a client's stories; ``may_count``: whether it may count the stack's terms anew."""
    from vigie.steps.subjects import ClientSubjects, StackTerms

    return ClientSubjects(
        mentions=current_mentions(),
        accounts=accounts(),
        terms=StackTerms(blobs(), may_count=may_count),
    )


@cache
def withdraw() -> "Withdraw":
    """Return the step that honours deletions."""
    from vigie.steps.withdraw import Withdraw

    return Withdraw(accounts=accounts(), mentions=mentions())


@cache
def index_mentions() -> "IndexMentions":
    """Return the step that makes mentions ready to be searched."""
    from vigie.steps.search_index import IndexMentions

    return IndexMentions(
        accounts=accounts(),
        mentions=mentions(),
        blobs=blobs(),
        clock=now,
        retention_days=settings().mention_retention_days,
    )
