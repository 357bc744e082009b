"""The charset that counts: byte order mark, header, declaration, UTF-8."""

import pytest

from vigie.adapters.feeds.charset import mend_utf8, to_utf8

DECLARED = '<?xml version="1.0" encoding="{}"?><a>é</a>'


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        ("<a>é</a>".encode(), None),
        ("<a>é</a>".encode("utf-8-sig"), "text/xml; charset=iso-8859-1"),
        ("<a>é</a>".encode("utf-16"), None),
        ("<a>é</a>".encode("utf-32"), None),
        ("<a>é</a>".encode("latin-1"), 'application/rss+xml; charset="ISO-8859-1"'),
        ("<a>é</a>".encode("cp1252"), "text/xml;charset=windows-1252"),
        (DECLARED.format("ISO-8859-15").encode("iso-8859-15"), None),
        (DECLARED.format("ISO-8859-1").encode(), "application/xml; charset=utf-8"),
        (DECLARED.format("gb2312").encode("gb18030"), None),
        (DECLARED.format("us-ascii").encode(), None),
        ("<a>é</a>".encode(), "application/octet-stream; charset=iso-8859-1"),
    ],
)
def test_the_strongest_statement_wins(body: bytes, content_type: str | None) -> None:
    """Whatever says it, the text comes out in UTF-8."""
    assert to_utf8(body, content_type).decode().endswith("<a>é</a>")


@pytest.mark.parametrize("charset", ["utf-7", "rot13", "unicode_escape", "bogus", "punycode"])
def test_charsets_that_feeds_do_not_use_are_refused(charset: str) -> None:
    """No feed makes a codec run that was never meant for documents."""
    with pytest.raises(LookupError):
        to_utf8(DECLARED.format(charset).encode(), None)


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("<a>œuvre d’été</a>".encode("cp1252"), "<a>œuvre d’été</a>"),
        ("<a>É</a>".encode() + b"<a>\xe9 \x92</a>" + "<a>à</a>".encode(), "<a>É</a><a>é ’</a><a>à</a>"),
        (b"<a>\x81</a><a>\xc3\xa9</a>", "<a>\ufffd</a><a>é</a>"),
        ("<a>été</a>".encode(), "<a>été</a>"),
    ],
)
def test_what_is_no_utf8_is_read_byte_by_byte(body: bytes, text: str) -> None:
    """Windows-1252 without a word about it, or one byte of it in a feed of UTF-8, which stays as it is."""
    assert mend_utf8(body).decode() == text


@pytest.mark.parametrize(
    "body", [b"<a>\x8d\x81</a>", "<a>日本、東京</a>".encode("shift_jis"), b"\xc3\xa9 \xe9\xe9 \xe8"]
)
def test_what_may_be_any_charset_is_left_to_another(body: bytes) -> None:
    """What has no character in Windows-1252, or is as little UTF-8 as not, is not guessed."""
    with pytest.raises(UnicodeError):
        mend_utf8(body)
