"""Connectors that can tell what was deleted say so, and nothing more."""

import asyncio

import pytest

from infra.local.platforms import Platforms
from tests.adapters.platforms.stage import BY_NAME, Follower
from vigie.domain.connectors.outcomes import Refusal, RetryAfter, Unavailable
from vigie.messages import DocumentsWithdrawn
from vigie.ports import Rechecks

RECHECKED = ["bluesky", "mastodon", "mastodon-tags", "youtube", "youtube-comments"]


def missing(follower: Follower, ids: list[str]) -> frozenset[str] | Refusal:
    """Ask which are gone."""
    connector = follower.connector
    assert isinstance(connector, Rechecks)
    asked = ids[: connector.rechecked_at_once] if connector.rechecked_at_once > 1 else ids

    async def ask() -> frozenset[str] | Refusal:
        async with follower.http:
            return await connector.missing(asked, follower.world.clock())

    return asyncio.run(ask())


@pytest.mark.parametrize("name", RECHECKED)
def test_what_is_deleted_is_missing_and_what_is_there_is_not(name: str, platforms: Platforms) -> None:
    """Of three things brought, the one that its author takes back is named."""
    follower = Follower(BY_NAME[name], platforms)
    follower.put(1, 2, 3)
    follower.poll()
    ids = [document.native_id or "" for document in follower.documents()]
    assert missing(follower, ids) == frozenset()
    content = platforms.content
    for things in (content.bluesky, content.mastodon, content.videos, content.comments):
        del things[:1]
    gone = missing(follower, ids)
    assert isinstance(gone, frozenset)
    assert len(gone) == 1
    assert gone < set(ids)


@pytest.mark.parametrize("name", RECHECKED)
@pytest.mark.parametrize("trouble", ["errors", "rate_limited"])
def test_a_platform_that_does_not_answer_deletes_nothing(
    name: str, trouble: str, platforms: Platforms
) -> None:
    """Trouble is a refusal, never a deletion."""
    follower = Follower(BY_NAME[name], platforms)
    follower.put(1)
    follower.poll()
    setattr(platforms.trouble, trouble, 1)
    answer = missing(follower, [document.native_id or "" for document in follower.documents()])
    assert not isinstance(answer, frozenset)
    if not name.startswith("youtube"):
        assert isinstance(answer, RetryAfter if trouble == "rate_limited" else Unavailable)


def test_of_another_instances_posts_nothing_is_told(platforms: Platforms) -> None:
    """An instance need not know when another's post is deleted: it is not asked."""
    follower = Follower(BY_NAME["mastodon"], platforms)
    assert missing(follower, ["https://elsewhere.test/users/lu/statuses/1"]) == frozenset()
    assert platforms.exchanges == []


@pytest.mark.parametrize("name", RECHECKED)
def test_what_is_deleted_is_withdrawn_a_day_later(name: str, platforms: Platforms) -> None:
    """Through the poll: what its author took back is withdrawn once, and the rest stays."""
    follower = Follower(BY_NAME[name], platforms)
    follower.put(1, 2, 3)
    follower.poll()
    brought = {document.document_id for document in follower.documents()}
    content = platforms.content
    for things in (content.bluesky, content.mastodon, content.videos, content.comments):
        del things[:1]
    reports = [follower.poll(minutes=24 * 60) for _ in range(2)]
    assert [(report.rechecked, report.withdrawn, report.unchecked) for report in reports] == [
        (3, 1, {}),
        (2, 0, {}),
    ]
    messages = [
        message for message, _ in follower.world.outbox.sent if isinstance(message, DocumentsWithdrawn)
    ]
    (withdrawn,) = [id_ for message in messages for id_ in message.document_ids]
    assert withdrawn in brought
