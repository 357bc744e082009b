"""Which entries are new: the ways publishers change a feed without publishing anything, and the ids given."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vigie.domain.feeds import FeedEntry
from vigie.domain.identity import WINDOW_KEYS, Novelty, find_new
from vigie.domain.sources import SourceWindow

SOURCE = "courrier-armelie"
SITE = "https://courrier.example"


def an_entry(number: int, **fields: object) -> FeedEntry:
    """Return an article with a guid, a link and a title of its own."""
    defaults = {"guid": f"g{number}", "link": f"{SITE}/a-{number}", "title": f"Article {number}"}
    return FeedEntry(**{**defaults, **fields})  # type: ignore[arg-type]


def poll(entries: Sequence[FeedEntry], window: SourceWindow | None = None) -> Novelty:
    """Return what a document brings to a window, empty for the first poll."""
    return find_new(SOURCE, entries, window or SourceWindow(SOURCE))


def new_titles(*polls: Sequence[FeedEntry]) -> list[str]:
    """Return the titles that the last of some polls in a row brought."""
    novelty = Novelty((), SourceWindow(SOURCE))
    for entries in polls:
        novelty = poll(entries, novelty.window)
    return [new.entry.title for new in novelty.new]


def ids(novelty: Novelty) -> dict[str, str]:
    """Return the id each new entry got, by title."""
    return {new.entry.title: new.document_id for new in novelty.new}


FEED = [an_entry(3), an_entry(2), an_entry(1)]


def test_first_poll_brings_everything_in_order() -> None:
    """All entries of a new source are new, in document order, each with an id of its own."""
    novelty = poll(FEED)
    assert [new.entry for new in novelty.new] == FEED
    assert len(set(ids(novelty).values())) == 3


def test_guid_churn_brings_nothing() -> None:
    """A publisher that makes new guids at each rendering publishes nothing new: the links are known."""
    assert new_titles(FEED, [replace(entry, guid=f"{entry.guid}-again") for entry in FEED]) == []


def test_a_page_told_behind_a_counter_is_one_link_with_it() -> None:
    """A feed that begins or ceases to tell the page behind a counter's link, or changes counters, brings nothing."""
    counted = [
        replace(entry, guid=None, link=f"https://compteur.example/{number}")
        for number, entry in enumerate(FEED)
    ]
    told = [replace(entry, original_link=f"{SITE}/b-{number}") for number, entry in enumerate(counted)]
    elsewhere = [replace(entry, link=f"https://autre-compteur.example/{n}") for n, entry in enumerate(told)]
    straight = [replace(entry, original_link=None, link=entry.original_link) for entry in told]
    assert new_titles(counted, told) == new_titles(told, counted) == []
    assert new_titles(told, elsewhere) == new_titles(elsewhere, straight) == []


def test_guids_that_change_at_each_rendering_are_not_remembered() -> None:
    """What can never be met again takes no room; new entries of such a feed are found, and known by their links."""
    entries = [an_entry(number) for number in range(10)]
    window = poll(entries).window
    for hour in range(5):
        entries = [an_entry(10 + hour), *entries[:9]]
        shown = [replace(entry, guid=f"{entry.guid}-{hour}") for entry in entries]
        novelty = poll(shown, window)
        assert [new.entry for new in novelty.new] == shown[:1]
        window = novelty.window
    assert len(window.keys) == 2 * 10 + 2 * 5


def test_entry_printed_twice_under_guids_of_the_hour_is_one() -> None:
    """Where guids are made anew at each rendering, two guids under one link and one text are one article."""
    window, told = poll([an_entry(number) for number in range(10)]).window, list[str]()
    for hour in range(4):
        fresh = an_entry(10)
        shown = [fresh, fresh, *(an_entry(number) for number in range(9))]
        novelty = poll([replace(entry, guid=f"{n}-{hour}") for n, entry in enumerate(shown)], window)
        told += [new.entry.title for new in novelty.new]
        window = novelty.window
    assert told == ["Article 10"]


def test_link_churn_brings_nothing() -> None:
    """A new address for a known guid (a title corrected in the slug) is no new article."""
    assert new_titles(FEED, [replace(entry, link=f"{entry.link}-corrige") for entry in FEED]) == []


