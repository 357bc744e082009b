"""Which labels are worth asking somebody else about."""

from vigie.domain.mentions import Labels


def needs_adjudication(labels: Labels) -> tuple[str, ...]:
    """Return the watches whose entity the classifier was not sure about (relevance, impact or crisis), in order."""
    return tuple(
        each.watch_id
        for each in labels.assessments
        if each.relevance.abstained or each.impact.abstained or each.crisis.abstained
    )
