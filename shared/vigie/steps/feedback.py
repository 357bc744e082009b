"""Feedback: what people correct of a client's mentions, every answer within one client."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from vigie.domain.clients import Client
from vigie.domain.cutoffs import Interval
from vigie.domain.feedback import REACH, Correction, Undone, Wish, awaited, check_wish, given, taken_back
from vigie.domain.feedback_export import Agreement, FeedbackExample, agreements, examples_of
from vigie.domain.mentions import Mention
from vigie.errors import BadField, NotFound
from vigie.ports import Clock, Corrections, FeedbackStore
from vigie.steps.corrected import CorrectedMentions

SHOWN_DAYS = 31
SHOWN_DAYS_AT_MOST = 400


@dataclass(frozen=True, slots=True)
class Told:
    """A mention as it is read now, and the corrections made on it, oldest first, undone ones included."""

    mention: Mention
    corrections: Corrections


@dataclass(frozen=True, slots=True)
class Awaiting:
    """Mentions that a person should look at, one a story, and where to go on looking."""

    mentions: list[Mention]
    cursor: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedbackDesk:
    """Takes corrections, takes them back, lists them. The same asked twice, or twice at once, is done once.

    A digest already stored stays as it was sent; one that is built later counts by the corrections that stand.
    """

    mentions: CorrectedMentions
    feedback: FeedbackStore
    clock: Clock

    def give(self, client: Client, mention_id: str, wish: Wish) -> Told:
        """Correct a mention and, by the wish's scope, all that carries its text.

        Raises NotFound, BadField, or Conflict when it was corrected too often.
        """
        mention = self._mention(client, mention_id)
        recorded = self.mentions.mentions.get(client.client_id, mention_id) or mention  # with all its watches
        checked, now = check_wish(wish, recorded), self.clock()
        return self._change(mention, lambda history: given(history, checked, mention, now))

    def give_to_story(self, client: Client, story_id: str, wish: Wish) -> Told:
        """Correct a story of the last 45 days, by its id or one it had before a merge. Raises as ``give`` does.

        The correction is made on its earliest mention, so that who asks twice corrects once.
        """
        return self.give(client, self._first_of(client, story_id).mention_id, wish)

    def take_back(self, client: Client, mention_id: str, correction_id: str, by: str, reason: str) -> Told:
        """Undo a correction: what stood before it stands again. Raises NotFound."""
        mention, undone = self._mention(client, mention_id), Undone(self.clock(), by, reason)
        return self._change(mention, lambda history: taken_back(history, correction_id, undone))

    def told(self, client: Client, mention_id: str) -> Told:
        """Return a mention and its corrections. Raises NotFound."""
        mention = self._mention(client, mention_id)
        return self._change(mention, lambda history: history)

    def told_of_story(self, client: Client, story_id: str) -> Told:
        """Return the mention that a story's corrections are made on, with them. Raises NotFound."""
        return self.told(client, self._first_of(client, story_id).mention_id)

    def listed(self, client: Client, since: datetime | None, until: datetime | None) -> list[Correction]:
        """Return the corrections made on mentions recorded in [since, until), the last made first.

        The last 31 days when left out. Raises BadField when the days are too many or none.
        """
        end = until or self.clock() + timedelta(seconds=1)
        interval = Interval(since or end - timedelta(days=SHOWN_DAYS), end)
        if not interval.since < interval.until <= interval.since + timedelta(days=SHOWN_DAYS_AT_MOST):
            raise BadField(
                "since",
                f"{interval.since.isoformat()} is not 0 to {SHOWN_DAYS_AT_MOST} days before until",
                "Ask for a shorter time that ends after it begins.",
            )
        made = self.feedback.made_on(client.client_id, interval)
        return sorted(made, key=lambda each: (each.given_at, each.correction_id), reverse=True)

    def to_verify(
        self,
        client: Client,
        since: datetime | None,
        until: datetime | None,
        limit: int,
        cursor: str | None = None,
    ) -> Awaiting:
        """Return stories recorded in [since, until) whose labels await a person, newest first; a month by default.

        At most ``limit`` mentions are looked through: a page may hold none and still have a cursor.
        """
        now = self.clock()
        end = until or now + timedelta(seconds=1)
        interval = Interval(since or end - timedelta(days=SHOWN_DAYS), end)
        page = self.mentions.page(client.client_id, interval, limit, cursor)
        stories = {m.story.story_id: m for m in reversed(page.mentions) if m.may_be_shown(now) and awaited(m)}
        return Awaiting(list(reversed(stories.values())), page.cursor)

    def agreements(self, client: Client) -> list[Agreement]:
        """Return what all the client's corrections say of each label."""
        return agreements(self._all(client))

    def examples(self, client: Client) -> Iterator[FeedbackExample]:
        """Yield the mentions that somebody corrected, as they should have been labelled; by id."""
        now = self.clock()
        for mention_id in sorted({correction.mention_id for correction in self._all(client)}):
            recorded = self.mentions.mentions.get(client.client_id, mention_id)
            read = self.mentions.get(client.client_id, mention_id)
            if recorded and read and recorded.may_be_shown(now):
                yield from examples_of(recorded, read, client.name)

    def _all(self, client: Client) -> list[Correction]:
        ever = Interval(datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC))
        return self.feedback.made_on(client.client_id, ever)

    def _mention(self, client: Client, mention_id: str) -> Mention:
        mention = self.mentions.get(client.client_id, mention_id)
        if mention is None or not mention.may_be_shown(self.clock()):
            raise NotFound(f"There is no mention {mention_id}.")
        return mention

    def _first_of(self, client: Client, story_id: str) -> Mention:
        now = self.clock()
        root = self.mentions.stories.roots([story_id])[story_id]
        own = self.mentions.get(client.client_id, root)  # a story is named after its first document
        if own is not None and own.may_be_shown(now):
            return own
        lately = self.mentions.recorded_in(
            client.client_id, Interval(now - REACH, now + timedelta(seconds=1))
        )
        for mention in lately:
            if mention.story.story_id == root and mention.may_be_shown(now):
                return mention
        raise NotFound(f"There is no story {story_id} in the mentions of the last {REACH.days} days.")

    def _change(self, mention: Mention, decide: Callable[[Corrections], Corrections]) -> Told:
        made = self.feedback.change(mention.client_id, mention.recorded_at, mention.mention_id, decide)
        return Told(self.mentions.get(mention.client_id, mention.mention_id) or mention, made)