def test_rotating_tracking_parameter_brings_nothing() -> None:
    """A link that differs only in what it tracks is the same link, also without a guid."""
    bare = [replace(entry, guid=None) for entry in FEED]
    assert new_titles(bare, [replace(entry, link=f"{entry.link}?xtor=RSS-7") for entry in bare]) == []


def test_guid_moving_to_https_brings_nothing() -> None:
    """A site that moves to https changes the scheme of its permalinks used as guids, and nothing else."""
    before = [
        replace(entry, guid=f"http://courrier.example/?p={n}", link=None) for n, entry in enumerate(FEED)
    ]
    after = [replace(entry, guid=str(entry.guid).replace("http:", "https:")) for entry in before]
    assert new_titles(before, after) == []
    assert ids(poll(before)) == ids(poll(after))


def test_one_guid_everywhere_identifies_nothing() -> None:
    """A feed that gives every entry one guid is told by its links."""
    same = [replace(entry, guid="0") for entry in FEED]
    assert new_titles(same) == ["Article 3", "Article 2", "Article 1"]
    assert new_titles(same, [an_entry(4, guid="0"), *same]) == ["Article 4"]


def test_one_link_everywhere_identifies_nothing() -> None:
    """A feed whose entries all lead to the home page is told by its guids, or by its content."""
    home = [replace(entry, link=SITE) for entry in FEED]
    assert new_titles(home, [an_entry(4, link=SITE), *home]) == ["Article 4"]
    bare = [replace(entry, guid=None) for entry in home]
    assert new_titles(bare, [an_entry(4, link=SITE, guid=None), *bare]) == ["Article 4"]


def test_entry_with_neither_guid_nor_link_is_known_by_its_content() -> None:
    """Spaces, case and typographic forms do not make another content; a word does."""
    bare = an_entry(1, guid=None, link=None, title="Trois ﬁlets d'eau")
    assert new_titles([bare], [replace(bare, title="TROIS  filets d'eau ")]) == []
    assert new_titles([bare], [replace(bare, title="Quatre filets d'eau")]) == ["Quatre filets d'eau"]


def test_blank_guid_is_none() -> None:
    """A guid of spaces says nothing."""
    assert ids(poll([an_entry(1, guid=" \n")])) == ids(poll([an_entry(1, guid=None)]))


def test_dates_tell_two_bulletins_apart() -> None:
    """Bulletins that repeat one text are two when their dates differ, and decide nothing otherwise."""
    day = datetime(2026, 12, 8, tzinfo=UTC)
    bulletin = FeedEntry(title="Vigilance jaune", published_at=day)
    assert len(poll([bulletin, replace(bulletin, published_at=day.replace(day=7))]).new) == 2
    assert new_titles(FEED, [replace(entry, published_at=day) for entry in FEED]) == []


def test_late_insert_at_the_bottom_is_found() -> None:
    """What is inserted under known entries is new: the whole document is looked at."""
    assert new_titles(FEED, [*FEED, an_entry(0)]) == ["Article 0"]


def test_entry_removed_and_back_is_known() -> None:
    """An article taken down for an hour does not come back as another."""
    assert new_titles(FEED, FEED[1:], FEED) == []


def test_entry_printed_twice_is_one() -> None:
    """A duplicated item is one document, with the id it has alone, when the duplicate goes as when it comes."""
    twice = [*FEED, FEED[0]]
    assert ids(poll(twice)) == ids(poll(FEED))
    assert new_titles(twice, FEED) == []
    assert new_titles(FEED, twice) == []


def test_two_texts_under_one_guid_and_link_are_two() -> None:
    """When guid and link are both shared, the words decide."""
    alerts = [an_entry(n, guid="alerte", link=SITE) for n in (2, 1)]
    assert new_titles(alerts) == ["Article 2", "Article 1"]
    assert new_titles(alerts, [an_entry(3, guid="alerte", link=SITE), *alerts]) == ["Article 3"]


def test_window_keeps_the_last_document_whole() -> None:
    """However large a feed, its own entries are never forgotten; of older ones the newest stay."""
    large = [an_entry(n) for n in range(500)]
    window = poll(large).window
    assert len(window.keys) == 1_000  # two keys each
    assert poll(large, window).new == ()


def test_document_empty_for_a_while_makes_nothing_new() -> None:
    """A feed that shows nothing, or a few entries, between two whole documents publishes nothing by that."""
    large = [an_entry(n) for n in range(200)]
    assert new_titles(large, [], large) == []
    assert new_titles(large, large[:5], [], large) == []


