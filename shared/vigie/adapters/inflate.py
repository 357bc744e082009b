"""Decompress an HTTP body while it arrives, and stop a bomb before it unfolds.

317 bytes of brotli can hold 400 MB. Every step here asks the decoder for at most one piece of output, so what
is in memory never exceeds the cap by more than a piece.
"""

import zlib
from collections.abc import Iterator
from typing import Protocol

import brotli

from vigie.domain.fetching import FetchLimits

_PIECE_BYTES = 64 * 1024


class TooLarge(Exception):  # noqa: N818 - named like the failure reason it becomes
    """The body is larger, raw or decoded, than the limits allow; the text says by which limit."""


class BadEncoding(Exception):  # noqa: N818 - named like the failure reason it becomes
    """The coding is unknown, or the bytes are not in it."""


class CutShort(Exception):  # noqa: N818 - a truncated body is an outcome, not an error
    """The compressed stream ended before its end."""


class _Decoder(Protocol):
    """One content coding, undone piece by piece."""

    @property
    def complete(self) -> bool: ...

    def pieces(self, data: bytes) -> Iterator[bytes]: ...


class _Gzip:
    """RFC 1952, several members allowed; a body that is not gzip passes unchanged, whatever its label.

    Misconfigured servers put the label on plain XML, and leave it off gzip. No feed and no page begins with gzip's
    first byte: one look at it saves a second request, and a source that could never be read.
    """

    def __init__(self) -> None:
        self._inflate = zlib.decompressobj(wbits=31)
        self._plain: bool | None = None

    @property
    def complete(self) -> bool:
        return self._plain is not False or self._inflate.eof

    def pieces(self, data: bytes) -> Iterator[bytes]:
        if self._plain is None:
            self._plain = not data.startswith(b"\x1f")
        if self._plain:
            yield data
            return
        while data:
            if self._inflate.eof:
                if not data.startswith(b"\x1f"):
                    return  # padding or rubbish after the last member: ignored, as browsers do
                self._inflate = zlib.decompressobj(wbits=31)
            yield from _inflate_pieces(self._inflate, data)
            data = self._inflate.unused_data


class _Deflate:
    """RFC 9110 §8.4.1.2 says zlib; a good part of the world sends raw deflate. The first two bytes tell."""

    def __init__(self) -> None:
        self._head = b""
        self._inflate: zlib._Decompress | None = None

    @property
    def complete(self) -> bool:
        return self._inflate.eof if self._inflate else not self._head

    def pieces(self, data: bytes) -> Iterator[bytes]:
        if self._inflate is None:
            data = self._head = self._head + data
            if len(data) < 2:
                return
            is_zlib = data[0] & 0x0F == 8 and int.from_bytes(data[:2]) % 31 == 0
            self._inflate = zlib.decompressobj(wbits=15 if is_zlib else -15)
        if not self._inflate.eof:
            yield from _inflate_pieces(self._inflate, data)


def _inflate_pieces(inflate: "zlib._Decompress", data: bytes) -> Iterator[bytes]:
    while True:
        piece = inflate.decompress(data, _PIECE_BYTES)
        yield piece
        data = inflate.unconsumed_tail
        # A full piece may leave output behind although no input is: ask once more.
        if inflate.eof or (not data and len(piece) < _PIECE_BYTES):
            return


class _Brotli:
    """RFC 7932."""

    def __init__(self) -> None:
        self._inflate = brotli.Decompressor()
        self._started = False

    @property
    def complete(self) -> bool:
        return not self._started or bool(self._inflate.is_finished())

    def pieces(self, data: bytes) -> Iterator[bytes]:
        self._started = True
        yield self._inflate.process(data, output_buffer_limit=_PIECE_BYTES)
        while not self._inflate.can_accept_more_data():
            yield self._inflate.process(b"", output_buffer_limit=_PIECE_BYTES)


_DECODERS: dict[str, type[_Gzip] | type[_Deflate] | type[_Brotli]] = {
    "": _Gzip,
    "identity": _Gzip,
    "gzip": _Gzip,
    "x-gzip": _Gzip,
    "deflate": _Deflate,
    "br": _Brotli,
}


class CappedBody:
    """Collects a body chunk by chunk, decoded, within the limits.

    Raises TooLarge as soon as a limit is passed, BadEncoding on an unknown coding or bytes that are not in
    it, and CutShort from ``finish`` when the compressed stream has not come to its end.
    """

    def __init__(self, content_encoding: str, limits: FetchLimits) -> None:
        coding = content_encoding.strip().lower()
        if coding not in _DECODERS:
            raise BadEncoding(f"Content-Encoding {content_encoding[:60]!r} was not asked for")
        self._decoder: _Decoder = _DECODERS[coding]()
        self._coding = coding or "gzip, untold"
        self._limits = limits
        self._raw_bytes = 0
        self._decoded = bytearray()

    def feed(self, chunk: bytes) -> None:
        """Take the next chunk as it came over the wire."""
        self._raw_bytes += len(chunk)
        if self._raw_bytes > self._limits.raw_bytes:
            raise TooLarge(f"the answer is larger than {self._limits.raw_bytes:,} bytes")
        try:
            for piece in self._decoder.pieces(chunk):
                self._decoded += piece
                self._check_decoded()
        except (zlib.error, brotli.error) as error:
            raise BadEncoding(f"the answer is not in its Content-Encoding ({self._coding})") from error

    def finish(self) -> bytes:
        """Return the whole decoded body."""
        if not self._decoder.complete:
            raise CutShort(f"the {self._coding} stream ends before its end")
        return bytes(self._decoded)

    def _check_decoded(self) -> None:
        size = len(self._decoded)
        if size > self._limits.decoded_bytes:
            raise TooLarge(f"the answer unfolds to more than {self._limits.decoded_bytes:,} bytes")
        if size > self._limits.ratio_floor_bytes and size > self._limits.ratio * self._raw_bytes:
            raise TooLarge(f"the answer unfolds more than {self._limits.ratio} times: a decompression bomb")
