"""Building a digest from what was recorded."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import (
    A_DAY,
    CUTOFF,
    a_client,
    a_document,
    a_hit,
    a_mention,
    a_source,
    a_state,
    a_watch,
    reprints_of,
)
from vigie.domain.digest import Digest, Earlier, Voice
from vigie.domain.digest_build import CARDS_AT_MOST, build_digest, coverage_of, digest_id_of
from vigie.domain.ledger import Evaluated, close_interval
from vigie.domain.mentions import Mention
from vigie.domain.sources import Odometer
from vigie.domain.subjects.build import Subject

WATCHES = [a_watch("brand"), a_watch("vaurel", purpose="competitor", name="Crédit du Vaurel")]


def digest_of(mentions: Sequence[Mention], **changes: Any) -> Digest:
    """Build the bank's digest of a day whose ledger was closed on ``mentions``."""
    ledger = close_interval(
        polls=Odometer(polled=96),
        evaluated=[Evaluated(len(mentions) + 5)],
        matched=len(mentions),
        mentions=mentions,
        carried_in=0,
    )
    arguments: dict[str, Any] = {
        "client": a_client(),
        "watches": WATCHES,
        "interval": A_DAY,
        "mentions": mentions,
        "ledger": ledger,
        "polls_reading": Odometer(polled=1000),
        "sources": [a_source()],
        "states": {"courrier-armelie": a_state()},
        "previous": None,
        "next_send_at": CUTOFF + timedelta(days=1),
        "now": CUTOFF,
        "late_after_seconds": 1800,
    }
    return build_digest(**{**arguments, **changes})


def rival(title: str, **fields: Any) -> Mention:
    """Return a mention that only the competitor's watch found."""
    document = a_document(title, **fields)
    hit = a_hit(document, "Vaurel", purpose="competitor", watch_id="vaurel", watch_name="Crédit du Vaurel")
    return a_mention(document, hits=(hit,))


def test_digest_id_is_the_cutoff() -> None:
    """A digest's id is its cut-off in UTC, to the minute."""
    assert digest_id_of(CUTOFF) == "20261208T061500Z"


def test_reprints_are_one_subject() -> None:
    """A dispatch and its reprints are one card: the first in front, the others named, all counted."""
    first = a_mention(a_document("La Banque d'Armélie ferme trois guichets"))
    digest = digest_of([*reprints_of(first, ["La Gazette du Vaurel", "Radio Gaves"]), first])
    (card,) = digest.subjects
    assert (card.title, card.source_name) == (
        "La Banque d'Armélie ferme trois guichets",
        "Le Courrier d'Armélie",
    )
    assert (card.publications, card.publishers) == (3, 3)
    assert {reprint.source_name for reprint in card.reprints} == {"La Gazette du Vaurel", "Radio Gaves"}
    assert (digest.totals.retained, digest.totals.stories) == (3, 1)
    assert digest.check() == []


def test_competitor_only_mentions_stay_out_of_the_total() -> None:
    """What speaks of a competitor alone counts in the comparison, not among the client's mentions."""
    digest = digest_of([a_mention(), rival("Le Crédit du Vaurel recrute"), rival("Le Vaurel sous la neige")])
    assert (digest.totals.retained, digest.totals.competitor_only) == (1, 2)
    assert digest.voices == (Voice(None, "Banque d'Armélie", 1), Voice("vaurel", "Crédit du Vaurel", 2))
    assert [card.title for card in digest.subjects] == ["Trois guichets vont fermer dans le Vaurel"]


def test_video_is_counted_apart_in_the_comparison() -> None:
    """A video adds to the count apart, not to anyone's share."""
    digest = digest_of([a_mention(), rival("Le Vaurel en vidéo", platform="youtube", type="video")])
    assert [voice.mentions for voice in digest.voices] == [1, 0]
    assert digest.voices_video == 1


