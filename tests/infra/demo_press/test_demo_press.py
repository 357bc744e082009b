import json
import re
import unicodedata
from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from functools import cache

import feedparser
import pytest

from infra.demo_press import Feed, Item, Press, expected_documents, generate, render_feed, visible_ids
from infra.demo_press.__main__ import main
from infra.demo_press.calendar import ZONE
from infra.demo_press.window import shown

UNTIL = datetime(2026, 11, 22, 22, 59, tzinfo=UTC)
SEED = 7


@cache
def press(seed: int = SEED, until: datetime = UNTIL) -> Press:
    """Generate once a seed and day."""
    return generate(seed, until)


@cache
def items() -> dict[str, tuple[Feed, Item]]:
    """Return the items and their feeds by document id."""
    return {item.document_id: (feed, item) for feed in press().feeds for item in feed.items}


def documents() -> list[dict]:
    """Return the truth's documents."""
    return press().truth["documents"]


def folded(text: str) -> str:
    """Lower case, no accents, one space between words: what a phrase query compares."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return " ".join(re.findall(r"[a-z0-9]+", "".join(c for c in plain if not unicodedata.combining(c))))


@cache
def texts() -> dict[str, str]:
    """Return all that each document ever says, folded, its fields apart."""
    return {
        name: " | ".join(folded(part) for version in item.versions for part in version.text.split("\n"))
        for name, (_, item) in items().items()
    }


def text_of(document: dict) -> str:
    """Return all that a document of the truth says."""
    return texts()[document["id"]]


def test_the_same_seed_and_day_give_the_same_bytes():
    """Feeds and truth are byte-identical from one generation to the next, at any hour of the last day."""
    again = generate(SEED, datetime(2026, 11, 22, 6, tzinfo=ZONE))
    assert [render_feed(feed, UNTIL) for feed in press().feeds] == [
        render_feed(feed, UNTIL) for feed in again.feeds
    ]
    assert json.dumps(press().truth) == json.dumps(again.truth)


def test_a_later_day_keeps_the_shape():
    """With a later last day, the same documents come in the same order, so many days later."""
    later = press(until=UNTIL + timedelta(days=3))
    kept = ("id", "feed", "story", "event", "concerns", "matches", "reprint_of", "same_url_as")
    assert [[d[k] for k in kept] for d in documents()] == [
        [d[k] for k in kept] for d in later.truth["documents"]
    ]
    shifts = {
        datetime.fromisoformat(b["published_at"]) - datetime.fromisoformat(a["published_at"])
        for a, b in zip(documents(), later.truth["documents"], strict=True)
    }
    # The clocks change between the two months' first days.
    assert shifts <= {timedelta(days=3), timedelta(days=3, hours=1)}


def test_another_seed_writes_other_news():
    """Two seeds share the scripted stories, not their background."""
    ours, theirs = ({d["title"] for d in press(seed).truth["documents"]} for seed in (SEED, 8))
    assert len(ours & theirs) < len(ours) / 2


@pytest.mark.parametrize("seed", [7, 1, 42])
def test_the_press_has_the_promised_size(seed):
    """Fourteen feeds carry 1,400 to 1,600 items over thirty local days, most of them about nobody watched."""
    truth = press(seed).truth["documents"]
    days = {datetime.fromisoformat(d["published_at"]).astimezone(ZONE).date() for d in truth}
    assert len(press(seed).feeds) == 14
    assert 1400 <= len(truth) <= 1600
    assert (len(days), max(days).isoformat()) == (30, "2026-11-22")
    assert sum(bool(d["matches"]) for d in truth) < len(truth) / 4
    assert len({d["title"] for d in truth}) > 900


def test_every_kind_of_feed_is_there():
    """Formats, encodings, guids and answers differ as they do in the wild."""
    styles = [feed.style for feed in press().feeds]
    assert {style.format for style in styles} == {"rss", "atom", "rdf"}
    assert Counter(style.answer for style in styles) == {"ok": 12, "broken": 1, "error": 1}
    assert {style.guid for style in styles} == {"permalink", "opaque", "none"}
    assert {style.charset for style in styles} == {"utf-8", "iso-8859-1"}
    assert {feed.tier for feed in press().feeds} == {"national", "regional", "trade", "blog"}
    assert {feed.language for feed in press().feeds} == {"fr", "en"}
    assert any(not item.dated for _, item in items().values())
    assert all(15 <= style.window <= 60 for style in styles)


@pytest.mark.parametrize("feed", press().feeds, ids=lambda feed: feed.slug)
def test_feedparser_reads_every_entry(feed):
    """Every feed, the malformed one too, yields as many entries as it shows, in the promised format."""
    parsed = feedparser.parse(render_feed(feed, UNTIL))
    versions = {"rss": "rss20", "atom": "atom10", "rdf": "rss10"}
    assert len(parsed.entries) == len(shown(feed, UNTIL)) == min(feed.style.window, len(feed.items))
    assert parsed.version == versions[feed.style.format]
    assert bool(parsed.bozo) == (feed.style.answer == "broken")
    assert [entry.link for entry in parsed.entries] == [item.url for item in shown(feed, UNTIL)]


def test_only_what_is_published_is_shown():
    """At noon of the last day, the evening's items are in no feed; at its end, they are."""
    noon = datetime(2026, 11, 22, 12, tzinfo=ZONE)
    assert visible_ids(press(), noon) != visible_ids(press(), UNTIL)
    assert all(item.published_at <= noon for feed in press().feeds for item in shown(feed, noon))


