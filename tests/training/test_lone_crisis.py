"""One article alone alerts: by texts that nothing was learnt from, what such an alert is worth."""

from dataclasses import replace

from tests.builders import a_document, a_mention
from training.examples import Example, Sources
from training.judges import assessed
from vigie.domain.alerts.settings import AlertSettings
from vigie.domain.alerts.watching import seen_of
from vigie.domain.mentions import Label, Labels

FROM = AlertSettings(client_id="c").sure_from


def alerts_alone(example: Example) -> bool:
    """Return whether the text would alert by itself, as press."""
    labels = Labels(language=Label("fr", 1.0), tone=Label("neutral", 1.0), assessments=(assessed(example),))
    mention = a_mention(a_document(example.title or "sans titre"), labels=labels)
    hits = tuple(replace(hit, watch_id="entity") for hit in mention.hits)
    return any(seen.crisis_sure >= FROM for seen in seen_of(replace(mention, hits=hits)))


def test_what_alerts_alone_is_a_crisis() -> None:
    """Of some seven hundred held-back texts a few alert by themselves, and all of those are crises to a reader."""
    held = Sources().own(
        lambda one: (
            one.split in ("dev", "test", "fresh") and one.entity is not None and "crisis" in one.labels
        )
    )
    told = [example.labels["crisis"] for example in held if alerts_alone(example)]
    assert (len(told) >= 8, set(told)) == (True, {"alert"})
