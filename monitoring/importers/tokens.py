"""Keys to somebody's account, taken out of files before a byte of them is stored.

Addresses in answers of the Ad Library API carry the access token of whoever asked. Whoever holds it
acts as that person.
"""

import re
from collections.abc import Iterable, Iterator

_VALUE = rb"[^&\"'\s\\<>,;|\x00]{1,4096}"
_TOKEN = re.compile(rb"access_token(?:=|%3[Dd])" + _VALUE + rb"&?")
_WIDE = "access_token=".encode("utf-16-le")
_WIDE_TOKEN = re.compile(re.escape(_WIDE) + rb"(?:[0-9A-Za-z_|.%-]\x00){1,4096}(?:&\x00)?")
_HELD_BACK = 64  # bytes, more than the beginning of a token that a block may end with


def without_tokens(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes without access tokens, wherever the blocks were cut."""
    rest = b""
    for block in blocks:
        data = rest + block
        cut = max(0, len(data) - _HELD_BACK)
        for pattern in (_TOKEN, _WIDE_TOKEN):
            for found in pattern.finditer(data, max(0, cut - 2 * 4096 - _HELD_BACK)):
                if found.end() > cut:
                    cut = min(cut, found.start())
        yield _removed(data[:cut])
        rest = data[cut:]
    yield _removed(rest)


def text_without_tokens(text: str) -> str:
    """The same for a text that is at hand as a whole."""
    if "access_token" not in text:
        return text
    return _TOKEN.sub(b"", text.encode("utf-8", "surrogatepass")).decode("utf-8", "surrogatepass")


def _removed(data: bytes) -> bytes:
    if b"access_token" in data:
        data = _TOKEN.sub(b"", data)
    return _WIDE_TOKEN.sub(b"", data) if _WIDE in data else data
