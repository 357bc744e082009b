"""Plain markup is read without a tree, and nothing else is."""

import pytest

from vigie.adapters.feeds.tags import NEW_LINE, read_plainly, without_comments


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("Un", "Un"),
        ("<p>Un</p>", f"{NEW_LINE}Un{NEW_LINE}"),
        ("<P>Un<BR/>Deux<br />", f"{NEW_LINE}Un{NEW_LINE}Deux{NEW_LINE}"),
        ("<b class='x'>Un</b> <td>deux", "Un  deux"),
        ("<p class=x data-y id='z\"'>Un</p>", f"{NEW_LINE}Un{NEW_LINE}"),
        ("<script>a > b</script>Un", "Un"),
        ("<style media='x'>p {}</STYLE>Un", "Un"),
        ("<script>a</script><script>b</script>Un", "Un"),
        ("<details><summary>Un</summary>Deux", f"{NEW_LINE}{NEW_LINE}Un{NEW_LINE}Deux"),
        ("<svg viewBox='0'><path d='M0'/><text>Un</text></svg>", "Un"),
    ],
)
def test_plain_markup_is_text_and_ends_of_lines(markup: str, text: str) -> None:
    """Known tags, whatever their case and attributes, and elements that hold nothing but unshown text."""
    plain = read_plainly(markup)
    assert plain is not None
    assert plain.text == text


@pytest.mark.parametrize(
    "markup",
    [
        "a < b",
        "a <",
        "<>",
        "<x>a</x>",
        "<p title='a > b'>c</p>",
        '<p title="a>c</p>',
        '<p "a">c</p>',
        '<p title=a"b>c</p>',
        "<a href='x <b>'>c</a>",
        "<script>if (a < b) c</script>",
        "<script>a<b>c</script>",
        "<script>a",
        "<iframe>a</iframe>",
        "<template>a</template>",
        "<textarea><p></textarea>",
        "<noscript>a</noscript>",
        "<select><option>a</select>",
        "<!-- a -->",
        "<![CDATA[a]]>",
    ],
)
def test_what_two_browsers_may_read_in_two_ways_is_not_plain(markup: str) -> None:
    """A stray bracket, a quote that is not closed, an unknown element, text that is hidden: another reads these."""
    assert read_plainly(markup) is None


def test_what_carries_something_is_noted_once_with_its_attributes() -> None:
    """Links, pictures, frames and players are told in order, as they are written."""
    plain = read_plainly("<a href=x>a</a><A HREF='y'>b</A><img><a href=x>c</a><iframe src=z></iframe><video>")
    assert plain is not None
    assert plain.carriers == [
        ("a", " href=x"), ("a", " HREF='y'"), ("img", ""), ("iframe", " src=z"), ("video", ""),
    ]  # fmt: skip


def test_comments_go_where_they_can_be_nothing_else() -> None:
    """Beside a script, which may hold what looks like one, they stay for the cleaner."""
    assert without_comments("a<!-- b -->c<!-- > -->") == "ac"
    assert without_comments("<script>'<!--'</script>a<!-- b -->") == "<script>'<!--'</script>a<!-- b -->"
