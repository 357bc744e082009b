"""Mend what keeps a feed from being XML, where there is only one way to read it.

Outside CDATA and comments: a bare ``&`` is text, a named entity of HTML is its character, a reference to a
character that XML forbids is nothing. Everywhere: C0 controls go, and blanks before the declaration.
"""

import re
from html.entities import html5

_CONTROLS = bytes(code for code in range(32) if code not in b"\t\n\r")
_AMPERSAND = re.compile(rb"&(?:#(?:([0-9]{1,7})|[xX]([0-9a-fA-F]{1,6}));|([A-Za-z][A-Za-z0-9]{0,30});)?")
_XML_ENTITIES = frozenset({b"amp", b"lt", b"gt", b"quot", b"apos"})


def repair(document: bytes) -> bytes:
    """Return an ASCII-compatible document mended; what it says is as it was."""
    document = document.lstrip(b" \t\r\n").translate(None, _CONTROLS)
    return b"".join(
        _AMPERSAND.sub(_mended, part) if is_markup else part for is_markup, part in parts(document)
    )


def parts(document: bytes) -> list[tuple[bool, bytes]]:
    """Cut a document into its markup (True) and its CDATA sections and comments (False), all of it in order."""
    found, start, at = [], 0, document.find(b"<!")
    while at >= 0:
        closing = b"]]>" if document.startswith(b"<![CDATA[", at) else b"-->"
        if closing == b"-->" and not document.startswith(b"<!--", at):
            at = document.find(b"<!", at + 2)
            continue
        end = document.find(closing, at)
        end = len(document) if end < 0 else end + 3
        found += [(True, document[start:at]), (False, document[at:end])]
        start, at = end, document.find(b"<!", end)
    return [*found, (True, document[start:])]


def _mended(ampersand: re.Match[bytes]) -> bytes:
    decimal, hexadecimal, name = ampersand.groups()
    if decimal or hexadecimal:
        return ampersand[0] if _is_xml_character(int(decimal or hexadecimal, 10 if decimal else 16)) else b""
    if name in _XML_ENTITIES:
        return ampersand[0]
    characters = html5.get(f"{name.decode()};") if name else None
    if characters:
        return "".join(f"&#{ord(character)};" for character in characters).encode()
    return b"&amp;" + ampersand[0][1:]


def _is_xml_character(code: int) -> bool:
    """Tell whether XML 1.0 (§2.2) lets a document hold a character."""
    return (
        code in {9, 10, 13}
        or 0x20 <= code <= 0xD7FF
        or 0xE000 <= code <= 0xFFFD
        or 0x10000 <= code <= 0x10FFFF
    )
