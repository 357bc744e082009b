"""What keeps a feed from being XML is mended where there is one way to read it, and nothing else is touched."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from vigie.adapters.feeds.repair import parts, repair


@pytest.mark.parametrize(
    ("broken", "mended"),
    [
        ("<a>R&D</a>", "<a>R&amp;D</a>"),
        ("<a>R & D &amp; cie</a>", "<a>R &amp; D &amp; cie</a>"),
        ('<a href="?b=1&c=2"/>', '<a href="?b=1&amp;c=2"/>'),
        ("<a>&eacute;&nbsp;&hellip;</a>", "<a>&#233;&#160;&#8230;</a>"),
        ("<a>&lt;&gt;&quot;&apos;</a>", "<a>&lt;&gt;&quot;&apos;</a>"),
        ("<a>&inconnue; &copy=3</a>", "<a>&amp;inconnue; &amp;copy=3</a>"),
        ("<a>&NotEqualTilde;</a>", "<a>&#8770;&#824;</a>"),
        ("<a>&#233;&#xE9;&#x1F600;</a>", "<a>&#233;&#xE9;&#x1F600;</a>"),
        ("<a>x&#11;y&#x1F;z&#xD800;&#0;</a>", "<a>xyz</a>"),
        ("<a>x\x00\x0by\tz</a>", "<a>xy\tz</a>"),
        ("\n <?xml version='1.0'?><a/>", "<?xml version='1.0'?><a/>"),
        ("<a><![CDATA[R&D &eacute;]]> & b</a>", "<a><![CDATA[R&D &eacute;]]> &amp; b</a>"),
        ("<a><!-- R&D --> & b</a>", "<a><!-- R&D --> &amp; b</a>"),
        ("<a><![CDATA[<!-- ]]> & <!-- ]]> & --></a>", "<a><![CDATA[<!-- ]]> &amp; <!-- ]]> & --></a>"),
    ],
)
def test_only_what_is_broken_changes(broken: str, mended: str) -> None:
    """Ampersands, entities of HTML, controls and blanks first; CDATA and comments stay as they are."""
    assert repair(broken.encode()) == mended.encode()


@given(st.text(alphabet=st.sampled_from("<>![]-CDATA &;#x1é\x02")).map(str.encode))
def test_the_parts_of_a_document_are_the_document(document: bytes) -> None:
    """Cutting loses nothing, whatever is not closed."""
    assert b"".join(part for _, part in parts(document)) == document


@given(st.text(alphabet=st.sampled_from("&;#x109aeltgmpqucté \x0b\x1f")))
def test_whatever_is_written_between_tags_becomes_xml(text: str) -> None:
    """A text without markup is always mended, and mending it again changes nothing."""
    mended = repair(f"<a>{text}</a>".encode())
    etree.fromstring(mended)
    assert repair(mended) == mended
