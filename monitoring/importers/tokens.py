"""Keys to somebody's account, taken out of files before a byte of them is stored.

Addresses in answers of the Ad Library API carry the access token of whoever asked, and that of the
next page in CrowdTangle's API a ``token``. Whoever holds it acts as that person.
"""

import re
from collections.abc import Iterable, Iterator

_VALUE = rb"(?:[0-9]{5,20}\|)?[^&\"'\s\\<>,;|\x00]{1,4096}"  # an app's own token has a bar in it
_EQUALS = rb"(?:=|%(?:25)?3[Dd]|\\u003[Dd])"
# What stands before a value and stays: as a part of an object, JSON would be broken without it.
_KEY = rb"access_token(?:\\?\"){1,2}\s{0,4}:\s{0,4}(?:\\?\"){1,2}"
_CROWDTANGLE = rb"crowdtangle\.com[^\"'\s<>]{0,300}[?&6;]token"
_TOKEN = re.compile(
    rb"access_token" + _EQUALS + _VALUE + rb"&?"
    rb"|(" + _KEY + rb"|" + _CROWDTANGLE + _EQUALS + rb")" + _VALUE
)
_WIDE = "access_token=".encode("utf-16-le")
_WIDE_TOKEN = re.compile(re.escape(_WIDE) + rb"(?:[0-9A-Za-z_|.%-]\x00){1,4096}(?:&\x00)?")
_HELD_BACK = 512  # bytes, more than what stands before a value, with which a block may end


def without_tokens(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes without access tokens, wherever the blocks were cut."""
    rest = b""
    for block in blocks:
        data = rest + block
        cut = max(0, len(data) - _HELD_BACK)
        end_from = max(0, cut - 2 * 4096 - _HELD_BACK)
        for pattern, word in ((_TOKEN, b"token"), (_WIDE_TOKEN, _WIDE)):
            if data.find(word, end_from) < 0:
                continue
            for found in pattern.finditer(data, end_from):
                if found.end() > cut:
                    cut = min(cut, found.start())
        yield _removed(data[:cut])
        rest = data[cut:]
    yield _removed(rest)


def text_without_tokens(text: str) -> str:
    """The same for a text that is at hand as a whole."""
    if "token" not in text:
        return text
    kept = _TOKEN.sub(rb"\1", text.encode("utf-8", "surrogatepass"))
    return kept.decode("utf-8", "surrogatepass")


def _removed(data: bytes) -> bytes:
    if b"token" in data:
        data = _TOKEN.sub(rb"\1", data)
    return _WIDE_TOKEN.sub(b"", data) if _WIDE in data else data
