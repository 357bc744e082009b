# ruff: noqa: D102, ARG002 - the ports say what each method does, and a fake needs not all it is told
"""Stories, the ledger, mentions and what was said of them, in memory."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Literal

from tests.fake_basics import kept
from tests.journal import Journal
from vigie.adapters.memory import MemoryStories
from vigie.domain.adjudication.questions import Case
from vigie.domain.adjudication.replies import Answer
from vigie.domain.adjudication.verdicts import Verdict
from vigie.domain.cutoffs import Interval
from vigie.domain.feedback import Correction
from vigie.domain.ledger import Evaluated
from vigie.domain.matching import Decision
from vigie.domain.mention_questions import Place as MentionPlace
from vigie.domain.mentions import Mention, Parked, withdrawn
from vigie.domain.objections import unsigned
from vigie.domain.stories.union import StoryMember
from vigie.errors import BadField
from vigie.ports import (
    Corrections,
    FeedbackStore,
    LedgerStore,
    MentionStore,
    ObjectionStore,
    Page,
    Posting,
    Recording,
    Said,
)


class FakeStories(MemoryStories):
    """Story fingerprints, forgotten after a while."""

    def __init__(self, journal: Journal | None = None, *, retention_days: int = 30) -> None:
        super().__init__(retention_days=retention_days)
        self._journal = journal or Journal()

    def add(self, member: StoryMember, now: datetime) -> StoryMember:
        with self._journal.write("stories.add"):
            return super().add(member, now)

    def post_one(self, key: str, posting: Posting, now: datetime) -> tuple[str, ...]:
        with self._journal.write("stories.post"):
            return super().post_one(key, posting, now)

    def link(self, root_id: str, parent_id: str, now: datetime) -> str:
        with self._journal.write("stories.link"):
            return super().link(root_id, parent_id, now)

    def keep(self, root: StoryMember, now: datetime) -> None:
        with self._journal.write("stories.keep"):
            super().keep(root, now)


class FakeLedger(LedgerStore):
    """Batch records."""

    def __init__(self, journal: Journal | None = None) -> None:
        self._journal = journal or Journal()
        self._decisions: dict[tuple[str, int], Decision] = {}
        self._parked: dict[tuple[str, str], Parked] = {}

    def record_decision(self, decision: Decision) -> Decision:
        with self._journal.write("ledger.record_decision"):
            return self._decisions.setdefault((decision.batch_id, decision.part), kept(decision))

    def evaluated(self, interval: Interval) -> list[Evaluated]:
        decisions = sorted(self._decisions.values(), key=lambda d: (d.decided_at, d.batch_id, d.part))
        return [
            Evaluated(decision.documents, decision.parked)
            for decision in decisions
            if decision.decided_at in interval and (decision.documents or decision.parked)
        ]

    def matched(self, client_id: str, interval: Interval) -> int:
        decisions = (d for d in self._decisions.values() if d.decided_at in interval)
        return sum(decision.matched.get(client_id, 0) for decision in decisions)

    def park(self, parked: Parked) -> None:
        with self._journal.write("ledger.park"):
            self._parked.setdefault((parked.stage, parked.thing_id), kept(parked))

    def parked(self, limit: int = 100) -> list[Parked]:
        newest_first = sorted(self._parked.values(), key=lambda parked: parked.parked_at, reverse=True)
        return [kept(parked) for parked in newest_first[:limit]]


class FakeObjections(ObjectionStore):
    """Authors who object, beside the mentions that name them."""

    def __init__(self, mentions: "FakeMentions") -> None:
        self._mentions = mentions
        self._objected: set[str] = set()

    def objected(self) -> frozenset[str]:
        return frozenset(self._objected)

    def add(self, name_sha256: str) -> None:
        self._objected.add(name_sha256)

    def unsign(self, client_id: str, document_id: str) -> None:
        self._mentions.change(client_id, document_id, unsigned)


class FakeMentions(MentionStore):
    """Mentions by client."""

    def __init__(self, journal: Journal | None = None) -> None:
        self._journal = journal or Journal()
        self._mentions: dict[tuple[str, str], Mention] = {}
        self._withdrawn: set[tuple[str, str]] = set()

    def record(self, mentions: Sequence[Mention]) -> Recording:
        new, seen_before = 0, []
        for mention in mentions:
            with self._journal.write("mentions.record"):
                key = (mention.client_id, mention.mention_id)
                new += key not in self._mentions
                if (mention.client_id, mention.document.document_id) in self._withdrawn:
                    mention = withdrawn(mention)  # noqa: PLW2901 - the same mention, without its texts
                if self._mentions.setdefault(key, kept(mention)).batch_id != mention.batch_id:
                    seen_before.append(kept(mention))
        return Recording(new, seen_before)

    def withdraw(self, client_id: str, document_id: str, now: datetime) -> None:
        with self._journal.write("mentions.withdraw"):
            self._withdrawn.add((client_id, document_id))
            self.change(client_id, document_id, withdrawn)

    def change(self, client_id: str, document_id: str, how: Callable[[Mention], Mention]) -> None:
        """Replace a client's mentions of a document."""
        for key, mention in self._mentions.items():
            if key[0] == client_id and mention.document.document_id == document_id:
                self._mentions[key] = how(mention)

    def recorded_in(self, client_id: str, interval: Interval) -> list[Mention]:
        found = [m for (owner, _), m in self._mentions.items() if owner == client_id]
        return sorted((m for m in found if m.recorded_at in interval), key=_place)

    def page(self, client_id: str, interval: Interval, limit: int, cursor: str | None = None) -> Page:
        if limit < 1:
            raise BadField("limit", f"{limit} is no page", "Ask for 1 mention or more.")
        newest_first = self.recorded_in(client_id, interval)[::-1]
        cursors = [f"{client_id}|{mention.mention_id}" for mention in newest_first]
        if cursor is not None and cursor not in cursors:
            raise BadField("cursor", "does not belong to this list", "Use the cursor the page before gave.")
        start = cursors.index(cursor) + 1 if cursor is not None else 0
        end = start + limit
        return Page(newest_first[start:end], cursors[end - 1] if end < len(cursors) else None)

    def cursor_after(self, client_id: str, place: MentionPlace) -> str:
        return f"{client_id}|{place[1]}"

    def at(self, client_id: str, places: Sequence[MentionPlace]) -> list[Mention]:
        found = [self.get(client_id, mention_id) for _, mention_id in places]
        return [mention for mention in found if mention is not None and _place(mention) in places]

    def get(self, client_id: str, mention_id: str) -> Mention | None:
        return self._mentions.get((client_id, mention_id))


