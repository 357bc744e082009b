"""What a feed says about coming again."""

import pytest

from vigie.adapters.feeds import parse_feed
from vigie.adapters.feeds.hints import read_hints
from vigie.domain.feeds import PublishingHints

NONE = PublishingHints()


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ("<ttl>30</ttl>", PublishingHints(interval_seconds=1_800)),
        ("<ttl> 60\n</ttl>", PublishingHints(interval_seconds=3_600)),
        ("<ttl>0</ttl>", NONE),
        ("<ttl>soon</ttl>", NONE),
        ("<ttl>99999999999</ttl>", NONE),
        ("<sy:updatePeriod>\n hourly </sy:updatePeriod>", PublishingHints(interval_seconds=3_600)),
        (
            "<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>",
            PublishingHints(interval_seconds=21_600),
        ),
        (
            "<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>0</sy:updateFrequency>",
            PublishingHints(interval_seconds=3_600),
        ),
        ("<sy:updatePeriod>often</sy:updatePeriod>", NONE),
        ("<ttl>90</ttl><sy:updatePeriod>hourly</sy:updatePeriod>", PublishingHints(interval_seconds=5_400)),
        (
            "<skipHours><hour>22</hour><hour> 0 </hour><hour>24</hour><hour>72</hour><hour>x</hour></skipHours>",
            PublishingHints(skip_hours=(0, 22)),
        ),
        (
            "<skipDays><day>Sunday</day><day>saturday</day><day>Lundi</day></skipDays>",
            PublishingHints(skip_days=(5, 6)),
        ),
        ("<item><ttl>30</ttl></item>", NONE),
    ],
)
def test_hints_are_read_from_the_channel(head: str, expected: PublishingHints) -> None:
    """Minutes, periods, hours and days as their specifications say; anything else is no hint."""
    body = f'<rss version="2.0"><channel><title>t</title>{head}<item><title>a</title></item></channel></rss>'
    assert expected == read_hints(body.encode())


def test_a_parsed_feed_carries_its_hints() -> None:
    """The reader of feeds hands the hints on."""
    body = b'<rss version="2.0"><channel><title>t</title><ttl>30</ttl><item><title>a</title></item></channel></rss>'
    assert parse_feed(body, url="", content_type=None).hints == PublishingHints(interval_seconds=1_800)