def test_no_comparison_without_competitor_watches() -> None:
    """A client that watches no competitor gets no comparison."""
    assert digest_of([a_mention()], watches=[a_watch()]).voices == ()


def test_sector_watch_does_not_raise_the_clients_voice() -> None:
    """What a sector watch alone found is the client's to read, and nobody's voice."""
    document = a_document("Livrets : les taux baissent")
    mention = a_mention(document, hits=(a_hit(document, "Livrets", purpose="sector"),))
    digest = digest_of([mention])
    assert digest.totals.retained == 1
    assert digest.voices[0] == Voice(None, "Banque d'Armélie", 0)
    assert digest.subjects[0].place == "elsewhere"


def test_held_mentions_are_only_in_the_ledger() -> None:
    """A mention held back is not shown, and its reason is counted."""
    again = a_mention(a_document("La même page"), status="held", held_reason="same_address")
    digest = digest_of([a_mention(), again])
    assert [card.title for card in digest.subjects] == ["Trois guichets vont fermer dans le Vaurel"]
    assert digest.ledger.held == {"same_address": 1}
    assert digest.check() == []


def test_subjects_come_in_reading_order() -> None:
    """Unfavourable, then the client in the title, then more press groups, better tier, later hour."""
    named = "Banque d'Armélie"
    late = CUTOFF - timedelta(hours=2)
    early = late - timedelta(hours=5)
    popular = a_mention(a_document(f"5 {named} partout"))
    mentions = [
        a_mention(a_document("9 En passant", body=named, published_at=late)),
        a_mention(a_document(f"8 {named} sur un blog", outlet_tier="blog")),
        a_mention(a_document(f"7 {named} tôt", outlet_tier="national", published_at=early)),
        a_mention(a_document(f"6 {named} tard", outlet_tier="national", published_at=late)),
        popular,
        *reprints_of(popular, ["Radio Gaves"]),
        a_mention(a_document("4 Indécis"), tone="?"),
        a_mention(a_document("3 Prix"), tone="positive"),
        a_mention(a_document("2 Panne", body=named), tone="negative"),
        a_mention(a_document(f"1 Panne chez {named}"), tone="negative"),
    ]
    digest = digest_of(mentions)
    titles = [story.title for story in (*digest.subjects, *digest.others)]
    assert [title[0] for title in titles] == list("123456789")


def test_impact_counts_before_tone() -> None:
    """What a text does to the client is told where it was judged, however it is written; doubt is to be verified."""
    mentions = [
        a_mention(
            a_document("Une amende, en termes sobres"), tone="neutral", assessed=("main", "unfavourable")
        ),
        a_mention(a_document("Relaxée en appel"), tone="positive", assessed=("main", "mixed")),
        a_mention(a_document("On ne sait"), tone="negative", assessed=("main", "?unfavourable")),
        a_mention(
            a_document("Un sinistre dont elle répare"), tone="negative", assessed=("main", "favourable")
        ),
    ]
    digest = digest_of(mentions)
    assert digest.totals.tones == {"negative": 1, "mixed": 1, "neutral": 0, "positive": 1, "to_verify": 1}
    assert [card.tone for card in digest.subjects] == ["negative", "mixed", "positive", "to_verify"]


def test_subject_comes_before_what_cites_the_client_in_passing() -> None:
    """A text about the client comes before one that gives it a part, one that names it in passing comes last."""
    judged = ["passing", "secondary", "main"]
    mentions = [a_mention(a_document(f"Texte {part}"), assessed=(part, "neutral")) for part in judged]
    digest = digest_of(mentions)
    assert [card.relevance for card in digest.subjects] == ["main", "secondary", "passing"]


