"""Adjudicate: what the classifier was not sure of, asked of a large model once per story and watched entity.

A case is claimed, answered from what is kept or by the model, and settled; whoever finds it settled leaves it. A
crash after the model's reply and before the answer is kept pays for one question twice; nothing is told twice.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from vigie.domain.adjudication.questions import Case, Question, Whom, unsure_of
from vigie.domain.adjudication.replies import Answer, Reply
from vigie.domain.clients import Watch
from vigie.domain.connectors.budgets import Bucket
from vigie.domain.entities.derive import entity_of
from vigie.domain.mentions import Mention, Parked
from vigie.domain.query import parse
from vigie.errors import BadQuery, Busy, Permanent, Transient
from vigie.messages import StoryUnsure
from vigie.ports import AccountStore, Budgets, Clock, LedgerStore, MentionStore, Outbox

Outcome = Literal["answered", "kept_answer", "settled", "sure", "gone", "over_budget", "put_off", "given_up"]
"""``answered``: the model was asked. ``kept_answer``: the same was asked before. ``settled``: done already. ``sure``:
somebody said so meanwhile. ``over_budget``: the month's is spent. ``put_off``: asked again later. ``given_up``:
parked.
"""

LEASE_SECONDS = 120  # longer than the function's time-out
TRIES = 5
_PAUSES_SECONDS = (60, 180, 420, 900)
_STAGE = "adjudicate"


class LargeModel(Protocol):
    """A model that can be asked about a text. It is asked once: no retry inside."""

    @property
    def source(self) -> str:
        """Who answers, and asked how: ``bedrock/<model>/<prompt>``."""
        ...

    @property
    def worth(self) -> Sequence[str]:
        """Labels whose unsureness is worth a question."""
        ...

    def most(self, question: Question) -> int:
        """Return what asking may cost at most, in micro-dollars."""
        ...

    def ask(self, question: Question) -> Reply:
        """Ask. Raises Transient (not answered, try later) or Permanent (refused, or no answer in what came)."""
        ...


class CaseStore(Protocol):
    """Which cases were taken up and settled, with their answers, beside the mentions."""

    def claim(self, case: Case, now: datetime, lease_seconds: int) -> Literal["claimed", "held", "settled"]:
        """Take a case unless somebody has it or it is settled."""
        ...

    def release(self, case: Case) -> None:
        """Give a claimed case back; no effect once settled."""
        ...

    def settle(self, case: Case, answer: Answer | None, now: datetime) -> None:
        """Close a case, with the answer to be laid over its story's mentions or without; the first word stands."""
        ...