def _place(mention: Mention) -> tuple[datetime, str]:
    return mention.recorded_at, mention.mention_id


class FakeFeedback(FeedbackStore):
    """What people corrected."""

    def __init__(self, journal: Journal | None = None) -> None:
        self._journal = journal or Journal()
        self._made: dict[tuple[str, datetime, str], Corrections] = {}
        self.verdicts: dict[tuple[str, str, str], Verdict] = {}

    def change(
        self,
        client_id: str,
        recorded_at: datetime,
        mention_id: str,
        decide: Callable[[Corrections], Corrections],
    ) -> Corrections:
        key = (client_id, recorded_at, mention_id)
        while True:
            before = self._made.get(key, ())
            after = decide(before)
            if after == before:
                return before
            with self._journal.write("feedback.change"):
                if self._made.get(key, ()) != before:
                    continue  # changed meanwhile: decide again
                self._made[key] = tuple(kept(each) for each in after)
            return after

    def made_on(self, client_id: str, interval: Interval) -> list[Correction]:
        return self.said_on(client_id, interval).corrections

    def said_on(self, client_id: str, interval: Interval) -> Said:
        keys = sorted(key for key in self._made if key[0] == client_id and key[1] in interval)
        settled = [verdict for verdict in self.verdicts.values() if verdict.case.client_id == client_id]
        return Said(
            [correction for key in keys for correction in self._made[key]],
            [verdict for verdict in settled if verdict.case.recorded_at in interval],
        )


class FakeCases:
    """Cases put to a large model; their verdicts lie beside the corrections."""

    def __init__(self, feedback: FakeFeedback, journal: Journal | None = None) -> None:
        self._journal = journal or Journal()
        self._feedback = feedback
        self._held_until: dict[tuple[str, str, str], datetime] = {}
        self._settled: set[tuple[str, str, str]] = set()

    def claim(self, case: Case, now: datetime, lease_seconds: int) -> Literal["claimed", "held", "settled"]:
        with self._journal.write("cases.claim"):
            key = _case_key(case)
            if key in self._settled:
                return "settled"
            if self._held_until.get(key, now) > now:
                return "held"
            self._held_until[key] = now + timedelta(seconds=lease_seconds)
            return "claimed"

    def release(self, case: Case) -> None:
        with self._journal.write("cases.release"):
            self._held_until.pop(_case_key(case), None)

    def settle(self, case: Case, answer: Answer | None, now: datetime) -> None:
        with self._journal.write("cases.settle"):
            if _case_key(case) in self._settled:
                return
            self._settled.add(_case_key(case))
            if answer is not None:
                self._feedback.verdicts[_case_key(case)] = kept(Verdict(case, answer))


def _case_key(case: Case) -> tuple[str, str, str]:
    return case.client_id, case.story_id, case.watch_id


class FakeAnswers:
    """Answers by question."""

    def __init__(self, journal: Journal | None = None) -> None:
        self._journal = journal or Journal()
        self._kept: dict[str, Answer] = {}

    def answer(self, key: str) -> Answer | None:
        return self._kept.get(key)

    def keep_answer(self, key: str, answer: Answer, now: datetime) -> None:
        with self._journal.write("answers.keep"):
            self._kept[key] = kept(answer)
