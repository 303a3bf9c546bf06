"""A quote as places in the text of its post, for where the text itself may not be kept.

What a tab has not sent yet lies on the computer without the text of a post. A marked quote names
that text by a hash and says where in it the quoted words stand::

    {"hash": "9f86d081884c7d65", "pieces": [[12, 40], " […] ", [60, 80]]}

A piece is a place (where it begins, and where what follows it does), or words that do not stand in
the text, as they were typed. Places count UTF-16 code units, as JavaScript does: most emoji are
two of them, and a Python string would count one.
"""

import hashlib
import json
from typing import NamedTuple

LOST = "[…]"
LONGEST = 100_000  # characters as sent, and UTF-16 units of the quoted words

Place = tuple[int, int]


class UnreadableQuote(Exception):
    """What was sent is no marked quote, or names a place that its text does not have."""


class Quotable(NamedTuple):
    """The text of a post as places in it are counted, and the hash that names it."""

    text: str
    hash: str


class MarkedQuote(NamedTuple):
    """A quote as a tab keeps and sends it."""

    hash: str
    pieces: tuple[str | Place, ...]


def quotable(*parts: str) -> Quotable:
    """The parts of a post that can be quoted, one below the other; empty ones are left out."""
    text = "\n".join(filter(None, parts))
    return Quotable(text, hashlib.sha256(text.encode()).hexdigest()[:16])


def read(sent: str) -> MarkedQuote:
    """A marked quote from its JSON. Raises UnreadableQuote."""
    try:
        if len(sent) > LONGEST:
            raise ValueError("too long")
        given = json.loads(sent)
        quote = MarkedQuote(str(given["hash"]), tuple(_piece(each) for each in given["pieces"]))
        if sum(end - start for start, end in _places(quote)) > LONGEST:
            raise ValueError("too long")
    except (KeyError, RecursionError, TypeError, ValueError) as error:
        raise UnreadableQuote from error
    return quote


def words(quote: MarkedQuote, source: Quotable) -> str | None:
    """What was quoted; None where the text is another now than the one it was marked in.

    Raises UnreadableQuote for a place that the text does not have.
    """
    if quote.hash != source.hash:
        return None
    units = source.text.encode("utf-16-le")
    if any(2 * end > len(units) for _start, end in _places(quote)):
        raise UnreadableQuote
    try:
        return "".join(
            piece
            if isinstance(piece, str)
            else units[2 * piece[0] : 2 * piece[1]].decode("utf-16-le")
            for piece in quote.pieces
        ).strip()
    except UnicodeDecodeError as error:  # half an emoji
        raise UnreadableQuote from error


def typed(quote: MarkedQuote) -> str:
    """What is left of a quote whose text is gone: the words that were typed, if any, and gaps."""
    said = [piece for piece in quote.pieces if isinstance(piece, str)]
    if not any(letter.isalnum() for letter in "".join(said)):
        return ""
    return "".join(piece if isinstance(piece, str) else LOST for piece in quote.pieces).strip()


def _places(quote: MarkedQuote) -> list[Place]:
    return [piece for piece in quote.pieces if not isinstance(piece, str)]


def _piece(given: object) -> str | Place:
    """Raises TypeError or ValueError."""
    if isinstance(given, str):
        # JSON can hold half an emoji, and NUL, which no database takes.
        whole = given.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
        return whole.replace("\x00", "")
    if not isinstance(given, list):
        raise TypeError("neither words nor a place")
    start, end = given
    if type(start) is not int or type(end) is not int or not 0 <= start < end:
        raise ValueError("no place")
    return start, end
