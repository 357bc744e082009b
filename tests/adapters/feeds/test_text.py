"""Markup becomes plain text, and only http(s) links get through."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vigie.adapters.feeds.text import language_tag, one_line, plain_lines, read_markup, safe_link, tidy


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>Un</p><p>Deux</p>", "Un\nDeux"),
        ("Un<br>Deux<hr/>Trois", "Un\nDeux\nTrois"),
        ("mot<b>gras</b>mot", "motgrasmot"),
        ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc"),
        ("<ul><li>a</li><li>b</li></ul>", "a\nb"),
        ("a\n   b\t c", "a b c"),
        ("Prix&nbsp;: 3&#8239;€", "Prix\u00a0: 3\u202f€"),
        ("&amp;lt;b&amp;gt; &amp;eacute;", "&lt;b&gt; &eacute;"),
        ("5 < 6 & 7 > 3", "5 < 6 & 7 > 3"),
        ("a<script>x</script>b<style>y</style>c<!-- z -->d", "abcd"),
        ("<scr<script>x</script>ipt>y", "xipt>y"),
        ('<a href="https://x.test/?q=a>b">lien</a>', "lien"),
        ("\x00a\ud800b\ufeffc", "abc"),
        ("<p>jamais fermé", "jamais fermé"),
        ("", ""),
    ],
)
def test_markup_is_read_as_a_person_would(markup: str, text: str) -> None:
    """Blocks are lines, inline tags are nothing, entities are decoded once, scripts are gone."""
    assert read_markup(markup).text == text


@pytest.mark.parametrize(
    "attack",
    [
        "<div>" * 60_000,
        "".join(f"<font color=c{n}><p>" for n in range(3_000)),
        "".join(f"<font color=c{n}><table></font></table><p>" for n in range(3_000)),
        "<![x" * 2_000,
        "<!--" * 2_000,
        "<a x " * 100_000,
        "<a x=' " * 100_000,
        "<script " * 100_000,
    ],
    ids=["nested", "formatting", "misnested", "declarations", "comments", "tags", "quotes", "scripts"],
)
def test_markup_made_to_be_slow_is_read_without_a_tree(attack: str) -> None:
    """What makes a tree builder quadratic is read all the same, and soon."""
    started = time.process_time()
    read_markup("Texte<p>" + attack)
    assert time.process_time() - started < 3  # with a tree: 16 s and more


def test_a_long_text_is_read_like_a_short_one() -> None:
    """Lines, links and media come out the same with a tree and without, and scripts go."""
    part = '<p>Un &amp; <b>deux</b><script>x("<p>")</script> <a href="/l">l</a><img src="i"></p><!-- z -->'
    short, long = read_markup(part * 5, "https://a.test/"), read_markup(part * 500, "https://a.test/")
    assert set(short.text.split("\n")) == set(long.text.split("\n")) == {"Un & deux l"}
    assert (short.links, short.media) == (long.links, long.media) == (("https://a.test/l",), {"image"})


def test_links_are_resolved_and_listed_once_in_order() -> None:
    """Outgoing http(s) links of the text, against its base."""
    markup = (
        '<a href="/b?x=1&amp;y=2">b</a><a href="https://c.test/">c</a><a href="/b?x=1&y=2">b</a>'
        '<a href="mailto:a@b.test">m</a><a href="javascript:x">j</a><a>rien</a>'
    )
    read = read_markup(markup, "https://a.test/p/")
    assert read.links == ("https://a.test/b?x=1&y=2", "https://c.test/")


@pytest.mark.parametrize(
    ("markup", "media"),
    [
        ('<img src="a.jpg">', {"image"}),
        ('<img src="a.gif" width="1" height="1">', set()),
        ('<video src="a.mp4"></video>', {"video"}),
        ('<iframe src="https://www.youtube.com/embed/x"></iframe>', {"video"}),
        ('<iframe src="https://notyoutube.com/embed/x"></iframe>', set()),
        ('<iframe src="http://[oops"></iframe>', set()),
        ('<a href="a.jpg">photo</a>', set()),
    ],
)
def test_carried_media_are_noticed(markup: str, media: set[str]) -> None:
    """Pictures and players count; counting pixels and mere links do not."""
    assert read_markup(markup).media == media


@pytest.mark.parametrize(
    ("title", "line"),
    [
        ("  Un\n titre  ", "Un titre"),
        ("Vote à <Paris>, <b>demain</b>", "Vote à <Paris>, demain"),
        ("<script>x</script>Titre<br>long", "Titre long"),
        ('<x onclick="y">Titre</x>', "Titre"),
        ("R&D", "R&D"),
        ("L&#8217;été", "L’été"),
        ("<!-- rien -->Titre", "Titre"),
    ],
)
def test_a_title_is_one_line_without_markup(title: str, line: str) -> None:
    """Markup goes, but a word in angle brackets that is no HTML element stays."""
    assert one_line(title) == line


@pytest.mark.parametrize(
    ("link", "base", "safe"),
    [
        ("https://a.test/x", "", "https://a.test/x"),
        ("HTTP://A.test/x", "", "HTTP://A.test/x"),
        ("/x", "https://a.test/y", "https://a.test/x"),
        ("//b.test/x", "https://a.test/y", "https://b.test/x"),
        ("/x", "", "/x"),
        ("", "https://a.test/", None),
        ("  \n", "https://a.test/", None),
        ("javascript:alert(1)", "https://a.test/", None),
        ("java\nscript:alert(1)", "https://a.test/", None),
        ("\x01javascript:alert(1)", "", None),
        ("JaVaScRiPt:alert(1)", "", None),
        ("data:text/html,x", "", None),
        ("file:///etc/passwd", "", None),
        ("tag:a.test,2026:1", "https://a.test/", None),
        ("http://", "", None),
        ("http://[oops/", "https://a.test/", None),
    ],
)
def test_only_http_links_get_through(link: str, base: str, safe: str | None) -> None:
    """Any other scheme, however disguised, is no link."""
    assert safe_link(link, base) == safe


@pytest.mark.parametrize(
    ("tag", "kept"), [("fr-FR", "fr-FR"), ("fr", "fr"), ("", None), ("<b>", None), (None, None)]
)
def test_a_language_tag_has_the_form_of_one(tag: str | None, kept: str | None) -> None:
    """What cannot be a language is none."""
    assert language_tag(tag) == kept


def test_plain_text_keeps_its_lines() -> None:
    """A text field keeps its lines, and loses the markup that should not be there."""
    assert plain_lines("Un & deux\n\nTrois") == "Un & deux\nTrois"
    assert plain_lines("Un <b>deux</b>\nTrois<script>x</script>") == "Un deux\nTrois"


def balanced(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Return plain markup whose tags are all closed where they should be."""
    names = st.sampled_from(["div", "b", "em", "blockquote", "ul", "li", 'div class="x>y"'])
    element = st.builds(lambda name, text: f"<{name}>{text}</{name.split()[0]}>", names, inner)
    return st.lists(element | inner, max_size=3).map("".join)