def test_a_correction_changes_the_text_under_the_same_address():
    """Before its correction an item shows its first text, afterwards the corrected one, with the same guid."""
    feed, item = next(
        (feed, item)
        for feed, item in items().values()
        if feed.slug == "courrier-armelie" and "cent vingt mille clients" in item.versions[0].text
    )
    first, corrected = item.versions
    early, late = (render_feed(feed, at).decode() for at in (first.since, corrected.since))
    assert first.summary in early
    assert first.summary not in late
    assert corrected.summary in late
    assert item.guid in early
    assert item.guid in late


def test_reprints_share_their_text():
    """A reprint begins as the text it repeats (quotes aside), under another address."""
    checked = 0
    by_id = {d["id"]: d for d in documents()}
    for document in documents():
        if document["reprint_of"] is None:
            continue
        first = by_id[document["reprint_of"]]
        (_, one), (_, other) = items()[document["id"]], items()[first["id"]]
        short, long = sorted((folded(one.versions[0].summary), folded(other.versions[0].summary)), key=len)
        assert long.startswith(short)
        assert document["story"] == first["story"]
        assert document["canonical_url"] != first["canonical_url"]
        checked += 1
    assert checked > 200


def test_one_page_in_two_feeds_is_one_canonical_address():
    """Documents said to be the same page share canonical address and text, and come by different addresses."""
    by_id = {d["id"]: d for d in documents()}
    pairs = [(d, by_id[d["same_url_as"]]) for d in documents() if d["same_url_as"]]
    assert len(pairs) > 20
    for document, page in pairs:
        assert document["canonical_url"] == page["canonical_url"]
        assert document["url"] != page["url"]
        assert items()[document["id"]][1].versions == items()[page["id"]][1].versions
    pages = Counter(d["canonical_url"] for d in documents() if d["same_url_as"] is None)
    assert set(pages.values()) == {1}


BRANDS = {
    "banque-armelie": ("banque d armelie", ()),
    "boulangerie-epi-d-or": ("epi d or", ("rue de l epi d or", "voilier", "trophee")),
    "avenir-auzelle": ("avenir d auzelle", ("plan local d urbanisme", "debat public")),
    "imprimerie-tessandier": ("imprimerie tessandier", ()),
}


@pytest.mark.parametrize("client", BRANDS)
def test_brand_watches_match_exactly_what_names_the_brand(client):
    """What the generator knows by construction is what the query finds in the text, homonyms excluded."""
    brand, excluded = BRANDS[client]
    for document in documents():
        text = text_of(document)
        found = bool(re.search(rf"\b{brand}\b", text))
        homonym = any(re.search(rf"\b{word}\b", text) for word in excluded)
        assert (f"{client}-marque" in document["matches"]) == (found and not homonym), document["title"]
        assert (client in document["concerns"]) == found, document["title"]
        if found:
            assert (document["concerns"][client]["relevance"] == "homonym") == homonym, document["title"]


