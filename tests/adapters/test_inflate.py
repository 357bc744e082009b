"""Decompression piece by piece: the same bytes out however they come in, and never more than the cap."""

import gzip
import tracemalloc
import zlib
from collections.abc import Callable
from contextlib import suppress

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vigie.adapters.inflate import BadEncoding, CappedBody, CutShort, TooLarge
from vigie.domain.fetching import FetchLimits


def raw_deflate(data: bytes) -> bytes:
    """Compress without the zlib wrapper, as many servers do."""
    deflate = zlib.compressobj(wbits=-15)
    return deflate.compress(data) + deflate.flush()


ENCODERS: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "identity": ("", bytes),
    "gzip": ("gzip", gzip.compress),
    "zlib": ("deflate", zlib.compress),
    "raw deflate": ("deflate", raw_deflate),
    "brotli": ("br", lambda data: brotli.compress(data, quality=3)),
}
every_encoder = pytest.mark.parametrize("name", ENCODERS)


@every_encoder
@given(data=st.binary(max_size=2_000), repeat=st.integers(1, 200), chunk_bytes=st.integers(1, 5_000))
def test_any_body_in_any_chunks_comes_out_whole(
    name: str, data: bytes, repeat: int, chunk_bytes: int
) -> None:
    """How a body is cut into chunks does not change what it says."""
    coding, encode = ENCODERS[name]
    whole = data * repeat
    encoded = encode(whole)
    body = CappedBody(coding, FetchLimits())
    for start in range(0, len(encoded), chunk_bytes):
        body.feed(encoded[start : start + chunk_bytes])
    assert body.finish() == whole


@every_encoder
def test_an_empty_answer_is_an_empty_body(name: str) -> None:
    """A coding with nothing in it at all is nothing, not a fault."""
    assert CappedBody(ENCODERS[name][0], FetchLimits()).finish() == b""


@pytest.mark.parametrize("name", [name for name in ENCODERS if name != "identity"])
def test_a_stream_without_its_end_is_cut_short(name: str) -> None:
    """What lacks its last bytes is never taken for whole."""
    coding, encode = ENCODERS[name]
    body = CappedBody(coding, FetchLimits())
    body.feed(encode(b"Le Courrier" * 30)[:-3])
    with pytest.raises(CutShort):
        body.finish()


@pytest.mark.parametrize("name", [name for name in ENCODERS if name != "identity"])
def test_a_bomb_never_unfolds_much_beyond_its_cap(name: str) -> None:
    """What a bomb costs in memory is the cap and one piece, not what it holds."""
    coding, encode = ENCODERS[name]
    bomb = encode(bytes(30_000_000))
    tracemalloc.start()
    try:
        with pytest.raises(TooLarge, match="200,000 bytes"):
            CappedBody(coding, FetchLimits(decoded_bytes=200_000)).feed(bomb)
        _, peak_bytes = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak_bytes < 1_000_000


@given(st.binary(min_size=1, max_size=300), st.sampled_from(["gzip", "deflate", "br"]))
def test_rubbish_is_refused_or_read_but_never_crashes(rubbish: bytes, coding: str) -> None:
    """Whatever the bytes, the answer is a body or one of the three refusals."""
    body = CappedBody(coding, FetchLimits())
    with suppress(BadEncoding, CutShort, TooLarge):
        body.feed(rubbish)
        assert isinstance(body.finish(), bytes)
