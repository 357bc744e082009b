"""A month's quota."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tests.builders import CUTOFF, a_document, a_mention
from vigie.domain.mentions import Clue, Label
from vigie.domain.quotas import counts, held_over_quota, is_over, month_of, reached_at


def test_a_month_is_utcs() -> None:
    """From its first instant to the next month's; in December too."""
    december = month_of(datetime(2026, 12, 31, 23, 59, tzinfo=UTC))
    assert (december.since, december.until) == (
        datetime(2026, 12, 1, tzinfo=UTC),
        datetime(2027, 1, 1, tzinfo=UTC),
    )


@given(st.lists(st.integers(0, 20), max_size=30), st.integers(1, 40))
def test_the_first_ones_are_shown_and_never_fewer_than_the_plan_includes(
    minutes: list[int], quota: int
) -> None:
    """In the order of recording; what was recorded at one instant is shown together; the rest is held."""
    mentions = [
        a_mention(a_document(document_id=str(number)), recorded_at=CUTOFF + timedelta(minutes=minute))
        for number, minute in enumerate(sorted(minutes))
    ]
    held_after = reached_at(mentions, quota)
    shown = [mention for mention in mentions if not is_over(mention, held_after)]
    assert shown == mentions[: len(shown)]
    assert len(shown) >= min(quota, len(mentions))
    more_at_once = {mention.recorded_at for mention in shown[quota - 1 :]}
    assert len(more_at_once) <= 1


def test_what_is_held_already_and_what_is_history_count_for_nothing() -> None:
    """A page seen again, or an article found in the archive, uses up nothing and is held by no quota."""
    again = a_mention(status="held", held_reason="same_address")
    history = a_mention(backfilled=True)
    assert not counts(again)
    assert not counts(history)
    assert reached_at([again, history], 1) is None
    assert not is_over(history, CUTOFF - timedelta(days=1))


def test_what_is_past_the_quota_keeps_where_and_how_and_loses_what() -> None:
    """Source, time, story and tone stay; texts, address, author and the words that labels lean on go."""
    document = a_document(
        "Un four en feu chez Perrin", document_id="d1", body="Le four de Perrin a pris feu.", author="A. N."
    )
    mention = a_mention(document)
    leaning = Label("negative", 0.9, evidence=(Clue("fire", "pris feu", "body", 19, 27),))
    held = held_over_quota(replace(mention, labels=replace(mention.labels, tone=leaning)))
    assert (held.status, held.held_reason) == ("held", "over_quota")
    assert held.document.source_name == document.source_name
    assert held.recorded_at == mention.recorded_at
    assert (held.story, held.labels.tone.value) == (mention.story, "negative")
    assert "Perrin" not in repr(held)
    assert "feu" not in repr(held).replace("fire", "")
