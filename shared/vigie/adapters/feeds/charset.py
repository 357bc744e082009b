"""The charset of a feed: byte order mark, header, XML declaration, UTF-8, in that order (RFC 7303 §3)."""

import re

# The longer marks first: UTF-32's begins like UTF-16's.
BYTE_ORDER_MARKS = {
    b"\xff\xfe\x00\x00": "utf-32le",
    b"\x00\x00\xfe\xff": "utf-32be",
    b"\xef\xbb\xbf": "utf-8",
    b"\xff\xfe": "utf-16le",
    b"\xfe\xff": "utf-16be",
}

_XML_TYPE = re.compile(r"\s*(?:text/|application/(?:xml|[^;\s]*\+xml))", re.IGNORECASE)
_CHARSET = re.compile(r";\s*charset\s*=\s*[\"']?([^\s\"';]+)", re.IGNORECASE)
_DECLARED = re.compile(rb"""\s*<\?xml[^>]*?\sencoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")

# Python knows more codecs than feeds may ask for (utf-7, punycode, unicode_escape…).
_TRUSTED = re.compile(
    r"utf-?(?:8|16|32)|iso-?8859|latin|l1$|windows-|cp125|koi8|mac|gb|big5|euc|shift_?jis|sjis|tis"
)
_LONE_BYTE = re.compile("[\udc80-\udcff]")
_BEYOND_ASCII = re.compile("[^\x00-\x7f\udc80-\udcff]")
_UNICODE = frozenset({"utf-8", "utf8", "us-ascii", "ascii"})


def to_utf8(body: bytes, content_type: str | None) -> bytes:
    """Return the body in UTF-8, whatever its XML declaration goes on saying.

    What is taken for UTF-8 is not checked here. Raises UnicodeError or LookupError when the charset that counts
    does not fit the bytes or is not known.
    """
    for mark, charset in BYTE_ORDER_MARKS.items():
        if body.startswith(mark):
            return _transcoded(body[len(mark) :], charset)
    return _transcoded(body, _from_header(content_type) or _from_declaration(body) or "utf-8")


def mend_utf8(document: bytes) -> bytes:
    """Return in UTF-8 what is taken for it and is not: Windows-1252 undeclared, or a byte of it here and there.

    Raises UnicodeError when it may as well be something else.
    """
    # What is no UTF-8 becomes a lone surrogate, a byte each.
    text = document.decode("utf-8", "surrogateescape")
    strangers, characters = len(_LONE_BYTE.findall(text)), len(_BEYOND_ASCII.findall(text))
    if not strangers:
        return document
    if not characters:
        return document.decode("cp1252").encode()
    if strangers > characters:
        raise UnicodeError("as much of it is no UTF-8 as is")
    return _LONE_BYTE.sub(_as_windows_1252, text).encode()


def _as_windows_1252(lone: re.Match[str]) -> str:
    return bytes([ord(lone[0]) - 0xDC00]).decode("cp1252", "replace")


def _from_header(content_type: str | None) -> str | None:
    if content_type is None or not _XML_TYPE.match(content_type):
        return None
    charset = _CHARSET.search(content_type)
    return charset[1] if charset else None


def _from_declaration(body: bytes) -> str | None:
    declared = _DECLARED.match(body)
    return declared[1].decode() if declared else None


def _transcoded(body: bytes, charset: str) -> bytes:
    charset = charset.lower()
    if charset in _UNICODE:
        return body
    if not _TRUSTED.match(charset):
        raise LookupError(f"a charset that feeds do not use: {charset}")
    # gb18030 holds all of gb2312, which feeds declare for both.
    return body.decode("gb18030" if charset == "gb2312" else charset).encode()
