"""Subjects as the API shows them and as people correct them, every answer within one client."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from vigie.domain.clients import Client
from vigie.domain.cutoffs import Interval
from vigie.domain.digest import SubjectLine
from vigie.domain.digest_stories import line_of, topics_in_order
from vigie.domain.subjects.build import Subject
from vigie.domain.subjects.decisions import STORIES_KEPT, Kind, SubjectDecision
from vigie.errors import BadField, NotFound
from vigie.ports import AccountStore, Clock, DigestStore, MentionStore, SourceStore
from vigie.requests import MergeRequest, SplitRequest
from vigie.steps.subjects import ClientSubjects, counts

SHOWN_DAYS_AT_MOST = 31
CORRECTED_DAYS = 2
"""Subjects that go on are corrected: those of the last days, with what the window before them holds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectDesk:
    """Shows subjects, merges two, splits a story off one. Asking twice decides once."""

    accounts: AccountStore
    mentions: MentionStore
    digests: DigestStore
    sources: SourceStore
    subjects: ClientSubjects
    clock: Clock

    def lines(self, client: Client, since: datetime | None, until: datetime | None) -> list[SubjectLine]:
        """Return the subjects of what was recorded in [since, until), in the digest's order; the last day by default.

        Raises BadField when the days are too many or none.
        """
        end = until or self.clock() + timedelta(seconds=1)
        interval = Interval(since or end - timedelta(days=1), end)
        if not interval.since < interval.until <= interval.since + timedelta(days=SHOWN_DAYS_AT_MOST):
            raise BadField(
                "since",
                f"{interval.since.isoformat()} is not 0 to {SHOWN_DAYS_AT_MOST} days before until",
                "Ask for a shorter time that ends after it begins.",
            )
        return self._lines(client, interval, self._group(client, interval))

    def decisions(self, client: Client) -> list[SubjectDecision]:
        """Return what was decided by hand, oldest first."""
        return self.accounts.subject_decisions(client.client_id)

    def merge(self, client: Client, subject_id: str, request: MergeRequest, by: str) -> list[SubjectLine]:
        """Make two subjects one, and return it. Raises NotFound."""
        subjects = self._group(client, self._recent())
        one, other = _find(subjects, subject_id), _find(subjects, request.other_subject_id)
        if one is not other:
            self._decide(client, "merge", list(one.stories), list(other.stories), request, by=by)
        return self._told_of(client, (*one.stories, *other.stories))

    def split(self, client: Client, subject_id: str, request: SplitRequest, by: str) -> list[SubjectLine]:
        """Take a story off a subject, and return what both are now. Raises NotFound."""
        subjects = self._group(client, self._recent())
        subject = _find(subjects, subject_id)
        if not any(request.story_id in each.stories for each in subjects):
            raise NotFound(f"There is no story {request.story_id} in the subjects of these days.")
        others = [story_id for story_id in subject.stories if story_id != request.story_id]
        if request.story_id in subject.stories and others:
            self._decide(client, "split", [request.story_id], others, request, by=by)
        return self._told_of(client, (request.story_id, *others))

    def _decide(
        self,
        client: Client,
        kind: Kind,
        one: Sequence[str],
        other: Sequence[str],
        request: MergeRequest | SplitRequest,
        *,
        by: str,
    ) -> None:
        name = hashlib.sha256("\n".join((kind, *one, "", *other)).encode()).hexdigest()[:16]
        self.accounts.put_subject_decision(
            SubjectDecision(
                client_id=client.client_id,
                decision_id=name,
                kind=kind,
                one=tuple(one[:STORIES_KEPT]),
                other=tuple(other[:STORIES_KEPT]),
                decided_at=self.clock(),
                decided_by=f"{request.by} ({by})" if request.by else by,
                reason=request.reason,
            )
        )

    def _told_of(self, client: Client, story_ids: Sequence[str]) -> list[SubjectLine]:
        interval = self._recent()
        subjects = [each for each in self._group(client, interval) if set(story_ids) & set(each.stories)]
        window = Interval(interval.since - self.subjects.window, interval.until)
        concerned = {story_id for each in subjects for story_id in each.stories}
        return [
            line
            for line in self._lines(client, window, subjects)
            if concerned & {story.story_id for story in line.stories}
        ]

    def _recent(self) -> Interval:
        end = self.clock() + timedelta(seconds=1)
        return Interval(end - timedelta(days=CORRECTED_DAYS), end)

    def _group(self, client: Client, interval: Interval) -> list[Subject]:
        entries = self.digests.entries(client.client_id, limit=1)
        latest = self.digests.get(client.client_id, entries[0].digest_id) if entries else None
        return self.subjects.of(client.client_id, interval, latest)

    def _lines(self, client: Client, interval: Interval, subjects: Sequence[Subject]) -> list[SubjectLine]:
        mentions = self.mentions.recorded_in(client.client_id, interval)
        own = [mention for mention in mentions if counts(mention)]
        return [line_of(topic) for topic in topics_in_order(own, subjects, self.sources.sources())]


def _find(subjects: Sequence[Subject], subject_id: str) -> Subject:
    """Return the subject of this id, or the one that has its first story since. Raises NotFound."""
    for subject in subjects:
        if subject.subject_id == subject_id:
            return subject
    for subject in subjects:
        if subject_id in subject.stories:
            return subject
    raise NotFound(f"There is no subject {subject_id} these days.")
