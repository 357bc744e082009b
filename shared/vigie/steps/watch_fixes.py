"""Fixes of watches: an exclusion proposed from what a client rejected, accepted or refused, and undone."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

from vigie.domain.clients import Client, Watch, check_watch
from vigie.domain.cutoffs import Interval
from vigie.domain.feedback import NOT_US, Undone, by_hand
from vigie.domain.mentions import Mention
from vigie.domain.query_fix import Decision, Proposal, WatchFix, propose
from vigie.errors import Conflict, NotFound
from vigie.ports import AccountStore, Clock
from vigie.steps.corrected import CorrectedMentions

DAYS = 30
MENTIONS_READ = 2_000  # the newest: reading a long article takes a millisecond


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchFixes:
    """Proposes what a watch should not find, and changes it when somebody agrees. Asking twice decides once."""

    accounts: AccountStore
    mentions: CorrectedMentions
    backfill: Callable[[Watch], None]
    clock: Clock

    def proposal(self, client: Client, watch_id: str) -> Proposal | None:
        """Return the fix that the last month's "pas nous" call for, None when nothing tells them apart.

        Raises NotFound.
        """
        return self._propose(self._watch(client, watch_id))

    def decided(self, client: Client, watch_id: str) -> list[WatchFix]:
        """Return what was decided of a watch's fixes, oldest first. Raises NotFound."""
        return self.accounts.fixes(client.client_id, self._watch(client, watch_id).watch_id)

    def accept(self, client: Client, watch_id: str, fix_id: str, by: str, reason: str) -> WatchFix:
        """Change the watch as proposed. Raises NotFound, or Conflict when this is not what is proposed today."""
        watch = self._watch(client, watch_id)
        known = self._decided(watch, fix_id)
        if known is not None and _stands(known) and watch.query == known.query_after:
            return known
        fix = self._decision(watch, fix_id, "accepted", by, reason)
        after = check_watch(replace(watch, query=fix.query_after))
        if not self.accounts.swap_watch(watch, after, fix):
            raise Conflict(f"The watch {watch_id} is being changed by somebody else: look at it again.")
        return fix

    def refuse(self, client: Client, watch_id: str, fix_id: str, by: str, reason: str) -> WatchFix:
        """Leave the watch as it is, and never propose these exclusions again. Raises as ``accept`` does."""
        watch = self._watch(client, watch_id)
        known = self._decided(watch, fix_id)
        if known is not None and known.decision == "refused":
            return known
        fix = self._decision(watch, fix_id, "refused", by, reason)
        self.accounts.put_fix(fix)
        return fix

    def undo(self, client: Client, watch_id: str, fix_id: str, by: str, reason: str) -> WatchFix:
        """Give the watch its former query back, to the letter, or let a refused fix be proposed again.

        Raises NotFound, or Conflict when the watch was changed since.
        """
        watch = self._watch(client, watch_id)
        fix = self._decided(watch, fix_id)
        if fix is None:
            raise NotFound(f"Nothing was decided of a fix {fix_id} of the watch {watch_id}.")
        if fix.undone is not None:
            return fix
        undone = replace(fix, undone=Undone(self.clock(), by, reason))
        if fix.decision == "refused":
            self.accounts.put_fix(undone)
            return undone
        before = replace(watch, query=fix.query_before)
        if watch.query != fix.query_after or not self.accounts.swap_watch(watch, before, undone):
            raise Conflict(f"The watch {watch_id} was changed since this fix: change its query by hand.")
        self.backfill(before)
        return undone

    def _decision(self, watch: Watch, fix_id: str, decision: Decision, by: str, reason: str) -> WatchFix:
        proposal = self._propose(watch)
        if proposal is None or proposal.fix_id != fix_id:
            raise Conflict(f"The fix {fix_id} is not what is proposed today: ask for the proposal again.")
        return WatchFix(
            fix_id=fix_id,
            client_id=watch.client_id,
            watch_id=watch.watch_id,
            query_before=proposal.query_before,
            query_after=proposal.query_after,
            exclusions=proposal.exclusions,
            decision=decision,
            decided_at=self.clock(),
            decided_by=by,
            reason=reason,
        )

    def _propose(self, watch: Watch) -> Proposal | None:
        rejected, kept = self._told_apart(watch)
        if not rejected:
            return None
        decided = self.accounts.fixes(watch.client_id, watch.watch_id)
        refused = [fix for fix in decided if fix.decision == "refused" and fix.undone is None]
        return propose(
            client_id=watch.client_id,
            watch_id=watch.watch_id,
            query_text=watch.query,
            rejected=rejected,
            kept=kept,
            refused={exclusion for fix in refused for exclusion in fix.exclusions},
        )

    def _told_apart(self, watch: Watch) -> tuple[list[Mention], list[Mention]]:
        """Return what the watch found in the last days and somebody rejected, and what was kept."""
        now = self.clock()
        month = Interval(now - timedelta(days=DAYS), now + timedelta(seconds=1))
        recorded = [
            mention
            for mention in self.mentions.recorded_in(watch.client_id, month)
            if mention.held_reason in {None, "not_us"} and mention.may_be_shown(now)
        ]
        rejected = [mention for mention in recorded if _rejected(mention, watch.watch_id)]
        kept = [
            mention
            for mention in recorded
            if not _rejected(mention, watch.watch_id)
            and any(hit.watch_id == watch.watch_id for hit in mention.hits)
        ]
        return rejected[-MENTIONS_READ:], kept[-MENTIONS_READ:]

    def _watch(self, client: Client, watch_id: str) -> Watch:
        for watch in self.accounts.watches(client.client_id):
            if watch.watch_id == watch_id:
                return watch
        raise NotFound(f"There is no watch {watch_id}.")

    def _decided(self, watch: Watch, fix_id: str) -> WatchFix | None:
        fixes = self.accounts.fixes(watch.client_id, watch.watch_id)
        return next((fix for fix in fixes if fix.fix_id == fix_id), None)


def _rejected(mention: Mention, watch_id: str) -> bool:
    return any(
        each.watch_id == watch_id and each.relevance.value == NOT_US and by_hand(each.relevance)
        for each in mention.labels.assessments
    )


def _stands(fix: WatchFix) -> bool:
    return fix.decision == "accepted" and fix.undone is None
