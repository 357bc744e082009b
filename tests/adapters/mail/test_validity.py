"""The mail's HTML held to validators: its structure, HTML Tidy, what mail clients ignore, SpamAssassin."""

import re
import shutil
import subprocess
import tomllib
from collections.abc import Callable
from email import message_from_bytes, policy
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests.adapters.mail.digests import busy_day, english_day, hostile_day, quiet_day
from tests.adapters.mail.more_days import crisis_day, crowded_day, links_of, week
from tests.builders import a_client
from vigie.adapters.mail.compose import compose_mail
from vigie.adapters.mail.render import HTML_LIMIT_BYTES, MailRenderer, mailed_size_bytes
from vigie.domain.clients import Recipient
from vigie.domain.digest import Digest
from vigie.ports import RenderedDigest

DAYS: dict[str, Callable[[], Digest]] = {
    "busy": busy_day,
    "quiet": quiet_day,
    "crisis": crisis_day,
    "crowded": crowded_day,
    "english": english_day,
    "hostile": hostile_day,
    "week": week,
}
SUPPORT = tomllib.loads((Path(__file__).parents[2] / "data/mail/support.toml").read_text("utf-8"))
VOID = {"meta", "br"}
# HTML 4's summaries are gone, addresses may hold letters of any script, Outlook reads attributes alone (and its own).
TIDY_IS_WRONG = re.compile(
    r'lacks "summary" attribute|malformed URI reference|not allowed for X?HTML5|proprietary attribute'
)
SPAM_LIMIT = 2.0


class Strict(HTMLParser):
    """Notes what is not closed in its order, ids used twice, and everything used."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.wrong: list[str] = []
        self.tags: set[str] = set()
        self.properties: set[str] = set()
        self.feed(html)
        self.wrong += [f"<{tag}> is never closed" for tag in self.open]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag, and its attributes given twice."""
        self.tags.add(tag)
        names = [name for name, _ in attrs]
        self.wrong += [f"<{tag}> has {name} twice" for name in set(names) if names.count(name) > 1]
        declarations = (dict(attrs).get("style") or "").split(";")
        self.properties |= {each.split(":")[0].strip().lower() for each in declarations if ":" in each}
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag closed at once."""
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        """Note an end that is not of the last tag opened."""
        if self.open and self.open[-1] == tag:
            self.open.pop()
        elif tag not in VOID:
            self.wrong.append(f"</{tag}> closes {self.open[-1:]}")


def rendered(day: str) -> RenderedDigest:
    """Render one of the days, for a recipient of a stack with a site."""
    digest = DAYS[day]()
    return MailRenderer()(digest, links_of(digest))


@pytest.mark.parametrize("day", DAYS)
def test_tags_are_closed_in_their_order(day: str) -> None:
    """Every tag is closed where it should be, no attribute stands twice, and the whole is within the budget."""
    html = rendered(day).html
    assert Strict(html).wrong == []
    assert mailed_size_bytes(html) <= HTML_LIMIT_BYTES


@pytest.mark.parametrize("day", DAYS)
def test_tidy_finds_nothing(day: str) -> None:
    """HTML Tidy has no error, and no warning but on what HTML 5 allows and mail clients need."""
    tidy = shutil.which("tidy")
    if tidy is None:
        pytest.skip("HTML Tidy is not on this machine (apt install tidy)")
    command = [tidy, "-quiet", "-errors", "-utf8", "--show-warnings", "yes", "--drop-empty-elements", "no"]
    found = subprocess.run(command, input=rendered(day).html, capture_output=True, text=True, check=False)
    assert [line for line in found.stderr.splitlines() if not TIDY_IS_WRONG.search(line)] == []


@pytest.mark.parametrize("day", DAYS)
def test_nothing_is_used_that_clients_were_not_asked_about(day: str) -> None:
    """Every tag and inline property is in the list of what clients ignore, with what remains without it."""
    used = Strict(rendered(day).html)
    for name, found in (("tags", used.tags), ("properties", used.properties)):
        assert found - {*SUPPORT[name]["plain"], *SUPPORT[name]["others"]} == set()
    assert all(
        one["without"] and one["remains"] for kind in SUPPORT.values() for one in kind["others"].values()
    )


def test_listed_features_are_used() -> None:
    """The list holds nothing that no mail uses any more."""
    used = [Strict(rendered(day).html) for day in DAYS]
    for name in ("tags", "properties"):
        everything = set().union(*(getattr(each, name) for each in used))
        assert {*SUPPORT[name]["plain"], *SUPPORT[name]["others"]} - everything == set()


@pytest.mark.parametrize("day", ["busy", "quiet", "crisis"])
def test_spamassassin_lets_it_pass(day: str) -> None:
    """Offline, SpamAssassin's rules give the whole mail less than 2 points, and find both parts saying the same."""
    spamassassin = shutil.which("spamassassin")
    if spamassassin is None:
        pytest.skip("SpamAssassin is not on this machine (apt install spamassassin)")
    digest, recipient = DAYS[day](), Recipient("veille@client.example", "Communication")
    links = links_of(digest)
    raw = compose_mail(
        MailRenderer()(digest, links),
        sender="Veille <veille@alertes.example.org>",
        recipient=recipient,
        client=a_client(recipients=(recipient,)),
        digest=digest,
        message_id=f"<{digest.digest_id}@alertes.example.org>",
        unsubscribe_url=links.unsubscribe,
    )
    told = subprocess.run(
        [spamassassin, "-L", "-t"], input=raw, capture_output=True, timeout=120, check=True
    ).stdout
    status = str(message_from_bytes(told, policy=policy.default)["X-Spam-Status"])
    score = re.search(r"score=(-?[\d.]+)", status)
    assert score is not None
    assert float(score[1]) < SPAM_LIMIT, status
    assert "MPART_ALT_DIFF" not in status
