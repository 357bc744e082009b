"""Lists of sources as vigie writes them: what is written is read again as it was."""

from collections.abc import Callable, Iterable
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import a_source
from vigie.domain.source_export import write_csv, write_opml
from vigie.domain.source_lists import read_source_list
from vigie.domain.sources import Source, source_id_of

Writer = Callable[[Iterable[Source]], str]

PORT = Source(
    source_id=source_id_of("https://port.test/rss?a=1&b=<2>"),
    name='Le « Port », dit "l\'Autre" & Cie; =1+1',
    url="https://port.test/rss?a=1&b=<2>",
    language="fr",
    tier="regional",
    platform="forum",
    type="post",
)

# What can be typed in a name: no controls, no separators but the space.
_names = (
    st.text(st.characters(exclude_categories=("C", "Zl", "Zp", "Zs"), include_characters=" "), min_size=1)
    .map(str.strip)
    .filter(bool)
)
_urls = st.builds(
    "https://{}.test/{}".format,
    st.from_regex(r"[a-z]{1,9}", fullmatch=True),
    st.text(st.characters(min_codepoint=33, max_codepoint=0x2FF, exclude_categories=("C", "Z")), max_size=20),
)
_sources = st.builds(
    lambda url, **fields: Source(source_id=source_id_of(url), url=url, **fields),
    url=_urls,
    name=_names,
    tier=st.sampled_from([None, "national", "blog"]),
    language=st.sampled_from([None, "fr", "en"]),
    platform=st.sampled_from(["press", "forum"]),
    type=st.sampled_from(["article", "post"]),
)


@pytest.mark.parametrize("write", [write_opml, write_csv])
@given(sources=st.lists(_sources, min_size=1, max_size=5, unique_by=lambda source: source.url))
def test_what_is_exported_is_imported_again(write: Writer, sources: list[Source]) -> None:
    """Any sources give a list that holds exactly them, in their order, whatever their names hold."""
    again = read_source_list(write(sources).encode())
    assert (list(again.sources), again.refused) == (sources, ())


def test_opml_is_what_feed_readers_expect() -> None:
    """Well-formed XML whose outlines carry type, text and xmlUrl; what is unknown is left out."""
    body = ET.fromstring(write_opml([PORT, a_source(tier=None)])).find("body")  # noqa: S314 - our own text
    assert body is not None
    assert [dict(outline.attrib) for outline in body] == [
        {
            "type": "rss",
            "text": PORT.name,
            "xmlUrl": PORT.url,
            "tier": "regional",
            "language": "fr",
            "platform": "forum",
            "document_type": "post",
        },
        {
            "type": "rss",
            "text": "Le Courrier d'Armélie",
            "xmlUrl": "https://courrier-armelie.example/rss",
            "platform": "press",
            "document_type": "article",
        },
    ]


def test_csv_is_what_spreadsheets_expect() -> None:
    """A header, then a line a source, quoted where it must be."""
    assert write_csv([a_source()]) == (
        "url,name,tier,language,platform,document_type\n"
        "https://courrier-armelie.example/rss,Le Courrier d'Armélie,regional,,press,article\n"
    )


def test_a_character_xml_cannot_hold_is_left_out() -> None:
    """A control in a name spoils neither the file nor its neighbours."""
    (source,) = read_source_list(write_opml([a_source(name="Le\x00 Port\ud800")]).encode()).sources
    assert source.name == "Le Port"