def test_titles_of_one_press_group_are_one_voice() -> None:
    """Three titles of one group weigh less than two of two groups."""
    same = a_mention(a_document("Un communiqué", host="www.sudouest.fr"))
    hosts = ["charentelibre.fr", "larepubliquedespyrenees.fr"]
    copies = [
        a_mention(a_document("Un communiqué", document_id=host, host=host), story=same.story.story_id)
        for host in hosts
    ]
    two = a_mention(a_document("Une enquête"))
    digest = digest_of([same, *copies, two, *reprints_of(two, ["Radio Gaves"])])
    assert [(card.title, card.publications, card.press_groups) for card in digest.subjects] == [
        ("Une enquête", 2, 2),
        ("Un communiqué", 3, 1),
    ]


def test_subject_of_the_day_before_is_known_again() -> None:
    """A subject that the digest before told of is marked as one that goes on."""
    old = a_mention(a_document("Panne"))
    first = digest_of([old])
    again = a_mention(a_document("La panne dure"), story=old.story.story_id)
    second = digest_of([again, a_mention(a_document("Neuf"))], previous=first)
    assert {card.title: card.continued for card in second.subjects} == {"La panne dure": True, "Neuf": False}


def test_posts_have_no_title_to_be_in() -> None:
    """A post that names the client in its first words does not count as a headline about it."""
    document = a_document("Merci la Banque d'Armélie", platform="bluesky", type="post")
    (card,) = digest_of([a_mention(document)]).subjects
    assert card.place == "text"


def test_source_tier_stands_in_for_a_document_without_one() -> None:
    """A document that does not say its outlet's tier takes the one ops gave the source."""
    (card,) = digest_of([a_mention()]).subjects
    assert card.tier == "regional"


def test_card_says_which_words_found_it() -> None:
    """A card names each watch with its words, once each, and where they stood."""
    document = a_document(
        "Banque d'Armélie : le point",
        body="Un long premier paragraphe sans rien à signaler. Plus loin, la Banque d'Armélie se tait.",
    )
    (card,) = digest_of([a_mention(document)]).subjects
    assert [(found.watch_name, found.words, found.fields) for found in card.found_by] == [
        ("Brand", ("Banque d'Armélie",), ("title", "body"))
    ]
    assert card.extract == "…Plus loin, la Banque d'Armélie se tait."


def test_abstention_is_to_be_verified() -> None:
    """A tone the classifier abstained on is counted as to be verified, never as neutral."""
    digest = digest_of([a_mention(tone="abstained"), a_mention(a_document("Autre"), tone="neutral")])
    assert digest.totals.tones == {"negative": 0, "mixed": 0, "neutral": 1, "positive": 0, "to_verify": 1}


def test_first_digest_has_nothing_to_compare_with() -> None:
    """Without an earlier digest there is no earlier total; with one, its count and interval are told."""
    first = digest_of([a_mention()])
    second = digest_of([], previous=first)
    assert first.earlier is None
    assert second.earlier == Earlier(1, A_DAY)
    assert second.is_quiet


def test_busy_days_beyond_the_cards_are_lines() -> None:
    """Every story past the first cards is still there, in one line each."""
    digest = digest_of([a_mention(a_document(f"Sujet {number}")) for number in range(300)])
    assert (len(digest.subjects), len(digest.others)) == (CARDS_AT_MOST, 300 - CARDS_AT_MOST)


def test_coverage_names_what_is_wrong_since_when() -> None:
    """Sources that fail, are gone or come late are named, with the hour it began; so are gaps of the interval."""
    since = CUTOFF - timedelta(hours=3)
    sources = [a_source(name, name=name) for name in ("new", "ok", "late", "down", "gone")]
    states = {
        "ok": a_state("ok", gap_at=since),
        "late": a_state("late", polled_at=since),
        "down": a_state("down", failures=4, failing_since=since, failure="HTTP 500"),
        "gone": a_state("gone", gone=True, failing_since=since, failure="HTTP 410"),
    }
    coverage = coverage_of(sources, states, CUTOFF, 1800, since=since)
    assert (coverage.total, coverage.on_time, coverage.late, coverage.failing) == (5, 1, 1, 1)
    assert (coverage.gone, coverage.new) == (1, 1)
    assert [(t.name, t.since, t.reason) for t in coverage.troubles] == [
        ("down", since, "HTTP 500"),
        ("gone", since, "HTTP 410"),
        ("late", since, None),
    ]
    assert [(gap.name, gap.health, gap.since) for gap in coverage.gaps] == [("ok", "gap", since)]
    assert coverage_of(sources, states, CUTOFF, 1800, since=CUTOFF).gaps == ()


