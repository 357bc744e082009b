"""Unsure stories put to a large model, once each."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from tests.builders import A_DAY, CUTOFF, a_document, a_mention, a_watch
from tests.fakes import World
from tests.journal import Crash
from vigie.domain.adjudication.questions import WORTH_ASKING, Question
from vigie.domain.adjudication.replies import Answer, BadReply, Opinion, Reply
from vigie.domain.clients import WatchedEntity
from vigie.domain.connectors.budgets import MONTH_SECONDS, Bucket
from vigie.domain.mentions import Assessment, Label, Mention
from vigie.errors import Busy, Transient
from vigie.messages import StoryUnsure
from vigie.steps.adjudicate import TRIES, Adjudicate, AskLater
from vigie.steps.corrected import CorrectedMentions

CLIENT = "banque-armelie"
UNSURE = Label("neutral", 0.4, abstained=True)
ANSWER = Answer(source="fake/m/p-1", opinions={"impact": Opinion("unfavourable", 0.8)}, quotes=("guichets",))
COST, MOST = 400, 1_000


def mention_of(name: str = "first", **fields: Any) -> Mention:
    """Return a mention whose brand is unsure of the impact."""
    mention = a_mention(a_document("Trois guichets ferment", document_id=name), **fields)
    sure = Label("neutral", 0.9)
    assessment = Assessment(watch_id="brand", relevance=sure, impact=UNSURE, tone=sure, crisis=sure)
    return replace(mention, labels=replace(mention.labels, assessments=(assessment,)))


MESSAGE = StoryUnsure(client_id=CLIENT, watch_id="brand", story_id="first", mention_id="first")


@dataclass
class FakeModel:
    """A model that answers what it is told to, and remembers what it was asked."""

    answers: list[Reply | Exception] = field(default_factory=list)
    asked: list[Question] = field(default_factory=list)
    source: str = "fake/m/p-1"
    worth: Sequence[str] = WORTH_ASKING["bedrock"]

    def most(self, question: Question) -> int:
        """Return the most a question costs."""
        del question
        return MOST

    def ask(self, question: Question) -> Reply:
        """Answer, or fail, as told; well when not told."""
        self.asked.append(question)
        answer = self.answers.pop(0) if self.answers else Reply(ANSWER, COST)
        if isinstance(answer, Exception):
            raise answer
        return answer


@dataclass
class Room:
    """A client with an unsure story of two mentions, a model, and a budget of ten questions."""

    world: World = field(default_factory=World)
    model: FakeModel = field(default_factory=FakeModel)
    limit: int = 10 * MOST

    def __post_init__(self) -> None:
        self.mentions = CorrectedMentions(self.world.mentions, self.world.feedback, self.world.stories)
        self.mentions.record([mention_of(), mention_of("reprint", story="first")])
        self.world.clock.instant = CUTOFF

    @property
    def step(self) -> Adjudicate:
        """The step, as a worker would make it."""
        world = self.world
        return Adjudicate(
            model=self.model,
            accounts=world.accounts,
            mentions=self.mentions,
            cases=world.cases,
            answers=world.answers,
            budgets=world.budgets,
            bucket=Bucket(name="large-model", limit=self.limit, window_seconds=MONTH_SECONDS, reserve=0.0),
            ledger=world.ledger,
            outbox=world.outbox,
            clock=world.clock,
        )

    def impacts(self) -> set[tuple[str, bool]]:
        """Return the impacts read in the story's mentions, and whether each is to be verified."""
        read = self.mentions.recorded_in(CLIENT, A_DAY)
        return {
            (each.impact.value, each.impact.abstained)
            for mention in read
            for each in mention.labels.assessments
        }


@pytest.fixture
def room() -> Room:
    """Return an empty room."""
    return Room()


def test_an_answer_is_laid_over_the_whole_story(room: Room) -> None:
    """The model is asked once, and paid for what it cost."""
    report = room.step.run(MESSAGE)
    assert (report.outcome, report.cost_microdollars, report.asked) == ("answered", COST, 1)
    assert room.impacts() == {("unfavourable", False)}


def test_a_story_is_asked_about_once(room: Room) -> None:
    """A message delivered again, and that of a reprint, find it said."""
    room.step.run(MESSAGE)
    assert room.step.run(MESSAGE).outcome == "sure"
    assert room.step.run(replace_message(mention_id="reprint")).outcome == "sure"
    assert len(room.model.asked) == 1


def test_a_story_given_up_is_not_asked_about_again(room: Room) -> None:
    """It awaits a person; reprints do not bring it back."""
    room.model.answers = [BadReply("the reply is no JSON")]
    assert room.step.run(MESSAGE).outcome == "given_up"
    assert room.step.run(replace_message(mention_id="reprint")).outcome == "settled"
    (parked,) = room.world.ledger.parked()
    assert (parked.stage, parked.thing_id) == ("adjudicate", f"{CLIENT}/first/brand")
    assert parked.reason == "the reply is no JSON"
    assert "guichets" not in str(parked)
    assert room.impacts() == {("neutral", True)}


def test_whom_the_watch_names_is_asked_about(room: Room) -> None:
    """As its client says; as its query shows; by the words found when the watch is gone."""
    room.step.run(MESSAGE)
    entity = WatchedEntity("Banque d'Armélie", ("BA",), "une banque du Vaurel")
    for watch in (a_watch(query="guichets OR agences"), a_watch(entity=entity), a_watch(query="(((")):
        again = Room()
        again.world.accounts.put_watch(watch)
        again.step.run(MESSAGE)
        room.model.asked += again.model.asked
    gone, by_query, told, unreadable = (question.whom for question in room.model.asked)
    assert (by_query.name, by_query.aliases) == ("guichets", ("agences",))
    assert (told.name, told.about) == ("Banque d'Armélie", "une banque du Vaurel")
    assert gone == unreadable
    assert gone.name == "Brand"