def test_window_retires_its_oldest_keys_first() -> None:
    """A busy small feed keeps a bounded window of its newest entries; what leaves it retires, many at a time."""
    window, times, retired = SourceWindow(SOURCE), 0, list[str]()
    for number in range(200):
        window = poll([an_entry(number)], window).window
        assert len(window.keys) <= WINDOW_KEYS
        retired += window.retired
        times += bool(window.retired)
    assert (len(retired) + len(window.keys), len({*retired, *window.keys})) == (400, 400)
    assert times <= 200 / 14
    assert poll([an_entry(199), an_entry(180)], window).new == ()
    assert len(poll([an_entry(100)], window).new) == 1


def test_retired_keys_make_an_article_known() -> None:
    """An article that comes back after its keys retired is not new, by whichever key; it was said which to ask."""
    window, retired = SourceWindow(SOURCE), set[str]()
    for number in range(200):
        window = poll([an_entry(number)], window).window
        retired |= {*window.retired}
    for back in (an_entry(3), an_entry(3, guid="other"), an_entry(3, link=f"{SITE}/other")):
        novelty = poll([back], window)
        assert len(novelty.new) == 1
        assert novelty.doubtful & retired
        again = find_new(SOURCE, [back], window, retired=novelty.doubtful & retired)
        assert (again.new, again.known, again.doubtful) == ((), 1, frozenset())


def test_same_entry_in_two_sources_is_two_documents() -> None:
    """Ids belong to a source: whether two pages are one is the story's question."""
    here, there = (find_new(source, FEED, SourceWindow(source)) for source in ("courrier", "gazette"))
    assert not {new.document_id for new in here.new} & {new.document_id for new in there.new}


DAY = datetime(2026, 12, 8, 6, 30, 20, tzinfo=UTC)
DATED = [
    an_entry(n, title=f"La Banque ferme le guichet {n}", published_at=DAY + timedelta(hours=n))
    for n in range(10)
]


def moved(entries: Sequence[FeedEntry], **fields: object) -> list[FeedEntry]:
    """Return the entries as a new website shows them: every guid and every link is another."""
    return [
        replace(entry, guid=f"new-{entry.guid}", link=f"https://nouveau.example/{entry.guid}", **fields)  # type: ignore[arg-type]
        for entry in entries
    ]


def test_title_and_minute_recognise_an_article_under_new_keys() -> None:
    """A publisher that changes guid and link of an article publishes nothing; a minute more or less is forgiven."""
    changed = moved([replace(DATED[0], published_at=DAY + timedelta(seconds=59))])
    assert new_titles(DATED, [*changed, *DATED[1:]]) == []


@pytest.mark.parametrize(
    "fields",
    [{"published_at": DAY + timedelta(minutes=3)}, {"published_at": None}, {"title": "Trois mots seuls"}],
)
def test_less_than_title_and_minute_recognises_nothing(fields: dict[str, object]) -> None:
    """Another time, no time, or a title so short that it repeats: the entry is new."""
    (entry,) = moved([replace(DATED[0], **fields)])  # type: ignore[arg-type]
    before = [replace(DATED[0], title=entry.title), *DATED[1:]]
    assert new_titles(before, [entry, *DATED[1:]]) == [entry.title]


def test_title_that_two_entries_share_recognises_none() -> None:
    """Two alerts of one minute with one title are two, also when the first is known."""
    second = moved([DATED[0]])
    assert new_titles(DATED, [*second, *DATED]) == [DATED[0].title]


def test_new_website_emits_nothing_but_what_is_new() -> None:
    """All guids and links change at once, dates or not: what is recognised is known, the rest is new."""
    fresh = an_entry(99, title="Un article jamais vu auparavant")
    for before in (DATED, [replace(entry, published_at=None) for entry in DATED]):
        novelty = poll([fresh, *moved(before)], poll(before).window)
        assert [new.entry for new in novelty.new] == [fresh]
        assert (novelty.known, novelty.rekeyed, novelty.gap) == (10, 10, False)


def test_repeated_bulletins_without_dates_are_new_when_little_else_changed() -> None:
    """The likeness that a new website is recognised by does not silence a bulletin in an ordinary feed."""
    undated = [replace(entry, published_at=None) for entry in DATED]
    assert new_titles(undated, [*moved(undated[:3]), *undated[3:]]) == [entry.title for entry in undated[:3]]


