"""The addresses of a mail: each opens what it is for."""

from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest

from vigie.domain.links import LINK_PURPOSES, LinkPurpose, read_link
from vigie.domain.site_links import (
    ACTIONS,
    DAYS_VALID,
    PATHS,
    Action,
    DigestLinks,
    SiteLinks,
    StoryRef,
    valid_until,
)
from vigie.errors import NotFound

SECRET = "kQ3vZ0b1Jm5u7n9p2r4t6w8y"
NOW = datetime(2026, 12, 8, 6, 30, 12, tzinfo=UTC)
LINKS = DigestLinks(
    site_url="https://veille.example/v1",
    secret=SECRET,
    client_id="banque-armelie",
    digest_id="20261208T061500Z",
    recipient="claire@armelie.example",
    now=NOW,
)


@pytest.mark.parametrize(
    ("url", "purpose", "subject"),
    [
        (LINKS.page, "digest", "20261208T061500Z"),
        (LINKS.unsubscribe, "unsubscribe", ""),
        (LINKS.preferences, "preferences", ""),
    ],
)
def test_each_address_opens_what_it_is_for(url: str, purpose: LinkPurpose, subject: str) -> None:
    """The path names the page, the token what it is about and who it was sent to."""
    path, token = urlsplit(url).path.removeprefix("/v1/").split("/")
    link = read_link(SECRET, token, purpose, NOW)
    assert path == PATHS[purpose]
    assert (link.client_id, link.subject, link.recipient) == (
        "banque-armelie",
        subject,
        "claire@armelie.example",
    )


@pytest.mark.parametrize("action", ACTIONS)
def test_the_actions_on_a_story_share_one_token(action: Action) -> None:
    """An action's address ends with its name; the token names the story and the digest it was told in."""
    path, token, last = urlsplit(LINKS.act("st-1/2", action)).path.removeprefix("/v1/").split("/")
    assert (path, last) == ("story", action)
    assert StoryRef("20261208T061500Z", "st-1/2") == StoryRef.read(
        read_link(SECRET, token, "act", NOW).subject
    )


def test_what_was_left_out_is_behind_the_digest() -> None:
    """« les voir » opens with the digest's own token."""
    assert LINKS.held.removesuffix("/held") == LINKS.page


def test_links_made_on_a_page_do_not_outlast_the_one_that_opened_it() -> None:
    """Following links does not prolong them; what is shared has a time of its own, and names no recipient."""
    ends = NOW.replace(microsecond=0) + timedelta(days=2)
    links = SiteLinks(
        site_url="..", secret=SECRET, client_id="c", recipient="claire@armelie.example", now=NOW, until=ends
    )
    story = StoryRef("20261208T061500Z", "st-1")
    act, share = links.to("act", str(story)), links.to_share(story)
    assert act.startswith("../story/")
    assert ends == read_link(SECRET, act.rpartition("/")[2], "act", NOW).expires_at
    shared = read_link(SECRET, share.rpartition("/")[2], "share", NOW)
    assert (shared.recipient, shared.expires_at) == ("", valid_until("share", NOW))


def test_a_subject_without_a_story_is_refused() -> None:
    """A token whose subject names no story acts on nothing."""
    with pytest.raises(NotFound):
        StoryRef.read("20261208T061500Z")


def test_a_mail_composed_later_the_same_day_has_the_same_addresses() -> None:
    """Links end at a midnight."""
    later = DigestLinks(
        site_url=LINKS.site_url,
        secret=SECRET,
        client_id=LINKS.client_id,
        digest_id=LINKS.digest_id,
        recipient=LINKS.recipient,
        now=NOW + timedelta(hours=5),
    )
    assert (later.page, later.unsubscribe) == (LINKS.page, LINKS.unsubscribe)


@pytest.mark.parametrize("purpose", LINK_PURPOSES)
def test_links_last_as_long_as_promised_at_least(purpose: LinkPurpose) -> None:
    """Every purpose has a path and a time, and the time is never shorter than its days."""
    assert purpose in PATHS
    lasts = valid_until(purpose, NOW) - NOW
    assert timedelta(days=DAYS_VALID[purpose]) <= lasts <= timedelta(days=DAYS_VALID[purpose] + 1)