def test_the_same_question_is_not_paid_for_twice() -> None:
    """What another story of the same text was answered is the answer, for any client."""
    room = Room()
    room.step.run(MESSAGE)
    other = replace(mention_of("other"), client_id="union")
    room.mentions.record([other])
    message = replace_message(client_id="union", story_id="other", mention_id="other")
    assert room.step.run(message).outcome == "kept_answer"
    read = room.mentions.get("union", "other")
    assert read is not None
    assert read.labels.assessments[0].impact.value == "unfavourable"
    assert len(room.model.asked) == 1


def test_the_months_budget_is_not_exceeded() -> None:
    """Room for two questions at most is room for what they cost; the next month there is more."""
    room = Room(limit=2 * MOST)
    outcomes = []
    for number in range(5):
        name = f"s{number}"
        room.mentions.record([replace(mention_of(name), document=a_document(f"T{number}", document_id=name))])
        outcomes.append(room.step.run(replace_message(story_id=name, mention_id=name)).outcome)
    assert outcomes == ["answered"] * 3 + ["over_budget"] * 2
    room.world.clock.advance(31 * 86_400)
    assert room.step.run(replace_message(story_id="s4", mention_id="s4")).outcome == "answered"


def test_a_model_that_does_not_answer_is_asked_later_then_given_up(room: Room) -> None:
    """Ever later, five times in all; then the story is parked with the reason."""
    room.model.answers = [Transient("the model was not reached in time")] * TRIES
    message, delays = MESSAGE, []
    for _ in range(TRIES - 1):
        assert room.step.run(message).outcome == "put_off"
        ((message, delay_seconds),) = room.world.outbox.sent
        room.world.outbox.sent.clear()
        delays.append(delay_seconds)
    assert delays == sorted(delays)
    assert max(delays) <= 900
    assert room.step.run(message).outcome == "given_up"
    (parked,) = room.world.ledger.parked()
    assert parked.reason == "no answer in 5 tries: the model was not reached in time"


def test_a_model_that_was_busy_answers_when_it_is_not(room: Room) -> None:
    """What was put off is answered."""
    room.model.answers = [Transient("busy")]
    room.step.run(MESSAGE)
    ((message, _),) = room.world.outbox.sent
    assert room.step.run(message).outcome == "answered"


def test_what_is_gone_or_sure_meanwhile_is_not_asked(room: Room) -> None:
    """A mention that was taken back, or that somebody judged, costs nothing."""
    assert room.step.run(replace_message(mention_id="unknown")).outcome == "gone"
    room.world.mentions.withdraw(CLIENT, "first", CUTOFF)
    assert room.step.run(MESSAGE).outcome == "sure"
    assert room.model.asked == []


def test_a_case_that_somebody_holds_is_left_to_them(room: Room) -> None:
    """The queue brings the message back; a worker that died gives it up with its lease."""
    room.world.journal.interrupt(after=1)
    with pytest.raises(Crash):
        room.step.run(MESSAGE)
    with pytest.raises(Busy):
        room.step.run(MESSAGE)
    room.world.clock.advance(121)
    assert room.step.run(MESSAGE).outcome == "answered"


@pytest.mark.parametrize("point", ["before", "after"])
def test_a_crash_at_any_write_ends_in_one_answer(point: str) -> None:
    """Redelivered, the story is said once; it is paid for twice only when the answer had not been kept."""
    crashes = 0
    for number in range(1, 12):
        room = Room()
        room.world.journal.interrupt(**{point: number})
        try:
            room.step.run(MESSAGE)
        except Crash:
            crashes += 1
        room.world.clock.advance(121)
        room.step.run(MESSAGE)
        assert room.impacts() == {("unfavourable", False)}
        assert len(room.model.asked) <= 2
        assert room.world.ledger.parked() == []
    assert crashes >= 4


@pytest.mark.parametrize("point", ["before", "after"])
def test_a_crash_while_putting_off_loses_no_question(point: str) -> None:
    """The message that is redelivered, or the one put off, is answered."""
    for number in range(1, 6):
        room = Room(model=FakeModel(answers=[Transient("busy")]))
        room.world.journal.interrupt(**{point: number})
        try:
            room.step.run(MESSAGE)
        except Crash:
            room.world.clock.advance(121)
            room.step.run(MESSAGE)
        room.world.journal.interrupt()  # no more
        for message, _ in list(room.world.outbox.sent):
            room.step.run(message)
        assert room.impacts() == {("unfavourable", False)}


def test_each_unsure_story_and_watch_is_queued_once(room: Room) -> None:
    """Without a model nothing is queued; what is sure, held or history is not."""
    mentions = [mention_of(), mention_of("reprint", story="first"), mention_of("other"), a_mention()]
    mentions.append(mention_of("held", status="held", held_reason="same_address"))
    assert AskLater(room.world.outbox, WORTH_ASKING["none"])(mentions) == 0
    assert room.world.outbox.sent == []
    assert AskLater(room.world.outbox, WORTH_ASKING["bedrock"])(mentions) == 2
    assert [message.story_id for message, _ in room.world.outbox.sent] == ["first", "other"]


def replace_message(**fields: str) -> StoryUnsure:
    """Return the message with other fields."""
    told = {"client_id": CLIENT, "watch_id": "brand", "story_id": "first", "mention_id": "first"}
    return StoryUnsure(**{**told, **fields})