def test_link_to_the_site_identifies_nothing() -> None:
    """Entries without a guid that lead to the home page are told by their words, one at a time too."""
    alerts = [FeedEntry(title=title, link=f"{SITE}/") for title in ("Alerte rouge", "Fin d'alerte")]
    first = find_new(SOURCE, alerts[:1], SourceWindow(SOURCE), [SITE])
    assert [new.entry.title for new in find_new(SOURCE, alerts[1:], first.window, [SITE]).new] == [
        "Fin d'alerte"
    ]


@pytest.mark.parametrize(
    ("known", "new", "gap"), [(10, 0, False), (3, 7, False), (2, 8, True), (0, 10, True), (0, 0, False)]
)
def test_document_with_little_known_in_it_is_a_gap(known: int, new: int, gap: bool) -> None:
    """When eight of ten entries are new, others may have come and gone; a first document is none."""
    document = [*(an_entry(100 + n) for n in range(new)), *(an_entry(n) for n in range(known))]
    assert poll(document, poll([an_entry(n) for n in range(10)]).window).gap is gap
    assert poll(document).gap is False


ENTRIES = st.lists(
    st.builds(
        FeedEntry,
        guid=st.sampled_from(
            [None, " ", "0", "g1", "g2", "http://a.example/1", "https://a.example/1", "\ud800"]
        ),
        link=st.sampled_from(
            [None, SITE, f"{SITE}/1", "http://www.courrier.example/1?xtor=RSS", f"{SITE}/2"]
        ),
        title=st.sampled_from(["", "Un", "un", "Quatre mots font un titre"]),
        published_at=st.sampled_from([None, DAY, DAY + timedelta(minutes=1)]),
    ),
    max_size=8,
)


@given(ENTRIES, ENTRIES)
def test_polling_the_same_document_again_brings_nothing(
    before: list[FeedEntry], entries: list[FeedEntry]
) -> None:
    """Whatever was known, a document read again brings nothing, however often."""
    window = poll(entries, poll(before).window).window
    for _ in range(3):
        again = poll(entries, window)
        assert again.new == ()
        window = again.window


LIVES = st.lists(st.lists(st.integers(0, 400), max_size=30, unique=True), max_size=40)


@given(LIVES)
def test_no_article_is_ever_new_twice_or_never(life: list[list[int]]) -> None:
    """Documents that show any articles, in any order, at any distance: each is new once, at its first showing."""
    window, retired, told = SourceWindow(SOURCE), set[str](), list[int]()
    for numbers in life:
        entries = [an_entry(number, title=f"Un titre de quatre mots, {number}") for number in numbers]
        doubtful = poll(entries, window).doubtful
        novelty = find_new(SOURCE, entries, window, retired=doubtful & retired)
        told += [int((new.entry.guid or "")[1:]) for new in novelty.new]
        window, retired = novelty.window, retired | {*novelty.window.retired}
    assert told == list(dict.fromkeys(number for numbers in life for number in numbers))


@given(ENTRIES, ENTRIES)
def test_nothing_once_known_is_forgotten(before: list[FeedEntry], entries: list[FeedEntry]) -> None:
    """A key stays in the window or retires from it; none gets lost on the way."""
    old = poll(before).window
    after = poll(entries, old).window
    assert {*after.keys, *after.retired} >= {*old.keys}
    assert not {*after.keys} & {*after.retired}


@given(ENTRIES.flatmap(lambda entries: st.tuples(st.just(entries), st.permutations(entries))))
def test_order_changes_no_id(orders: tuple[list[FeedEntry], list[FeedEntry]]) -> None:
    """A document in any order brings the same set of ids, once each."""
    entries, shuffled = (sorted(new.document_id for new in poll(order).new) for order in orders)
    assert entries == shuffled
    assert len(set(entries)) == len(entries)


@given(ENTRIES, ENTRIES)
def test_ids_do_not_depend_on_what_is_known(before: list[FeedEntry], entries: list[FeedEntry]) -> None:
    """A window decides which entries are new, never what the new ones are called."""
    alone = poll(entries).new
    assert {new.document_id for new in poll(entries, poll(before).window).new} <= {
        new.document_id for new in alone
    }
