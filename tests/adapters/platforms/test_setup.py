"""A stack's platforms are those its credentials are good for."""

import json
from datetime import timedelta
from typing import Any

import pytest

from tests.fakes import FakeClock
from vigie.adapters.platforms.bluesky import Bluesky
from vigie.adapters.platforms.client import PlatformHttp
from vigie.adapters.platforms.setup import READ_AGAIN_AFTER, Platforms, base_urls_of, set_up
from vigie.errors import Transient

HTTP = PlatformHttp(user_agent="vigie-tests")
BLUESKY = {"identifier": "vigie.example", "password": "abcd-efgh"}
MASTODON = {
    "instances": [
        {"instance": "https://mamot.example", "token": "t"},
        {"instance": "https://piaille.example"},
    ]
}


def given(**credentials: Any) -> dict[str, str]:
    """Return credentials as the parameter store holds them."""
    return {name.replace("_", "-"): json.dumps(value) for name, value in credentials.items()}


def test_each_credential_is_a_platform_and_each_instance_one_of_its_own() -> None:
    """Bluesky is one connector, Mastodon one an instance; an instance without a token is followed by hashtag."""
    setup = set_up(given(bluesky=BLUESKY, mastodon=MASTODON), HTTP)
    assert {"bluesky", "mastodon@mamot.example", "mastodon@piaille.example"} <= set(setup.connectors)
    tags = [setup.connectors[f"mastodon@{host}.example"].syntax.tags for host in ("mamot", "piaille")]
    assert tags == [False, True]
    assert setup.troubles == {}


@pytest.mark.parametrize(
    ("credentials", "says"),
    [
        ({"bluesky": "not json"}, "malformed"),
        ({"bluesky": '{"identifier": "vigie.example"}'}, "password"),
        ({"mastodon": '{"instances": [{"instance": "mamot"}]}'}, "instance"),
        ({"friendster": "{}"}, "friendster"),
    ],
)
def test_a_credential_that_cannot_be_used_is_named_and_leaves_the_others_alone(
    credentials: dict[str, str], says: str
) -> None:
    """What is wrong is said without the secret; every other platform is there."""
    others = {"mastodon", "bluesky"} - credentials.keys()
    rest = given(bluesky=BLUESKY, mastodon=MASTODON)
    setup = set_up({**{name: rest[name] for name in others}, **credentials}, HTTP)
    ((family, sentence),) = setup.troubles.items()
    assert [family] == list(credentials)
    assert says in sentence
    assert {name.partition("@")[0] for name in setup.connectors} >= others


def test_no_trouble_tells_a_secret() -> None:
    """A credential of the wrong shape is described, never quoted."""
    setup = set_up({"bluesky": '{"identifier": "x", "password": ["abcd-efgh"]}'}, HTTP)
    assert "abcd" not in setup.troubles["bluesky"]


def test_local_addresses_replace_the_platforms() -> None:
    """A local run's platforms are where its environment says."""
    urls = base_urls_of("bluesky=http://127.0.0.1:9001 youtube=http://127.0.0.1:9002")
    assert urls == {"bluesky": "http://127.0.0.1:9001", "youtube": "http://127.0.0.1:9002"}
    assert isinstance(set_up(given(bluesky=BLUESKY), HTTP, urls).connectors["bluesky"], Bluesky)


class Store:
    """A parameter store that counts how often it is read, and may be away."""

    def __init__(self, **credentials: Any) -> None:
        self.values, self.reads, self.away = given(**credentials), 0, False

    def __call__(self) -> dict[str, str]:
        """Return every credential."""
        self.reads += 1
        if self.away:
            raise Transient("away")
        return dict(self.values)


def test_credentials_are_read_now_and_then_and_sessions_last() -> None:
    """Credentials are read once in ten minutes; connectors stay the same, session and all, until one changes."""
    store, clock = Store(bluesky=BLUESKY), FakeClock()
    platforms = Platforms(store, HTTP, clock)
    first = platforms.setup()
    assert platforms.setup() is first
    assert store.reads == 1
    clock.advance(READ_AGAIN_AFTER.total_seconds())
    assert platforms.setup().connectors["bluesky"] is first.connectors["bluesky"]
    store.values |= given(mastodon=MASTODON)
    clock.advance(READ_AGAIN_AFTER.total_seconds())
    assert "mastodon@mamot.example" in platforms.setup().connectors
    assert store.reads == 3


def test_a_store_that_is_away_leaves_what_was_read() -> None:
    """Credentials once read are good while they cannot be read again; a worker that never read them says so."""
    store, clock = Store(bluesky=BLUESKY), FakeClock()
    platforms = Platforms(store, HTTP, clock)
    first = platforms.setup()
    store.away = True
    clock.advance(timedelta(hours=1).total_seconds())
    assert platforms.setup() is first
    with pytest.raises(Transient, match="away"):
        Platforms(store, HTTP, clock).setup()