def some_mention(number: int, drawn: tuple[int, str, str, set[str], bool]) -> Mention:
    """Return a mention drawn by hypothesis; only the number tells documents apart."""
    story, tone, kind, purposes, held = drawn
    platform, type_ = kind.split("/")
    document = a_document(
        f"Titre {story} Banque",
        document_id=f"d{number}",
        platform=platform,
        type=type_,
        host=f"h{number % 7}.example",
    )
    hits = tuple(a_hit(document, "Banque", purpose=purpose) for purpose in sorted(purposes))
    status: dict[str, Any] = {"status": "held", "held_reason": "same_address"} if held else {}
    return a_mention(document, tone=tone, story=f"s{story}", hits=hits, **status)


KINDS = ["press/article", "x/post", "reddit/comment", "youtube/video", "press/review", "mastodon/message"]
PURPOSES = ["brand", "competitor", "sector"]


@given(
    st.lists(
        st.tuples(
            st.integers(0, 9),
            st.sampled_from(["negative", "neutral", "positive", "unsure", ""]),
            st.sampled_from(KINDS),
            st.sets(st.sampled_from(PURPOSES), min_size=1),
            st.booleans(),
        ),
        max_size=40,
    ),
    st.randoms(use_true_random=False),
)
def test_every_sum_holds_and_order_of_mentions_does_not_matter(drawn: list[Any], chance: Any) -> None:
    """Channels, tones and stories add up to the retained mentions, in whatever order they come."""
    mentions = [some_mention(number, values) for number, values in enumerate(drawn)]
    digest = digest_of(mentions)
    assert digest.check() == []
    assert len(digest.subjects) + len(digest.others) == digest.totals.stories
    shuffled = list(mentions)
    chance.shuffle(shuffled)
    assert digest_of(shuffled) == digest
    assert msgspec.json.decode(msgspec.json.encode(digest), type=Digest) == digest


def test_searches_are_no_sources_of_the_press() -> None:
    """A search that fails is not counted among the sources, nor named with its words."""
    search = a_source("bluesky-1", name="Bluesky : armelie", connector="bluesky", query="armelie")
    states = {"bluesky-1": a_state("bluesky-1", failures=2, failure="connect: x")}
    coverage = coverage_of([search], states, CUTOFF, 1800, since=CUTOFF)
    assert (coverage.total, coverage.failing, coverage.troubles) == (0, 0, ())


def test_stories_of_one_event_are_one_entry_and_totals_stay() -> None:
    """Two stories of a subject are one card, named by the one that speaks best; the other counts stay."""
    first = a_mention(a_document("Trois guichets vont fermer"))
    other = a_mention(a_document("Le Vaurel perd trois agences"), tone="negative")
    alone = a_mention(a_document("Un prix pour la fondation"))
    mentions = [*reprints_of(first, ["Radio Gaves"]), first, other, alone]
    ids = [mention.story.story_id for mention in (first, other)]
    digest = digest_of(mentions, subjects=[Subject(ids[0], {ids[0]: 0.4, ids[1]: 0.9})])
    card, single = digest.subjects
    assert (card.subject_id, card.title, card.tone) == (ids[0], "Le Vaurel perd trois agences", "negative")
    assert [(story.story_id, story.publications) for story in card.stories] == [(ids[1], 1), (ids[0], 2)]
    assert (card.publications, single.publications) == (3, 1)
    assert (digest.totals.retained, digest.totals.stories, digest.totals.subjects) == (4, 3, 2)
    assert digest.check() == []