@pytest.mark.parametrize(
    ("watch", "phrases", "excluded"),
    [
        ("banque-armelie-vaurel", ["credit du vaurel"], None),
        ("banque-armelie-gaves", ["union des gaves"], "handball"),
        ("banque-armelie-secteur", ["credit immobilier", "livret reglemente", "secteur bancaire"], None),
    ],
)
def test_other_watches_match_their_phrases(watch, phrases, excluded):
    """Competitor and sector watches match the documents whose text holds their phrases."""
    expected = {
        document["id"]
        for document in documents()
        if any(phrase in text_of(document) for phrase in phrases)
        and (excluded is None or excluded not in text_of(document))
        and (watch != "banque-armelie-secteur" or document["language"] == "fr")
    }
    assert expected == {document["id"] for document in documents() if watch in document["matches"]}
    assert expected


LABELS = {
    "relevance": {"main", "secondary", "passing", "homonym"},
    "impact": {"unfavourable", "neutral", "favourable", "mixed"},
    "tone": {"negative", "neutral", "positive"},
    "crisis": {"alert", "watch", "none"},
}


def test_labels_use_the_agreed_ids():
    """Every label of every concern is an id of the labels' list, and a type goes with a crisis only."""
    concerns = [concern for document in documents() for concern in document["concerns"].values()]
    for concern in concerns:
        assert all(concern[name] in ids for name, ids in LABELS.items()), concern
        assert (concern["crisis_type"] is None) == (concern["crisis"] == "none"), concern
    assert {c["impact"] for c in concerns} == LABELS["impact"]
    assert {c["relevance"] for c in concerns} == LABELS["relevance"]


def test_the_crisis_opens_on_a_forum_grows_and_closes():
    """One forum post, then the whole press over two days, then nothing to be alarmed about."""
    told = [d for d in documents() if d["event"] == "panne-application"]
    states = [d["concerns"]["banque-armelie"]["crisis"] for d in told]
    tiers = {items()[d["id"]][0].tier for d in told}
    per_day = Counter(d["published_at"][:10] for d in told)
    opening, *_, ending = per_day.values()
    assert (told[0]["feed"], states[0], states[-1]) == ("le-lavoir", "watch", "none")
    assert states.index("alert") > 0
    assert tiers == {"national", "regional", "trade", "blog"}
    assert opening < max(per_day.values()) > ending
    assert all(event["first_at"] <= event["last_at"] for event in press().truth["events"])


def test_every_client_has_quiet_days():
    """Each brand has days without a line, and the last client has no other."""
    named = defaultdict(set)
    for document in documents():
        for client in BRANDS:
            if f"{client}-marque" in document["matches"]:
                named[client].add(datetime.fromisoformat(document["published_at"]).astimezone(ZONE).date())
    assert {client: 5 <= 30 - len(named[client]) < 30 for client in list(BRANDS)[:3]} == {
        "banque-armelie": True,
        "boulangerie-epi-d-or": True,
        "avenir-auzelle": True,
    }
    assert named["imprimerie-tessandier"] == set()


def test_expected_documents_are_visible_matches_one_per_page():
    """A client's expected documents are its visible matches, a page in two feeds counted once."""
    truth, visible = press().truth, visible_ids(press(), UNTIL)
    expected = expected_documents(truth, "banque-armelie", visible)
    brand = expected_documents(truth, "banque-armelie", visible, "brand")
    by_id = {d["id"]: d for d in truth["documents"]}
    assert brand < expected <= visible
    assert len({by_id[i]["canonical_url"] for i in expected}) == len(expected)
    assert all("banque-armelie-marque" in by_id[i]["matches"] for i in brand)
    assert not any(by_id[i]["feed"] == "depeche-orn" for i in expected)
    assert expected_documents(truth, "imprimerie-tessandier", visible) == frozenset()


def test_the_command_writes_feeds_and_truth(tmp_path, capsys):
    """The command writes one file a feed and the truth, and says how many documents there are."""
    assert main(["--seed", "7", "--until", "2026-11-22", "--out", str(tmp_path)]) == 0
    written = sorted(path.stem for path in (tmp_path / "feeds").glob("*.xml"))
    assert written == sorted(feed.slug for feed in press().feeds)
    assert json.loads((tmp_path / "truth.json").read_text(encoding="utf-8")) == press().truth
    assert "14 feeds" in capsys.readouterr().out
