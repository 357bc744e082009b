"""What puts unsure stories to a large model, on a stack that has one."""

from functools import cache
from typing import TYPE_CHECKING

from vigie.domain.adjudication.questions import WORTH_ASKING
from vigie.errors import BadField
from vigie.wiring.common import now, settings
from vigie.wiring.operating import large_model_bucket, paid_budgets
from vigie.wiring.stores import accounts, current_mentions, ledger, outbox

if TYPE_CHECKING:
    from vigie.steps.adjudicate import Adjudicate, AskLater, LargeModel


@cache
def adjudicate() -> "Adjudicate":
    """Return the adjudicate step."""
    from vigie.adapters import aws
    from vigie.adapters.dynamo.cases import DynamoAnswers, DynamoCases
    from vigie.steps.adjudicate import Adjudicate

    dynamodb, retention_days = aws.dynamodb(), settings().mention_retention_days
    return Adjudicate(
        model=large_model(),
        accounts=accounts(),
        mentions=current_mentions(),
        cases=DynamoCases(dynamodb, settings().need("mentions_table"), retention_days=retention_days),
        answers=DynamoAnswers(dynamodb, settings().need("stories_table")),
        budgets=paid_budgets(),
        bucket=large_model_bucket(),
        ledger=ledger(),
        outbox=outbox(),
        clock=now,
    )


@cache
def large_model() -> "LargeModel":
    """Return the stack's large model. Raises BadField when it has none, or an unknown one."""
    from vigie.adapters import aws
    from vigie.adapters.large_model.bedrock import BedrockModel, Prices
    from vigie.adapters.large_model.comprehend import ComprehendModel

    match settings().large_model:
        case "bedrock":
            prices = Prices(
                settings().large_model_input_microdollars, settings().large_model_output_microdollars
            )
            return BedrockModel(aws.bedrock(), settings().need("large_model_id"), prices)
        case "comprehend":
            return ComprehendModel(aws.comprehend())
        case other:
            known = ", ".join(name for name in WORTH_ASKING if name != "none")
            raise BadField("VIGIE_LARGE_MODEL", f"{other!r} can be asked nothing", f"Use one of {known}.")


@cache
def ask_later() -> "AskLater":
    """Return what queues the mentions that are worth a question; without a large model, none is."""
    from vigie.steps.adjudicate import AskLater

    return AskLater(outbox(), WORTH_ASKING.get(settings().large_model, ()))
