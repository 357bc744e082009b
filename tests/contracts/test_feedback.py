"""Contract of FeedbackStore."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from tests.builders import A_DAY, CUTOFF, a_mention
from tests.contracts.together import at_once
from vigie.domain.cutoffs import Interval
from vigie.domain.feedback import Correction, Undone

MENTION = a_mention()
CLIENT, AT = MENTION.client_id, MENTION.recorded_at
MADE = Correction(
    correction_id="1",
    client_id=CLIENT,
    mention_id=MENTION.mention_id,
    story_id=MENTION.story.story_id,
    recorded_at=AT,
    label="crisis",
    watch_ids=("brand", "burns"),
    before="none",
    after="alert",
    crisis_type="recall",
    scope="story",
    given_at=CUTOFF,
    given_by="Jeanne (banque-armelie)",
    reason="Rappel confirmé",
    undone=Undone(CUTOFF, "Paul", "Pas eux"),
)


def test_corrections_come_back_whole(stores: Any) -> None:
    """Every field is read back, with the mentions of its time and of its client alone."""
    made = stores.feedback.change(CLIENT, AT, MENTION.mention_id, lambda found: (*found, MADE))
    assert made == (MADE,)
    assert stores.feedback.made_on(CLIENT, A_DAY) == [MADE]
    assert stores.feedback.made_on("union", A_DAY) == []
    assert stores.feedback.made_on(CLIENT, Interval(A_DAY.since, AT)) == []
    assert stores.feedback.made_on(CLIENT, Interval(AT, AT + timedelta(seconds=1))) == [MADE]


def test_a_change_sees_what_is_there_and_returns_what_stands(stores: Any) -> None:
    """Nothing is nothing; returning what was given writes nothing."""
    store = stores.feedback
    assert store.change(CLIENT, AT, "d1", lambda found: found) == ()
    assert store.change(CLIENT, AT, "d1", lambda found: (*found, MADE)) == (MADE,)
    assert store.change(CLIENT, AT, "d1", lambda found: found) == (MADE,)
    assert store.made_on(CLIENT, A_DAY) == [MADE]


def test_changes_at_once_are_all_made(stores: Any) -> None:
    """Nobody overwrites what another said meanwhile: eight people, eight corrections."""

    def add(number: int) -> None:
        mine = replace(MADE, given_by=str(number))
        stores.feedback.change(
            CLIENT, AT, "d1", lambda found: (*found, replace(mine, correction_id=str(len(found))))
        )

    at_once(8, add)
    made = stores.feedback.made_on(CLIENT, A_DAY)
    assert {each.given_by for each in made} == {str(number) for number in range(8)}
    assert [each.correction_id for each in made] == [str(number) for number in range(8)]


def test_corrections_do_not_show_among_mentions(stores: Any) -> None:
    """They lie in the same table and are no mentions."""
    stores.mentions.record([MENTION])
    stores.feedback.change(CLIENT, AT, MENTION.mention_id, lambda _: (MADE,))
    assert stores.mentions.recorded_in(CLIENT, A_DAY) == [MENTION]
