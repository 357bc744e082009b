"""Contract of CaseStore and AnswerStore."""

from datetime import timedelta
from typing import Any

from tests.builders import A_DAY, CUTOFF, a_mention
from tests.contracts.together import at_once
from vigie.domain.adjudication.questions import Case
from vigie.domain.adjudication.replies import Answer, Opinion
from vigie.domain.adjudication.verdicts import Verdict

MENTION = a_mention()
CASE = Case(
    client_id=MENTION.client_id,
    story_id=MENTION.story.story_id,
    watch_id="brand",
    mention_id=MENTION.mention_id,
    recorded_at=MENTION.recorded_at,
)
ANSWER = Answer(
    source="bedrock/m/p-1",
    opinions={"impact": Opinion("unfavourable", 0.8), "crisis": Opinion("watch", 0.7)},
    crisis_type="closure",
    quotes=("trois guichets",),
)


def test_a_case_is_claimed_by_one_of_those_who_try_at_once(stores: Any) -> None:
    """The others are told that it is held."""
    claims = at_once(6, lambda _: stores.cases.claim(CASE, CUTOFF, 60))
    assert sorted(claims) == ["claimed", *["held"] * 5]


def test_a_claim_runs_out_or_is_given_back(stores: Any) -> None:
    """Who died holding it hinders nobody for long."""
    assert stores.cases.claim(CASE, CUTOFF, 60) == "claimed"
    assert stores.cases.claim(CASE, CUTOFF + timedelta(seconds=59), 60) == "held"
    assert stores.cases.claim(CASE, CUTOFF + timedelta(seconds=60), 60) == "claimed"
    stores.cases.release(CASE)
    assert stores.cases.claim(CASE, CUTOFF, 60) == "claimed"


def test_a_settled_case_stays_settled_and_its_first_answer_stands(stores: Any) -> None:
    """The answer is said of the mention, beside what people say, and to nobody else."""
    stores.cases.claim(CASE, CUTOFF, 60)
    stores.cases.settle(CASE, ANSWER, CUTOFF)
    stores.cases.settle(CASE, Answer(source="other", opinions={}), CUTOFF)
    stores.cases.release(CASE)
    assert stores.cases.claim(CASE, CUTOFF + timedelta(days=1), 60) == "settled"
    said = stores.feedback.said_on(MENTION.client_id, A_DAY)
    assert (said.verdicts, said.corrections) == ([Verdict(CASE, ANSWER)], [])
    assert stores.feedback.made_on(MENTION.client_id, A_DAY) == []
    assert stores.feedback.said_on("union", A_DAY).verdicts == []


def test_a_case_can_be_settled_without_an_answer(stores: Any) -> None:
    """Nothing is said then."""
    stores.cases.settle(CASE, None, CUTOFF)
    assert stores.cases.claim(CASE, CUTOFF, 60) == "settled"
    assert stores.feedback.said_on(MENTION.client_id, A_DAY).verdicts == []


def test_answers_are_kept_by_question(stores: Any) -> None:
    """Every field is read back."""
    assert stores.answers.answer("k") is None
    stores.answers.keep_answer("k", ANSWER, CUTOFF)
    assert stores.answers.answer("k") == ANSWER
    assert stores.answers.answer("l") is None