@given(
    st.recursive(st.sampled_from(["un", " ", "&eacute;", "&lt;b&gt;", "\n", "<br>", "<!-- x -->"]), balanced)
)
def test_plain_markup_reads_as_if_it_had_been_cleaned(markup: str) -> None:
    """What is so plain that it is read at once would have read the same after cleaning (an <x> forces it)."""
    assert read_markup(markup).text == read_markup(f"<x>{markup}</x>").text


@pytest.mark.parametrize("tag", ["script", "style", "template", "iframe", "noscript", "svg", "textarea", "x"])
def test_what_is_not_plain_is_cleaned(tag: str) -> None:
    """An element whose content is run, hidden or read otherwise never gets past the cleaner."""
    assert "onload" not in read_markup(f'<p>a</p><{tag} onload="x"><!-- <p onload> --></{tag}><b>b</b>').text


@given(st.text())
def test_tidying_twice_changes_nothing(text: str) -> None:
    """Tidy text is tidy."""
    assert tidy(tidy(text)) == tidy(text)


@given(st.text(alphabet=st.sampled_from("<>/&;ab\"'= \n!-script")))
def test_no_markup_survives_however_it_is_written(markup: str) -> None:
    """Whatever the tangle of tags, what comes out read again holds no element with a script."""
    assert "<script" not in read_markup(markup).text