class AnswerStore(Protocol):
    """Answers by question, whoever asked: they hold nothing of a client."""

    def answer(self, key: str) -> Answer | None:
        """Return the answer kept under a question's key."""
        ...

    def keep_answer(self, key: str, answer: Answer, now: datetime) -> None:
        """Keep an answer for a while."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class AdjudicateReport:
    """What became of a case, and what it cost."""

    outcome: Outcome
    cost_microdollars: int = 0

    @property
    def asked(self) -> int:
        """How often the model was asked and answered."""
        return int(self.outcome == "answered")


@dataclass(frozen=True, slots=True, kw_only=True)
class Adjudicate:
    """Puts unsure stories to ``model`` within ``bucket``; what it does not answer awaits a person."""

    model: LargeModel
    accounts: AccountStore
    mentions: MentionStore
    cases: CaseStore
    answers: AnswerStore
    budgets: Budgets
    bucket: Bucket
    ledger: LedgerStore
    outbox: Outbox
    clock: Clock

    def run(self, message: StoryUnsure) -> AdjudicateReport:
        """Settle one case. Raises Busy while somebody else is at it."""
        mention = self.mentions.get(message.client_id, message.mention_id)
        if mention is None or not mention.may_be_shown(self.clock()):
            return AdjudicateReport(outcome="gone")
        if message.watch_id not in unsure_of(mention, self.model.worth):
            return AdjudicateReport(outcome="sure")
        case = _case(message, mention)
        claim = self.cases.claim(case, self.clock(), LEASE_SECONDS)
        if claim == "settled":
            return AdjudicateReport(outcome="settled")
        if claim == "held":
            raise Busy(f"{case.name} is being asked about")
        return self._settle(case, self._question(case, mention), message)

    def _settle(self, case: Case, question: Question, message: StoryUnsure) -> AdjudicateReport:
        key = question.key(self.model.source)
        kept = self.answers.answer(key)
        if kept is not None:
            self.cases.settle(case, kept, self.clock())
            return AdjudicateReport(outcome="kept_answer")
        most = self.model.most(question)
        if not self.budgets.take(self.bucket, most, self.clock()):
            self.cases.release(case)
            return AdjudicateReport(outcome="over_budget")
        try:
            reply = self.model.ask(question)
        except Transient as error:
            return self._later(case, message, str(error))
        except Permanent as error:
            return self._give_up(case, str(error))
        self.answers.keep_answer(key, reply.answer, self.clock())
        self.cases.settle(case, reply.answer, self.clock())
        if reply.cost_microdollars < most:
            self.budgets.take(self.bucket, reply.cost_microdollars - most, self.clock())
        return AdjudicateReport(outcome="answered", cost_microdollars=reply.cost_microdollars)

    def _later(self, case: Case, message: StoryUnsure, reason: str) -> AdjudicateReport:
        if message.tries + 1 >= TRIES:
            return self._give_up(case, f"no answer in {TRIES} tries: {reason}")
        again = StoryUnsure(
            client_id=message.client_id,
            watch_id=message.watch_id,
            story_id=message.story_id,
            mention_id=message.mention_id,
            tries=message.tries + 1,
        )
        self.outbox.send([again], delay_seconds=_PAUSES_SECONDS[message.tries])
        self.cases.release(case)
        return AdjudicateReport(outcome="put_off")

    def _give_up(self, case: Case, reason: str) -> AdjudicateReport:
        """Park the case with its reason; its labels stay to be verified by a person."""
        now = self.clock()
        self.ledger.park(Parked(_STAGE, case.name, reason, now, {"source": self.model.source}))
        self.cases.settle(case, None, now)
        return AdjudicateReport(outcome="given_up")

    def _question(self, case: Case, mention: Mention) -> Question:
        watches = self.accounts.watches(case.client_id)
        watch = next((each for each in watches if each.watch_id == case.watch_id), None)
        return Question.of(mention.document, _whom(mention, case.watch_id, watch))


def _case(message: StoryUnsure, mention: Mention) -> Case:
    return Case(
        client_id=message.client_id,
        story_id=mention.story.story_id,
        watch_id=message.watch_id,
        mention_id=mention.mention_id,
        recorded_at=mention.recorded_at,
    )


def _whom(mention: Mention, watch_id: str, watch: Watch | None) -> Whom:
    """Return whom a watch names; by its words that stand in the mention when it is gone or names nobody."""
    entity = None
    if watch is not None:
        with suppress(BadQuery):  # kept before the language refused it
            entity = entity_of(watch, parse(watch.query))
    if entity is not None:
        return Whom(name=entity.name, aliases=entity.aliases, about=entity.about)
    hit = next(each for each in mention.hits if each.watch_id == watch_id)
    terms = dict.fromkeys(span.term for span in hit.evidence)
    return Whom(name=hit.watch_name, aliases=tuple(terms))


@dataclass(frozen=True, slots=True)
class AskLater:
    """What classify does with the mentions it recorded: queue those that are worth a question."""

    outbox: Outbox
    worth: Sequence[str]

    def __call__(self, mentions: Sequence[Mention]) -> int:
        """Queue each story and watch of these once; return how many. Queued again, they are settled once."""
        cases: dict[tuple[str, str, str], StoryUnsure] = {}
        for mention in mentions:
            for watch_id in unsure_of(mention, self.worth):
                message = StoryUnsure(
                    client_id=mention.client_id,
                    watch_id=watch_id,
                    story_id=mention.story.story_id,
                    mention_id=mention.mention_id,
                )
                cases.setdefault((message.client_id, message.story_id, watch_id), message)
        if cases:
            self.outbox.send(cases.values())
        return len(cases)
