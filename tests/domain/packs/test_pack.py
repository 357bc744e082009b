"""Packs as data: every file is sound, and a mistake in one is told by field and remedy."""

import pytest

from vigie.domain.packs.pack import pack_named, packs, read_pack
from vigie.domain.sources import source_id_of
from vigie.errors import BadField, NotFound

REGIONS = 13
GOOD = """\
version = 2
kind = "town"
title = {fr = "Presse locale : Brest", en = "Local press: Brest"}
town = "Brest"
department = "29"
licence = "Links only."

[[sources]]
name = "Le Phare"
url = "https://phare.example/rss"
site = "phare.example"
answered = 2020
was = ["http://phare.example/feed"]
"""


def test_every_region_and_every_kind_has_its_pack() -> None:
    """The thirteen regions of metropolitan France, the national press, sectors and towns are there."""
    kinds = [pack.kind for pack in packs().values()]
    assert kinds.count("regional") == REGIONS
    assert kinds.count("national") == 1
    assert kinds.count("trade") >= 10
    assert kinds.count("town") >= 40


def test_packs_agree_on_the_name_of_an_address() -> None:
    """A source that several packs list is one source: it has one name and one site."""
    told = {(each.url, each.name, each.site) for pack in packs().values() for each in pack.sources}
    assert len({url for url, _, _ in told}) == len(told)


def test_what_was_never_checked_says_so() -> None:
    """No pack claims to have been checked, and no address to have answered since the list that it is from."""
    assert {pack.checked_at for pack in packs().values()} == {None}
    assert {each.answered for pack in packs().values() for each in pack.sources} == {None, 2020}


def test_a_source_of_a_pack_is_followed_as_any_other() -> None:
    """It has the id of its address, the tier of its pack and the group of its publisher."""
    pack = pack_named("region-auvergne-rhone-alpes")
    source = pack.source(pack.sources[0])
    assert (source.source_id, source.tier, source.language) == (source_id_of(source.url), "regional", "fr")
    assert pack.sources[0].family.name == "EBRA"


def test_an_unknown_pack_is_refused_in_words() -> None:
    """The sentence says where the names are."""
    with pytest.raises(NotFound, match="no source pack 'atlantide'"):
        pack_named("atlantide")


def test_a_pack_is_read_whole() -> None:
    """Version, place and what a source was before come back; its site stands for itself where no group is known."""
    pack = read_pack("ville-brest", GOOD)
    (source,) = pack.sources
    assert (pack.version, pack.place, pack.department, pack.checked_at) == (2, "Brest", "29", None)
    assert source.ids == {
        source_id_of("https://phare.example/rss"),
        source_id_of("http://phare.example/feed"),
    }
    assert source.family.name == "Le Phare"


@pytest.mark.parametrize(
    ("before", "after", "complaint"),
    [
        ("version = 2", "version = 0", "ville-brest.version: is less than 1"),
        ("version = 2\n", "", "ville-brest.version: is missing"),
        ('"town"', '"village"', "ville-brest.kind: 'village' is unknown"),
        ('town = "Brest"\n', "", "ville-brest.town: is missing"),
        (', en = "Local press: Brest"', "", "ville-brest.title: is missing in en"),
        ("https://phare.example/rss", "ftp://phare.example/rss", r"ville-brest.sources\[0\].url"),
        ('name = "Le Phare"', 'nom = "Le Phare"', r"ville-brest.sources\[0\].name: is missing"),
        ("answered = 2020", 'answered = "2020"', r"sources\[0\].answered: '2020' is no int"),
        ("answered", "anwsered", r"sources\[0\].anwsered: is unknown"),
        ("version", "[[", "ville-brest: is no TOML"),
    ],
)
def test_a_mistake_is_told_by_its_field(before: str, after: str, complaint: str) -> None:
    """Each wrong value is named with its place in the file."""
    with pytest.raises(BadField, match=complaint):
        read_pack("ville-brest", GOOD.replace(before, after, 1))


def test_an_address_listed_twice_is_refused() -> None:
    """Also when it is listed as what another was before."""
    again = '\n[[sources]]\nname = "x"\nurl = "http://phare.example/feed"\nsite = "phare.example"\n'
    with pytest.raises(BadField, match=r"sources\[1\].url: is listed already"):
        read_pack("ville-brest", GOOD + again)
