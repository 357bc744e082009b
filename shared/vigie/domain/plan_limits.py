"""What a plan allows of watches and recipients. What there is already stays, whatever the plan."""

from collections.abc import Iterable, Sequence

from vigie.domain.clients import Watch
from vigie.domain.plans import Plan
from vigie.domain.query import Query, parse
from vigie.domain.query.builder import wishes_of
from vigie.domain.query.nodes import And, Near, Node, Not, Or
from vigie.errors import NotAllowed


def check_watch(plan: Plan, others: Sequence[Watch], query: str, before: Watch | None = None) -> None:
    """Let a watch pass that is to stand beside others, in the place of ``before`` where there is one.

    Raises NotAllowed for one watch too many, too many words in all, or a query that three boxes cannot hold where
    the plan has no editor for it; of what was past the plan already, only for more of it.
    """
    if before is None and len(others) + 1 > plan.watches:
        raise NotAllowed(f"Your plan includes {plan.watches} watches. Remove some, or choose a larger plan.")
    asked, standing = parse(query), parse(before.query) if before else None
    was_simple = standing is None or wishes_of(standing) is not None
    if not plan.boolean_editor and was_simple and wishes_of(asked) is None:
        raise NotAllowed(
            "Your plan has watches of words: any of, all of, none of. Write it so, or choose Plus for queries."
        )
    keywords = keywords_of(asked) + sum(keywords_of(parse(other.query)) for other in others)
    grows = standing is None or keywords_of(asked) > keywords_of(standing)
    if grows and keywords > plan.keywords:
        raise NotAllowed(
            f"Your plan includes {plan.keywords} words, and these make {keywords}. "
            "Remove some, or choose a larger plan."
        )


def check_recipients(plan: Plan, count: int) -> None:
    """Let so many recipients pass. Raises NotAllowed."""
    if count > plan.recipients:
        raise NotAllowed(
            f"Your plan includes {plan.recipients} recipients. Remove some, or choose a larger plan."
        )


def keywords_of(query: Query) -> int:
    """Return how many words and phrases a query names, those it refuses too."""
    return sum(1 for _ in _words(query.root))


def _words(node: Node) -> Iterable[Node]:
    match node:
        case And(operands) | Or(operands):
            for operand in operands:
                yield from _words(operand)
        case Not(operand):
            yield from _words(operand)
        case Near(left, right):
            yield from _words(left)
            yield from _words(right)
        case _:
            yield node
